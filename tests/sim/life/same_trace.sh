#!/usr/bin/env bash
# The same seed is the same history, whatever compiler and sanitizer made the node: the
# traces of some seeds, from two builds or more.
# usage: tests/sim/life/same_trace.sh BUILD-FOLDER BUILD-FOLDER...
set -euo pipefail

wanted=
for build in "$@"; do
    traces=
    for seed in 7 50 57; do
        # The last line has seconds in it.
        sum=$("$build/tests/sim/life/fengqiao-sim" --seed "$seed" --trace |
            grep -v '^1 histories' | sha256sum)
        traces="$traces ${sum%% *}"
    done
    [ "${wanted:=$traces}" = "$traces" ] || {
        echo "$build lives another history than $1:$traces, wanted$wanted"
        exit 1
    }
done
echo "$# builds live the same histories"
