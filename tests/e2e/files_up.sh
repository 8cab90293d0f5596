#!/usr/bin/env bash
# Files that go up with a record, through the real client and real nodes: what the preview
# shows arrives, also where a node is killed while it comes; nothing else does; a recall
# takes it back.
# usage: files_up.sh BUILD-DIR
# shellcheck disable=SC2317 # functions are called with conditions
build=${1:?usage: files_up.sh BUILD-DIR}
seconds=180
# shellcheck source-path=SCRIPTDIR source=nodes.sh
. "$(dirname "$0")/nodes.sh"

same() { cmp "$1" "$2"; }
lacks() { # node, record: pieces of its one file that are still coming
    at "$1" attach list "$2" --json 2> /dev/null |
        sed -n 's/.*"lacking": *\([0-9]*\).*/\1/p' | grep . || echo none
}
whole() { # node, record
    for _ in $(seq 300); do
        [ "$(lacks "$1" "$2")" = 0 ] && return 0
        sleep 0.1
    done
    printf 'still lacking: %s\n' "$(lacks "$1" "$2")" && false
}

found township 桥头镇 林某 && found village1 枫源村 陈某 || exit 1
start township && start village1 || exit 1
check "they pair" pair township village1
number=$(at village1 case new --category 邻里 --title 水沟 --narrative 两家争执 \
    --context 去年修过 --party 张某:甲方 | tail -n 1)
base64 < /dev/urandom | head -c 3000000 > "$home/plan.txt"
printf 'CANARY-STAYS 现场记录' > "$home/note.txt"
plan=$(at village1 attach add "$number" "$home/plan.txt" 2> /dev/null | tail -n 1)
check "two files are attached" exits 0 village1 attach add "$number" "$home/note.txt"
check "triage" exits 0 village1 case triage "$number" --beyond --decision escalate --reason 两次未成
check "the party consents to the fields" exits 0 village1 case consent "$number" --party 张某 \
    --fields title,context --manner oral --witness 王某
check "and not to the file" exits 6 village1 escalate "$number" --fields title,context \
    --files plan.txt --reason 请镇里看 --preview
check "with a sentence that names it" says "did not consent to 'plan.txt'"
check "then to the file as well" exits 0 village1 case consent "$number" --party 张某 \
    --fields title,context --files plan.txt --manner oral --witness 王某
check "a file that is not there" exits 1 village1 escalate "$number" --fields title,context \
    --files other.txt --reason 请镇里看 --preview
check "the preview" exits 0 village1 escalate "$number" --fields title,context \
    --files "$plan" --reason 请镇里看 --preview
check "shows name and size" says 'plan.txt *text/plain *3000000'
none "and no other file" "$(grep -a note.txt "$home/out")"

crash township
record=$(at village1 escalate "$number" --fields title,context --files plan.txt \
    --reason 请镇里看 --yes | tail -n 1)
check "it is released" equal "${#record}" 64
interrupted=0
for _ in 1 2 3; do # killed while pieces come, where that is seen
    start township || exit 1
    for _ in $(seq 100); do
        case $(lacks township "$record") in
        none) ;;
        0) break ;;
        *) interrupted=$((interrupted + 1)) && break ;;
        esac
    done
    crash township
done
start township || exit 1
check "the file is whole at the township (killed $interrupted times in between)" whole township "$record"
file=$(at township attach list "$record" --json | grep -o '"op": *"[0-9a-f]*"' | head -n 1 | grep -o '[0-9a-f]\{64\}')
check "and comes back there" exits 0 township attach get "$record" "${file:0:12}" --out "$home/theirs.txt"
check "as the village keeps it" exits 0 village1 attach get "$number" "$plan" --out "$home/ours.txt"
check "byte for byte" same "$home/ours.txt" "$home/theirs.txt"
check "and as it was attached" same "$home/plan.txt" "$home/theirs.txt"
check "evidence says which file went up" exits 0 township evidence "$record" --out "$home/evidence"
check "evidence may withhold what its reader need not see" exits 0 township evidence "$record" --out "$home/withheld" --withhold record,context,parties,consent,talk
site=$(at township site | grep -o 'fqs1[a-z2-7]*' | head -n 1)
check "evidence holds" exits 0 township verify "$home/evidence" --trust "$site"
check "and does so whatever is withheld" exits 0 township verify "$home/withheld" --trust "$site"
check "which is there otherwise" grep -qa -e 水沟 "$home/evidence"
none "what is withheld is not there" "$(grep -al -e 水沟 -e 去年修过 -e 请镇里看 -e 张某 -e plan.txt "$home/withheld")"
none "the other file is nowhere there" "$(grep -al -e CANARY-STAYS -e note.txt "$home"/township/node.db* "$home/evidence")"
none "no file lies open on a disk" "$(head -c 60 "$home/plan.txt" > "$home/words" && grep -alF -f "$home/words" "$home"/*/node.db*)"

check "the record is recalled" exits 0 village1 recall "$record" --reason 当事人撤回同意
gone() {
    for _ in $(seq 300); do
        at township attach get "$record" "${file:0:12}" --out "$home/x" > /dev/null 2>&1 || return 0
        sleep 0.1
    done
    false
}
check "the township has no file any more" gone
check "the village's own stays" exits 0 village1 attach get "$number" "$plan" --out "$home/ours.txt"
stop township
stop village1
check "the checks find nothing wrong" "$fengqiaod" check --dir "$home/township"
check "on either side" "$fengqiaod" check --dir "$home/village1"
complete=yes
