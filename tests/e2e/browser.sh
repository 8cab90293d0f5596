#!/usr/bin/env bash
# The page as phones see it: on an address that is not loopback, in a network of its own in
# which there is nothing else (browsers treat 127.0.0.1 otherwise). Doors first (W1 to W3),
# then journeys in Chromium.
# usage: browser.sh BUILD-FOLDER MODULES
set -u

if [ "${FENGQIAO_OWN_NETWORK:-no}" != yes ]; then
    for program in unshare ip chromium; do
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
cd "$(dirname "$0")/../.." || exit 1
build=$1
modules=$2
seconds=540
. tests/e2e/nodes.sh

host=192.0.2.7 # of a block that is for examples alone (RFC 5737)
ip link set lo up
ip link add fengqiao0 type veth peer name fengqiao1
ip addr add "$host/24" dev fengqiao0
ip link set fengqiao0 up
ip link set fengqiao1 up
ip route add default dev fengqiao0

printf '246810\n' > "$home/pin"
"$fengqiaod" init --dir "$home/village" --tier village --name 枫源村 --steward 陈某 \
    --pin-file "$home/pin" > "$home/log/init" 2>&1 || fail "a village is founded" "$(cat "$home/log/init")"
serve() {
    "$fengqiaod" run --dir "$home/village" --web "$host:8080" --web-open-to-network \
        < /dev/null > /dev/null 2> "$home/log/village" &
    pid[village]=$!
    for _ in $(seq 200); do
        grep -q '^ready' "$home/log/village" && return 0
        kill -0 "${pid[village]}" 2> /dev/null || break
        sleep 0.05
    done
    fail "the node serves its page" "$(cat "$home/log/village")"
    return 1
}
invite() { # person
    at village device invite --person "$1" --json | sed -n 's/.*"code":"\([a-z2-7]*\)".*/\1/p'
}

check "the page is not opened to a network without a word" \
    bash -c "! '$fengqiaod' run --dir '$home/village' --web '$host:8080' < /dev/null 2> '$home/log/closed' \
        && grep -q web-open-to-network '$home/log/closed'"
serve
printf '135790\n' > "$home/pin2"
check "a mediator is appointed" at village person add 王某 --role mediator --pin-file "$home/pin2"

run() { # script, arguments: its lines are counted as ours
    local script=$1 rc
    shift
    bounded 300 node "$modules/$script.mjs" "$@" > "$home/log/$script" 2>&1
    rc=$?
    grep -E '^(ok|FAILED) ' "$home/log/$script"
    passed=$((passed + $(grep -c '^ok ' "$home/log/$script")))
    failed=$((failed + $(grep -c '^FAILED ' "$home/log/$script")))
    [ "$rc" = 0 ] || fail "$script ends well" "$(tail -n 12 "$home/log/$script")"
}
# A crowd from addresses of its own.
others=
for number in $(seq 20 36); do
    ip addr add "192.0.2.$number/24" dev fengqiao0
    others+=" 192.0.2.$number"
done
# shellcheck disable=SC2086 # one word an address
run crowd "http://$host:8080" "${pid[village]}" $others
run door "http://$host:8080" "$(invite 陈某)"
check "a township is above it" found township 青河镇 吴某
start township
check "they pair" pair township village
run day "http://$host:8080" "$(invite 王某)" "$(invite 王某)" "$(invite 陈某)" "$home/shots"
run journeys "http://$host:8080" "$(invite 陈某)" "$(invite 王某)" "$home/shots"

run two "http://$host:8080" "$(invite 陈某)" 246810 "$(invite 王某)" 135790 "$home/shots"
run json "http://$host:8080" "$(invite 陈某)" "$home/pin"

kill "${pid[village]}" && wait "${pid[village]}"
unset "pid[village]"
run kill "$fengqiaod" "$fengqiao" "$home/village" "$host:8080" "$home/pin"
run tls "$fengqiaod" "$home/village" "$host"
if [ -n "${FENGQIAO_SHOTS:-}" ]; then cp "$home/shots"/*.png "$FENGQIAO_SHOTS"/; fi
complete=yes
