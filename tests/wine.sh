#!/bin/bash
# Runs the fast loop of the tests as a Windows program under Debian's wine64, and names the tests that Wine itself cannot pass:
#   tests/wine.sh              the parts that the systems differ in: store, kernel, transport
#   tests/wine.sh --all        the whole fast loop, folder by folder
#   tests/wine.sh OPTION...    some of it: options of the test program, as -class Gateway.Tests.Store.StoreThreadTests
# GATEWAY_TESTS_WIN_X64 names the folder of a published win-x64 build of the tests; without it they are published first.
# Ends with the line "N passed, N failed" and fails when a test fails, or when none ran.
set -euo pipefail
cd "$(dirname "$0")/.."

wine=/usr/lib/wine/wine64
wineserver=/usr/lib/wine/wineserver64
if [[ ! -x $wine || ! -x $wineserver ]]; then
    echo "$wine is missing; as root: apt-get install wine64" >&2
    exit 1
fi

# Each folder in a process of its own: now and then the runtime ends under Wine ("SuspendThread failed with error 5"), or its threads wait
# for each other without end. What does not end in this time is ended, and named.
limit=300
folders=() conventions=
if (($# == 0)); then
    folders=(Store Kernel Transport)
elif [[ $1 == --all ]]; then
    for folder in tests/Gateway.Tests/*/; do
        folder=$(basename "$folder")
        case $folder in
            bin | obj) ;;
            Conventions) conventions='== not run, since the .NET runtime stands still in it under Wine: Conventions' ;;
            *) folders+=("$folder") ;;
        esac
    done
fi

scratch=$(mktemp -d)
export WINEPREFIX=$scratch/prefix WINEDEBUG=-all
# The runtime maps its code twice, once to write and once to run. Under Wine a finalizer of dynamic methods then ends the process.
export DOTNET_EnableWriteXorExecute=0
unset DISPLAY
finish() {
    # Ends what was started under this prefix, and nothing else.
    "$wineserver" -k || true
    "$wineserver" -w || true
    rm -rf "$scratch"
}
trap finish EXIT

program=${GATEWAY_TESTS_WIN_X64-}
if [[ -z $program ]]; then
    program=$scratch/tests
    dotnet publish tests/Gateway.Tests -c Release -r win-x64 --self-contained -o "$program" -v q --nologo \
        -nodeReuse:false -p:UseSharedCompilation=false
fi

"$wine" wineboot -i >"$scratch/boot.log" 2>&1 || { cat "$scratch/boot.log" >&2; exit 1; }

run() { timeout "$limit" "$wine" "$program/Gateway.Tests.exe" -noLogo -noColor -trait- 'Kind=*' "$@"; }

result=0 passed=0 failed=0
# Runs the tests that the options select, in one process.
run_part() {
    local name=$1 code=0
    shift
    # Wine's services outlive the program and would keep a pipe open; so the output goes through a file.
    run "$@" -trait- 'NotUnderWine=*' >"$scratch/report" 2>&1 </dev/null || code=$?
    if grep -qE 'Total: 0[[:space:]]*$' "$scratch/report"; then return; fi
    cat "$scratch/report"
    if [[ $(tail -n 3 "$scratch/report") =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+) ]]; then
        failed=$((failed + BASH_REMATCH[2] + BASH_REMATCH[3])) passed=$((passed + BASH_REMATCH[1] - BASH_REMATCH[3]))
        if ((code != 0)); then result=1; fi
    else
        result=1
        if ((code == 124)); then echo "$name did not end within $limit seconds under Wine." >&2; fi
        echo "$name did not run to its end under Wine." >&2
    fi
}

if ((${#folders[@]} == 0)); then run_part 'This part' "$@"; fi
for part in "${folders[@]}"; do run_part "$part" -namespace "Gateway.Tests.$part" -namespace "Gateway.Tests.$part.*"; done

# What was left out of what was asked for, by its reason.
options=("$@")
if ((${#folders[@]} > 0)); then
    options=()
    for part in "${folders[@]}"; do options+=(-namespace "Gateway.Tests.$part" -namespace "Gateway.Tests.$part.*"); done
fi
run -list traits >"$scratch/traits" 2>&1
sed -n 's/^"NotUnderWine": \["\(.*\)"\].*$/\1/p' "$scratch/traits" | sed 's/", "/\n/g' >"$scratch/reasons"
while read -r reason; do
    run "${options[@]}" -list methods -trait "NotUnderWine=$reason" </dev/null >"$scratch/left-out" 2>&1
    if grep -q '^Gateway\.' "$scratch/left-out"; then
        printf '\n== not run, since %s\n' "$reason"
        grep '^Gateway\.' "$scratch/left-out"
    fi
done <"$scratch/reasons"

if [[ -n $conventions ]]; then printf '\n%s\n' "$conventions"; fi

printf '\n%s passed, %s failed under Wine\n' "$passed" "$failed"
((result == 0 && failed == 0 && passed > 0))
