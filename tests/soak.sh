#!/bin/bash
# Kill rounds for as long as you like: tests/soak.sh [series] [rounds of each] [first seed]. A failure names its seed; repeat it with: tests/soak.sh 1 ROUNDS SEED
set -euo pipefail
cd "$(dirname "$0")/.."

export GATEWAY_KILL_SERIES=${1:-50} GATEWAY_KILL_ROUNDS=${2:-40} GATEWAY_KILL_SEED=${3:-$RANDOM}
echo "$GATEWAY_KILL_SERIES series of $GATEWAY_KILL_ROUNDS rounds from seed $GATEWAY_KILL_SEED"
dotnet test --project tests/Gateway.Tests -c Release --filter-class Gateway.Tests.Crash.KillRoundTests
