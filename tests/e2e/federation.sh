#!/usr/bin/env bash
# A county, a township and a village as real processes on loopback. What must not leave the
# village does not leave it, and what was reported saved outlives kill -9.
# usage: federation.sh BUILD-DIR
# shellcheck disable=SC2317,SC2054 # check calls the functions; a choice holds commas
build=${1:?usage: federation.sh BUILD-DIR}
seconds=400 # for everything but the tidying up
rounds=15
nodes=(county township village)
# shellcheck source-path=SCRIPTDIR source=nodes.sh
. "$(dirname "$0")/nodes.sh"
mkdir "$home/saved"

# ---- found and pair
founded() {
    found county 示例县 周某 && found township 青河镇 吴某 && found village 枫源村 陈某
}
check "found: a county, a township and a village" founded
for node in "${nodes[@]}"; do
    start "$node" && site[$node]=${address[$node]}
done
check "found: all three listen" equal "${#site[@]}" 3
check "pair: the township with the county" pair county township
check "pair: the village with the township" pair township village
[ "$failed" = 0 ] || exit 1

# ---- canary
as_hex() { # tags, each also the way a dump would show it: 22 letters and the end of the line
    cat "$1"
    od -An -v -w23 -tx1 "$1" | tr -d ' ' | sed 's/0a$//'
}
found_in() { # patterns, files or folders: the patterns that occur, in the case of the list
    local patterns=$1
    shift
    find "$@" -type f -exec env LC_ALL=C grep -aioFhf "$patterns" {} + |
        tr '[:lower:]' '[:upper:]' | sort -u
}

tags 700 > "$home/private"
{
    printf 'village,number,opened,category,title,narrative,context,party1,role1,party2,role2,'
    printf 'found_by,fate,closed,outcome\n'
    paste -d' ' - - - - - - - < "$home/private" |
        awk '{printf "枫源村,2025-%04d,2025-03-15,%s,%s,经过 %s。,从前 %s。,%s,applicant," \
            "%s,respondent,%s,village,2025-04-06,oral\n", NR, $1, $2, $3, $4, $5, $6, $7}'
} > "$home/cases.csv"
check "canary: a hundred private cases imported" at village import "$home/cases.csv"
check "canary: the village counts a hundred" equal "$(number_of village cases)" 100

names=(category title narrative context place wish party found-by)
choices=(title,narrative,context context,place,title narrative,context,wish
    category,context,title context,found-by,narrative)
: > "$home/chosen"
: > "$home/unchosen"
# Who consented travels with the record, so that a receiver can check it: the alias of a
# party who consents is no secret towards the receiver, and the preview names it.
: > "$home/alias"
escalated=0
escalations=()
for choice in "${choices[@]}"; do
    declare -A value=()
    for name in "${names[@]}"; do
        tag=$(tags 1)
        value[$name]=$tag
        case ,$choice,:$name in
        *,"$name",*) printf '%s\n' "$tag" >> "$home/chosen" ;;
        *:party) printf '%s\n' "$tag" >> "$home/alias" ;;
        *) printf '%s\n' "$tag" >> "$home/unchosen" ;;
        esac
    done
    what="canary: a case with eight tags sends $choice"
    number=$(at village case new --category "${value[category]}" --title "${value[title]}" \
        --narrative "${value[narrative]}" --context "${value[context]}" \
        --place "${value[place]}" --wish "${value[wish]}" --found-by "${value[found-by]}" \
        --party "${value[party]}:applicant" | tail -n 1)
    at village case triage "$number" --decision escalate --beyond --reason 超出村里权限 \
        > /dev/null || fail "$what" triage
    at village case consent "$number" --party "${value[party]}" --fields "$choice" \
        --manner oral --witness 王某 > /dev/null || fail "$what" consent
    at village escalate "$number" --fields "$choice" --reason 两次调解未成 --preview \
        >> "$home/preview" || fail "$what" preview
    id=$(at village escalate "$number" --fields "$choice" --reason 两次调解未成 | tail -n 1)
    if [[ $id =~ ^[0-9a-f]{64}$ ]]; then
        pass "$what"
        escalations+=("$id")
        escalated=$((escalated + 1))
    else
        fail "$what" "case $number, escalation '$id'"
    fi
done
check "canary: the village agrees with the township" at village sync --wait --timeout 20
check "canary: the township agrees with the county" at township sync --wait --timeout 20

for list in private chosen unchosen alias; do as_hex "$home/$list" > "$home/$list.both"; done
sort -u "$home/private.both" "$home/unchosen.both" > "$home/secret.both"
sort -u "$home/secret.both" "$home/chosen.both" "$home/alias.both" > "$home/any.both"
above=("$home/township" "$home/county")
confined() { # when
    none "canary: nothing private is at the township or the county, $1" \
        "$(found_in "$home/private.both" "${above[@]}" "$home"/log/{township,county}.*)"
    none "canary: no field that was not chosen is there, $1" \
        "$(found_in "$home/unchosen.both" "${above[@]}" "$home"/log/{township,county}.*)"
    none "canary: nothing at all is at the county, to which nothing went, $1" \
        "$(found_in "$home/any.both" "$home/county")"
    none "canary: no log of any node holds a tag, $1" "$(found_in "$home/any.both" "$home/log")"
    check "canary: the township holds each of the 15 chosen fields, $1" \
        equal "$(found_in "$home/chosen" "$home/township" | wc -l)" "$(lines "$home/chosen")"
}
check "canary: the search finds every private tag at the village" \
    equal "$(found_in "$home/private" "$home/village" | wc -l)" "$(lines "$home/private")"
check "canary: the previews showed each chosen field" \
    equal "$(found_in "$home/chosen" "$home/preview" | wc -l)" "$(lines "$home/chosen")"
none "canary: the previews showed no other field" "$(found_in "$home/secret.both" "$home/preview")"
confined "while all run"

# ---- kill
# What the client reports goes into $home/saved, and only if it ends well.
new_case() { # round
    local said
    said=$(at village case new --category 邻里 --title "第 $1 轮" --narrative "水渠的清淤" \
        --context "去年约定轮灌" --party 张某:applicant) || return
    number=$(printf '%s\n' "$said" | tail -n 1)
    printf '%s\n' "$number" >> "$home/saved/cases"
}
new_note() { # case, text
    at village case note "$1" "$2" > /dev/null && printf '%s %s\n' "$1" "$2" >> "$home/saved/notes"
}
prepare() { # case
    at village case triage "$1" --decision escalate --beyond --reason 水渠跨村 > /dev/null &&
        at village case consent "$1" --party 张某 --fields title,context --manner oral \
            --witness 王某 > /dev/null
}
send() { # case
    local said
    said=$(at village escalate "$1" --fields title,context --reason 需要协商) || return
    printf '%s\n' "$said" | tail -n 1 >> "$home/saved/escalations"
    at village sync --wait --timeout 5 > /dev/null
    return 0
}
cut_short() { # node, command: runs it and kills the node a moment later
    local victim=$1 rc
    shift
    "$@" 2>> "$home/cut_short" &
    job=$!
    sleep "0.$(printf '%03d' $((RANDOM % 450)))"
    crash "$victim"
    start "$victim" || unstarted=yes
    { wait "$job"; } 2> /dev/null
    rc=$?
    job=
    # Only the death of the village's own node excuses the client.
    [ "$rc" = 0 ] || [ "$victim" = village ] || surprise="exit $rc: $(tail -n 3 "$home/cut_short")"
}
touch "$home"/saved/{cases,notes,escalations}
for ((round = 0; round < rounds; round++)); do
    victim=${nodes[round % 3]}
    surprise=
    unstarted=no
    [ "$SECONDS" -lt $((seconds - 20)) ] || surprise="no time left"
    new_case "$round" || surprise="case new failed with all nodes up"
    case $((round / 3)) in
    0)
        how="after a case and a note"
        new_note "$number" "记录$round" || surprise="case note failed with all nodes up"
        crash "$victim"
        start "$victim" || unstarted=yes
        ;;
    1)
        how="during a case new"
        cut_short "$victim" new_case "$round"
        ;;
    2)
        how="during a case note"
        cut_short "$victim" new_note "$number" "记录$round"
        ;;
    *)
        how="during an escalation and its sync"
        prepare "$number" || surprise="triage or consent failed with all nodes up"
        cut_short "$victim" send "$number"
        ;;
    esac
    if [ "$unstarted" = no ] && [ -z "$surprise" ]; then
        pass "kill: round $((round + 1)), the $victim $how"
    else
        fail "kill: round $((round + 1)), the $victim $how" "started again: not $unstarted; $surprise"
        [ "$unstarted" = no ] || exit 1
    fi
done
check "kill: the village agrees with the township" at village sync --wait --timeout 20
check "kill: the township agrees with the county" at township sync --wait --timeout 20

none "kill: no number was given twice" "$(sort "$home/saved/cases" | uniq -d)"
lost=
while read -r number; do
    at village case show "$number" > /dev/null 2>&1 || lost="$lost $number"
done < "$home/saved/cases"
none "kill: all $(lines "$home/saved/cases") cases reported saved are there" "$lost"
lost=
while read -r number text; do
    at village case show "$number" 2>&1 | grep -aq -- "$text\$" || lost="$lost $number"
done < "$home/saved/notes"
none "kill: all $(lines "$home/saved/notes") notes reported saved are there" "$lost"

at township inbox --json > "$home/inbox"
lost=
for id in "${escalations[@]}" $(cat "$home/saved/escalations"); do
    grep -q "$id" "$home/inbox" || lost="$lost $id"
done
escalated=$((escalated + $(lines "$home/saved/escalations")))
none "kill: the township's inbox holds all $escalated escalations released" "$lost"
check "kill: village and township hold as many escalations" \
    equal "$(number_of township escalations)" "$(number_of village escalations)"
check "kill: the county holds none" equal "$(number_of county escalations)" 0
for node in "${nodes[@]}"; do
    check "kill: nothing waits or is in quarantine at the $node" \
        equal "$(number_of "$node" waiting) $(number_of "$node" quarantined)" "0 0"
done
for node in "${nodes[@]}"; do stop "$node"; done
for node in "${nodes[@]}"; do
    check "stop: check finds no damage at the $node" bounded 20 "$fengqiaod" check --dir "$home/$node"
done
rebuilt() {
    local said
    said=$(bounded 20 "$fengqiaod" rebuild --dir "$home/$1" 2>&1) &&
        printf '%s\n' "$said" | grep -q 'everything derived is as it was' && return
    printf '%s\n' "$said"
    return 1
}
for node in "${nodes[@]}"; do check "stop: rebuild makes the $node equal" rebuilt "$node"; done
confined "after the stop"
none "stop: no process of a node is left" "$(strays)"
complete=yes
