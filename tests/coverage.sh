#!/usr/bin/env bash
# What the tests that ran in BUILD-FOLDER (preset coverage) have executed, by room, and the
# whole of it. Fails where the lines of a room fall below what they have reached before.
# usage: tests/coverage.sh BUILD-FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."

build=${1:?usage: tests/coverage.sh BUILD-FOLDER}
# Room and least percentage of lines; raise a number, never lower it.
least="crypto 97 proto 98 storage 93 node/cases 97 node/core 87 node/io 70 cli 83"

gcovr --root . --object-directory "$build" "$build" --csv "$build/coverage.csv" \
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
    for (i = 1; i < n; i += 2) {
        room = word[i]
        if (lines[room] == 0) { print room ": nothing was measured"; bad = 1; continue }
        share = 100 * hit[room] / lines[room]
        printf "%-12s %8d %6.1f%% %9d %6.1f%%\n", room, lines[room], share,
            branches[room], 100 * taken[room] / branches[room]
        if (share < word[i + 1]) {
            printf "%s: below %s%% of lines\n", room, word[i + 1]
            bad = 1
        }
    }
    exit bad
}' "$build/coverage.csv"
