#!/usr/bin/env bash
# Compares every layer of every network, at the sizes and batches it is used at, with float64: as the processor is, and
# as oneDNN sees it with fewer instructions. About 20 minutes each; several times that in bfloat16 where the processor
# does not multiply it.
set -euo pipefail
cd "$(dirname "$0")/../.."
dotnet build tests/PhotoMl.Tests
for isa in "" AVX2 AVX512_CORE; do
    echo "ONEDNN_MAX_CPU_ISA=${isa:-(unset)}"
    env ${isa:+ONEDNN_MAX_CPU_ISA=$isa} PHOTOML_SLOW_TESTS=1 \
        dotnet test tests/PhotoMl.Tests --no-build --filter FullyQualifiedName~NetworkArithmeticTests
done
