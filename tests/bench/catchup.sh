#!/usr/bin/env bash
# A village and its township as real processes over loopback, a counting relay between them:
# N shared ops; then a sync in which nothing changed; then another session in which nothing
# did, its handshake and checkpoints included; then 200 new ops on each side while
# nobody was connected. Bytes on the wire with all padding and handshakes, milliseconds from
# the first byte to the last, processor time of each side, and peak resident memory.
# usage: catchup.sh BUILD-FOLDER [N]
set -euo pipefail
bin=$1
ops=${2:-100000}
home=$(mktemp -d)
declare -A pid=()
trap 'for node in "${!pid[@]}"; do kill "${pid[$node]}" 2> /dev/null || true; done; [ -z "${KEEP_LOGS:-}" ] || tail -n 5 "$home"/*.log; rm -rf "$home"' EXIT
printf '246810\n' > "$home/pin"
export FENGQIAO_PIN_FILE=$home/pin
fengqiao=$bin/cli/fengqiao
fengqiaod=$bin/node/io/fengqiaod
fill() { "$bin/tests/bench/bench_fill" "$home/$1" "$2" 246810; } # node, how many

start() { # node, where it listens
    : > "$home/$1.log"
    "$fengqiaod" run --dir "$home/$1" --listen "$2" 2> "$home/$1.log" &
    pid[$1]=$!
    for _ in $(seq 400); do grep -q ready "$home/$1.log" && return; sleep 0.05; done
    echo "$1 does not start" >&2
    exit 1
}
stop() {
    kill "${pid[$1]}"
    wait "${pid[$1]}" || true
    unset "pid[$1]"
}
cpu_ms() { # node: of all its threads
    cat /proc/"${pid[$1]}"/task/*/schedstat | awk '{ns += $1} END {printf "%.1f", ns / 1e6}'
}
peak() { sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/${pid[$1]}/status"; }
count() { "$fengqiao" --dir "$home/$1" status --json | sed -n 's/.*"ops": *\([0-9]*\).*/\1/p' | head -n 1; }
relayed() { # what the relay counted since the last time
    local lines
    lines=$(wc -l < "$home/relay.log")
    kill -USR1 "${pid[relay]}"
    for _ in $(seq 100); do [ "$(wc -l < "$home/relay.log")" -gt "$lines" ] && break; sleep 0.02; done
    tail -n 1 "$home/relay.log"
}
of() { printf '%s\n' "$2" | sed -n "s/.*\"$1\":\([0-9.]*\).*/\1/p"; } # member, JSON
settle() { # until both hold the same number of ops, which no longer grows
    local before=0 now
    for _ in $(seq 6000); do
        now=$(count township)
        [ "$now" = "$before" ] && [ "$(count village)" = "$now" ] && return
        before=$now
        sleep 0.3
    done
    echo "they do not come to hold the same" >&2
    exit 1
}
row() { printf '%-36s %12s %10s %10s %10s\n' "$@"; }
told() { # what, JSON of the relay, processor time of village and township
    row "$1" "$(($(of up "$2") + $(of down "$2")))" "$(of ms "$2")" "$3" "$4"
}
less() { awk "BEGIN {printf \"%.1f\", $1 - $2}"; }

"$fengqiaod" init --dir "$home/township" --tier township --name T --steward 甲某 --pin-file "$home/pin" > /dev/null
"$fengqiaod" init --dir "$home/village" --tier village --name V --steward 乙某 --pin-file "$home/pin" > /dev/null
start township 127.0.0.1:0
address=$(sed -n 's/.*listening address=\([^ ]*\).*/\1/p' "$home/township.log")
"$bin/tests/bench/bench_relay" "${address%:*}" "${address#*:}" > "$home/relay.log" &
pid[relay]=$!
sleep 0.2
relay=$(sed -n 's/^listening //p' "$home/relay.log")
start village 127.0.0.1:0
code=$("$fengqiao" --dir "$home/township" peer invite | tail -n 1)
"$fengqiao" --dir "$home/village" peer join "$code" --at "$relay" > /dev/null
settle
stop village
fill village $((ops / 10))
relayed > /dev/null
start village 127.0.0.1:0
settle
first=$(relayed)
first_cpu=("$(cpu_ms village)" "$(cpu_ms township)")
first_peak=("$(peak village)" "$(peak township)")

# Nothing changed. The client asks once before, so that the second time finds all at rest.
"$fengqiao" --dir "$home/village" sync --wait > /dev/null
sleep 0.5
relayed > /dev/null
before=("$(cpu_ms village)" "$(cpu_ms township)")
"$fengqiao" --dir "$home/village" sync --wait > /dev/null
sleep 0.3
idle=$(relayed)
idle_cpu=("$(less "$(cpu_ms village)" "${before[0]}")" "$(less "$(cpu_ms township)" "${before[1]}")")

# The line broke, and nothing changed: a session of its own, with its handshake.
stop village
relayed > /dev/null
before=("0.0" "$(cpu_ms township)")
start village 127.0.0.1:0
"$fengqiao" --dir "$home/village" sync --wait > /dev/null
sleep 0.5
again=$(relayed)
again_cpu=("$(cpu_ms village)" "$(less "$(cpu_ms township)" "${before[1]}")")

# 200 on each side.
stop village
stop township
fill village 20
fill township 200
start township "$address"
relayed > /dev/null
township_before=$(cpu_ms township)
start village 127.0.0.1:0
settle
catchup=$(relayed)
catchup_cpu=("$(cpu_ms village)" "$(less "$(cpu_ms township)" "$township_before")")

row "$ops shared ops" bytes ms 'cpu child' 'cpu parent'
told 'first sync' "$first" "${first_cpu[@]}"
told 'nothing changed' "$idle" "${idle_cpu[@]}"
told 'another session, nothing changed' "$again" "${again_cpu[@]}"
told '200 new on each side' "$catchup" "${catchup_cpu[@]}"
printf '%s\n' "(the processor time of a child that was started has its start in it; of the" \
    " township's new ops 20 more are its answers, which go down in a second round)"
row 'peak memory of the first sync, KiB' '' '' "${first_peak[@]}"
row 'peak memory afterwards, KiB' '' '' "$(peak village)" "$(peak township)"
printf '{"ops":%s,"first":%s,"idle":%s,"again":%s,"catchup":%s,"catchup_cpu_ms":[%s,%s],"first_peak_kib":[%s,%s],"peak_kib":[%s,%s]}\n' \
    "$ops" "$first" "$idle" "$again" "$catchup" "${catchup_cpu[0]}" "${catchup_cpu[1]}" \
    "${first_peak[@]}" \
    "$(peak village)" "$(peak township)"
