#!/usr/bin/env bash
# fengqiaod on a damaged or full disk: it says so plainly, leaves with the code of
# sysexits(3) that fits, and touches nothing. Rows D1 to D4 of the bad-input table.
# usage: bad_disk.sh BUILD-DIR
# shellcheck disable=SC2317 # check calls the functions
set -u
export LC_ALL=C.UTF-8

build=${1:?usage: bad_disk.sh BUILD-DIR}
fengqiao=$build/cli/fengqiao
fengqiaod=$build/node/io/fengqiaod

passed=0
failed=0
complete=no
home=$(mktemp -d) || exit 1
pid=
finish() {
    trap - EXIT INT TERM
    [ -z "$pid" ] || kill -9 "$pid" 2> /dev/null
    { wait; } 2> /dev/null
    rm -rf "$home"
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" = 0 ] && [ "$complete" = yes ] && exit 0
    exit 1
}
trap finish EXIT
trap 'failed=$((failed + 1)); exit 1' INT TERM
ok() { # what, condition's exit code, why not
    if [ "$2" = 0 ]; then
        passed=$((passed + 1))
        printf 'ok      %s\n' "$1"
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n' "$1"
        printf '%s\n' "${3:-}" | head -n 8 | sed 's/^/        | /'
    fi
}

printf '246810\n' > "$home/pin"
printf '000000\n' > "$home/wrong"
chmod 600 "$home/pin" "$home/wrong"
export FENGQIAO_PIN_FILE=$home/pin

at() { # words of the client
    timeout -k 2 20 "$fengqiao" --dir "$home/node" "$@"
}
start() { # prefix of the command (empty: none)
    : > "$home/log"
    (
        [ -z "${1:-}" ] || ulimit -f "$1"
        exec "$fengqiaod" run --dir "$home/node" --listen 127.0.0.1:0
    ) < /dev/null > /dev/null 2> "$home/log" &
    pid=$!
    for _ in $(seq 200); do
        grep -q '^ready' "$home/log" && return 0
        kill -0 "$pid" 2> /dev/null || break
        sleep 0.05
    done
    return 1
}
stop() { # leaves the daemon's exit code in rc
    [ -z "${1:-}" ] || kill "-$1" "$pid" 2> /dev/null
    for _ in $(seq 200); do
        kill -0 "$pid" 2> /dev/null || break
        sleep 0.05
    done
    kill -9 "$pid" 2> /dev/null
    { wait "$pid"; } 2> /dev/null
    rc=$?
    pid=
}
new_case() { # title
    at case new --category 邻里 --title "$1" --narrative 经过 --party 张某:applicant | tail -n 1
}

# ---- a node with cases, and its WAL not yet folded into the file
"$fengqiaod" init --dir "$home/node" --tier village --name 枫源村 --steward 陈某 \
    --pin-file "$home/pin" > /dev/null || exit 1
start || exit 1
for i in 1 2 3 4 5; do new_case "第 $i 件" >> "$home/told"; done
cp -r "$home/node" "$home/live"
rm -f "$home/live/control.sock"
stop TERM
ok "a sound node stops with 0" "$rc"
cp -r "$home/node" "$home/sound"
rm -f "$home/sound/control.sock"
store=store.db
for name in "$home"/sound/*.db; do store=${name##*/}; done

# An empty file is no data: opening may leave a write-ahead log of 0 bytes.
sums() { (cd "$home/node" && find . -type f -size +0c -exec sha256sum {} + | sort -k2); }
damaged() { # row, exit codes allowed, a word of the sentence: the daemon on what is there
    local before after said rc
    for mode in run check rebuild; do
        before=$(sums)
        said=$(timeout -k 2 20 "$fengqiaod" "$mode" --dir "$home/node" < /dev/null 2>&1)
        rc=$?
        after=$(sums)
        case " $2 " in *" $rc "*) true ;; *) false ;; esac
        ok "$1: $mode leaves with $rc" $? "exit $rc instead of one of $2: $said"
        printf '%s\n' "$said" | grep -qiE "$3"
        ok "$1: $mode says so" $? "$said"
        [ "$before" = "$after" ]
        ok "$1: $mode touches nothing" $? "$(diff <(printf '%s' "$before") <(printf '%s' "$after"))"
    done
}
again() { # which copy
    rm -rf "$home/node"
    cp -r "$home/$1" "$home/node"
}
has_all() {
    local number
    while read -r number; do
        at case show "$number" > /dev/null 2>&1 || return 1
    done < "$home/told"
}
works() { # row: it starts, and everything that was reported saved is there
    start
    ok "$1: the node starts" $? "$(cat "$home/log")"
    [ -n "$pid" ] || return
    has_all
    ok "$1: all $(wc -l < "$home/told") cases are there" $? "$(cat "$home/log")"
    stop TERM
    ok "$1: and stops with 0" "$rc"
}

# ---- D1
again sound
dd if=/dev/zero of="$home/node/$store" bs=100 count=1 conv=notrunc 2> /dev/null
damaged "D1 header zeroed" 65 'damaged|no database'

again sound
: > "$home/node/$store"
damaged "D1 0 bytes" 65 'empty'

again sound
rm "$home/node/$store"
damaged "D1 no database" 66 'not there'

again sound
printf 'SQLite format 3\000this is none' > "$home/node/$store"
damaged "D1 a foreign file" 65 'damaged|no database|not one of'

again sound
truncate -s $(($(stat -c %s "$home/node/$store") / 2)) "$home/node/$store"
damaged "D1 half of it" 65 'damaged|malformed'

# A flipped page: whatever page it is, the damage is found by check; where the node runs
# into it, it says so and stops.
pages=$(($(stat -c %s "$home/sound/$store") / 4096))
silent=0
looked=0
for ((page = 1; page < pages; page += 7)); do
    again sound
    head -c 4096 /dev/zero | tr '\0' '\377' |
        dd of="$home/node/$store" bs=4096 seek="$page" conv=notrunc 2> /dev/null
    before=$(sums)
    said=$(timeout -k 2 20 "$fengqiaod" check --dir "$home/node" 2>&1)
    rc=$?
    looked=$((looked + 1))
    [ "$rc" = 65 ] && [ "$before" = "$(sums)" ] ||
        { silent=$((silent + 1)); printf 'page %d: exit %d: %s\n' "$page" "$rc" "$said"; }
done
[ "$silent" = 0 ] && [ "$looked" -gt 3 ]
ok "D1 a flipped page: check names the damage of each of $looked pages" $?

# The WAL of a node that lost its power. Deleted: the file alone is sound, and says what
# it holds. Foreign or cut: what does not fit is left out, what was saved before stands.
again live
ok "D1 WAL: the copy has one" "$([ -s "$home/node/$store-wal" ]; echo $?)"
works "D1 WAL as the power left it"

again sound
head -c 40000 /dev/urandom > "$home/node/$store-wal"
works "D1 WAL of noise"

again sound
cp "$home/live/$store-wal" "$home/node/$store-wal"
works "D1 WAL of another time"

again live
rm "$home/node/$store-wal"
cp -r "$home/node" "$home/short"
start
ok "D1 WAL deleted: the node starts with what the file holds" $? "$(cat "$home/log")"
grep -qE '^error .*lost the last [1-9][0-9]* commits .* [1-9][0-9]* of cases' "$home/log"
ok "D1 WAL deleted: and says how much was lost" $? "$(cat "$home/log")"
number_of() { at status --json | sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p"; }
[ "$(number_of cases)" -lt 5 ]
ok "D1 WAL deleted: cases are missing" $? "$(at status)"
at status | grep -q 'lost the last [1-9]'
ok "D1 WAL deleted: status says so" $? "$(at status)"
stop TERM
start
! grep -q 'lost the last' "$home/log"
ok "D1 WAL deleted: the log says it once" $? "$(cat "$home/log")"
[ "$(number_of losses)" = 1 ]
ok "D1 WAL deleted: status still counts it" $? "$(at status)"
stop KILL
start
! grep -q 'lost the last' "$home/log"
ok "D1 kill -9 leaves the WAL, and nothing is missed" $? "$(cat "$home/log")"
stop KILL
timeout -k 2 20 "$fengqiaod" check --dir "$home/node" > "$home/said" 2>&1
ok "D1 kill -9, then check: no damage" $? "$(cat "$home/said")"
grep -q 'noticed 1 times before' "$home/said"
ok "D1 WAL deleted: check remembers it" $? "$(cat "$home/said")"
start
! grep -q 'lost the last' "$home/log"
ok "D1 check folds the WAL in, and nothing is missed" $? "$(cat "$home/log")"
stop TERM
again short
said=$(timeout -k 2 20 "$fengqiaod" check --dir "$home/node" 2>&1)
rc=$?
[ "$rc" = 65 ] && printf '%s\n' "$said" | grep -q 'lost the last [1-9]'
ok "D1 WAL deleted: check names it" $? "exit $rc: $said"

# ---- D3: a copy of last week's database, or of the whole folder, is put in its place
again sound
start || exit 1
for i in 6 7; do new_case "第 $i 件" > /dev/null; done
stop TERM
cp "$home/sound/$store" "$home/node/$store"
start
grep -qE '^error .*lost the last [1-9][0-9]* commits .*older copy' "$home/log"
ok "D3 last week's database under this week's mark: the node says so" $? "$(cat "$home/log")"
has_all
ok "D3 last week's database: what it holds is there" $?
new_case "以后" > /dev/null
ok "D3 last week's database: and work goes on" $?
stop TERM
again sound
rm "$home/node/$store-mark"
start
grep -q '^error .*mark .*missing' "$home/log"
ok "D3 a database without its mark: the node says that nobody can tell" $? "$(cat "$home/log")"
has_all
ok "D3 a database without its mark: all cases are there" $?
stop TERM

# ---- D4
key_is() { # row, word of the sentence
    damaged_key "$1" "$2"
}
damaged_key() {
    local before said rc
    for mode in run rebuild; do
        before=$(sums)
        said=$(timeout -k 2 20 "$fengqiaod" "$mode" --dir "$home/node" < /dev/null 2>&1)
        rc=$?
        [ "$rc" = 78 ]
        ok "$1: $mode leaves with 78" $? "exit $rc: $said"
        printf '%s\n' "$said" | grep -q "node.key $2"
        ok "$1: $mode says so" $? "$said"
        [ "$before" = "$(sums)" ]
        ok "$1: $mode touches nothing" $?
    done
}
again sound
mv "$home/node/node.key" "$home/node.key.away"
key_is "D4 key file missing" 'is missing'
again sound
chmod 644 "$home/node/node.key"
key_is "D4 key file of mode 0644" 'has mode 0644'
again sound
truncate -s 40 "$home/node/node.key"
key_is "D4 key file cut short" 'has 40 bytes'
again sound
head -c 72 /dev/zero > "$home/node/node.key"
key_is "D4 key file of zeros" 'does not begin'
again sound
rm "$home/node/node.key"
mkfifo "$home/node/node.key"
key_is "D4 key file that is a pipe" 'is not a regular file'
rm "$home/node/node.key"
ln -s "$home/node.key.away" "$home/node/node.key"
key_is "D4 key file that is a link" 'is a link'

# The PIN is asked for by the client; a wrong one is a missing right, and signs nothing.
again sound
start || exit 1
said=$(FENGQIAO_PIN_FILE=$home/wrong at case note "$(head -n 1 "$home/told")" 不该有 2>&1)
rc=$?
[ "$rc" = 6 ]
ok "D4 wrong PIN: the client leaves with 6" $? "exit $rc: $said"
at case show "$(head -n 1 "$home/told")" | grep -q 不该有
[ $? = 1 ]
ok "D4 wrong PIN: nothing was written" $?
stop TERM

# ---- D2: the database may not grow any more
again sound
limit=$(($(stat -c %s "$home/sound/$store") / 1024 + 200))
start "$limit"
ok "D2 file size limit: the node starts" $? "$(cat "$home/log")"
cp "$home/told" "$home/told.before"
for i in $(seq 400); do
    number=$(new_case "满盘 $i" 2> "$home/client") && [ -n "$number" ] || break
    printf '%s\n' "$number" >> "$home/told"
    kill -0 "$pid" 2> /dev/null || break
done
said=$(cat "$home/client")
[ "$i" -lt 400 ] && [ "$(wc -l < "$home/told")" -gt "$(wc -l < "$home/told.before")" ]
ok "D2 file size limit: after $((i - 1)) cases nobody is told 'saved' any more" $? "$said"
stop
[ "$rc" = 74 ]
ok "D2 file size limit: the node leaves with 74" $? "exit $rc: $(tail -n 3 "$home/log")"
grep -qE 'store failed status=(FULL|IO)' "$home/log"
ok "D2 file size limit: the log says why" $? "$(tail -n 3 "$home/log")"
works "D2 with room again"
timeout -k 2 20 "$fengqiaod" check --dir "$home/node" > "$home/said" 2>&1
ok "D2 with room again: check finds nothing" $? "$(cat "$home/said")"
complete=yes
