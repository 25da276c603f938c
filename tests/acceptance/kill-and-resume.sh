#!/usr/bin/env bash
# Kills a training run with SIGKILL ten times at random moments, resumes it each time, and compares the model with that of
# a run that was never killed: not one byte may differ.
#   tests/acceptance/kill-and-resume.sh [kills, default 10] [epochs, default 4]
set -euo pipefail
cd "$(dirname "$0")/../.."
kills=${1:-10}
epochs=${2:-4}

dotnet build -c Release --nologo -v q src/PhotoMl.Cli
photoml=$(echo src/PhotoMl.Cli/bin/Release/net10.0/*/PhotoMl.Cli)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$photoml" train-cnn --data mnist --epochs "$epochs" --output "$work/whole" --quiet > "$work/whole.txt"

command=(train-cnn --data mnist --epochs "$epochs" --output "$work/killed" --quiet)
killed=0
while [ "$killed" -lt "$kills" ]; do
    "$photoml" "${command[@]}" > "$work/killed.txt" &
    process=$!
    sleep "$((RANDOM % 9)).$((RANDOM % 1000))"
    if ! kill -KILL "$process" 2> /dev/null; then
        wait "$process"
        echo "the run ended after $killed kills"
        break
    fi
    wait "$process" 2> /dev/null || true
    killed=$((killed + 1))
    if [ -f "$work/killed/checkpoint.safetensors" ]; then
        command=(train-cnn --resume "$work/killed" --quiet)
        echo "kill $killed: goes on from $(grep -ao '"state":{"epoch":[0-9]*,"step":[0-9]*' "$work/killed/checkpoint.safetensors" | head -1 | tr -dc '0-9:,')"
    else
        rm -rf "$work/killed"
        echo "kill $killed: before the first checkpoint"
    fi
done
"$photoml" "${command[@]}" > "$work/killed.txt"

cmp "$work/whole/model.safetensors" "$work/killed/model.safetensors"
echo "after $killed kills: model.safetensors is the same, byte for byte"
