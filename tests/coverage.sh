#!/usr/bin/env bash
# What the tests that ran in BUILD-FOLDER (preset coverage) have executed, by room, and the
# whole of it. Fails where the lines or branches of a room fall below what they have reached
# before. docs/COVERAGE.md says what is not reached and why.
# usage: tests/coverage.sh BUILD-FOLDER [--list ROOM]     (--list: files, and lines with a
#        branch that was never taken)
set -euo pipefail
cd "$(dirname "$0")/.."

build=${1:?usage: tests/coverage.sh BUILD-FOLDER [--list ROOM]}
# Room, least percentage of lines, of branches; raise a number, never lower it.
least="crypto 99 100 proto 99 100 storage 99 100 node/cases 99 100 node/core 99 99.5 node/io 99 99
    node/web 99 96.5 node/page 99 96 cli 99 97.5"
# The other side of an assert is what we promise never happens, and a line that ends so has a
# branch that nothing can take, for the reason given: both are left out of the branches.
never='.*(\bassert\(|/\* never: ).*'

if [ "${2:-}" = --list ]; then
    exec gcovr --root . --object-directory "$build" "$build" --branches \
        --exclude-branches-by-pattern "$never" --filter "${3:?which room?}/[^/]*$" 2> /dev/null
fi
gcovr --root . --object-directory "$build" "$build" --csv "$build/coverage.csv" \
    --exclude-branches-by-pattern "$never" \
    --filter '(crypto|proto|storage|node|cli)/' > "$build/coverage.log" 2>&1 ||
    { tail -n 20 "$build/coverage.log"; exit 1; }
# Columns: file, lines, covered, percent, branches, covered, percent, functions ...
awk -F, -v least="$least" '
NR > 1 {
    room = $1
    sub(/\/[^\/]*$/, "", room)
    lines[room] += $2; hit[room] += $3; branches[room] += $5; taken[room] += $6
}
END {
    printf "%-12s %8s %7s %9s %7s\n", "room", "lines", "hit", "branches", "taken"
    n = split(least, word, " ")
    for (i = 1; i < n; i += 3) {
        room = word[i]
        if (lines[room] == 0) { print room ": nothing was measured"; bad = 1; continue }
        share = 100 * hit[room] / lines[room]
        forks = 100 * taken[room] / branches[room]
        printf "%-12s %8d %6.1f%% %9d %6.1f%%\n", room, lines[room], share,
            branches[room], forks
        if (share < word[i + 1]) {
            printf "%s: below %s%% of lines\n", room, word[i + 1]
            bad = 1
        }
        if (forks < word[i + 2]) {
            printf "%s: below %s%% of branches\n", room, word[i + 2]
            bad = 1
        }
    }
    exit bad
}' "$build/coverage.csv"
