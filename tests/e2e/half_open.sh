#!/usr/bin/env bash
# Row H7 with the real daemon: a thousand connections that send a byte a second and never say
# who they are, and a process that may open few files. An established peer goes on, the
# steward at the node is answered, memory stays within its bound.
# usage: half_open.sh BUILD-DIR
build=${1:?usage: half_open.sh BUILD-DIR}
seconds=200
# shellcheck source=tests/e2e/nodes.sh
. "$(dirname "$0")/nodes.sh"
knocker=$build/tests/e2e/knocker

escalated() { # title: a case of the village's that is on its way up
    local number
    number=$(at village case new --category 邻里 --title "$1" --narrative "两家争执" \
        --context "去年修过一次" | tail -n 1)
    at village case triage "$number" --decision escalate --beyond --reason 涉及两村 &&
        at village escalate "$number" --fields title,context --reason 超出村里权限 \
            --no-parties 渠是村里的 --yes
}
knocks() { # connections, seconds: in the background, its figures in $home/knocks
    local port=${address[township]##*:}
    (
        ulimit -n 5000 2> /dev/null
        exec "$knocker" 127.0.0.1 "$port" "$1" "$2"
    ) > "$home/knocks" &
    job=$!
}
figure() { # word before it
    sed -n "s/.*$1 \([0-9]*\).*/\1/p" "$home/knocks"
}
more_than() { [ "${1:-0}" -gt "$2" ] || { printf '%s is not above %s\n' "$1" "$2" && false; }; }
at_most() { [ "$1" -le "$2" ] || { printf '%s is above %s\n' "$1" "$2" && false; }; }
peak_kb() { # node
    sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/${pid[$1]}/status"
}

found township 青河镇 陈某
found village 枫源村 李某
start township || exit 1
start village || exit 1
check "pair: they are linked" pair township village
check "before: what is escalated arrives" escalated 水渠
check "before: both agree" at village sync --wait --timeout 20

knocks 1000 8
sleep 1
check "H7 1,000 half-open: what is escalated meanwhile arrives" escalated 道路
check "H7 1,000 half-open: both agree meanwhile" at village sync --wait --timeout 20
check "H7 1,000 half-open: the township's steward is answered" at township inbox
wait "$job"
job=
check "H7 1,000 half-open: they were made" more_than "$(figure made)" 999
check "H7 1,000 half-open: the oldest went" more_than "$(figure closed)" 500
# ASan and valgrind have heaps of their own.
if ! grep -q __asan_init "$fengqiaod"; then
    check "H7 1,000 half-open: 24 MiB were enough ($(peak_kb township) kB)" \
        at_most "$(peak_kb township)" 24576
fi
check "H7 1,000 half-open: the session is the one from before" \
    equal "$(grep -c 'session.*end=' "$home/log/village.1")" 0

# The same daemon where it may open 48 files: half of them are for strangers.
printf '#!/bin/sh\nulimit -n 48\nexec "%s" "$@"\n' "$fengqiaod" > "$home/few"
chmod 700 "$home/few"
stop township
fengqiaod=$home/few
start township || exit 1
check "EMFILE: the village finds it again" at village sync --wait --timeout 20
knocks 300 8
sleep 1
check "EMFILE: what is escalated meanwhile arrives" escalated 桥
check "EMFILE: both agree meanwhile" at village sync --wait --timeout 20
check "EMFILE: the township's steward is answered" at township inbox
wait "$job"
job=
ended=$(grep -c 'session.*end=' "$home/log/village.1")
check "EMFILE: many were turned away" more_than "$(figure closed)" 300
check "EMFILE: one line says so" \
    equal "$(grep -c 'connections full max=24' "$home/log/township.2")" 1

# And one that has no descriptor left: its limit is lowered to what it has open now.
left=0
while [ -e "/proc/${pid[township]}/fd/$left" ]; do left=$((left + 1)); done
prlimit --pid "${pid[township]}" --nofile="$left:48"
knocks 60 6
sleep 1
check "EMFILE, none left: what is escalated meanwhile arrives" escalated 井
check "EMFILE, none left: the session is the one from before" equal \
    "$(grep -c 'session.*end=' "$home/log/village.1")" "$ended"
wait "$job"
job=
prlimit --pid "${pid[township]}" --nofile=48:48
check "EMFILE, none left: strangers were turned away" more_than "$(figure closed)" 59
check "EMFILE, none left: then it is answered as before" at township inbox
crash village
start village || exit 1
check "afterwards: both agree" at village sync --wait --timeout 20
check "afterwards: four records are there" equal "$(number_of township escalations)" 4
complete=yes
