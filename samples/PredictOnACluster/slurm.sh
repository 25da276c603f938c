#!/bin/bash
# Classifies a folder of photos, on eight machines of a Slurm cluster.
#
#   sbatch samples/PredictOnACluster/slurm.sh runs/clothing /photos /results
#   cat /results/part-*.csv > /results/all.csv    # when all tasks are done; exactly what one machine would have written
#
#SBATCH --job-name=photoml-predict
#SBATCH --array=1-8
#SBATCH --cpus-per-task=4
#SBATCH --mem=4G
set -euo pipefail
model=$1 photos=$2 results=$3

mkdir -p "$results"
part=$(printf '%s/part-%05d.csv' "$results" "$SLURM_ARRAY_TASK_ID")

# Under another name until it is whole, so that a task that is started again leaves no half file.
photoml predict "$model" "$photos" --csv --shard auto --threads "$SLURM_CPUS_PER_TASK" > "$part.tmp"
mv "$part.tmp" "$part"
