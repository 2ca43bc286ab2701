#!/bin/bash
# Kill rounds and crash points for as long as you like: tests/soak.sh [series] [rounds of each] [first seed]. A failure names its seed;
# repeat it with: tests/soak.sh 1 ROUNDS SEED
# With it go ten kills of each of two stores for every round, half of the simulated crash points of CI for every series, but at least all of
# them once, and a small store with each single byte flipped.
# Lines are as slow as they are named, for some minutes, and thousands of strangers knock at a gateway whose log nobody reads.
# A small disk is filled again and again, twenty times for every round, while a store on it works. Pages whose browser is stopped stay
# open for 2 minutes.
# Before them, mutated streams of ZMTP: 10,000 to the checker for every round of every series, at least a million, and 20,000 to a running
# gateway. A link under load is cut every 2 s for 2 minutes, and two gateways restart in any order, as often as there are rounds in a
# series.
set -euo pipefail
cd "$(dirname "$0")/.."

export GATEWAY_KILL_SERIES=${1:-50} GATEWAY_KILL_ROUNDS=${2:-40} GATEWAY_KILL_SEED=${3:-$RANDOM}
export GATEWAY_STORE_KILL_ROUNDS=$((GATEWAY_KILL_SERIES * GATEWAY_KILL_ROUNDS * 10)) GATEWAY_STORE_KILL_SEED=$GATEWAY_KILL_SEED
export GATEWAY_CRASH_TIMES=$(((GATEWAY_KILL_SERIES + 1) / 2)) GATEWAY_CRASH_SEED=$GATEWAY_KILL_SEED
export GATEWAY_FLIP_STRIDE=1
inputs=$((GATEWAY_KILL_SERIES * GATEWAY_KILL_ROUNDS * 10000))
export GATEWAY_ZMTP_INPUTS=$((inputs > 1000000 ? inputs : 1000000)) GATEWAY_ZMTP_SEED=$GATEWAY_KILL_SEED
export GATEWAY_ZMTP_CONNECTIONS=20000
export GATEWAY_SLOW_LINES=1 GATEWAY_STRANGERS=3500
export GATEWAY_FULL_DISK_ROUNDS=$((GATEWAY_KILL_SERIES * GATEWAY_KILL_ROUNDS * 20)) GATEWAY_FULL_DISK_SEED=$GATEWAY_KILL_SEED
export GATEWAY_STOPPED_BROWSER_SECONDS=120 GATEWAY_IDLE_SECONDS=5
export GATEWAY_FLAP_MS=2000 GATEWAY_FLAP_SECONDS=120 GATEWAY_RESTARTS=$GATEWAY_KILL_ROUNDS
echo "$GATEWAY_KILL_SERIES series of $GATEWAY_KILL_ROUNDS rounds, $GATEWAY_STORE_KILL_ROUNDS rounds of two stores," \
    "crash points times $GATEWAY_CRASH_TIMES, $GATEWAY_ZMTP_INPUTS mutated streams, from seed $GATEWAY_KILL_SEED"
dotnet test --project tests/Gateway.Tests -c Release --show-live-output on \
    --filter-class Gateway.Tests.Transport.Zmtp.ZmtpFuzzTests --filter-class Gateway.Tests.Crash.HostilePeerTests \
    --filter-class Gateway.Tests.Crash.FullDiskRoundTests --filter-class Gateway.Tests.Crash.StoppedBrowserTests \
    --filter-class Gateway.Tests.Crash.SlowLineTests --filter-class Gateway.Tests.Crash.UnreadOutputTests \
    --filter-class Gateway.Tests.Crash.FlappingLinkTests \
    --filter-class Gateway.Tests.Crash.LivenessTests \
    --filter-class Gateway.Tests.Crash.KillRoundTests \
    --filter-class Gateway.Tests.Crash.StoreKillTests \
    --filter-class Gateway.Tests.Store.Repair.StoreFlipTests \
    --filter-class Gateway.Tests.Store.StoreCrashTests \
    --filter-class Gateway.Tests.Store.Disk.VolumeCrashTests
