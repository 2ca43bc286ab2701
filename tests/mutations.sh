#!/bin/bash
# Proves that the tests find bugs: applies each patch of tests/mutations, one at a time, to a copy of the tree, and lets the simulator run
# until it finds it: in memory, and then with a fifth of the seeds on disks. What the simulator knows nothing of names the tests that do, in
# a line "Tests:" of the patch, with the options that choose them. Fails when one is not found within SEEDS seeds; or does not apply or
# compile any more: then nothing is known of it, and the next is tried:
# tests/mutations.sh [SEEDS, 1000 if not given] [names of mutations, all if none is given]
set -euo pipefail
cd "$(dirname "$0")/.."

seeds=${1:-1000}
tests=tests/Gateway.Tests/bin/Release/net10.0/Gateway.Tests
shift || true
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$copy"
cd "$copy"
git init -q . # so that git applies patches here, and not to the tree around

build() {
    dotnet build "$1" -c Release -v q --nologo -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false "${@:2}" >build.log 2>&1
}

simulate() {
    GATEWAY_SIMULATION_SEEDS=$seeds $tests -class Gateway.Tests.Simulation.SimulationTests -stoponfail >run.log 2>&1 &&
        GATEWAY_SIMULATION_DISK_SEEDS=$((seeds / 5)) \
            $tests -class Gateway.Tests.Simulation.DiskSimulationTests -stoponfail >>run.log 2>&1
}

# A test that hangs has found it, too.
test_options() { sed -n 's/^Tests: //p' "tests/mutations/$1.patch"; }
run_tests() { timeout 300 $tests -stoponfail "$@" >run.log 2>&1; }

keeps_promises() {
    local options
    read -ra options <<<"$(test_options "$1")"
    if ((${#options[@]})); then run_tests "${options[@]}"; else simulate; fi
}

evidence() {
    grep -oE -m 1 'seed [0-9]+: .*' run.log ||
        grep -oE -m 1 'Gateway\.Tests\..* \[FAIL\]' run.log ||
        echo 'the tests did not end'
}

build tests/Gateway.Tests || { cat build.log >&2; exit 1; }
if ! simulate; then
    echo 'The simulator fails without a mutation; mend that first.' >&2
    cat run.log >&2
    exit 1
fi

if (($# == 0)); then set -- $(basename -s .patch tests/mutations/*.patch); fi
missed=0
broken=0
for name in "$@"; do
    if ! git apply -C1 "tests/mutations/$name.patch" 2>apply.log; then
        echo "BROKEN  $name: it does not apply any more: $(head -1 apply.log | cut -c1-150)"
        broken=$((broken + 1))
        continue
    fi

    if ! build gateway --no-restore; then
        echo "BROKEN  $name: it does not compile any more: $(grep -om 1 'error .*' build.log | cut -c1-150)"
        broken=$((broken + 1))
    else
        cp gateway/bin/Release/net10.0/{gateway,Gateway.Client}.dll tests/Gateway.Tests/bin/Release/net10.0/
        if keeps_promises "$name"; then
            echo "MISSED  $name: $seeds seeds, or the tests that it names, kept all promises"
            missed=$((missed + 1))
        else
            echo "found   $name: $(evidence | cut -c1-150)"
        fi
    fi

    git apply -C1 -R "tests/mutations/$name.patch"
done

echo "$(($# - missed - broken)) of $# mutations were found within $seeds seeds"
((missed + broken == 0))
