#!/usr/bin/env bash
# Ingest of N signed ops from one peer over loopback to durable on disk, with fold, index
# and ledger order: ops a second, also as a fraction of this machine's rate of verification
# on all cores, and peak resident memory of both sides. usage: ingest.sh BUILD-FOLDER [N]
# With FLOOD=yes a stranger throws garbage handshakes at the receiver all the while, as fast
# as 64 connections can: compare the rates, and see how many were refused.
set -euo pipefail
bin=$1
ops=${2:-100000}
home=$(mktemp -d)
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done; [ -z "${KEEP_LOGS:-}" ] || tail -n 5 "$home"/*.log; rm -rf "$home"' EXIT
printf '246810\n' > "$home/pin"
export FENGQIAO_PIN_FILE=$home/pin
fengqiao=$bin/cli/fengqiao
fengqiaod=$bin/node/io/fengqiaod

start() { # node
    : > "$home/$1.log"
    "$fengqiaod" run --dir "$home/$1" --listen 127.0.0.1:0 2> "$home/$1.log" &
    pids+=($!)
    for _ in $(seq 200); do grep -q ready "$home/$1.log" && break; sleep 0.05; done
}
peak() { sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$1/status"; }
count() { "$fengqiao" --dir "$home/$1" status --json | sed -n 's/.*"ops": *\([0-9]*\).*/\1/p' | head -n 1; }

"$fengqiaod" init --dir "$home/township" --tier township --name T --steward 甲某 --pin-file "$home/pin" > /dev/null
"$fengqiaod" init --dir "$home/village" --tier village --name V --steward 乙某 --pin-file "$home/pin" > /dev/null
start township
township=${pids[0]}
start village
address=$(sed -n 's/.*listening address=\([^ ]*\).*/\1/p' "$home/township.log")
code=$("$fengqiao" --dir "$home/township" peer invite | tail -n 1)
"$fengqiao" --dir "$home/village" peer join "$code" --at "$address" > /dev/null
"$fengqiao" --dir "$home/village" sync --wait > /dev/null
kill "${pids[1]}"
wait "${pids[1]}" || true
"$bin/tests/bench/bench_fill" "$home/village" $((ops / 10)) 246810

# All cores at once: one alone may run faster than it does beside the others.
cores=$(nproc)
for _ in $(seq "$cores"); do
    "$bin/tests/bench/bench_ops" >> "$home/verify" &
    pids+=($!)
done
wait "${pids[@]:2}"
pids=("${pids[@]:0:2}")
verify=$(awk -F '"bare_verify":' 'NF > 1 { sum += $2 } END { print sum }' "$home/verify")
before=$(count township)
start village
village=${pids[2]}
if [ -n "${FLOOD:-}" ]; then
    "$bin/tests/e2e/knocker" "${address%:*}" "${address##*:}" 64 600 garbage > "$home/flood" &
    pids+=($!)
fi
began=$(date +%s%N)
for _ in $(seq 600); do
    kill -0 "$township" || exit 1
    # The township answers each record of ten ops with one of its own, "received".
    [ "$(count township)" -ge $((before + ops + ops / 10)) ] && break
    sleep 0.3 # asking costs what is measured, too
done
ended=$(date +%s%N)
[ -z "${FLOOD:-}" ] || { kill "${pids[3]}" && wait "${pids[3]}"; }
arrived=$(($(count township) - before - ops / 10))
ms=$(((ended - began) / 1000000))
rate=$((arrived * 1000 / ms))
printf '%-44s %10s\n' 'ops that arrived' "$arrived" 'milliseconds' "$ms" 'ops a second' "$rate" \
    "libsodium verifications a second, $cores cores" "$verify" \
    'fraction' "$(awk "BEGIN {printf \"%.2f\", $rate / $verify}")" \
    'peak memory of the receiver, KiB' "$(peak "$township")" \
    'peak memory of the sender, KiB' "$(peak "$village")"
[ -z "${FLOOD:-}" ] || awk -v ms="$ms" \
    '{printf "%-44s %10d\n", "garbage handshakes refused a second", $4 * 1000 / ms}' "$home/flood"
printf '{"ops":%s,"ms":%s,"rate":%s,"verify_all_cores":%s,"receiver_kib":%s,"sender_kib":%s}\n' \
    "$arrived" "$ms" "$rate" "$verify" "$(peak "$township")" "$(peak "$village")"
