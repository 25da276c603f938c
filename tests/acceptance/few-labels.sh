#!/usr/bin/env bash
# Measures what a few labels and many images without labels give, beside the same labels alone for as many steps: accuracy
# on the MNIST test images, of five draws of the labels. Takes about 2 hours on 2 cores.
#   tests/acceptance/few-labels.sh [folder for the runs, default a temporary one] [labels per class, default "10 4 100"]
# THREADS, EPOCHS and SEEDS (default "1 2 3 4 5") in the environment set what else is not the default.
set -euo pipefail
work=$(realpath "${1:-$(mktemp -d)}")
cd "$(dirname "$0")/../.."
dotnet build -c Release --nologo -v q src/PhotoMl.Cli
photoml=$(echo src/PhotoMl.Cli/bin/Release/net10.0/*/PhotoMl.Cli)

for labels in ${2:-10 4 100}; do
    for weight in 1 0; do
        for seed in ${SEEDS:-1 2 3 4 5}; do
            run=$work/$labels-$weight-$seed
            "$photoml" train-cnn --data mnist --labels-per-class "$labels" --unlabeled-weight "$weight" --seed "$seed" \
                --output "$run" --quiet --json ${THREADS:+--threads "$THREADS"} ${EPOCHS:+--epochs "$EPOCHS"} > "$run.json"
            grep -o '"test_accuracy":[^,]*' "$run.json" | cut -d: -f2
        done | awk -v labels="$labels" -v weight="$weight" '{
            sum += $1; squares += $1 * $1; each = each sprintf(" %.2f", 100 * $1) }
            END { mean = sum / NR; printf "%d labels a class, weight %d: %.2f +- %.2f %% (%s )\n", labels, weight,
                100 * mean, 100 * sqrt((squares - NR * mean * mean) / (NR - 1)), each }'
    done
done
