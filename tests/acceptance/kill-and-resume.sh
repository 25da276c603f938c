#!/usr/bin/env bash
# Kills a training run with SIGKILL ten times at random moments, resumes it each time, and compares the model with that of
# a run that was never killed: not one byte may differ.
#   tests/acceptance/kill-and-resume.sh [train-cnn|train-gan, default train-cnn] [kills, default 10] [options of the run, default --epochs 12]
# A generator writes fewer checkpoints and is slower; this gives it pauses of up to 40 seconds instead of 14, and takes about 10 minutes:
#   PAUSE=40 tests/acceptance/kill-and-resume.sh train-gan 10 --epochs 6
set -euo pipefail
cd "$(dirname "$0")/../.."
train=${1:-train-cnn}
kills=${2:-10}
pause=${PAUSE:-14}
options=("${@:3}")
[ ${#options[@]} -gt 0 ] || options=(--epochs 12)

dotnet build -c Release --nologo -v q src/PhotoMl.Cli
photoml=$(echo src/PhotoMl.Cli/bin/Release/net10.0/*/PhotoMl.Cli)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$photoml" "$train" --data mnist "${options[@]}" --output "$work/whole" --quiet > "$work/whole.txt"

command=("$train" --data mnist "${options[@]}" --output "$work/killed" --quiet)
killed=0
within=0
while [ "$killed" -lt "$kills" ]; do
    "$photoml" "${command[@]}" > "$work/killed.txt" &
    process=$!
    sleep "$((RANDOM % pause)).$((RANDOM % 1000))"
    if ! kill -KILL "$process" 2> /dev/null; then
        echo "the run ended after $killed kills of $kills; give it more epochs" >&2
        exit 1
    fi
    wait "$process" 2> /dev/null || true
    killed=$((killed + 1))
    if [ -f "$work/killed/checkpoint.safetensors" ]; then
        command=("$train" --resume "$work/killed" --quiet)
        position=$(grep -aoE 'state[^}]{0,8}epoch[^0-9]*[0-9]+[^0-9]*step[^0-9]*[0-9]+' "$work/killed/checkpoint.safetensors" | head -1 | grep -oE '[0-9]+' | paste -sd' ')
        echo "kill $killed: goes on from epoch ${position% *} after ${position#* } steps"
        if [ "${position#* }" -gt 0 ]; then
            within=$((within + 1))
        fi
    else
        rm -rf "$work/killed"
        echo "kill $killed: before the first checkpoint"
    fi
done
"$photoml" "${command[@]}" > "$work/killed.txt"

cmp "$work/whole/model.safetensors" "$work/killed/model.safetensors"
if [ -d "$work/whole/samples" ]; then
    diff -r "$work/whole/samples" "$work/killed/samples"
fi
echo "after $killed kills, $within of them resumed within an epoch: model.safetensors is the same, byte for byte"
[ "$within" -gt 0 ]
