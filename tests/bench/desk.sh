#!/usr/bin/env bash
# A desk over a node with N ops, as somebody at it waits: a page of the list (as a table and
# as JSON), a page with filters, one case opened; and, over as many ops in cases of which nine
# of ten are closed, what waits (due, task list, recall list, agenda); each asked ROUNDS times
# by the client as a process of its own, with its start in it: p50 and p99 in milliseconds.
# Beside them `fengqiao status`, which asks for next to nothing: the client's own share.
# usage: desk.sh BUILD-FOLDER [N] [ROUNDS]
set -euo pipefail
bin=$1
ops=${2:-10000}
rounds=${3:-200}
home=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2> /dev/null || true; rm -rf "$home"' EXIT
printf '246810\n' > "$home/pin"
export FENGQIAO_PIN_FILE=$home/pin
fengqiao=$bin/cli/fengqiao
fengqiaod=$bin/node/io/fengqiaod

# A village with that many ops in cases (cases, or closed: most of them are), running.
begin() {
    local began
    export FENGQIAO_DIR=$home/$1
    "$fengqiaod" init --dir "$home/$1" --tier village --name V --steward 乙某 --pin-file "$home/pin" > /dev/null
    began=$(date +%s%N)
    "$bin/tests/bench/bench_fill" "$home/$1" $((ops / 10)) 246810 "$1"
    filled=$((($(date +%s%N) - began) / 1000000))
    : > "$home/log"
    "$fengqiaod" run --dir "$home/$1" --listen 127.0.0.1:0 2> "$home/log" &
    pid=$!
    for _ in $(seq 1200); do grep -q ready "$home/log" && break; sleep 0.05; done
}
memory() {
    printf '%-40s %8s\n' 'peak memory of the node, KiB' "$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$pid/status")"
}

cpu_ms() { cat /proc/"$pid"/task/*/schedstat | awk '{ns += $1} END {printf "%.1f", ns / 1e6}'; } # the node's
# Milliseconds of each call, sorted, of which the 50th and the 99th of a hundred; and those
# that the node's processor took for one, which do not hang on who else is busy.
measure() { # what, command ...
    local what=$1 i started before
    shift
    before=$(cpu_ms)
    for ((i = 0; i < rounds; i++)); do
        started=$EPOCHREALTIME
        "$@" > /dev/null 2>&1
        echo "$started $EPOCHREALTIME"
    done | awk '{printf "%.3f\n", ($2 - $1) * 1000}' | sort -n > "$home/times"
    awk -v what="$what" -v cpu="$(cpu_ms) $before $rounds" '{t[NR] = $1} END {
        split(cpu, c, " ")
        printf "%-40s %8.1f %8.1f %8.2f\n", what, t[int((NR + 1) / 2)], t[int(NR * 0.99 + 0.5)],
            (c[1] - c[2]) / c[3]}' "$home/times"
}
begin cases
last=$("$fengqiao" case list --limit 1 --json | sed -n 's/.*"number":"\([^"]*\)".*/\1/p')
middle=${last%-*}-$(printf '%04d' $((10#${last##*-} / 2)))
printf '%-40s %8s %8s %8s\n' "$ops ops, filled in $filled ms" 'p50 ms' 'p99 ms' 'node ms'
measure 'status' "$fengqiao" status
measure 'list: a page of 50' "$fengqiao" case list --limit 50
measure 'list: a page of 50, JSON' "$fengqiao" case list --limit 50 --json
measure 'list: a page from the middle' "$fengqiao" case list --limit 50 --after "$middle"
measure 'list: state, category and days' "$fengqiao" case list --limit 50 --state registered --category 田土 --since 2026-01-01
measure 'list: one party' "$fengqiao" case list --limit 50 --party 张7
measure 'list: of a filter that leaves none' "$fengqiao" case list --limit 50 --category 无 --json
measure 'list: conflicts' "$fengqiao" conflict list --limit 50
measure 'open: one case' "$fengqiao" case show "$middle"
measure 'open: one case, JSON' "$fengqiao" case show "$middle" --json
memory
kill "$pid"
wait "$pid" 2> /dev/null || true
begin closed
printf '%-40s %8s %8s %8s\n' "$ops ops, most cases closed" 'p50 ms' 'p99 ms' 'node ms'
measure 'status' "$fengqiao" status
measure 'due' "$fengqiao" due --limit 50
measure 'task list' "$fengqiao" task list
measure 'recall list' "$fengqiao" recall list
measure 'agenda' "$fengqiao" agenda
memory
