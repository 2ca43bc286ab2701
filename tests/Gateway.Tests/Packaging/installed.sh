#!/bin/bash
# Installs, runs, upgrades, removes and purges the Debian package as an administrator would, in a copy of this machine that only this
# process sees (its changes are in memory), without a network but loopback. Ends at the first thing that is not as it should be.
#   unshare --mount --net --pid --fork installed.sh PACKAGE SCRATCH IP SYSTEMD-ANALYZE
set -euo pipefail
package=$1 scratch=$2 ip=$3 analyze=$4

if [[ ${5-} != inside ]]; then
    "$ip" link set lo up
    mount -t tmpfs tmpfs "$scratch"
    mkdir "$scratch"/{changes,work,root}
    mount -t overlay overlay -o "lowerdir=/,upperdir=$scratch/changes,workdir=$scratch/work" "$scratch/root"
    mount -t proc proc "$scratch/root/proc"
    mount --rbind /dev "$scratch/root/dev"
    mkdir "$scratch/root/package"
    cp "$package" "$scratch/root/package/first.deb"
    cp "$0" "$scratch/root/package/installed.sh"
    exec chroot "$scratch/root" /bin/bash /package/installed.sh /package/first.deb / "$ip" "$analyze" inside
fi

step() { echo "== $*"; }
fail() { echo "WRONG: $*"; exit 1; }
is() { [[ $2 == "$3" ]] || fail "$1 is '$2', not '$3'"; }

as_nobody() { setpriv --reuid nobody --regid nogroup --clear-groups env HOME=/nonexistent "$@"; }

start() {
    # As the unit does it.
    setpriv --reuid gateway --regid gateway --clear-groups env STATE_DIRECTORY=/var/lib/gateway \
        sh -c 'export SYSTEMD_EXEC_PID=$$; exec "$@"' sh \
        /usr/lib/gateway/gateway run --config /etc/gateway/appsettings.json >/package/log 2>&1 &
    running=$!
    until (exec 3<>/dev/tcp/127.0.0.1/7420) 2>/dev/null; do
        kill -0 "$running" 2>/dev/null || { cat /package/log; fail 'the gateway ended'; }
        sleep 0.1
    done
}

stop() {
    kill -TERM "$running"
    wait "$running" || fail "the gateway stopped with $?"
}

step install
dpkg -i /package/first.deb
is 'the mode of the store' "$(stat -c '%U %a' /var/lib/gateway)" 'gateway 700'
is 'the target of the configuration' "$(readlink /usr/lib/gateway/appsettings.json)" /etc/gateway/appsettings.json
is 'the loose symbols' "$(find /usr/lib/gateway -name '*.pdb' -o -name '*.xml')" ''
[[ -L /etc/systemd/system/multi-user.target.wants/gateway.service ]] || fail 'the unit is not enabled'

step unit
"$analyze" verify /lib/systemd/system/gateway.service
# In tenths: at most 2.0.
"$analyze" security --offline=yes --threshold=20 --no-pager /lib/systemd/system/gateway.service >/package/security ||
    { tail -n 3 /package/security; fail 'the unit is too open'; }

step 'run as its user, send as another'
start
as_nobody gateway send greetings@local hello
stop

step upgrade
echo '// kept' >>/etc/gateway/appsettings.json
dpkg-deb -R /package/first.deb /package/second
sed -i 's/^Version: .*/&+1/' /package/second/DEBIAN/control
dpkg-deb --root-owner-group -Zgzip -z1 -b /package/second /package/second.deb
dpkg -i /package/second.deb
is 'the edited configuration' "$(tail -n 1 /etc/gateway/appsettings.json)" '// kept'
start
is 'what waited over the upgrade' "$(as_nobody gateway receive greetings --complete)" hello
as_nobody gateway send greetings@local again
stop

step remove
dpkg -r gateway
[[ ! -e /usr/bin/gateway ]] || fail 'the program is still there'
[[ -e /etc/gateway/appsettings.json ]] || fail 'the configuration is gone'

step 'purge keeps messages'
dpkg -P gateway 2>&1 | tee /package/purge
grep -q 'The messages in /var/lib/gateway are kept' /package/purge || fail 'nothing is said of the messages'
[[ ! -e /etc/gateway/appsettings.json ]] || fail 'the configuration is still there'
dpkg -i /package/second.deb
start
is 'what waited over the purge' "$(as_nobody gateway receive greetings --complete)" again
stop

step 'purge with the word'
GATEWAY_PURGE_STORE=yes dpkg -P gateway
[[ ! -e /var/lib/gateway ]] || fail 'the store is still there'
! getent passwd gateway >/dev/null || fail 'the user is still there'
echo 'as it should be'
