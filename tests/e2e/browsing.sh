# What the scripts share that look at pages in a browser. Sourced first: runs the script again
# in a network of its own, on an address that is not loopback (browsers treat 127.0.0.1
# otherwise), or skips it. Takes BUILD-FOLDER and MODULES, sources nodes.sh.
# shellcheck shell=bash disable=SC2034 # used by whoever sources it
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
. tests/e2e/nodes.sh

host=192.0.2.7 # of a block that is for examples alone (RFC 5737)
ip link set lo up
ip link add fengqiao0 type veth peer name fengqiao1
ip addr add "$host/24" dev fengqiao0
ip link set fengqiao0 up
ip link set fengqiao1 up
ip route add default dev fengqiao0

serve() { # node, port of its page
    local log=$home/log/$1
    : > "$log"
    "$fengqiaod" run --dir "$home/$1" --listen 127.0.0.1:0 --web "$host:$2" --web-open-to-network \
        < /dev/null > /dev/null 2> "$log" &
    pid[$1]=$!
    for _ in $(seq 200); do
        if grep -q '^ready' "$log"; then
            address[$1]=$(sed -n 's/.*listening address=\([^ ]*\).*/\1/p' "$log" | head -n 1)
            return 0
        fi
        kill -0 "${pid[$1]}" 2> /dev/null || break
        sleep 0.05
    done
    fail "the $1 serves its page" "$(cat "$log")"
    return 1
}
invite() { # node, person
    at "$1" device invite --person "$2" --json | sed -n 's/.*"code":"\([a-z2-7]*\)".*/\1/p'
}
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
keep_pictures() {
    [ -z "${FENGQIAO_SHOTS:-}" ] || cp "$home/shots"/*.png "$FENGQIAO_SHOTS"/
}
