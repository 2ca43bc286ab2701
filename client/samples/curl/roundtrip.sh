#!/bin/sh
# Sends a message over HTTP, receives it and gives it back; after Enter (restart the gateway meanwhile) repeats that, and completes it:
#   roundtrip.sh [http://127.0.0.1:7425]
set -eu
api=${1:-http://127.0.0.1:7425}/api/v1

# A gateway that is being restarted answers soon; the key makes a repetition safe.
send() {
    curl -fsS --retry 30 --retry-delay 1 --retry-all-errors -o /dev/null \
        -H "Idempotency-Key: $key" --data-binary hello "$api/queues/greetings@local/messages"
}

# Prints the first message, as JSON; nothing if none came within 30 seconds.
receive() {
    curl -fsS --retry 30 --retry-delay 1 --retry-all-errors -X POST "$api/inbound/greetings/receive?max=1&wait=30"
}

settle() { curl -fsS -o /dev/null -X POST "$api/deliveries/$(echo "$message" | field token)/$1"; }

field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }

key=$(cat /proc/sys/kernel/random/uuid)
send
message=$(receive)
echo "received $(echo "$message" | field text), delivery $(echo "$message" | field deliveries)"
settle abandon
echo 'Restart the gateway if you like, then press Enter.'
read -r _
send
message=$(receive)
echo "received $(echo "$message" | field text), delivery $(echo "$message" | field deliveries)"
settle complete
echo completed
