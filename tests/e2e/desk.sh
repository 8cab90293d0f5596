#!/usr/bin/env bash
# The desk of a township as its people see it: what a village escalated comes in, is opened,
# answered in a browser, and the village sees each step in words. In a network of its own.
# usage: desk.sh BUILD-FOLDER MODULES
set -u

seconds=300
. "$(dirname "$0")/browsing.sh"

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
says() { # node, record, what it sees of it
    at "$1" sync --wait --timeout 20 > /dev/null 2>&1
    at "$1" show "$2" --json | grep -q "$3"
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

run desk "http://$host:8102" "$(invite township 赵某)" "$(invite township 吴某)" \
    "$first" "$second" "$home/shots"
check "the village sees the advice" says village "$first" '"advise"'
check "and that the other came back" says village "$second" '"state": *"returned"'
run house "http://$host:8103" "$(invite village 陈某)" "$first" "$home/shots"
check "the township sees that its advice was declined" says township "$first" '"decline"'
contents="取水 水渠 轮灌 山林 张某 王某 跨村 协商 村规民约"
for site in village township; do
    check "somebody is appointed to look on at the $site" at "$site" person add 观某 --role observer \
        --pin-file "$home/pin2"
done
# shellcheck disable=SC2086 # a word each
run observer "http://$host:8103" "$(invite village 观某)" village "$first" "$home/shots" $contents
# shellcheck disable=SC2086
run observer "http://$host:8102" "$(invite township 观某)" township "$first" "$home/shots" $contents
keep_pictures
complete=yes
