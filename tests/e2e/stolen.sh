#!/usr/bin/env bash
# The drill of docs/DRILL.md: the Pi of a village is stolen, its laptop takes the rights of the
# machine and of the persons away, and the thief, who has the Pi and even a PIN, gets nowhere: not
# by line, not by stick.
# usage: stolen.sh BUILD-DIR
# shellcheck source=tests/e2e/nodes.sh disable=SC2154 # nodes.sh makes $home and the rest
set -u
build=${1:?usage: stolen.sh BUILD-DIR}
seconds=150
. "$(dirname "$0")/nodes.sh"

exits() { # code, command
    local want=$1 rc=0
    shift
    "$@" > "$home/out" 2>&1 || rc=$?
    [ "$rc" = "$want" ] || { printf 'exit %s: ' "$rc" && cat "$home/out" && false; }
}
until_shows() { # node, text, words of the client
    local node=$1 text=$2
    shift 2
    for _ in $(seq 80); do
        at "$node" "$@" 2> /dev/null | grep -q -- "$text" && return 0
        sleep 0.25
    done
    at "$node" "$@"
    return 1
}
as() { # person, node, words
    local person=$1 node=$2
    shift 2
    FENGQIAO_PIN_FILE=$home/pin.other bounded 25 "$fengqiao" --dir "$home/$node" --as "$person" "$@"
}
new_case() { # node, title
    at "$1" case new --category 邻里 --title "$2" --narrative 两家争执 --context 去年修过 \
        --party 张某:applicant | tail -n 1
}
printf '135791\n' > "$home/pin.other"
printf 'sechs woerter die keiner raet\n' > "$home/pin.new"
chmod 600 "$home/pin.other" "$home/pin.new"

found township 青河镇 吴某 && found village 枫源村 陈某 || exit 1
start township && start village || exit 1
pair township village > /dev/null || exit 1
check "a second steward" at village person add 李某 --role steward --pin-file "$home/pin.other"
code=$(at village node invite | tail -n 1)
check "a laptop joins" bounded 60 "$fengqiaod" join --dir "$home/laptop" --name 山上 \
    --at "${address[village]}" --code "$code"
start laptop || exit 1
first=$(new_case village 水沟)
check "and has what the Pi has" until_shows laptop 水沟 case list
pi=$(at village site | sed -n 's/^the first.*\(fqk1[a-z2-7]*\).*/\1/p')
check "whose key the site shows" test -n "$pi"

# ---- the Pi is gone; somebody has it
stop village
mv "$home/village" "$home/thief"
address[thief]=127.0.0.1:0

# ---- the drill
at laptop node revoke "$pi" > "$home/said" 2>&1
check "the machine is revoked, and what it had is said" grep -q '1 case' "$home/said"
check "the other steward gets another key" at laptop person renew 李某 --pin-file "$home/pin.new"
FENGQIAO_PIN_FILE=$home/pin.new bounded 25 "$fengqiao" --dir "$home/laptop" --as 李某 \
    person renew 陈某 --pin-file "$home/pin.new" > "$home/said" 2>&1
check "and so does the first" equal $? 0
check "the township hears of it" bounded 40 "$fengqiao" --dir "$home/laptop" sync --wait
export FENGQIAO_PIN_FILE=$home/pin.new
mkdir "$home/folder" "$home/stick"
check "a backup of its own" at laptop backup write --stick "$home/folder" --whole

# ---- the thief, who knows the old PIN
start thief || exit 1
export FENGQIAO_PIN_FILE=$home/pin
forged=$(new_case thief 假案)
at thief case triage "$forged" --beyond --decision escalate --reason 假 > /dev/null
at thief case consent "$forged" --party 张某 --fields title,context --manner oral --witness 王某 > /dev/null
record=$(at thief escalate "$forged" --fields title,context --reason 假 --yes | tail -n 1)
check "he writes what he likes" equal "${#record}" 64
check "and gets no further" exits 5 bounded 25 "$fengqiao" --dir "$home/thief" sync --wait --timeout 5
check "by stick" at thief bundle write --to 青河镇 --stick "$home/stick"
check "neither" exits 1 at township bundle read --stick "$home/stick"
check "since the machine is revoked" grep -q 'was revoked' "$home/out"
none "the township has none of it" "$(at township inbox --json | grep -o "$record")"
check "the laptop goes on" until_shows laptop 水沟 case list
export FENGQIAO_PIN_FILE=$home/pin.new
second=$(new_case laptop 田埂)
check "and writes" test -n "$second"
export FENGQIAO_PIN_FILE=$home/pin
check "with the new PIN alone" exits 6 at laptop case note "$first" 旧密码
for node in thief laptop township; do stop "$node"; done
none "processes: none is left" "$(strays)"
complete=yes
