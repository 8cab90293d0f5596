#!/usr/bin/env bash
# The backup that a node makes by itself, by the real programs: it goes on from one that was begun by
# hand and is tried; a stick that is not in its place or is full is said, and nothing is written beneath.
# usage: daily.sh BUILD-DIR
# shellcheck disable=SC2317 # functions are called with conditions
build=${1:?usage: daily.sh BUILD-DIR}
seconds=120
# shellcheck source-path=SCRIPTDIR source=nodes.sh
. "$(dirname "$0")/nodes.sh"
PATH=$(cd "$build/cli" && pwd):$(cd "$build/node/io" && pwd):$PATH # they find each other there
export PATH

run() { # node, folder
    local node=$1 log=$home/log/$1.daily
    "$fengqiaod" run --dir "$home/$node" --backup "$2" < /dev/null > /dev/null 2> "$log" &
    pid[$node]=$!
    for _ in $(seq 400); do
        grep -q 'backup daily' "$log" && return 0
        sleep 0.05
    done
    cat "$log"
    return 1
}
says() { # node, text: so does its backup status
    at "$1" backup status > "$home/out" 2>&1
    grep -q -- "$2" "$home/out" || { cat "$home/out" && false; }
}
written() { ls "$1" | grep -c '^fengqiao-backup' || true; }
mkdir -p "$home/log"
for name in village1 village2 village3; do
    found "$name" "$name村" 陈某 || exit 1
done

# ---- goes on from what is there
mkdir "$home/folder" "$home/empty"
start village1 || exit 1
at village1 case new --category 邻里 --title 水沟 --narrative 两家争执 --context 去年修过 > /dev/null
check "begun by hand" at village1 backup write --stick "$home/folder"
check "backup verify" at village1 backup verify --stick "$home/folder"
check "and so as JSON" bash -c "'$fengqiao' --dir '$home/village1' --json backup verify --stick '$home/folder' | grep -q '\"ops\":'"
at village1 case new --category 邻里 --title 田埂 --narrative 两家争执 --context 去年修过 > /dev/null
stop village1
before=$(written "$home/folder")
run village1 "$home/folder"
check "the node makes one by itself" equal $? 0
check "one file more" equal "$(written "$home/folder")" $((before + 1))
check "and was tried" says village1 'by itself:.*and tried'
check "nothing is behind" says village1 '; 0 since'
check "the status of the node tells, too" bash -c "'$fengqiao' --dir '$home/village1' status | grep -q 'Last backup .*recent'"
stop village1

# ---- the stick is not there: an empty folder is where it would be
run village2 "$home/empty"
check "it is noticed" equal $? 0
check "and said" says village2 'holds no backup to go on with'
check "nothing lands on the card" equal "$(ls -A "$home/empty")" ""
stop village2
run village3 "$home/none"
check "nor where no folder is" equal $? 0
check "said as well" says village3 'it is not there'
check "none is made" bash -c "! test -e '$home/none'"
stop village3

# ---- a stick that is full, where this account may make one
if unshare -m true 2> /dev/null; then
    found village4 四村 陈某 && start village4 || exit 1
    mkdir "$home/stick" "$home/begun"
    check "begun on it" at village4 backup write --stick "$home/begun"
    stop village4
    cat > "$home/inside" << 'EOF'
mount -t tmpfs -o size=256k none "$1/stick" || exit 1
cp "$1"/begun/fengqiao-backup-0001.age "$1/stick/"
head -c 1000000 /dev/zero > "$1/stick/other" 2> /dev/null
sum=$(sha256sum "$1"/stick/fengqiao-*)
"$2" run --dir "$1/village4" --backup "$1/stick" < /dev/null > /dev/null 2> "$1/log/full" &
node=$!
for _ in $(seq 400); do
    grep -q 'backup daily' "$1/log/full" && break
    sleep 0.05
done
"$3" --dir "$1/village4" backup status
test "$sum" = "$(sha256sum "$1"/stick/fengqiao-*)" && echo "the old one stands"
kill "$node"
wait "$node" && echo "the node ends with 0"
EOF
    bounded 60 unshare -m bash "$home/inside" "$home" "$fengqiaod" "$fengqiao" > "$home/full" 2>&1
    check "a full stick is said" grep -q 'it failed: .*it is full' "$home/full"
    check "what was there stands" grep -q 'the old one stands' "$home/full"
    check "and the node goes on" grep -q 'the node ends with 0' "$home/full"
fi
none "processes: none is left" "$(strays)"
complete=yes
