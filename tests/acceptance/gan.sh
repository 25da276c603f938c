#!/usr/bin/env bash
# Measures the generators in tests/acceptance/README.md: 15 epochs on MNIST with the defaults, without labels, and by the
# recipe of TensorFlow's tutorial. Every one is evaluated by the same classifier, train-cnn's default
# with seed 1, but without label smoothing, which would draw the features of a class together. Takes about 25 minutes a
# generator on 2 cores.
#   tests/acceptance/gan.sh [folder for the runs, default a temporary one] [seeds, default "1"]
set -euo pipefail
work=$(realpath "${1:-$(mktemp -d)}")
seeds=${2:-1}
cd "$(dirname "$0")/../.."
mkdir -p "$work"

dotnet build -c Release --nologo -v q src/PhotoMl.Cli
photoml=$(echo src/PhotoMl.Cli/bin/Release/net10.0/*/PhotoMl.Cli)
classifier=$work/classifier
[ -d "$classifier" ] || "$photoml" train-cnn --data mnist --label-smoothing 0 --output "$classifier" --quiet

measure() {
    local name=$1
    shift
    for seed in $seeds; do
        [ -d "$work/$name-$seed" ] || "$photoml" train-gan --data mnist --epochs 15 --seed "$seed" --output "$work/$name-$seed" --quiet "$@"
        echo "== $name, seed $seed"
        "$photoml" evaluate "$work/$name-$seed" --classifier "$classifier" --quiet
    done
}

measure default
measure plain --no-labels
measure tutorial --no-labels --batch-size 256 --learning-rate 0.0001 --beta1 0.9 --ema-decay 0

for seed in $seeds; do
    "$photoml" sample "$work/default-$seed" --class 7 --count 100 --output-dir "$work/sevens-$seed" --overwrite --quiet
    sevens=$("$photoml" predict "$classifier" "$work/sevens-$seed" --json --quiet | grep -c '"label":"7"')
    echo "seed $seed: $sevens of 100 images of --class 7 are predicted as sevens"
done
