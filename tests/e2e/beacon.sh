#!/usr/bin/env bash
# Two machines on a network of the test's own: a village finds the township by the code
# alone, and again after it has moved; another machine of the township joins without an
# address. Somebody who listens writes down every datagram, and learns nothing from them.
# usage: beacon.sh BUILD-DIR
# shellcheck source=tests/e2e/nodes.sh disable=SC2154 # nodes.sh makes $home and the rest
set -u
if [ "${FENGQIAO_OWN_NETWORK:-no}" != yes ]; then
    for program in unshare nsenter ip node; do
        command -v "$program" > /dev/null || {
            echo "skipped: there is no $program here"
            exit 77
        }
    done
    unshare -rn true 2> /dev/null || {
        echo "skipped: this machine gives no network of one's own (unshare -rn)"
        exit 77
    }
    exec unshare -rn env FENGQIAO_OWN_NETWORK=yes bash "$0" "$@"
fi
build=${1:?usage: beacon.sh BUILD-DIR}
seconds=280
. "$(dirname "$0")/nodes.sh"
here=$(dirname "$0")

# ---- a cable between two machines; 192.0.2.0/24 is for examples (RFC 5737)
ip link set lo up
ip link add fq0 type veth peer name fq1
unshare -n sleep 600 &
pid[other-machine]=$! # ended with the nodes
over_there=(nsenter -t "${pid[other-machine]}" -n --)
there() { "${over_there[@]}" "$@"; }
for _ in $(seq 100); do # until it has its network
    ip link set fq1 netns "${pid[other-machine]}" 2> /dev/null && there ip link show fq1 > /dev/null 2>&1 && break
    sleep 0.05
done
ip addr add 192.0.2.1/24 dev fq0
ip link set fq0 up
there ip link set lo up
there ip addr add 192.0.2.2/24 dev fq1
there ip link set fq1 up
for _ in $(seq 100); do # an address is ours once nobody else answers for it
    there ip -6 addr show dev fq1 scope link | grep -q inet6 &&
        ! there ip -6 addr show dev fq1 tentative | grep -q inet6 &&
        ! ip -6 addr show dev fq0 tentative | grep -q inet6 && break
    sleep 0.1
done

run_node() { # node, "here" or "there", words of run
    local node=$1 log=$home/log/$1
    local -a where=()
    [ "$2" = here ] || where=("${over_there[@]}")
    shift 2
    : > "$log"
    "${where[@]}" "$fengqiaod" run --dir "$home/$node" "$@" < /dev/null > /dev/null 2> "$log" &
    pid[$node]=$!
    for _ in $(seq 200); do
        grep -q '^ready' "$log" && return 0
        kill -0 "${pid[$node]}" 2> /dev/null || break
        sleep 0.05
    done
    cat "$log"
    return 1
}
end_node() {
    kill -TERM "${pid[$1]}"
    { wait "${pid[$1]}"; } 2> /dev/null
    unset "pid[$1]"
}
agrees() { # node, for up to 40 s
    for _ in $(seq 20); do
        at "$1" sync --wait --timeout 2 > /dev/null 2>&1 && return 0
        sleep 0.1
    done
    at "$1" sync --wait --timeout 2
}
client() { # node, words: for as long as seeking takes
    local node=$1
    shift
    bounded 75 "$fengqiao" --dir "$home/$node" "$@"
}
ends_with() { # exit code, command
    local want=$1 rc
    shift
    "$@"
    rc=$?
    equal "$rc" "$want"
}

"${over_there[@]}" node "$here/beacons.mjs" "$home/heard" &
pid[listener]=$!
found township 青河镇 吴某 && found village 枫源村 陈某 || exit 1
run_node township here --listen 0.0.0.0:7501 || exit 1

# ---- who was not asked to says nothing
run_node village there || exit 1
check "off: without --beacon an address is needed" ends_with 1 \
    client village peer join "$(at township peer invite | tail -n 1)"
end_node village
end_node township
none "off: nobody has said anything" "$(cat "$home/heard")"

# ---- found by a code
run_node village there --beacon || exit 1
run_node township here --listen '[::]:7501' --beacon || exit 1
code=$(at township peer invite | tail -n 1)
check "code: the village finds who made it" client village peer join "$code"
check "code: both agree" agrees village
code=$(at township node invite | tail -n 1)
check "code: so does a machine that joins" \
    bounded 75 "${over_there[@]}" \
    "$fengqiaod" join --dir "$home/second" --name 山上 --code "$code"
run_node second there --beacon || exit 1
check "code: it is one of the township" agrees second

# ---- found after it has moved
end_node township
ip addr del 192.0.2.1/24 dev fq0
ip addr add 192.0.2.77/24 dev fq0
run_node township here --listen 0.0.0.0:7502 --beacon || exit 1 # IPv4 alone now
check "moved: the village finds its parent" agrees village
check "moved: the second machine finds the first" agrees second
check "moved: the log says where" grep -q 'peer heard address=192.0.2.77:7502' "$home/log/village"

# ---- the code leads nobody to where it is not
check "code: one that nobody made finds nobody" ends_with 69 \
    bounded 75 "${over_there[@]}" \
    "$fengqiaod" join --dir "$home/third" --name 水边 \
    --code "$(tr ' ' '\n' <<< "$code" | tac | paste -sd' ')"

# ---- what the listener has
kill "${pid[listener]}"
{ wait "${pid[listener]}"; } 2> /dev/null
unset "pid[listener]"
cut -d ' ' -f 2 "$home/heard" > "$home/datagrams"
at_least() { [ "$(lines "$2")" -ge "$1" ] || { lines "$2" && false; }; }
check "listener: beacons came" at_least 6 "$home/datagrams"
check "listener: over IPv4" grep -q '^192\.0\.2\.' "$home/heard"
check "listener: and IPv6" grep -q '^fe80:' "$home/heard"
none "listener: all have one size" "$(grep -vxE '[0-9a-f]{220}' "$home/datagrams")"
# One beacon may leave by both, and nothing else repeats.
none "listener: none comes again" "$(cut -c 9- "$home/datagrams" | sort | uniq -c | awk '$1 > 2')"
parts() { cut -c 9- "$home/datagrams" | sort -u | fold -w 12 | sort | uniq -d; }
none "listener: no six bytes of one stand in another" "$(parts)"
names() { # what the nodes are called, in hex
    at township site --json | tr -c '0-9a-f' '\n' | grep -xE '[0-9a-f]{64}' | sort -u
}
check "listener: there are names to look for" test -n "$(names)"
none "listener: and none stands there" "$(names | cut -c 1-16 | grep -Ff - "$home/datagrams")"

for node in second village township; do end_node "$node"; done
complete=yes
