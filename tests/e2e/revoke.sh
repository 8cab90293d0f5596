#!/usr/bin/env bash
# A mediator's and a clerk's key are revoked, through the real client: what they signed
# stands, and what a copy of their machine signs afterwards has no effect anywhere.
# usage: revoke.sh BUILD-DIR
# shellcheck disable=SC2317 # ok and says are called with conditions
set -u
export LC_ALL=C.UTF-8

build=${1:?usage: revoke.sh BUILD-DIR}
fengqiao=$build/cli/fengqiao
fengqiaod=$build/node/io/fengqiaod

passed=0
failed=0
complete=no
home=$(mktemp -d) || exit 1
declare -A pid=() address=()
finish() {
    trap - EXIT INT TERM
    for node in "${!pid[@]}"; do kill -9 "${pid[$node]}" 2> /dev/null; done
    { wait; } 2> /dev/null
    rm -rf "$home"
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" = 0 ] && [ "$complete" = yes ] && exit 0
    exit 1
}
trap finish EXIT
trap 'failed=$((failed + 1)); exit 1' INT TERM
ok() { # what, condition's exit code, what was seen
    if [ "$2" = 0 ]; then
        passed=$((passed + 1))
        printf 'ok      %s\n' "$1"
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n' "$1"
        printf '%s\n' "${3:-}" | head -n 12 | sed 's/^/        | /'
    fi
}

printf '246810\n' > "$home/pin"
printf '135791\n' > "$home/pin.other"
chmod 600 "$home/pin" "$home/pin.other"

at() { # node, words of the client, as its first steward
    local node=$1
    shift
    FENGQIAO_PIN_FILE=$home/pin timeout -k 2 25 "$fengqiao" --dir "$home/$node" "$@"
}
as() { # person, node, words
    local person=$1 node=$2
    shift 2
    FENGQIAO_PIN_FILE=$home/pin.other timeout -k 2 25 "$fengqiao" --dir "$home/$node" \
        --as "$person" "$@"
}
start() { # directory, whose port
    local log=$home/log.$1
    : > "$log" # or the word of an earlier start would be taken for its own
    "$fengqiaod" run --dir "$home/$1" --listen "${address[$2]:-127.0.0.1:0}" \
        < /dev/null > /dev/null 2> "$log" &
    pid[$2]=$!
    for _ in $(seq 200); do
        if grep -q '^ready' "$log"; then
            address[$2]=$(sed -n 's/.*listening address=\([^ ]*\).*/\1/p' "$log" | head -n 1)
            return 0
        fi
        kill -0 "${pid[$2]}" 2> /dev/null || break
        sleep 0.05
    done
    cat "$log"
    return 1
}
stop() { # node
    kill -TERM "${pid[$1]}"
    for _ in $(seq 200); do
        kill -0 "${pid[$1]}" 2> /dev/null || break
        sleep 0.05
    done
    kill -9 "${pid[$1]}" 2> /dev/null
    { wait "${pid[$1]}"; } 2> /dev/null
    unset "pid[$1]"
}
says() { grep -q -- "$1" "$home/said"; }

for site in "township 青河镇 吴某" "village 枫源村 陈某"; do
    read -r tier name steward <<< "$site"
    "$fengqiaod" init --dir "$home/$tier" --tier "$tier" --name "$name" \
        --steward "$steward" --pin-file "$home/pin" > /dev/null || exit 1
    start "$tier" "$tier" || exit 1
done
code=$(at township peer invite | tail -n 1)
at village peer join "$code" --at "${address[township]}" > /dev/null || exit 1
at village person add 李某 --role mediator --pin-file "$home/pin.other" > /dev/null || exit 1
at township person add 赵某 --role desk --pin-file "$home/pin.other" > /dev/null || exit 1

# ---- a mediator of the village
number=$(as 李某 village case new --category 邻里 --title 水沟 --narrative 两家争执 \
    --context 去年修过 --party 张某:applicant | tail -n 1)
as 李某 village case note "$number" 上门看过 > /dev/null
ok "mediator: she writes a case and a note" $? "case '$number'"
as 李某 village person revoke 陈某 > "$home/said" 2>&1
rc=$?
[ "$rc" = 6 ]
ok "mediator: she revokes nobody" $? "exit $rc: $(cat "$home/said")"
at village person revoke 李某 > "$home/said" 2>&1
ok "mediator: the steward revokes her" $? "$(cat "$home/said")"
says 'in 1 scopes'
ok "mediator: and stands by one case" $? "$(cat "$home/said")"
at village person list > "$home/said"
grep -q '李某.*revoked' "$home/said"
ok "mediator: person list says so" $? "$(cat "$home/said")"
as 李某 village case note "$number" 还想写 > "$home/said" 2>&1
rc=$?
[ "$rc" != 0 ]
ok "mediator: she is not let in any more" $? "exit $rc"
at village case show "$number" > "$home/said"
says 上门看过 && says 水沟 && ! says 还想写 && ! says 'without effect'
ok "mediator: case show still has what she wrote, and nothing is refused" $? "$(cat "$home/said")"
at village case note "$number" 接手 > /dev/null
ok "mediator: others go on in her case" $?

# ---- somebody who lost the PIN
at village person add 孙某 --role mediator --pin-file "$home/pin.other" > /dev/null
as 孙某 village case note "$number" 去过一次 > /dev/null
printf '864209\n' > "$home/pin.new"
chmod 600 "$home/pin.new"
at village person renew 孙某 --pin-file "$home/pin.new" > "$home/said" 2>&1
ok "lost PIN: the steward gives another key" $? "$(cat "$home/said")"
as 孙某 village case note "$number" 用旧密码 > "$home/said" 2>&1
rc=$?
[ "$rc" != 0 ]
ok "lost PIN: the old one opens nothing" $? "exit $rc: $(cat "$home/said")"
FENGQIAO_PIN_FILE=$home/pin.new timeout -k 2 25 "$fengqiao" --dir "$home/village" --as 孙某 \
    case note "$number" 用新密码 > "$home/said" 2>&1
ok "lost PIN: the new one signs, under the same name" $? "$(cat "$home/said")"
at village case show "$number" > "$home/said"
says 去过一次 && says 用新密码 && ! says 用旧密码
ok "lost PIN: what was signed before stands" $? "$(cat "$home/said")"

# ---- a clerk of the township, and a copy of its machine
at village case triage "$number" --decision escalate --beyond --reason 涉及两村 > /dev/null &&
    at village case consent "$number" --party 张某 --fields title,context --manner oral \
        --witness 王某 > /dev/null
id=$(at village escalate "$number" --fields title,context --reason 需要协商 | tail -n 1)
[[ $id =~ ^[0-9a-f]{64}$ ]] && at village sync --wait --timeout 20 > /dev/null
ok "clerk: the record goes up" $? "escalation '$id'"
as 赵某 township open "$id" > /dev/null
as 赵某 township advise "$id" 先量沟宽 > "$home/said" 2>&1
ok "clerk: he advises" $? "$(cat "$home/said")"
at village sync --wait --timeout 20 > /dev/null

stop township
cp -r "$home/township" "$home/copy"
start township township || exit 1
at township person revoke 赵某 > "$home/said" 2>&1
ok "clerk: the township revokes him" $? "$(cat "$home/said")"
at village sync --wait --timeout 25 > "$home/said" 2>&1
ok "clerk: the village hears of it" $? "$(cat "$home/said")"

# The copy has not heard of it: the village is away while he decides there.
stop village
stop township
start copy township || exit 1
as 赵某 copy decide "$id" 归我 > "$home/said" 2>&1
ok "copy: the clerk decides on a copy that has not heard" $? "$(cat "$home/said")"
start village village || exit 1
at village sync --wait --timeout 25 > "$home/said" 2>&1
ok "copy: it agrees with the village" $? "$(cat "$home/said")"
refused() { # node: the decision is there, without effect; the advice stands
    at "$1" show "$id" > "$home/said"
    says 'without effect' && says 'decide: revoked' && says 先量沟宽
}
refused village
ok "copy: the village shows the decision without effect" $? "$(cat "$home/said")"
refused copy
ok "copy: so does the copy, now that it has heard" $? "$(cat "$home/said")"
as 赵某 copy advise "$id" 再说 > "$home/said" 2>&1
rc=$?
[ "$rc" != 0 ]
ok "copy: he signs no more there either" $? "exit $rc"

stop township
start township township || exit 1
at village sync --wait --timeout 25 > "$home/said" 2>&1
ok "township: it agrees with the village" $? "$(cat "$home/said")"
refused township
ok "township: shows the decision without effect" $? "$(cat "$home/said")"
at township show "$id" --json > "$home/said"
says '"state":"advised"' || says '"state": "advised"'
ok "township: the record stands at the advice" $? "$(cat "$home/said")"
complete=yes
