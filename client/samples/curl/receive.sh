#!/bin/sh
# Receives a message from a queue, with curl alone, and writes it to a file in a folder, whose path it prints:
#   receive.sh orders inbox
# The file has the name of the message's id, and is whole and on the disk when it has it. Only then the message is completed. If the program
# or the gateway ends in between, the message comes again, under the same id, and the file is written anew.
# Environment: GATEWAY (http://127.0.0.1:7425), and GATEWAY_PATIENCE, the time to try in seconds (600). A token goes into ~/.curlrc.
# Exit codes: 0 received and completed, 1 refused or wrong, 2 the patience is over.
set -u
[ $# -eq 2 ] && [ -d "$2" ] || { echo 'Give a queue, and a folder that is there.' >&2; exit 1; }
api=${GATEWAY:-http://127.0.0.1:7425}/api/v1
patience=${GATEWAY_PATIENCE:-600}
new=$2/.new-$$
head=$(mktemp) || exit 1
trap 'rm -f "$new" "$head"' EXIT
end=$(($(date +%s) + patience))

# Sets the status of the answer, whose body is in the new file; 000 if it did not come, or not as a whole.
post() {
    : >"$new" || exit 1
    status=$(curl -sS --max-time 60 -X POST -D "$head" -o "$new" -w '%{http_code}' "$@") || status=000
}

# Why the gateway refuses.
tell() { { cat "$new"; echo; } >&2; }

of_head() { tr -d '\r' <"$head" | sed -n "s/^$1: //p"; }

while [ "$(date +%s)" -lt "$end" ]; do
    post -H 'Accept: application/octet-stream' "$api/inbound/$1/receive?wait=20"
    if [ "$status" = 200 ]; then
        file=$2/$(of_head Message-Id)
        token=$(of_head Delivery-Token)
        sync "$new" && mv "$new" "$file" && sync "$2" || exit 1
        echo "$file"
        post "$api/deliveries/$token/complete"
    fi
    case $status in
        204) [ -z "${token:-}" ] || exit 0 ;;
        # The lease was over: the message comes again.
        409) ;;
        000) sleep 1 ;;
        408 | 429 | 5??) tell; sleep 1 ;;
        *) tell; exit 1 ;;
    esac
    token=
done
echo "Nothing was received and completed within $patience s." >&2
exit 2
