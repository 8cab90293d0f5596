#!/usr/bin/env bash
# The page over a node with N ops: Today, a case, a search and the style sheet (which asks the
# core for nothing) by one phone, then by PHONES phones in use (each asks every two seconds on
# average) and at once (none rests), each signed in, with a stream open and an address of its
# own; ROUNDS requests of each sort. Requests a second, p50 and p99
# in milliseconds, the node's processor time for one, and the node's memory.
# usage: page.sh BUILD-FOLDER [N] [ROUNDS] [PHONES]
set -euo pipefail
bin=$1
ops=${2:-10000}
rounds=${3:-500}
phones=${4:-32}
here=$(cd "$(dirname "$0")" && pwd)
home=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2> /dev/null || true; rm -rf "$home"' EXIT
printf '246810\n' > "$home/pin"
export FENGQIAO_PIN_FILE=$home/pin FENGQIAO_DIR=$home/village
fengqiao=$bin/cli/fengqiao
fengqiaod=$bin/node/io/fengqiaod
"$fengqiaod" init --dir "$home/village" --tier village --name V --steward 乙某 --pin-file "$home/pin" > /dev/null
"$bin/tests/bench/bench_fill" "$home/village" $((ops / 10)) 246810 cases
"$fengqiaod" run --dir "$home/village" --web 127.0.0.1:0 2> "$home/log" &
pid=$!
for _ in $(seq 1200); do grep -q ready "$home/log" && break; sleep 0.05; done
number=$("$fengqiao" case list --limit 1 --json | sed -n 's/.*"number":"\([^"]*\)".*/\1/p')
# A person has at most 16 devices.
for ((i = 1; i * 16 <= phones; i++)); do
    "$fengqiao" person add "调解员$i" --role mediator --pin-file "$home/pin" > /dev/null
done
codes=
for ((i = 0; i < phones; i++)); do
    person=$([ $((i / 16)) = 0 ] && echo 乙某 || echo "调解员$((i / 16))")
    code=$("$fengqiao" device invite --person "$person" --json | sed -n 's/.*"code":"\([a-z2-7]*\)".*/\1/p')
    # At most 8 invitations are open: each is taken at once.
    codes+=" $(node "$here/page.mjs" enter "$(sed -n 's/^page address=//p' "$home/log")" "$code" "$i")"
done
# shellcheck disable=SC2086 # one word a session
node "$here/page.mjs" measure "$(sed -n 's/^page address=//p' "$home/log")" "$pid" "$rounds" "$number" $codes
