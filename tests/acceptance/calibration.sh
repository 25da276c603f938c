#!/usr/bin/env bash
# Measures the calibration error and the coverage of sets on the test images, and how often the classifier is unsure of
# pictures of no class: noise, black frames, drawn letters, what the other data set shows, and, where
# $PHOTOML_DATA/clothing is there, photos of clothes given to the model of digits. Takes about 4 minutes a data set on
# 2 cores.
#   tests/acceptance/calibration.sh [folder for the runs, default a temporary one] [data sets, default "mnist fashion-mnist"]
set -euo pipefail
work=$(realpath "${1:-$(mktemp -d)}")
sets=${2:-mnist fashion-mnist}
cd "$(dirname "$0")/../.."
mkdir -p "$work"

dotnet build -c Release --nologo -v q src/PhotoMl.Cli
photoml=$(echo src/PhotoMl.Cli/bin/Release/net10.0/*/PhotoMl.Cli)
[ -d "$work/pictures" ] || dotnet run -c Release --project tests/PhotoMl.Benchmarks -- no-class-pictures "$work/pictures"
if [ -d "${PHOTOML_DATA:-}/clothing/validation" ] && [ ! -e "$work/pictures/clothes" ]; then
    ln -s "$PHOTOML_DATA/clothing/validation" "$work/pictures/clothes"
fi

for set in $sets; do
    [ -d "$work/$set" ] || "$photoml" train-cnn --data "$set" --seed 1 --output "$work/$set" --quiet
    for coverage in 0.90 0.95 0.99; do
        echo "== $set, coverage $coverage"
        "$photoml" evaluate "$work/$set" --coverage "$coverage" --quiet | grep -E '^(ECE|Coverage|Sets|Single)'
        for kind in "$work"/pictures/*; do
            case "$set/$(basename "$kind")" in mnist/mnist | fashion-mnist/fashion-mnist | fashion-mnist/clothes) continue ;; esac
            "$photoml" predict "$work/$set" "$kind/" --coverage "$coverage" --json --quiet 2> "$work/messages" | awk -v kind="$(basename "$kind")" '
                /"unsure":/ { images++ } /"unsure":true/ { unsure++ } END { printf "unsure of %-13s %5.1f %% of %d\n", kind, 100 * unsure / images, images }'
        done
    done
done
