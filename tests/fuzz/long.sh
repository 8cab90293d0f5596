#!/usr/bin/env bash
# Every fuzz target under libFuzzer, with AddressSanitizer and UBSan, until its share of
# executions is done or its time is over, and the counts. Exit 0 only if nothing was found
# and the sum reached WANTED.
# usage: tests/fuzz/long.sh [BUILD-FOLDER]      (else it builds the preset fuzz)
#   FUZZ_WANTED    executions in all (10000000); fewer are less of each target
#   FUZZ_SECONDS   at most for one target (100, or less where fewer are wanted)
#   FUZZ_JOBS      targets at a time (number of processors)
set -euo pipefail
cd "$(dirname "$0")/../.."

build=${1:-build/fuzz}
wanted=${FUZZ_WANTED:-10000000}
jobs=${FUZZ_JOBS:-$(nproc)}
# Executions in thousands, of ten million in all. What plays a whole node or a history is a
# thousand times slower than what reads a few bytes: those come first and have all their
# time, the others make up the number.
targets="session:1000 bundle:500 control:1000 evidence:1000 fold:1000 channel:1000
    negentropy:1000 view:500 command_line:500 csv:800 frame:1000 op:1000 pack:1500 words:400
    picture:400 key_request:1200 token:500 key_text:1000 wrap_header:1000 hello:1000
    form:500 age:500 note:1000"
scaled() { # a number of the whole
    local n=$(($1 * (wanted / 1000) / 10000))
    echo $((n > 0 ? n : 1))
}

if [ $# -eq 0 ]; then
    cmake --preset fuzz > build-fuzz.log 2>&1 || { cat build-fuzz.log; exit 1; }
    rm -f build-fuzz.log
    # shellcheck disable=SC2046 # one word a target
    cmake --build --preset fuzz -- -j "$jobs" $(for t in $targets; do echo "fuzz_${t%:*}"; done)
fi
seconds=${FUZZ_SECONDS:-$(scaled 100)}
logs=$build/tests/fuzz/long
rm -rf "$logs"
mkdir -p "$logs"

run_one() { # target:executions
    local target=${1%:*} runs=${1#*:} rc=0 count
    "$build/tests/fuzz/fuzz_$target" -runs="$runs" -max_total_time="$seconds" \
        -max_len=4096 -timeout=60 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$logs/$target-" "$build/tests/fuzz/corpus/$target" \
        > "$logs/$target.log" 2>&1 || rc=$?
    count=$(sed -n 's/^stat::number_of_executed_units: *//p' "$logs/$target.log")
    printf '%-14s %10s executions%s\n' "$target" "${count:-0}" \
        "$([ "$rc" = 0 ] || echo "  FOUND SOMETHING: $logs/$target.log")" \
        | tee "$logs/$target.count"
    return "$rc"
}
export -f run_one
export build seconds logs

bad=0
for target in $targets; do
    printf '%s:%s\n' "${target%:*}" "$(scaled "${target#*:}000")"
done | xargs -P "$jobs" -I{} bash -c 'run_one {}' || bad=1
sum=$(cat "$logs"/*.count | awk '{ sum += $2 } END { printf "%d", sum }')
printf '%-14s %10s executions, %s wanted\n' sum "$sum" "$wanted"
[ "$sum" -ge "$wanted" ] || { echo "too few: is this machine slow or busy?"; bad=1; }
exit "$bad"
