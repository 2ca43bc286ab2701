#!/bin/sh
# Sends a file as a message, with curl alone:
#   send.sh orders@billing order.xml
# The message is safe when the program ends with 0: it is on the gateway's disk. Until then it tries again, with the same key, so that the
# gateway takes the message once however often it arrives.
# Environment: GATEWAY (http://127.0.0.1:7425), and GATEWAY_PATIENCE, the time to try in seconds (600). A token goes into ~/.curlrc.
# Exit codes: 0 accepted, 1 refused or wrong, 2 the patience is over; the message may have been accepted then.
set -u
[ $# -eq 2 ] && [ -r "$2" ] || { echo 'Give a destination, and a file that can be read.' >&2; exit 1; }
key=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen) || { echo "There is no uuidgen here." >&2; exit 1; }
answer=$(mktemp) || exit 1
trap 'rm -f "$answer"' EXIT
# Why the gateway has not taken it.
tell() { { cat "$answer"; echo; } >&2; }
end=$(($(date +%s) + ${GATEWAY_PATIENCE:-600}))

while [ "$(date +%s)" -lt "$end" ]; do
    status=$(curl -sS --max-time 60 -o "$answer" -w '%{http_code}' -H "Idempotency-Key: $key" --data-binary @- \
        "${GATEWAY:-http://127.0.0.1:7425}/api/v1/queues/$1/messages" <"$2")
    case $status in
        202) exit 0 ;;
        000) ;;
        408 | 429 | 5??) tell ;;
        *) tell; exit 1 ;;
    esac
    sleep 1
done
echo "Not accepted within ${GATEWAY_PATIENCE:-600} s." >&2
exit 2
