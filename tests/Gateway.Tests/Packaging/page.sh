#!/bin/bash
# Runs the commands of the pages for Linux, as they are written there, on two hosts that only this process sees: each is this
# machine with changes in memory, a name and a network of its own, joined to the other by a cable. What stands for systemd, ssh and scp are
# the scripts of the folder hosts. Ends at the first thing that is not as it should be.
#   unshare --mount --net --pid --fork --kill-child --mount-proc page.sh COMMANDS SCRATCH IP
# COMMANDS is a folder with the blocks of the page and the package.
set -euo pipefail
commands=$1 scratch=$2 ip=$3
here=$(dirname "$0")
declare -A holders

step() { echo "== $*"; }
fail() { echo "WRONG: $*"; exit 1; }
is() { [[ $2 == "$3" ]] || fail "$1 is '$2', not '$3'"; }

# A host of this name; its address is the second word.
make() {
    local folder=$scratch/$1 root=$scratch/$1/root
    mkdir -p "$folder"/{changes,work,root}
    mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/changes,workdir=$folder/work" "$root"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/run"
    mount -t tmpfs tmpfs "$root/tmp"
    mkdir -p "$root/run/systemd/system" "$root/hosts/shop-host" "$root/hosts/billing-host"
    rm -f "$root/etc/hosts"
    printf '127.0.0.1 localhost\n10.99.0.1 shop-host\n10.99.0.2 billing-host\n' >"$root/etc/hosts"
    # Where the scripts of a package look for them too.
    install -m 0755 "$here"/hosts/{systemctl,ssh,scp} "$root/usr/bin/"
    mkdir "$root/page"
    cp "$commands"/* "$root/page/"
    mkfifo "$folder/started"
    unshare --net --uts sh -c 'hostname "$1"; echo $$; exec tail -f /dev/null >/dev/null' sh "$1" >"$folder/started" &
    read -r "holders[$1]" <"$folder/started"
    cable "$1" "$2"
}

cable() {
    local end=cable-${1%-host}
    [[ -e /sys/class/net/$end ]] || "$ip" link show "$end" >/dev/null 2>&1 || "$ip" link add cable-shop type veth peer name cable-billing
    "$ip" link set "$end" netns "${holders[$1]}"
    on "$1" "'$ip' link set lo up && '$ip' addr add $2/24 dev $end && '$ip' link set $end up"
}

# Runs a text of a shell on a host, as root.
on() {
    nsenter --target "${holders[$1]}" --net --uts chroot "$scratch/$1/root" \
        /usr/bin/env -i HOME=/root PATH="$PATH" DEBIAN_FRONTEND=noninteractive /bin/bash -ec "cd /page; $2"
}

# The commands of init's output below a line.
below() { awk -v head="$1" '$0 == head { on = 1; next } /^[^ ]/ || /^$/ { on = 0 } on { sub(/^  /, ""); print }'; }

mount -t tmpfs tmpfs "$scratch"
make shop-host 10.99.0.1
make billing-host 10.99.0.2
for host in shop-host billing-host; do
    for other in shop-host billing-host; do mount --bind "$scratch/$other/root" "$scratch/$host/root/hosts/$other"; done
done

for host in shop-host billing-host; do
    step "debian, on $host"
    on "$host" "$(<"$commands/debian.sh")" | tee "$scratch/said"
    grep -q '^hello$' "$scratch/said" || fail 'the message did not come'
    grep -q 'active (running)' "$scratch/said" || fail 'the service does not run'
done

step 'init'
on shop-host "$(sed -n '1s/^\$ //p' "$commands/init.txt")" >"$scratch/init"
sed 1d "$commands/init.txt" | diff - "$scratch/init" || fail 'init says something else than the page'
on shop-host "$(below 'On this host:' <"$scratch/init")"
on shop-host "$(below 'For the host of billing, from here:' <"$scratch/init")"
on billing-host "$(below 'And on it:' <"$scratch/init")" | tee "$scratch/there"
on billing-host "$(below 'On this host:' <"$scratch/there")"
on shop-host 'gateway send orders@billing "one order"'
is 'what came from host to host' "$(on billing-host 'gateway receive orders --complete --wait 60s')" 'one order'

step 'back to an older version'
on billing-host 'systemctl stop gateway'
on shop-host 'gateway send orders@billing "another order" && systemctl stop gateway'
on shop-host "$(<"$commands/export.sh")"
on shop-host 'mv /var/lib/gateway /var/lib/gateway.newer && install -d -o gateway -g gateway -m 0700 /var/lib/gateway'
on shop-host "systemctl start gateway; $(<"$commands/import.sh")"
on billing-host 'systemctl start gateway'
is 'what came out of the file' "$(on billing-host 'gateway receive orders --complete --wait 60s')" 'another order'

step 'two gateways on one host'
on shop-host 'systemctl stop gateway'
on billing-host 'systemctl stop gateway'
# Each terminal is a process in the background, whose gateway listens before the next line is typed.
wait='until grep -q "is listening" \2.log; do kill -0 $!; sleep 0.1; done'
sed -E "s/^(.*--config ([ab])\.json) .*# in .*$/\1 >\2.log 2>\&1 \&\n$wait/" "$commands/two.sh" >"$scratch/two"
is 'what came from gateway to gateway' "$(on shop-host "$(<"$scratch/two"); kill %1 %2; wait" | tail -n 1)" 'one order'

step 'a pairing'
for host in shop-host billing-host; do
    on "$host" 'rm -rf /etc/gateway/conf.d /etc/gateway/certs /var/lib/gateway/*'
    on "$host" "$(grep "# on $host\$" "$commands/alone.sh")" >"$scratch/alone"
    on "$host" "$(below 'On this host:' <"$scratch/alone")"
done
mkfifo "$scratch/invitation"
on shop-host "$(sed -n '/# on shop-host/s/ *#.*//p' "$commands/pair.sh")" >"$scratch/invitation" 2>&1 &
inviting=$!
while read -r line; do
    echo "$line"
    [[ $line =~ [0-9A-Z]{8}(-[0-9A-Z]+)+ ]] || continue
    on billing-host "$(sed -n "/# on billing-host/s/join [^ ]*/join ${BASH_REMATCH[0]}/p" "$commands/pair.sh")"
done <"$scratch/invitation"
wait "$inviting" || fail "the invitation ended with $?"
on shop-host 'gateway send orders@billing "one more order"'
is 'what came from peer to peer' "$(on billing-host 'gateway receive orders --complete --wait 60s')" 'one more order'
on shop-host 'systemctl stop gateway'
on billing-host 'systemctl stop gateway'

step 'with a CA'
on shop-host "mkdir ca; cd ca; $(<"$commands/links.sh")"
on shop-host 'gateway config check links.json'
on billing-host 'test -s /etc/gateway/billing.key'
echo 'as it should be'
