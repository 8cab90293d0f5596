#!/usr/bin/env bash
# A county, two townships and three villages as real processes. Every two seconds one of the
# six is killed with kill -9 and started again, while people of the villages go on working.
# At the end all that the client reported saved is there, and all that was released arrived.
# usage: soak.sh BUILD-DIR [SECONDS]      (10; `tests/run --long` takes 600)
# shellcheck disable=SC2317,SC2054 # check calls the functions; a choice holds commas
build=${1:?usage: soak.sh BUILD-DIR [SECONDS]}
span=${2:-10}
seconds=$((span + 300)) # for everything but the tidying up
pace=2
nodes=(county township1 township2 village1 village2 village3)
villages=(village1 village2 village3)
declare -A parent=([township1]=county [township2]=county
    [village1]=township1 [village2]=township1 [village3]=township2)
# shellcheck source-path=SCRIPTDIR source=nodes.sh
. "$(dirname "$0")/nodes.sh"
mkdir "$home/saved"
for village in "${villages[@]}"; do
    touch "$home/saved/$village."{cases,notes,escalations}
done
touch "$home/saved/surprises"

# ---- found and pair
for node in "${nodes[@]}"; do
    check "found: the $node" found "$node" "$node" "吴某$node"
    start "$node" || exit 1
done
for node in "${nodes[@]:1}"; do check "pair: the $node" pair "${parent[$node]}" "$node"; done
[ "$failed" = 0 ] || exit 1

# ---- work
# Only that the node was killed excuses the client.
try() { # village, words of the client
    local said
    if said=$(at "$@" 2> "$home/refused"); then
        printf '%s\n' "$said" | tail -n 1
        return 0
    fi
    grep -q -e 'no node answers' -e 'the node ended the connection' "$home/refused" ||
        printf '%s: %s\n' "$*" "$(cat "$home/refused")" >> "$home/saved/surprises"
    return 1
}
live() { # village, round
    local saved=$home/saved/$1 number id
    number=$(try "$1" case new --category 邻里 --title "第 $2 轮" --narrative 水渠的清淤 \
        --context 去年约定轮灌 --party 张某:applicant) || return
    printf '%s\n' "$number" >> "$saved.cases"
    try "$1" case note "$number" "记录$2" > /dev/null || return
    printf '%s 记录%s\n' "$number" "$2" >> "$saved.notes"
    [ $(($2 / 3 % 2)) = 0 ] || return
    try "$1" case triage "$number" --decision escalate --beyond --reason 水渠跨村 \
        > /dev/null || return
    try "$1" case consent "$number" --party 张某 --fields title,context --manner oral \
        --witness 王某 > /dev/null || return
    id=$(try "$1" escalate "$number" --fields title,context --reason 需要协商) || return
    printf '%s\n' "$id" >> "$saved.escalations"
}
work() { # as long as there is $home/going
    local round=0
    while [ -e "$home/going" ]; do
        live "${villages[round % 3]}" "$round"
        round=$((round + 1))
        sleep 0.3
    done
}
touch "$home/going"
work &
worker=$!

# ---- kill
kills=0
until=$((SECONDS + span))
while [ "$SECONDS" -lt "$until" ]; do
    sleep "$pace" &
    pause=$!
    victim=${nodes[RANDOM % ${#nodes[@]}]}
    crash "$victim"
    start "$victim" || { fail "kill: the $victim starts again"; exit 1; }
    kills=$((kills + 1))
    [ $((kills % 30)) -ne 0 ] || printf '%d kills, %d cases reported saved\n' "$kills" \
        "$(cat "$home"/saved/*.cases | wc -l)"
    wait "$pause"
done
rm "$home/going"
wait "$worker"
none "kill: the client failed only where its node was killed" "$(cat "$home/saved/surprises")"

# ---- what is there
for node in "${nodes[@]:1}"; do
    check "end: the $node agrees with the ${parent[$node]}" at "$node" sync --wait --timeout 20
done
saved=0
gone=0
found_all() { # what, reported, there: files of words
    local lost
    lost=$(LC_ALL=C comm -23 <(sort -u "$2") <(sort -u "$3"))
    saved=$((saved + $(lines "$2")))
    [ -z "$lost" ] || gone=$((gone + $(printf '%s\n' "$lost" | wc -l)))
    none "end: all $(lines "$2") $1 are there" "$lost"
}
for village in "${villages[@]}"; do
    reported=$home/saved/$village
    none "end: the $village gave no number twice" "$(sort "$reported.cases" | uniq -d)"
    at "$village" case list --json | grep -o '"number":"[^"]*"' | cut -d '"' -f 4 > "$home/there"
    found_all "cases reported saved at the $village" "$reported.cases" "$home/there"
    while read -r number text; do
        at "$village" case show "$number" | grep -q -- "$text\$" &&
            printf '%s %s\n' "$number" "$text"
    done < "$reported.notes" > "$home/there"
    found_all "notes reported saved at the $village" "$reported.notes" "$home/there"
    at "${parent[$village]}" inbox --json | grep -oE '[0-9a-f]{64}' > "$home/there"
    found_all "records released at the $village" "$reported.escalations" "$home/there"
done
check "end: something was reported saved" test "$saved" -gt 0
check "end: the county holds no record" equal "$(number_of county escalations)" 0
for node in "${nodes[@]}"; do
    check "end: nothing waits or is in quarantine at the $node" \
        equal "$(number_of "$node" waiting) $(number_of "$node" quarantined)" "0 0"
done
for node in "${nodes[@]}"; do stop "$node"; done
for node in "${nodes[@]}"; do
    check "stop: check finds no damage at the $node" bounded 20 "$fengqiaod" check --dir "$home/$node"
done
none "stop: no process of a node is left" "$(strays)"
complete=yes
printf 'soak: %d kills in %d s, %d cases, notes and records reported saved, %d lost\n' \
    "$kills" "$span" "$saved" "$gone"
