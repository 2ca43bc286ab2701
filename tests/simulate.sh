#!/bin/bash
# Worlds of the simulator for as long as you like: tests/simulate.sh [seeds, 200000 if not given] [first seed, a random one if not given].
# One in 40 of as many goes with them on simulated disks, one in 4 with programs that know plain sockets alone, and one in 4 with standbys.
# A failing seed is printed when it is found, with how to replay it. At the end: what was injected and what came of it, by name, and steps a
# second of one core.
set -euo pipefail
cd "$(dirname "$0")/.."

export GATEWAY_SIMULATION_SEEDS=${1:-200000} GATEWAY_SIMULATION_FIRST=${2:-$((RANDOM * 10000))}
export GATEWAY_SIMULATION_DISK_SEEDS=$((GATEWAY_SIMULATION_SEEDS / 40))
export GATEWAY_SIMULATION_PROGRAM_SEEDS=$((GATEWAY_SIMULATION_SEEDS / 4))
export GATEWAY_SIMULATION_TAKEOVER_SEEDS=$((GATEWAY_SIMULATION_SEEDS / 4))
log=$(mktemp)
trap 'rm -f "$log"' EXIT
dotnet build tests/Gateway.Tests -c Release -v q --nologo
echo "$GATEWAY_SIMULATION_SEEDS seeds in memory and $GATEWAY_SIMULATION_DISK_SEEDS on disks;"
echo "$GATEWAY_SIMULATION_PROGRAM_SEEDS with programs, $GATEWAY_SIMULATION_TAKEOVER_SEEDS with standbys;"
echo "all from seed $GATEWAY_SIMULATION_FIRST"
failed=0
for class in SimulationTests DiskSimulationTests ProgramSimulationTests TakeoverSimulationTests; do
    # What the runner prints around the live output is taken off, and colours with it.
    nice tests/Gateway.Tests/bin/Release/net10.0/Gateway.Tests -class "Gateway.Tests.Simulation.$class" -showliveoutput -nocolor |
        sed -nu 's/.*\[OUTPUT\] *//p' | tee >(grep --line-buffered '^seed ' >&2) >"$log" || failed=1
    echo "$class:"
    awk '/^[0-9]/ { count = $1; gsub(",", "", count); $1 = ""; total[$0] += count }
         END { if (total[" seconds"] > 0) total[" steps a second"] = total[" steps"] / total[" seconds"]
                delete total[" seconds"]
                for (name in total) printf "%15.0f %s\n", total[name], name }' "$log" | sort -k2
done
exit $failed
