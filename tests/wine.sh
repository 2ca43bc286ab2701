#!/bin/bash
# Runs the fast loop of the tests as a Windows program under Debian's wine64, and names the tests that Wine itself cannot pass:
#   tests/wine.sh              the parts that the systems differ in: store, kernel, transport
#   tests/wine.sh --all        the whole fast loop
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

options=("$@")
if (($# == 0)); then
    options=(-namespace 'Gateway.Tests.Store*' -namespace 'Gateway.Tests.Kernel*' -namespace 'Gateway.Tests.Transport*')
elif [[ $1 == --all ]]; then
    options=()
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

folder=${GATEWAY_TESTS_WIN_X64-}
if [[ -z $folder ]]; then
    folder=$scratch/tests
    dotnet publish tests/Gateway.Tests -c Release -r win-x64 --self-contained -o "$folder" -v q --nologo \
        -nodeReuse:false -p:UseSharedCompilation=false
fi

"$wine" wineboot -i >"$scratch/boot.log" 2>&1 || { cat "$scratch/boot.log" >&2; exit 1; }

run() { "$wine" "$folder/Gateway.Tests.exe" -noLogo -noColor -trait- 'Kind=*' "$@"; }

result=0
# Wine's services outlive the program and would keep a pipe open; so the output goes through a file.
(run "${options[@]}" -trait- 'NotUnderWine=*') >"$scratch/report" 2>&1 || result=$?
cat "$scratch/report"

run -list traits >"$scratch/traits" 2>&1
sed -n 's/^"NotUnderWine": \["\(.*\)"\].*$/\1/p' "$scratch/traits" | sed 's/", "/\n/g' >"$scratch/reasons"
while read -r reason; do
    run "${options[@]}" -list methods -trait "NotUnderWine=$reason" </dev/null >"$scratch/left-out" 2>&1
    if grep -q '^Gateway\.' "$scratch/left-out"; then
        printf '\n== not run, since %s\n' "$reason"
        grep '^Gateway\.' "$scratch/left-out"
    fi
done <"$scratch/reasons"

summary=$(grep -o 'Total: [0-9]*, Errors: [0-9]*, Failed: [0-9]*' "$scratch/report" | tail -n 1) || true
if [[ ! $summary =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+) ]]; then
    echo 'The tests did not run to their end under Wine.' >&2
    exit 1
fi

failed=$((BASH_REMATCH[2] + BASH_REMATCH[3])) passed=$((BASH_REMATCH[1] - BASH_REMATCH[3]))
printf '\n%s passed, %s failed under Wine\n' "$passed" "$failed"
((result == 0 && failed == 0 && passed > 0))
