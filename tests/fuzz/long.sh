#!/usr/bin/env bash
# Every fuzz target under libFuzzer, with AddressSanitizer and UBSan, until its share of
# executions is done or its time is over, and the counts. Exit 0 only if nothing was found
# and the sum reached WANTED.
# usage: tests/fuzz/long.sh [BUILD-FOLDER]      (else it builds the preset fuzz)
#   FUZZ_WANTED    executions in all (10000000)
#   FUZZ_SECONDS   at most for one target (240)
#   FUZZ_JOBS      targets at a time (number of processors)
set -euo pipefail
cd "$(dirname "$0")/../.."

build=${1:-build/fuzz}
wanted=${FUZZ_WANTED:-10000000}
seconds=${FUZZ_SECONDS:-240}
jobs=${FUZZ_JOBS:-$(nproc)}
# Executions in thousands; what reads few bytes is fast and takes the larger part, what
# plays a whole node or a history ends by its time.
targets="key_text:2500 wrap_header:2500 pack:1500 key_request:1500 hello:1000 op:800
    frame:800 command_line:500 csv:500 view:200 negentropy:200 words:50 channel:50
    control:200 evidence:200 fold:100 session:200"

if [ $# -eq 0 ]; then
    cmake --preset fuzz > build-fuzz.log 2>&1 || { cat build-fuzz.log; exit 1; }
    rm -f build-fuzz.log
    # shellcheck disable=SC2046 # one word a target
    cmake --build --preset fuzz -- -j "$jobs" $(for t in $targets; do echo "fuzz_${t%:*}"; done)
fi
logs=$build/tests/fuzz/long
rm -rf "$logs"
mkdir -p "$logs"

run_one() { # target:thousands
    local target=${1%:*} runs=${1#*:}000 rc=0
    "$build/tests/fuzz/fuzz_$target" -runs="$runs" -max_total_time="$seconds" \
        -max_len=4096 -timeout=60 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$logs/$target-" "$build/tests/fuzz/corpus/$target" \
        > "$logs/$target.log" 2>&1 || rc=$?
    local done
    done=$(sed -n 's/^stat::number_of_executed_units: *//p' "$logs/$target.log")
    printf '%-14s %10s executions%s\n' "$target" "${done:-0}" \
        "$([ "$rc" = 0 ] || echo "  FOUND SOMETHING: $logs/$target.log")" \
        | tee "$logs/$target.count"
    return "$rc"
}
export -f run_one
export build seconds logs

bad=0
# shellcheck disable=SC2086 # one word a target
printf '%s\n' $targets | xargs -P "$jobs" -I{} bash -c 'run_one {}' || bad=1
sum=$(cat "$logs"/*.count | awk '{ sum += $2 } END { printf "%d", sum }')
printf '%-14s %10s executions, %s wanted\n' sum "$sum" "$wanted"
[ "$sum" -ge "$wanted" ] || { echo "too few: is this machine slow or busy?"; bad=1; }
exit "$bad"
