#!/usr/bin/env bash
# All that can be answered to a record, at the pages of a county, a township, a department and
# a village, each seen from the other side by the client; and what a steward does at a page
# when something is wrong. In a network of its own.
# usage: answers.sh BUILD-FOLDER MODULES
# shellcheck disable=SC2034,SC2154 # browsing.sh sets and takes them
set -u

seconds=300
# shellcheck source-path=SCRIPTDIR source=browsing.sh
. "$(dirname "$0")/browsing.sh"

declare -A port=([county]=8111 [township]=8112 [department]=8113 [village]=8114)
named() { # nodes: NAME=URL of each
    local node
    for node in "$@"; do printf '%s=http://%s:%s\n' "$node" "$host" "${port[$node]}"; done
}
look() { # script, nodes...; more arguments of it in extra
    local script=$1
    shift
    # shellcheck disable=SC2046 # a word for each
    run "$script" "$fengqiao" "$home" "$home/shots" "${extra[@]}" $(named "$@")
}
extra=()

found county 示例县 周某
found township 青河镇 吴某
found department 县水利局 郑某
found village 枫源村 陈某
for node in county township department village; do serve "$node" "${port[$node]}"; done
check "the township pairs with the county" pair county township
check "the department with the township" pair township department

extra=("${address[township]}")
look pairing township village
extra=()
printf '135790\n' > "$home/pin2"
look answers county township department village
look steward township village

# ---- what goes wrong: an older copy of the village's folder is put in place, and then its disk
# turns a bit in each of two words
record=$(at township inbox --json | grep -o '"escalation": *"[0-9a-f]*"' | grep -o '[0-9a-f]\{64\}' | head -n 1)
says() { # what; says under which id
    at village task "$record" "$1" --owner 村组长 --due 2031-02-28 --json |
        sed -n 's/.*"op": *"\([0-9a-f]*\)".*/\1/p'
}
set_apart() { # how many: that many are, in the end
    for _ in $(seq 100); do
        [ "$(number_of township quarantined)" = "$1" ] && return 0
        sleep 0.1
    done
    number_of township quarantined && false
}
crash village
cp -a "$home/village" "$home/older"
start village
says 收走刀具 > /dev/null
check "another word goes up" at village sync --wait --timeout 20
crash village
rm -rf "$home/village" && mv "$home/older" "$home/village"
start village
check "the older copy of the village agrees again" at village sync --wait --timeout 20
crash township
first=$(says 夜里巡一次)
second=$(says 劝两家分开住)
crash village
check "a bit turns on the village's disk" "$build/tests/e2e/rot" "$home/village" ops "$first"
check "and another" "$build/tests/e2e/rot" "$home/village" ops "$second"
start township && start village
check "both are set apart" set_apart 2
crash village
crash township
check "one is as it was" "$build/tests/e2e/rot" "$home/township" quarantine 1
serve township "${port[township]}"
look apart township
check "what holds now stands in the record" grep -q 夜里巡一次 <(at township show "$record" --json)
check "and the other does not" equal "$(at township show "$record" --json | grep -c 劝两家分开住)" 0
keep_pictures
complete=yes
