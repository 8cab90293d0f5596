#!/usr/bin/env bash
# The drill of docs/DRILL.md for a village with one machine: its Pi is stolen, the backup is restored
# on another one, which gets keys of its own, and so do the persons; the thief, who has the Pi, its keys
# and even a PIN, gets nowhere from the moment the township hears of it.
# usage: stolen_alone.sh BUILD-DIR
# shellcheck source=tests/e2e/nodes.sh disable=SC2154 # nodes.sh makes $home and the rest
set -u
build=${1:?usage: stolen_alone.sh BUILD-DIR}
seconds=200
. "$(dirname "$0")/nodes.sh"

exits() { # code, command
    local want=$1 rc=0
    shift
    "$@" > "$home/out" 2>&1 || rc=$?
    [ "$rc" = "$want" ] || { printf 'exit %s: ' "$rc" && cat "$home/out" && false; }
}
new_case() { # node, title
    at "$1" case new --category 邻里 --title "$2" --narrative 两家争执 --context 去年修过 \
        --party 张某:applicant | tail -n 1
}
escalate() { # node, case
    at "$1" case triage "$2" --beyond --decision escalate --reason 两次未成 > /dev/null
    at "$1" case consent "$2" --party 张某 --fields title,context --manner oral --witness 王某 > /dev/null
    at "$1" escalate "$2" --fields title,context --reason 请镇里看 --yes | tail -n 1
}
synced() { bounded 60 "$fengqiao" --dir "$home/$1" sync --wait; }
printf '135791\n' > "$home/pin.other"
printf 'sechs woerter die keiner raet\n' > "$home/pin.new"
chmod 600 "$home/pin.other" "$home/pin.new"

found township 青河镇 吴某 || exit 1
"$fengqiaod" init --dir "$home/village" --tier village --name 枫源村 --steward 陈某 \
    --pin-file "$home/pin" > "$home/init" || exit 1
sed -n 's/^recovery *//p' "$home/init" > "$home/recovery"
chmod 600 "$home/recovery"
address[village]=127.0.0.1:0
start township && start village || exit 1
pair township village > /dev/null || exit 1
check "a second steward" at village person add 李某 --role steward --pin-file "$home/pin.other"
first=$(new_case village 水沟)
record=$(escalate village "$first")
check "a record goes up" synced village
mkdir "$home/folder" "$home/fresh" "$home/stick" "$home/stick2"
check "a backup" at village backup write --stick "$home/folder"

# ---- the Pi is gone; somebody has it, and it is on the line
stop village
mv "$home/village" "$home/thief"
address[thief]=127.0.0.1:0
start thief || exit 1

# ---- the drill
check "the backup is restored" bounded 60 "$fengqiaod" restore --dir "$home/village" --from "$home/folder" \
    --recovery-file "$home/recovery"
start village || exit 1
check "it talks with the township" synced village
cp "$home/village/node.key" "$home/key.before"
at village node renew > "$home/said" 2>&1
check "the machine gets other keys" grep -q 'has other keys' "$home/said"
check "which stand in the file" bash -c "! cmp -s '$home/village/node.key' '$home/key.before'"
check "that nobody else may read" equal "$(stat -c %a "$home/village/node.key")" 600
check "the other steward gets another key" at village person renew 李某 --pin-file "$home/pin.new"
FENGQIAO_PIN_FILE=$home/pin.new bounded 25 "$fengqiao" --dir "$home/village" --as 李某 \
    person renew 陈某 --pin-file "$home/pin.new" > "$home/said" 2>&1
check "and so does the first" equal $? 0
export FENGQIAO_PIN_FILE=$home/pin.new
check "the township hears of it" synced village
check "the old folder is refused" exits 1 at village backup write --stick "$home/folder"
check "and says what to do" grep -q 'empty folder' "$home/out"
check "a backup under the new keys" at village backup write --stick "$home/fresh"
check "can be restored" bounded 60 "$fengqiaod" try-backup --dir "$home/village" --from "$home/fresh"
crash village
start village || exit 1
check "a power cut changes nothing of that" synced village

# ---- the thief, who knows the old PIN
export FENGQIAO_PIN_FILE=$home/pin
forged=$(new_case thief 假案)
false_record=$(escalate thief "$forged")
check "he writes what he likes" equal "${#false_record}" 64
check "and gets no further" exits 5 bounded 25 "$fengqiao" --dir "$home/thief" sync --wait --timeout 5
check "by stick" at thief bundle write --to 青河镇 --stick "$home/stick"
check "neither" exits 1 at township bundle read --stick "$home/stick"
check "since the machine is revoked" grep -q 'was revoked' "$home/out"
none "the township has none of it" "$(at township inbox --json | grep -o "$false_record")"

# ---- the village goes on, by line and by stick
export FENGQIAO_PIN_FILE=$home/pin.new
second=$(new_case village 田埂)
later=$(escalate village "$second")
check "by line" synced village
export FENGQIAO_PIN_FILE=$home/pin
check "the township has it" bash -c "'$fengqiao' --dir '$home/township' inbox --json | grep -q '$later'"
check "and what there was" bash -c "'$fengqiao' --dir '$home/township' inbox --json | grep -q '$record'"
export FENGQIAO_PIN_FILE=$home/pin.new
stop township
third=$(new_case village 林地)
by_stick=$(escalate village "$third")
check "by stick" at village bundle write --to 青河镇 --stick "$home/stick2"
stop village
start township || exit 1
export FENGQIAO_PIN_FILE=$home/pin
check "which the township reads" at township bundle read --stick "$home/stick2"
check "and has that, too" bash -c "'$fengqiao' --dir '$home/township' inbox --json | grep -q '$by_stick'"

# ---- a new machine from the new folder is the new one
check "the new folder restores" bounded 60 "$fengqiaod" restore --dir "$home/third" --from "$home/fresh" \
    --recovery-file "$home/recovery"
check "the new keys" cmp "$home/third/node.key" "$home/village/node.key"
for node in thief township; do stop "$node"; done
none "processes: none is left" "$(strays)"
complete=yes
