#!/usr/bin/env bash
# Has every reader read 10,000 mutated files of its kind, or COUNT: tests/acceptance/mutations.sh [COUNT]
set -euo pipefail
cd "$(dirname "$0")/../.."
PHOTOML_MUTATIONS="${1:-10000}" dotnet test tests/PhotoMl.Tests --filter FullyQualifiedName~MutatedFileTests \
    --logger "console;verbosity=detailed" | grep -E "mutated files, |seed [0-9]|Passed:|Failed:|error|crash"
