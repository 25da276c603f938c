#!/usr/bin/env bash
# Runs the commands that the README files show, in their order, and stops at the first that fails. Trainings are cut to
# one epoch and 2,000 images; the folders they name are made here. Takes about 7 minutes.
#   tests/acceptance/readme.sh [folder for all that is made, default a temporary one]
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
# ReadmeTests has the same pages. The commands of a page may need what those before it made.
pages=(README.md src/PhotoMl.Cli/README.md src/PhotoMl/README.md data/README.md samples/README.md
    tests/PhotoMl.Benchmarks/README.md tests/acceptance/README.md)
work=$(realpath "${1:-$(mktemp -d)}")
dotnet build -c Release --nologo -v q src/PhotoMl.Cli
tool=$(echo "$root"/src/PhotoMl.Cli/bin/Release/net10.0/*/PhotoMl.Cli)
export XDG_CACHE_HOME=$work/cache

# Photos of two kinds of noise, and digits to read.
mkdir -p "$work"/scans "$work"/photos/{one,two} "$work"/new "$work"/more
cp data/digits.png "$work/scans/one.png"
header='BM\x36\x0c\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x20\0\0\0\x20\0\0\0\x01\0\x18\0\0\0\0\0\0\x0c\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
for i in $(seq 26); do
    { printf "$header"; head -c 3072 /dev/urandom; } > "$work/photos/one/$i.bmp"
    { printf "$header"; head -c 3072 /dev/urandom | tr '\200-\377' '\0-\177'; } > "$work/photos/two/$i.bmp"
done
cp "$work"/photos/one/1.bmp "$work"/new
for i in $(seq 20); do { printf "$header"; head -c 3072 /dev/urandom; } > "$work/more/$i.bmp"; done

count=0
for page in "${pages[@]}"; do
    cd "$work"
    while read -r line; do
        line=${line%% #*}
        read -ra words <<< "$line"
        case $line in
            *--resume*) ;;
            "photoml train-cnn --data photos/"*) words+=(--epochs 1 --image-size 32) ;;
            "photoml train-cnn "*) words+=(--epochs 1 --limit 2000) ;;
            "photoml train-gan "*) words=("${words[@]/#15/1}" --limit 2000) ;;
            "photoml tune "*) words=("${words[@]/#3m/40s}" --limit 1000) ;;
            "photoml evaluate runs/gan "*) words+=(--limit 2000) ;;
        esac
        echo "> ${words[*]}"
        "$tool" "${words[@]:1}" < /dev/null > out.txt 2> error.txt || {
            status=$?
            cat out.txt error.txt
            echo "exit code $status" && exit 1
        }
        count=$((count + 1))
    done < <(awk '/^```sh$/ { inside = 1; next } /^```/ { inside = 0 } inside && /^photoml /' "$root/$page")
    # The benchmarks, one round each: that they run, not what they measure.
    cd "$root"
    while read -r benchmark; do
        echo "> PhotoMl.Benchmarks -- $benchmark"
        dotnet run -c Release --project tests/PhotoMl.Benchmarks -- "$benchmark" --rounds 1 < /dev/null > "$work/out.txt" 2>&1 ||
            { cat "$work/out.txt"; exit 1; }
        grep -q "^PhotoMl, float32" "$work/out.txt"
        count=$((count + 1))
    done < <(sed -n 's/^dotnet run .*PhotoMl.Benchmarks -- \([a-z0-9-]*\).*/\1/p' "$page")
done

echo "$count commands of the README files ran"
[ "$count" -ge 29 ]
