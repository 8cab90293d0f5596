#!/usr/bin/env bash
# A week without network at two pages: a village's steward takes what waits out of a browser,
# part by part, with a script and without one; the township's desk hands it in, and its answer
# comes back the same way. In a network of its own.
# usage: sticks.sh BUILD-FOLDER MODULES
# shellcheck disable=SC2034,SC2154 # browsing.sh sets and takes them
set -u

seconds=240
# shellcheck source-path=SCRIPTDIR source=browsing.sh
. "$(dirname "$0")/browsing.sh"

waits() { # node, member: of its only neighbour
    at "$1" bundle list --json | sed -n 's/.*"'"$2"'": *\([0-9]*\).*/\1/p'
}

found township 青河镇 吴某
found village 枫源村 陈某
serve township 8121
serve village 8122
check "they pair" pair township village
# The line is gone: the township is no more where the village knew it.
kill "${pid[township]}" && wait "${pid[township]}"
serve township 8121

number=$(at village case new --category 邻里 --title 水渠清淤 --narrative CANARY-STAYS-AT-HOME \
    --context 去年修过 --party 张某:applicant | tail -n 1)
base64 < /dev/urandom | head -c 2500000 > "$home/plan.txt"
at village attach add "$number" "$home/plan.txt" > /dev/null 2>&1
at village case triage "$number" --beyond --decision escalate --reason 两次未成 > /dev/null
at village case consent "$number" --party 张某 --fields title,context --files plan.txt \
    --manner oral --witness 王某 > /dev/null
record=$(at village escalate "$number" --fields title,context --files plan.txt \
    --reason 请镇里看 --yes | tail -n 1)
check "a record waits" equal "$(waits village records)" 1

run sticks "$fengqiao" "$home" "$home/shots" \
    "township=http://$host:8121" "village=http://$host:8122" "$record"
file=$(at township attach list "$record" --json | grep -o '"op": *"[0-9a-f]*"' | head -n 1 |
    grep -o '[0-9a-f]\{64\}')
at township attach get "$record" "${file:0:12}" --out "$home/came" > /dev/null 2>&1
check "the file came whole" cmp "$home/plan.txt" "$home/came"
check "the answer is there" grep -q 先修南边的渠 <(at village show "$record")
check "nothing waits" equal "$(waits village ops)" 0
none "nothing of the case is in what was carried" "$(grep -al 'CANARY\|水渠\|枫源' "$home"/carried/*)"
keep_pictures
complete=yes
