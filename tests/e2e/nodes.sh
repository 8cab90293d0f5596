# Real nodes on loopback, and counting what holds: what the scripts of this folder share.
# Sourced with `build` set to the build folder; `seconds` bounds all that they do. Makes
# $home, which goes away at the end, and ends every node that start started.
# shellcheck shell=bash disable=SC2317,SC2154,SC2034 # used by whoever sources it
set -u
export LC_ALL=C.UTF-8

fengqiao=$build/cli/fengqiao
fengqiaod=$build/node/io/fengqiaod

passed=0
failed=0
complete=no
pass() {
    passed=$((passed + 1))
    printf 'ok      %s\n' "$1"
}
fail() { # what, why
    failed=$((failed + 1))
    printf 'FAILED  %s\n' "$1"
    [ -z "${2:-}" ] || printf '%s\n' "$2" | head -n 12 | sed 's/^/        | /'
}
check() { # what, command
    local what=$1 said
    shift
    if said=$("$@" 2>&1); then pass "$what"; else fail "$what" "exit $?: $said"; fi
}
none() { # what, text that should be empty
    if [ -z "$2" ]; then pass "$1"; else fail "$1" "$2"; fi
}
equal() { [ "$1" = "$2" ] || { printf '%s is not %s\n' "$1" "$2" && false; }; }
lines() { wc -l < "$1" | tr -d ' '; }

home=$(mktemp -d) || exit 1
declare -A pid=() address=() starts=() site=()
job=
bounded() { # seconds, command: never longer than the whole may take
    local left=$((seconds - SECONDS)) most=$1
    shift
    [ "$left" -ge 1 ] || left=1
    [ "$left" -le "$most" ] || left=$most
    timeout -k 2 "$left" "$@"
}
finish() {
    trap - EXIT INT TERM
    [ -z "$job" ] || { wait "$job"; } 2> /dev/null
    for node in "${!pid[@]}"; do kill -9 "${pid[$node]}" 2> /dev/null; done
    { wait; } 2> /dev/null
    rm -rf "$home"
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" = 0 ] && [ "$complete" = yes ] && exit 0
    exit 1
}
trap finish EXIT
trap 'failed=$((failed + 1)); exit 1' INT TERM

mkdir "$home/log"
printf '246810\n' > "$home/pin"
chmod 600 "$home/pin"
export FENGQIAO_PIN_FILE=$home/pin

at() { # node, words of the client
    local node=$1
    shift
    bounded 25 "$fengqiao" --dir "$home/$node" "$@"
}
# What is said stays in $home/out and $home/err.
exits() { # code, node, words of the client
    local code=$1 rc=0
    shift
    at "$@" > "$home/out" 2> "$home/err" || rc=$?
    [ "$rc" = "$code" ] || { printf 'exit %s: ' "$rc" && cat "$home/err" && false; }
}
daemon() { # code, words of fengqiaod
    local code=$1 rc=0
    shift
    bounded 60 "$fengqiaod" "$@" > "$home/out" 2> "$home/err" < /dev/null || rc=$?
    [ "$rc" = "$code" ] || { printf 'exit %s: ' "$rc" && cat "$home/err" && false; }
}
says() { grep -q -e "$1" "$home/err" "$home/out" || { cat "$home/err" "$home/out" && false; }; }
start() { # node: with the port it had, and a log of its own for each start
    local node=$1 log
    starts[$node]=$((${starts[$node]:-0} + 1))
    log=$home/log/$node.${starts[$node]}
    : > "$log"
    "$fengqiaod" run --dir "$home/$node" --listen "${address[$node]:-127.0.0.1:0}" \
        < /dev/null > /dev/null 2> "$log" &
    pid[$node]=$!
    for _ in $(seq 200); do
        if grep -q '^ready' "$log"; then
            address[$node]=$(sed -n 's/.*listening address=\([^ ]*\).*/\1/p' "$log" | head -n 1)
            return 0
        fi
        kill -0 "${pid[$node]}" 2> /dev/null || break
        sleep 0.05
    done
    printf '%s does not start:\n' "$node"
    cat "$log"
    return 1
}
crash() { # node
    kill -9 "${pid[$1]}"
    { wait "${pid[$1]}"; } 2> /dev/null
    unset "pid[$1]"
}
stop() { # node: as a service manager does
    local rc=
    kill -TERM "${pid[$1]}"
    for _ in $(seq 200); do
        kill -0 "${pid[$1]}" 2> /dev/null || break
        sleep 0.05
    done
    if ! kill -0 "${pid[$1]}" 2> /dev/null; then
        { wait "${pid[$1]}"; } 2> /dev/null
        rc=$?
        unset "pid[$1]"
    fi
    # Not through check, whose subshell could not wait for our child.
    if [ "$rc" = 0 ]; then
        pass "stop: the $1 ends with 0"
    else
        fail "stop: the $1 ends with 0" "exit ${rc:-: it still runs after 10 s}"
    fi
}
number_of() { # node, member of its status
    at "$1" status --json | sed -n 's/.*"'"$2"'": *\([0-9]*\).*/\1/p'
}
found() { # node, named after its tier, with a number or none; name, steward
    "$fengqiaod" init --dir "$home/$1" --tier "${1%%[0-9]*}" --name "$2" --steward "$3" \
        --pin-file "$home/pin" > /dev/null
}
pair() { # parent, child, where the child finds the parent (else where it listens)
    local code
    code=$(at "$1" peer invite | tail -n 1)
    at "$2" peer join "$code" --at "${3:-${address[$1]}}"
}
tags() { # how many: lines nobody has written before
    od -An -v -w8 -N"$((8 * $1))" -tx1 /dev/urandom | tr -d ' ' | sed 's/^/CANARY/'
}
strays() { # processes that still name our folder
    local file word
    for file in /proc/[0-9]*/cmdline; do
        while IFS= read -r -d '' word; do
            [[ $word != "$home"/* ]] || printf '%s\n' "$file"
        done < "$file"
    done 2> /dev/null
}
