#!/usr/bin/env bash
# A village and its township as real processes, and between them a wiretap that has both
# nodes' keys. A hundred private cases, five escalated with three of eight fields: what
# leaves is what the previews listed, to the byte. Then the proof that this test can fail.
# usage: wiretap.sh BUILD-DIR MODULES
# shellcheck disable=SC2054,SC2317 # a choice holds commas; check calls the functions
build=${1:?usage: wiretap.sh BUILD-DIR MODULES}
modules=${2:?usage: wiretap.sh BUILD-DIR MODULES}
here=$(dirname "$0")
seconds=400 # for everything but the tidying up
# shellcheck source-path=SCRIPTDIR source=nodes.sh
. "$here/nodes.sh"
first=$home/first
second=$home/second
mkdir "$first" "$second"

listen_in() { # folder of the evidence
    local said=$home/log/wiretap.said
    : > "$said"
    "$build/tests/e2e/wiretap" "$home/village" "$home/township" "${address[township]}" \
        "$1/transcript" ${address[wiretap]:+"${address[wiretap]}"} > "$said" 2>&1 &
    pid[wiretap]=$!
    for _ in $(seq 100); do
        address[wiretap]=$(sed -n 's/^listening //p' "$said")
        [ -z "${address[wiretap]}" ] || return 0
        sleep 0.05
    done
    cat "$said"
    return 1
}
remotes() { # node: the far ends of its TCP connections, and any UDP socket it has
    local fd inode
    for fd in /proc/"${pid[$1]}"/fd/*; do
        inode=$(readlink "$fd" | sed -n 's/^socket:\[\(.*\)\]$/\1/p')
        [ -n "$inode" ] || continue
        awk -v inode="$inode" '$10 == inode && $4 != "0A" { print $3 }' /proc/net/tcp /proc/net/tcp6
        awk -v inode="$inode" '$10 == inode { print "udp " $2 }' /proc/net/udp /proc/net/udp6
    done 2> /dev/null | sort -u
}
judged() { # what, command of the judge: its lines become ours
    local what=$1 line why said
    shift
    said=$(bounded 40 node "$@" 2>&1)
    [[ $said == ok* || $said == FAILED* ]] || fail "$what: the judge has a verdict" "$said"
    while IFS= read -r line; do
        case $line in
        'ok '*) pass "$what, ${line#ok }" ;;
        'FAILED '*)
            why=$(printf '%s\n' "$said" | grep -aFx -A 12 -- "$line" | sed -n '2,${/^  /!q;p;}')
            fail "$what, ${line#FAILED }" "${why:-no reason}"
            ;;
        esac
    done <<< "$said"
}

# ---- found and pair
check "found: a township" found township 青河镇 吴某
check "found: a village" found village 枫源村 陈某
start township && listen_in "$first" && start village || failed=$((failed + 1))
check "pair: the village with the township, through the wiretap" \
    pair township village "${address[wiretap]:-}"
[ "$failed" = 0 ] || exit 1
# Pairing is XXpsk0, whose key the wiretap does not have: it is over before the first case.
check "pair: there is no case yet" equal "$(number_of village cases)" 0
stop village
start village || exit 1
check "pair: the village agrees with the township" at village sync --wait --timeout 20
check "pair: one connection passed unread and one is tapped" equal \
    "$(sed -n 's/.*"at":"open".*"kind":"\([a-z]*\)".*/\1/p' "$first/transcript" | tr '\n' ' ')" \
    "opaque tapped "

# ---- a hundred private cases
tags 1100 > "$first/private"
{
    printf 'category,title,narrative,context,place,wish,found_by,party1,role1,party2,role2\n'
    paste -d, - - - - - - - - - - - < "$first/private"
} > "$home/cases.csv"
check "private: a hundred cases, each of whose fields is a canary" at village import "$home/cases.csv"
check "private: the village counts a hundred" equal "$(number_of village cases)" 100

# ---- five escalated
names=(category title narrative context place wish found-by parties)
# One choice for each case; the context always goes. A party's alias goes with its consent,
# as the preview says, whether or not the parties are chosen; who witnessed it stays at home.
choices=(title,narrative,context context,place,wish category,context,parties
    context,found-by,title context,narrative,parties)
: > "$first/chosen"
: > "$first/withheld"
write_case() { # evidence, fields that count as chosen: sets number
    local name args=()
    declare -A value=()
    for name in "${names[@]}" reason triage witness note; do
        value[$name]=$(tags 1)
        case ,$2,reason,triage,parties,:$name in
        *,"$name",*) printf '%s\n' "${value[$name]}" >> "$1/chosen" ;;
        *) printf '%s\n' "${value[$name]}" >> "$1/withheld" ;;
        esac
    done
    for name in "${names[@]:0:7}"; do args+=("--$name" "${value[$name]}"); done
    reason=${value[reason]} party=${value[parties]} witness=${value[witness]}
    number=$(at village case new "${args[@]}" --party "$party:applicant" | tail -n 1)
    at village case note "$number" "${value[note]}" > /dev/null || return
    at village case triage "$number" --decision escalate --beyond --reason "${value[triage]}" \
        > /dev/null
}
escalate() { # evidence, name, fields previewed, fields released
    at village case consent "$number" --party "$party" --fields "$4" --manner oral \
        --witness "$witness" > /dev/null || return
    at village escalate "$number" --fields "$3" --reason "$reason" --preview --json \
        > "$1/$2.preview" || return
    at village escalate "$number" --fields "$4" --reason "$reason" | tail -n 1 \
        > "$1/$2.released"
    grep -qxE '[0-9a-f]{64}' "$1/$2.released"
}
previewed() { # evidence, name: the fields of the record, in the order of their names
    node -e 'const { fields } = JSON.parse(require("fs").readFileSync(process.argv[1]));
        console.log(Object.keys(fields).sort().join(","))' "$1/$2.preview"
}
for i in "${!choices[@]}"; do
    write_case "$first" "${choices[i]}" || fail "escalated: case $i is written" "$number"
    escalate "$first" "$i" "${choices[i]}" "${choices[i]}" ||
        fail "escalated: case $i is released" "$(cat "$first/$i".*)"
    check "escalated: the preview of case $i lists ${choices[i]} of eight fields" equal \
        "$(previewed "$first" "$i")" "$(tr , '\n' <<< "${choices[i]}" | sort | paste -sd,)"
done
check "escalated: the village agrees with the township" at village sync --wait --timeout 20
check "escalated: the township holds five" equal "$(number_of township escalations)" 5
# The township speaks, so that ops go down as well; the village goes on to write for itself.
tags 1 > "$home/later"
cat "$home/later" >> "$first/withheld"
answer() {
    at township open "$(cat "$first/0.released")" > /dev/null &&
        at township advise "$(cat "$first/0.released")" 先量一量水渠 > /dev/null &&
        at village case note "$number" "$(cat "$home/later")" > /dev/null &&
        at village sync --wait --timeout 20 > /dev/null
}
check "escalated: the township opens one and advises" answer

# ---- judge
port=$(printf ':%04X$' "${address[wiretap]##*:}")
check "beside: the village has a connection" test -n "$(remotes village)"
none "beside: and no other than the one to the wiretap" "$(remotes village | grep -v "$port")"

at village status --json | sed -n 's/.*"site":"\([0-9a-f]*\)","tier":"village".*/\1/p' > "$first/charters"
at township status --json | sed -n 's/.*"site":"\([0-9a-f]*\)","tier":"township".*/\1/p' >> "$first/charters"
check "judge: both sites are known" equal "$(lines "$first/charters")" 2
at village case list --json | grep -o '"number":"[^"]*"' | cut -d'"' -f4 > "$first/numbers"
check "judge: all 105 numbers are known" equal "$(lines "$first/numbers")" 105
quiet() { # record: waits until nothing moves, so that no frame is cut off by the stop
    local before='' same=0
    for _ in $(seq 100); do
        [ "$(lines "$1")" = "$before" ] && same=$((same + 1)) || same=0
        [ "$same" -lt 4 ] || return 0
        before=$(lines "$1")
        sleep 0.1
    done
    return 1
}
rest() { # evidence: all three stop, and what the village held is written down
    check "stop: nothing moves any more" quiet "$1/transcript"
    stop village
    check "stop: the village ends its session with FIN" \
        timeout 5 sh -c "until grep -q '\"fin\":true' '$1/transcript'; do sleep 0.1; done"
    stop wiretap
    stop township
    "$build/tests/e2e/census" "$home/village" > "$1/census" || fail "judge: the census" "$1"
}
rest "$first"
check "judge: the census knows every case" equal "$(grep -c '^case ' "$first/census")" 105
mkdir "$home/above"
cp -r "$home/township" "$home/above"
cp "$home"/log/township.* "$home/above"
check "judge: the search finds every private canary where they are" equal \
    "$(cat "$home/village/"node.db* | grep -aoFf "$first/private" | sort -u | wc -l)" 1100
judged "judge" "$here/egress.mjs" "$modules" "$first" "$home/above"
judged "judge" "$here/planted.mjs" "$modules" "$first" "$home/above"

# ---- a sixth case goes with a field more than was previewed
cp "$first"/{private,numbers,charters} "$second"
: > "$second/chosen"
: > "$second/withheld"
start township && listen_in "$second" && start village || exit 1
write_case "$second" title,context,wish || fail "sixth: the case is written" "$number"
printf '%s\n' "$number" >> "$second/numbers"
check "sixth: a case is released with the place, which its preview did not list" \
    escalate "$second" sixth title,context,wish title,context,wish,place
check "sixth: the village agrees with the township" at village sync --wait --timeout 20
rest "$second"
node "$here/egress.mjs" "$modules" "$second" "$home/township" > "$home/verdict"
check "sixth: the judge refuses, for what was shown and what was withheld alone" equal \
    "$(sed -n 's/^FAILED \([a-z]*\):.*/\1/p' "$home/verdict" | tr '\n' ' ')" "shown withheld "
check "sixth: it names the place" grep -q '^  left without a preview: .* case.place = "CANARY' "$home/verdict"
check "sixth: it finds it at the township" grep -q '^  withheld CANARY.* in .*/township/node.db' "$home/verdict"
none "stop: no process is left" "$(strays)"
complete=yes
