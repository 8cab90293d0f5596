#!/usr/bin/env bash
# The page as phones see it: who knocks, the door byte by byte (W1 to W3), journeys in Chromium,
# programs, kill -9, TLS.
# usage: browser.sh BUILD-FOLDER MODULES
set -u

seconds=540
. "$(dirname "$0")/browsing.sh"

found village 枫源村 陈某
check "the page is not opened to a network without a word" \
    bash -c "! '$fengqiaod' run --dir '$home/village' --web '$host:8080' < /dev/null 2> '$home/log/closed' \
        && grep -q web-open-to-network '$home/log/closed'"
serve village 8080
printf '135790\n' > "$home/pin2"
check "a mediator is appointed" at village person add 王某 --role mediator --pin-file "$home/pin2"

# A crowd from addresses of its own.
others=
for number in $(seq 20 36); do
    ip addr add "192.0.2.$number/24" dev fengqiao0
    others+=" 192.0.2.$number"
done
# shellcheck disable=SC2086 # one word an address
run crowd "http://$host:8080" "${pid[village]}" $others
run door "http://$host:8080" "$(invite village 陈某)"
check "a township is above it" found township 青河镇 吴某
start township
check "they pair" pair township village
run day "http://$host:8080" "$(invite village 王某)" "$(invite village 王某)" "$(invite village 陈某)" "$home/shots"
run journeys "http://$host:8080" "$(invite village 陈某)" "$(invite village 王某)" "$home/shots"

run two "http://$host:8080" "$(invite village 陈某)" 246810 "$(invite village 王某)" 135790 "$home/shots"
run json "http://$host:8080" "$(invite village 陈某)" "$home/pin"

kill "${pid[village]}" && wait "${pid[village]}"
unset "pid[village]"
run kill "$fengqiaod" "$fengqiao" "$home/village" "$host:8080" "$home/pin"
run tls "$fengqiaod" "$home/village" "$host"
keep_pictures
complete=yes
