#!/usr/bin/env bash
# Two of three stewards, through the real client: a laptop that waits for the second one and
# then goes on by itself; another recovery key, after which the old sheet opens old backups and
# does nothing else, and a machine restored by it learns so from its township.
# usage: quorum.sh BUILD-DIR
# shellcheck disable=SC2317 # functions are called with conditions
build=${1:?usage: quorum.sh BUILD-DIR}
seconds=200
# shellcheck source-path=SCRIPTDIR source=nodes.sh
. "$(dirname "$0")/nodes.sh"

lacks() { ! says "$1" > /dev/null; }
field() { sed -n "s/^$1 *//p" "$home/out"; }
waiting() { # the id of what waits, of one alone
    at village quorum show --json | grep -o '"op":"[0-9a-f]*"' | head -n 1 | cut -d'"' -f4
}
until_shows() { # node, text, words of the client; for up to 60 s
    local node=$1 text=$2
    shift 2
    for _ in $(seq 120); do
        at "$node" "$@" 2> /dev/null | grep -q -e "$text" && return 0
        sleep 0.5
    done
    at "$node" "$@"
    return 1
}
in_force() { # node, key
    at "$1" recovery show | grep -q "$2"
}

found township 桥头镇 林某 || exit 1
"$fengqiaod" init --dir "$home/village" --tier village --name 枫源村 --steward 陈某 \
    --pin-file "$home/pin" > "$home/init" || exit 1
sed -n 's/^recovery *//p' "$home/init" > "$home/old"
chmod 600 "$home/old"
start township && start village || exit 1
check "they pair" pair township village
at village case new --category 邻里 --title 水沟 --narrative "CANARY 两家" --context 去年 > /dev/null
mkdir "$home/folder" "$home/fresh"
check "a backup for the first sheet" exits 0 village backup write --stick "$home/folder"
cp -r "$home/folder" "$home/kept"

# ---- two of three
for name in 王某 赵某; do
    check "$name becomes a steward" exits 0 village person add $name --role steward \
        --pin-file "$home/pin"
    check "at once" lacks 'waits for'
done
check "four are too many" exits 1 village quorum set --stewards 4
check "two of three" exits 0 village quorum set --stewards 2
check "another steward" exits 0 village person add 孙某 --role steward --pin-file "$home/pin"
check "waits for one more" says 'waits for 1 more steward'
check "who proposed it is not two" exits 1 village quorum approve "$(waiting)"
check "it is listed" exits 0 village quorum show
check "with who stands by it" says '1 of 2'
check "who proposed it takes it back" exits 0 village quorum withdraw "$(waiting)"
check "nothing waits" exits 0 village quorum show
check "and it says so" says 'Nothing waits'

# ---- a laptop
code=$(at village node invite | tail -n 1)
check "a laptop joins" daemon 0 join --dir "$home/laptop" --name 山上 \
    --at "${address[village]}" --code "$code"
check "and is told that it waits" says '1 more steward of the site approves it'
start laptop || exit 1
sleep 2
check "it has no case" exits 0 laptop case list
check "none at all" lacks 水沟
none "nothing of the case is on its disk" "$(grep -rl CANARY "$home/laptop")"
check "a second steward lets it in" exits 0 village quorum approve "$(waiting)" --as 王某
check "and it goes on by itself" until_shows laptop 水沟 case list

# ---- another sheet
check "a new sheet" daemon 0 new-sheet --dir "$home/village" --sheet "$home/new.html"
key=$(field key)
field recovery > "$home/new"
check "is a page with words" grep -q '<li>' "$home/new.html"
check "and has no power" bash -c "! '$fengqiao' --dir '$home/village' recovery show | grep -q $key"
check "nor is it taken for one" exits 6 village person add 钱某 --role steward \
    --pin-file "$home/pin" --recovery-file "$home/new"
check "a steward names it" exits 0 village recovery name "$key"
check "which takes two" says 'waits for 1 more steward'
check "the old one still is it" exits 0 village quorum approve "$(waiting)" --as 赵某
check "now it is in force" in_force village "$key"
check "the old one adds nobody" exits 6 village person add 钱某 --role steward \
    --pin-file "$home/pin" --recovery-file "$home/old"
check "and it is told why" says 'take the newest sheet'
check "the new one does, alone" exits 0 village person add 钱某 --role steward \
    --pin-file "$home/pin" --recovery-file "$home/new"
check "at once" lacks 'waits for'
check "the laptop knows" until_shows laptop "$key" recovery show

# ---- backups
check "the old folder does not go on" exits 1 village backup write --stick "$home/folder"
check "with what to do" says 'begin a whole one in an empty folder'
check "a new folder does" exits 0 village backup write --stick "$home/fresh"
check "the old sheet does not open it" daemon 77 restore --dir "$home/r1" \
    --from "$home/fresh" --recovery-file "$home/old"
check "the new one does" daemon 0 restore --dir "$home/r2" --from "$home/fresh" \
    --recovery-file "$home/new"
check "a whole one behind the old" exits 0 village backup write --stick "$home/folder" --whole
check "the new sheet restores it" daemon 0 restore --dir "$home/r3" --from "$home/folder" \
    --recovery-file "$home/new"
check "nobody's key restores none" daemon 77 restore --dir "$home/r4" --from "$home/kept" \
    --recovery-file "$home/new"

# ---- the old sheet and an old backup
check "the township has heard" bounded 30 "$fengqiao" --dir "$home/village" sync --wait
stop laptop
stop village
rm -r "$home/village"
check "the old sheet opens the old backup" daemon 0 restore --dir "$home/village" \
    --from "$home/kept" --recovery-file "$home/old"
start village || exit 1
check "and the township tells it of the new key" until_shows village "$key" recovery show
complete=yes
