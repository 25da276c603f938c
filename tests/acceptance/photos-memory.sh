#!/usr/bin/env bash
# Trains on many photos at 128 pixels and shows that memory stays bounded: the peak of the resident memory must be under 1.5 GB, though 50,000 photos are
# 2.5 GB of pixels. Batches are of 64, for the activations of 128 such photos alone are 1 GB. The photos are small bitmaps of noise, for it is what comes
# after decoding that is tested. Takes about 15 minutes on 2 idle cores and 3 GB of disk.
#   tests/acceptance/photos-memory.sh [number of photos, default 50000] [folder for all that is made, default a temporary one]
set -euo pipefail
count=${1:-50000}
work=$(realpath "${2:-$(mktemp -d)}")
cd "$(dirname "$0")/../.."
mkdir -p "$work/photos/one" "$work/photos/two"

dotnet build -c Release --nologo -v q src/PhotoMl.Cli
photoml=$(echo src/PhotoMl.Cli/bin/Release/net10.0/*/PhotoMl.Cli)

# Bitmaps of 16 x 16 pixels: 500 different ones, written again and again under other names.
header='BM\x36\x03\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x10\0\0\0\x10\0\0\0\x01\0\x18\0\0\0\0\0\0\x03\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
[ -s "$work/base" ] || for _ in $(seq 500); do printf "$header"; head -c 768 /dev/urandom; done > "$work/base"
for class in one two; do
    [ -n "$(ls -A "$work/photos/$class")" ] || {
        for _ in $(seq $(((count / 2 + 499) / 500))); do cat "$work/base"; done | head -c $((count / 2 * 822)) | split -a 5 -d -b 822 --additional-suffix=.bmp - "$work/photos/$class/"
    }
done

export XDG_CACHE_HOME=$work/cache
"$photoml" train-cnn --data "$work/photos" --image-size 128 --batch-size 64 --epochs 1 --output "$work/run-$(date +%s)" --json &
pid=$!
last=0
while kill -0 "$pid" 2> /dev/null; do
    peak=$(awk '/VmHWM/ { print $2 }' "/proc/$pid/status" 2> /dev/null || true)
    last=${peak:-$last}
    sleep 1
done
wait "$pid"
echo "peak of the resident memory: $((last / 1000)) MB; the cache: $(du -sm --apparent-size "$work/cache" | cut -f1) MB"
[ "$last" -lt 1500000 ]
