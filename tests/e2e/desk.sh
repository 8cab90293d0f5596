#!/usr/bin/env bash
# The desk of a township as its people see it: what a village escalated comes in, is opened,
# answered in a browser, and the village sees each step in words. In a network of its own.
# usage: desk.sh BUILD-FOLDER MODULES
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
seconds=300
. tests/e2e/nodes.sh
ip link set lo up

serve() { # node, port of its page
    "$fengqiaod" run --dir "$home/$1" --listen 127.0.0.1:0 --web "127.0.0.1:$2" \
        < /dev/null > /dev/null 2> "$home/log/$1" &
    pid[$1]=$!
    for _ in $(seq 200); do
        if grep -qs '^ready' "$home/log/$1"; then
            address[$1]=$(sed -n 's/.*listening address=\([^ ]*\).*/\1/p' "$home/log/$1" | head -n 1)
            return 0
        fi
        kill -0 "${pid[$1]}" 2> /dev/null || break
        sleep 0.05
    done
    fail "the $1 serves its page" "$(cat "$home/log/$1")"
}
escalate() { # title; says which record
    local number
    number=$(at village case new --category 邻里 --title "$1" \
        --narrative "上游三户改道取水，下游五户春灌缺水。" \
        --context "去年村里调解过一次，约定轮灌，今年没有执行。" --party 张某:applicant | tail -n 1)
    at village case triage "$number" --decision escalate --beyond --reason "跨村，超出村里权限" > /dev/null
    at village case consent "$number" --party 张某 --fields title,narrative,context \
        --manner oral --witness 王某 > /dev/null
    at village escalate "$number" --fields title,narrative,context --reason "需要两村协商" \
        --onward ask --json | sed -n 's/.*"escalation": *"\([0-9a-f]*\)".*/\1/p' | head -n 1
}
invite() { # node, person
    at "$1" device invite --person "$2" --json | sed -n 's/.*"code":"\([a-z2-7]*\)".*/\1/p'
}
says() { # record, what the village sees of it
    at village sync --wait --timeout 20 > /dev/null 2>&1
    at village show "$1" --json | grep -q "$2"
}

found township 青河镇 吴某
found village 枫源村 陈某
serve township 8102
serve village 8103
check "the village pairs with the township" pair township village
first=$(escalate 两村共用水渠的清淤)
second=$(escalate 山林界线不清)
check "two records go up" at village sync --wait --timeout 20
printf '135790\n' > "$home/pin2"
check "somebody is appointed to the desk" at township person add 赵某 --role desk --pin-file "$home/pin2"

run() { # script, arguments: its lines are counted as ours
    local script=$1 rc
    shift
    bounded 200 node "$modules/$script.mjs" "$@" > "$home/log/$script" 2>&1
    rc=$?
    grep -E '^(ok|FAILED) ' "$home/log/$script"
    passed=$((passed + $(grep -c '^ok ' "$home/log/$script")))
    failed=$((failed + $(grep -c '^FAILED ' "$home/log/$script")))
    [ "$rc" = 0 ] || fail "$script ends well" "$(tail -n 12 "$home/log/$script")"
}
run desk http://127.0.0.1:8102 "$(invite township 赵某)" "$(invite township 吴某)" \
    "$first" "$second" "$home/shots"
check "the village sees the advice" says "$first" '"advise"'
check "and that the other came back" says "$second" '"state": *"returned"'
run house http://127.0.0.1:8103 "$(invite village 陈某)" "$first" "$home/shots"
check "the township sees that its advice was declined" at township sync --wait --timeout 20
if [ -n "${FENGQIAO_SHOTS:-}" ]; then cp "$home/shots"/*.png "$FENGQIAO_SHOTS"/; fi
complete=yes
