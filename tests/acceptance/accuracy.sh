#!/usr/bin/env bash
# Measures the accuracies in tests/acceptance/README.md: seeds 1, 2 and 3 of the default command in both precisions and
# of the article's recipe, and the accuracy on MNIST of a classifier trained on the built-in digits alone. Takes about
# 20 minutes on 2 cores.
#   tests/acceptance/accuracy.sh [folder for the runs, default a temporary one]
set -euo pipefail
work=$(realpath "${1:-$(mktemp -d)}")
cd "$(dirname "$0")/../.."
mkdir -p "$work"

dotnet build -c Release --nologo -v q src/PhotoMl.Cli
photoml=$(echo src/PhotoMl.Cli/bin/Release/net10.0/*/PhotoMl.Cli)
accuracy() { grep -o "\"$1\":[0-9.]*" | head -1 | cut -d: -f2; }

measure() {
    local name=$1
    shift
    for seed in 1 2 3; do
        "$photoml" train-cnn --seed "$seed" --output "$work/$name-$seed" --quiet --json "$@" | tail -1 | accuracy test_accuracy
    done | awk -v name="$name" '{ printf "%s%.2f %%", NR == 1 ? name ": " : ", ", 100 * $1; sum += $1; square += $1 * $1 }
        END { mean = sum / NR; printf "; mean %.2f %%, standard deviation %.2f\n", 100 * mean, 100 * sqrt((square - NR * mean * mean) / (NR - 1)) }'
}

measure default-auto --data mnist
measure default-float32 --data mnist --precision float32
measure article --data mnist --optimizer adam --learning-rate 0.001 --batch-size 32 --schedule constant --weight-decay 0 \
    --ema-decay 0 --augment-strength 0 --label-smoothing 0 --epochs 5
measure digits --data digits
for seed in 1 2 3; do
    echo "digits, seed $seed, on mnist: $("$photoml" evaluate "$work/digits-$seed" --data mnist --json | tail -1 | accuracy accuracy)"
done
