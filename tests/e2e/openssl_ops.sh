#!/usr/bin/env bash
# What real nodes signed, before the command line of OpenSSL: every record of two evidence
# files, and each kind of it with a bit flipped (openssl_ops.mjs).
# usage: openssl_ops.sh BUILD-DIR MODULES
# shellcheck disable=SC2317 # functions are called with conditions
build=${1:?usage: openssl_ops.sh BUILD-DIR MODULES}
modules=$2
seconds=300
# shellcheck source-path=SCRIPTDIR source=nodes.sh
. "$(dirname "$0")/nodes.sh"

found county 示例县 周某 && found township 桥头镇 林某 && found village 枫源村 陈某 || exit 1
start county && start township && start village || exit 1
check "the township pairs with the county" pair county township
check "the village pairs with the township" pair township village

printf '135791\n' > "$home/pin2"
check "a mediator is named" exits 0 village person add 王某 --role mediator --pin-file "$home/pin2"
release() { # title; says which record
    local number
    number=$(at village case new --category 邻里 --title "$1" --narrative 两家争执 \
        --context 去年修过 --party 张某:甲方 | tail -n 1)
    at village case triage "$number" --beyond --decision escalate --reason 两次未成 > /dev/null &&
        at village case consent "$number" --party 张某 --fields title,context --manner oral \
            --witness 王某 > /dev/null &&
        at village escalate "$number" --fields title,context --reason 请镇里看 --onward yes --yes |
        tail -n 1
}
record=$(release 水沟)
other=$(release 田界)
check "two records go up" equal "${#record} ${#other}" "64 64"
check "the village agrees with the township" at village sync --wait --timeout 20

# ---- each kind of word that there is, and many of two
check "opened" exits 0 township open "$record"
check "the other, too" exits 0 township open "$other"
check "graded" exits 0 township grade "$record" 二级 --reason 涉及两村
check "referred" exits 0 township refer "$record" --to people 请司法所看
check "a joint case" exits 0 township joint "$record" working --text 已派人测量
check "advised" exits 0 township advise "$other" 两家各让一步
check "passed onward" exits 0 township onward "$other" --reason 涉及县管水利设施
check "the township agrees with the county" at township sync --wait --timeout 20
check "opened there" exits 0 county open "$other"
check "decided there" exits 0 county decide "$other" 由县水利站清淤
check "and both agree again" at township sync --wait --timeout 20
many() {
    local i
    for i in $(seq 40); do
        at village task "$record" "第 $i 件" --owner 村组长 --due 2031-02-28 > /dev/null &&
            at township advise "$record" "第 $i 条" > /dev/null || return
    done
}
check "forty tasks and forty pieces of advice" many
check "all agree" at village sync --wait --timeout 20
check "evidence of one" exits 0 township evidence "$record" --out "$home/evidence"
check "and of the other" exits 0 county evidence "$other" --out "$home/evidence2"

mkdir "$home/openssl"
check "the files have what they say" exits 0 township verify "$home/evidence" \
    --trust "$(at county site | grep -o 'fqs1[a-z2-7]*' | head -n 1)"
kinds=found,person,link,escalate,received,opened,advise,refer,grade,joint,assign,onward,decide
if bounded 200 node "$(dirname "$0")/openssl_ops.mjs" "$modules" "$home/openssl" 100 "$kinds" \
    "$home/evidence" "$home/evidence2"; then
    pass "every signature holds with OpenSSL, and none with a bit flipped"
else
    fail "every signature holds with OpenSSL, and none with a bit flipped"
fi
for node in village township county; do stop "$node"; done
complete=yes
