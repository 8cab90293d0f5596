#!/usr/bin/env bash
# A week without network, through the real client and real nodes: what waits is shown, goes up
# by stick, comes back answered; damaged, foreign and full sticks do no harm; when the line is
# back nothing moves twice.
# usage: courier.sh BUILD-DIR
# shellcheck disable=SC2317 # functions are called with conditions
build=${1:?usage: courier.sh BUILD-DIR}
seconds=180
# shellcheck source-path=SCRIPTDIR source=nodes.sh
. "$(dirname "$0")/nodes.sh"

waits() { # node, member: of its only neighbour, or the first
    at "$1" bundle list --json | sed -n 's/.*"'"$2"'": *\([0-9]*\).*/\1/p'
}
state() { # node, record
    at "$1" inbox --json 2> /dev/null | grep -c "$2"
}
shown() { at "$1" show "$2" 2>&1; }

found township 桥头镇 林某 && found village1 枫源村 陈某 && found village2 溪口村 王某 || exit 1
start township && start village1 && start village2 || exit 1
check "they pair" pair township village1
check "and the other village" pair township village2

# ---- the line is gone: the township is no more where they knew it
stop township
line=${address[township]}
address[township]=127.0.0.1:0
start township || exit 1

number=$(at village1 case new --category 邻里 --title 水沟 --narrative CANARY-STAYS-AT-HOME \
    --context 去年修过 --party 张某:甲方 | tail -n 1)
base64 < /dev/urandom | head -c 1500000 > "$home/plan.txt"
at village1 attach add "$number" "$home/plan.txt" > /dev/null 2>&1
at village1 case triage "$number" --beyond --decision escalate --reason 两次未成 > /dev/null
at village1 case consent "$number" --party 张某 --fields title,context --files plan.txt \
    --manner oral --witness 王某 > /dev/null
record=$(at village1 escalate "$number" --fields title,context --files plan.txt \
    --reason 请镇里看 --yes | tail -n 1)
check "a record waits" equal "$(waits village1 records)" 1
check "bundle list" exits 0 village1 bundle list
check "says for whom" says 桥头镇

# ---- up by stick
stick=$home/stick
mkdir "$stick"
check "usage: for whom?" exits 2 village1 bundle write --stick "$stick"
check "usage: where to?" exits 2 village1 bundle write --to 桥头镇
check "a site that is no neighbour" exits 1 village1 bundle write --to 溪口村 --stick "$stick"
check "a folder that is not there" exits 1 village1 bundle write --to 桥头镇 --stick "$home/none"
check "says NOT written" says 'NOT written'
check "written" exits 0 village1 bundle write --to 桥头镇 --stick "$stick"
check "and read back" says 'was read back, [2-9] files'
check "how to take it out" says "umount $stick"
none "nothing else lies on the stick" "$(ls -A "$stick" | grep -v '^fengqiao-[0-9]*\.age$')"
none "nothing of a case can be read on it" "$(grep -al 'CANARY\|水沟\|枫源' "$stick"/*)"
none "sizes are of few classes" "$(stat -c %s "$stick"/* | sort -u |
    awk '{ for (n = 32768; n <= 1048576; n *= 2) if ($1 > n && $1 < n + 1500) next; print }')"
check "the list says that it is on its way" exits 0 village1 bundle list --json
check "one" says '"written":true'

check "another village looks" exits 0 village2 bundle read --stick "$stick"
check "and finds nothing for it" says 'None of these files is for this machine'
check "the township looks first" exits 0 township bundle show --stick "$stick"
check "sees from whom" says 枫源村
none "and has not taken it" "$(state township "$record" | grep -v '^0$')"

cp "$stick/fengqiao-002.age" "$home/kept"
printf x | dd of="$stick/fengqiao-002.age" bs=1 seek=70000 conv=notrunc 2> /dev/null
check "one file is damaged" exits 1 township bundle read --stick "$stick"
check "says which" says 'fengqiao-002.age: .*changed or cut short'
check "the rest is there" equal "$(state township "$record")" 1
cp "$home/kept" "$stick/fengqiao-002.age"
check "mended" exits 0 township bundle read --stick "$stick" --clear
none "and cleared" "$(ls -A "$stick")"
check "twice: nothing" exits 0 township bundle read --stick "$stick"
check "says so" says 'There is no bundle in that folder'
check "no stick" exits 1 township bundle read --stick "$home/nowhere"
check "says so once" equal "$(grep -c 'it is not there' "$home/err")" 1
file=$(at township attach list "$record" --json | grep -o '"op": *"[0-9a-f]*"' | head -n 1 |
    grep -o '[0-9a-f]\{64\}')
at township attach get "$record" "${file:0:12}" --out "$home/came" > /dev/null 2>&1
check "the file came whole" cmp "$home/plan.txt" "$home/came"

# ---- and down
at township open "$record" > /dev/null
at township advise "$record" 先修南边的渠 > /dev/null
check "for all" exits 0 township bundle write --all --stick "$stick"
check "two bundles" equal "$(ls "$stick" | wc -l)" 2
check "the village reads its own" exits 0 village1 bundle read --stick "$stick" --json
check "and no other" says '"for_others":1'
check "the answer is there" grep -q 先修南边的渠 <(shown village1 "$record")
check "nothing waits" equal "$(waits village1 ops)" 0
check "the other village, too" exits 0 village2 bundle read --stick "$stick"

# ---- a stick without room
if mkdir "$home/small" && mount -t tmpfs -o size=100k none "$home/small" 2> /dev/null; then
    check "a recall waits" exits 0 village1 recall "$record" --reason 说错了
    head -c 80000 /dev/zero > "$home/small/other"
    check "a full stick" exits 1 village1 bundle write --to 桥头镇 --stick "$home/small"
    check "NOT written" says 'NOT written'
    none "nothing half lies there" "$(ls -A "$home/small" | grep -v '^other$')"
    check "the next stick goes on" exits 0 village1 bundle write --to 桥头镇 \
        --stick "$home/small" --stick "$stick"
    check "which is the township's" exits 0 township bundle read --stick "$stick"
    check "and the township erased what it had" exits 1 township attach get "$record" "${file:0:12}" --out "$home/gone"
    umount "$home/small"
fi

# ---- the line is back
carried=$(number_of township ops)
stop township
address[township]=$line
start township || exit 1
check "they agree over the line" bounded 40 "$fengqiao" --dir "$home/village1" sync --wait
check "and nothing waits" equal "$(waits village1 ops)" 0
check "the township had all of it" equal "$(number_of township ops)" "$carried"
stop village1
stop village2
stop township
none "no process is left" "$(strays)"
complete=yes
