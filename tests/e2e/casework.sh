#!/usr/bin/env bash
# Case work through the real client: of each family of verbs what it answers, how that is as
# JSON, with which code and sentence it refuses, and that a refusal changes nothing.
# usage: casework.sh BUILD-DIR
# shellcheck disable=SC2317,SC2016 # check calls the functions; rules are JavaScript
build=${1:?usage: casework.sh BUILD-DIR}
seconds=120
# shellcheck source-path=SCRIPTDIR source=nodes.sh
. "$(dirname "$0")/nodes.sh"

exits() { # code, node, words of the client: with what is in $home/in
    local code=$1 rc=0
    shift
    at "$@" < "$home/in" > "$home/out" 2> "$home/err" || rc=$?
    [ "$rc" = "$code" ] || { printf 'exit %s: ' "$rc" && cat "$home/err" && false; }
}
as_mediator() { # code, words of the client
    local code=$1
    shift
    FENGQIAO_PIN_FILE=$home/pin.mediator exits "$code" village1 --as 李调解 "$@"
}
refuses() { # code, sentence, words of the client: a person reads why, and nothing else
    local code=$1 sentence=$2
    shift 2
    exits "$code" village1 "$@" && said "$sentence"
}
said() { # sentence
    grep -qF -e "$1" "$home/err" && [ ! -s "$home/out" ] || {
        cat "$home/err" "$home/out" && false
    }
}
holds() { # what the answer is, as a condition on r
    node -e 'const r = JSON.parse(require("fs").readFileSync(process.argv[1]));
        process.exit(eval(process.argv[2]) ? 0 : 1)' "$home/out" "$1" ||
        { cat "$home/out" && false; }
}
answers() { # condition, words of the client
    local condition=$1
    shift
    exits 0 village1 "$@" --json && holds "$condition"
}
id='/^[0-9a-f]{64}$/'
none_of() { # texts: none of them lies open in the village's files
    ! grep -aqF "$@" "$home"/village1/node.db*
}

: > "$home/in"
printf '135791\n' > "$home/pin.mediator"
chmod 600 "$home/pin.mediator"
found township1 青河镇 吴某 && found village1 枫源村 陈某 || exit 1
start township1 && start village1 || exit 1
check "pair: the village with the township" pair township1 village1
case_new() {
    exits 0 village1 case new --category 邻里 --title "$1" --narrative 两家争执 --context 去年修过 \
        --party 张某:applicant --party 李某:respondent
}
check "case new: a number" case_new 排水沟
number=$(tail -n 1 "$home/out")
check "person add: a key" answers "$id.test(r.key)" person add 李调解 --role mediator \
    --pin-file "$home/pin.mediator"

# ---- consent
check "consent: recorded" answers "$id.test(r.op)" case consent "$number" --party 张某 \
    --fields title,context --manner oral --witness 王某
check "consent: without proof it is usage" refuses 2 "is proven by --witness" \
    case consent "$number" --party 张某 --fields title --manner oral
check "consent: what never leaves is said" refuses 1 "one of the fields never leaves a case" \
    case consent "$number" --party 张某 --fields note --manner oral --witness 王某
check "consent: two of them stand" exits 0 village1 case consent "$number" --party 李某 \
    --fields title,context --manner signed --paper 3
check "consent: one of them, later a no" exits 0 village1 case consent "$number" --party 李某 --revoke
check "triage comes first" refuses 6 "no escalation without a triage" \
    escalate "$number" --fields title,context --reason 涉及两村
check "triage" exits 0 village1 case triage "$number" --decision escalate --danger --beyond --reason 有人持刀
check "consent: what was taken back stays here" refuses 6 "李某" \
    escalate "$number" --fields title,context --reason 涉及两村

# ---- danger to life
check "danger: a mediator sends, without waiting" as_mediator 0 escalate "$number" \
    --fields title,context --danger 有人持刀 --json
check "danger: a record" holds "$id.test(r.escalation)"
record=$(sed -n 's/.*"escalation":"\([0-9a-f]*\)".*/\1/p' "$home/out")
check "danger: she does not answer for it herself" as_mediator 6 confirm "$number"
check "danger: and is told so" said "no role that may do this"
check "danger: it waits for a steward" answers 'r.unconfirmed.length == 1' status
check "danger: who confirms" answers "r.confirmed[0] == '$record' && $id.test(r.op)" confirm "$number"
check "danger: nothing waits any more" answers 'r.unconfirmed.length == 0' status
check "danger: nor twice" refuses 1 "waits for a steward's word" confirm "$number"

# ---- recall
check "recall: the township has it" exits 0 village1 sync --wait --timeout 20
check "recall: only who sent it" exits 6 township1 recall "$record" --reason 不当
check "recall: it is gone for good" answers "$id.test(r.op)" recall "${record:0:12}" --reason 并无危险
check "recall: nothing like that is here" refuses 1 "there is no escalation" recall 00000000 --reason 误
check "recall: the township has heard" exits 0 village1 sync --wait --timeout 20
check "recall: and erased it" answers \
    'r.recalls.length == 1 && r.recalls[0].answered[0].site_name == "青河镇" && r.recalls[0].missing.length == 0' \
    recall list
check "recall: the township reads no word of it" exits 0 township1 show "$record"
check "recall: not even the title" equal "$(grep -c 排水沟 "$home/out")" 0

# ---- tasks and what is due
check "task: given" answers "$id.test(r.op)" case task "$number" 量一量沟 --owner 李调解 --due 2031-02-28
task=$(grep -o '[0-9a-f]\{64\}' "$home/out" | cut -c1-8)
check "task: no day of the calendar" refuses 1 "a day of the calendar" \
    case task "$number" 量沟 --owner 李调解 --due 2031-02-29
check "task list: it stands there once" answers \
    'r.items.length == 1 && r.items[0].owner == "李调解" && r.items[0].state && r.items[0].colour' task list
check "task-done: another" refuses 1 "there is no such task" case task-done "$number" 00000000
check "task-done" exits 0 village1 case task-done "$number" "$task" --remark 两尺
check "task list: nothing is left" answers 'r.items.length == 0' task list
check "task list: unless all are asked for" answers 'r.items[0].state == "done"' task list --all
check "due: the case itself waits" answers \
    'r.items.every(i => i.wait && i.state) && r.items.some(i => i.wait == "settle")' due
check "due set: a rule" answers 'r.rules.some(u => u.wait == "settle" && u.days == 7 && u.category == "邻里")' \
    due set settle --category 邻里 --days 7
check "due set: no such wait" refuses 1 "wait" due set nothing --days 7

# ---- conflicts: a machine alone makes none, and what it wrote is taken back
check "conflict list: none" answers 'r.cases.length == 0 && r.next === null' conflict list
check "conflict show: none" answers 'r.conflicts.length == 0 && r.number' conflict show "$number"
check "conflict settle: nothing waits" refuses 1 "nothing in 'title' waits to be settled" \
    conflict settle "$number" title --choose 1
check "case set" exits 0 village1 case set "$number" title 水沟
check "conflict undo" answers "$id.test(r.op)" conflict undo "$number" title
check "conflict undo: it says what it said" answers 'r.cases[0].title == "排水沟"' case list
check "conflict undo: nobody wrote that" refuses 1 "nobody has written to that field" \
    conflict undo "$number" place

# ---- village rules, agreements and papers
printf '第一条 邻里和睦\n第三条 田埂以村里测量为准\n' > "$home/in"
check "rules add: not a mediator's" as_mediator 6 rules add - --title 村规民约 --edition 2026
check "rules add" answers "$id.test(r.op) && $id.test(r.rules)" rules add - --title 村规民约 --edition 2026
printf '没有编号\n' > "$home/in"
check "rules add: a line without a number" refuses 2 "line 1 is no clause" rules add - --edition 2027
: > "$home/in"
check "rules list" answers 'r.rules.length == 1 && r.rules[0].version == "2026" && r.rules[0].versions == 1' \
    rules list
check "rules show" answers 'r.versions[0].clauses[1][1] == "田埂以村里测量为准"' rules show
check "agreement: a clause that is none" refuses 1 "no village rules here have a clause" \
    agreement new "$number" --terms 各让半米 --clause 第九条
check "agreement: of one party" refuses 1 "between two parties or more" \
    agreement new "$number" --terms 各让半米 --party 张某:甲方
check "agreement" answers "$id.test(r.op)" agreement new "$number" --terms 各让半米 --clause 第三条 \
    --deadline 2031-12-31
check "print" answers 'r.bytes > 1000' print "$number" --set agreement \
    --out "$home/a.html"
check "print: what was agreed, by which clause" \
    equal "$(grep -c -e 各让半米 -e 田埂以村里测量为准 "$home/a.html")" 2
check "print: nothing is fetched" equal "$(grep -ci -e 'src="http' -e 'href="http' "$home/a.html")" 0
check "print: no such paper" refuses 1 "there is no such paper" print "$number" --set none --out "$home/b.html"
check "print: no file either" equal "$(find "$home" -name b.html)" ""

# ---- import and lists
printf 'category,title,narrative\n邻里,甲,经过\n邻里,,经过\n' > "$home/bad.csv"
printf 'category,title,narrative\n邻里,=甲,经过\n土地,乙,经过\n' > "$home/good.csv"
check "import: a line is wrong" exits 1 village1 import "$home/bad.csv" --dry-run
check "import: which" grep -qF "line 3: title is missing" "$home/out" "$home/err"
check "import: nothing of it is taken" exits 1 village1 import "$home/bad.csv"
check "import --dry-run" answers 'r.taken == 2 && r.known == 0' import "$home/good.csv" --dry-run
check "import --dry-run: nothing is taken" answers 'r.cases.length == 1' case list
check "import" answers 'r.taken == 2 && r.problems.length == 0' import "$home/good.csv"
check "import: the same again" answers 'r.taken == 0 && r.known == 2' import "$home/good.csv"
check "list: a page, and the next" answers 'r.cases.length == 2 && r.next' case list --limit 2
check "list: by category" answers 'r.cases.length == 1 && r.cases[0].title == "乙"' case list --category 土地
check "list --csv" exits 0 village1 case list --csv
check "list --csv: a mark, and no formula" equal "$(head -c 3 "$home/out" | od -An -tx1 | tr -d ' ') \
$(grep -c "'=甲" "$home/out")" "efbbbf 1"
check "list --xlsx" exits 0 village1 case list --xlsx "$home/cases.xlsx"
check "list --xlsx: a file of Excel" equal "$(head -c 4 "$home/cases.xlsx" | od -An -tx1 | tr -d ' ')" 504b0304
check "list: one of them" refuses 2 "exclude each other" case list --csv --json
check "list: no day" refuses 2 "--since is a day of the calendar" case list --since 昨天

# ---- what is sealed, and for how long
printf '13855550000\n' > "$home/in"
check "identity: kept" answers "$id.test(r.op)" case identity "$number" --party 李某 --phone -
printf '330000199001011234\n' > "$home/in"
check "identity: mistyped" refuses 1 "one was mistyped" case identity "$number" --party 张某 --id-number -
: > "$home/in"
check "identity show: a steward's" answers 'r.phone == "13855550000" && r.id_number == ""' \
    case identity show "$number" --party 李某
check "identity show: not a mediator's" as_mediator 6 case identity show "$number" --party 李某
check "identity show: and she is told so" said "only a steward reads what is sealed"
check "identity: it lies open nowhere" none_of 13855550000
check "retention list" answers \
    'r.is_trusted === false && r.notices.length == 0 && r.rules.some(u => u.category == "minor")' retention list
check "retention set: a steward's" as_mediator 6 retention set 邻里 --years 5
check "retention set: too many years" refuses 1 "0 to 100" retention set 邻里 --years 101
check "retention set" exits 0 village1 retention set 邻里 --years 5 --identity-years 1
check "retention list: the rule" answers 'r.rules.some(u => u.category == "邻里" && u.years == 5)' \
    retention list
check "retention keep" answers "$id.test(r.op)" retention keep "$number" --reason 还在法院

# ---- what was sent to somebody, and is nobody's case yet
printf '\357\273\277巷口的灯坏了三天\n' > "$home/in"
check "paste add: from standard input" as_mediator 0 paste add -
check "paste add: its number" equal "$(cat "$home/out")" 1
check "paste add: and for how long it stays" grep -qF "7 days of running time" "$home/err"
check "paste add: the same again is the same" answers 'r.paste == 1 && r.known === true' \
    paste add --text 巷口的灯坏了三天
: > "$home/in"
check "paste add: nothing" refuses 2 "what is to be kept?" paste add
check "paste add: an empty file" refuses 2 "there is nothing in that file" paste add -
check "paste add: two texts" refuses 2 "one text at a time" \
    paste add --file "$home/good.csv" --text 两段
printf 'GIF89a\377\377' > "$home/moving.gif"
check "paste add: no picture that is known here" refuses 1 "JPEG and PNG" \
    paste add --file "$home/moving.gif"
check "paste add: a file that is not there" refuses 1 "none.jpg" paste add --file "$home/none.jpg"
printf 'P3 2 1 255 9 9 9 200 200 200\n' | cjpeg | wrjpgcom -comment CANARY-MAKER > "$home/photo.jpg"
check "paste add: a picture and a text" answers 'r.paste == 2 && r.known === false' \
    paste add --file "$home/photo.jpg" --text 隔壁的水又流进来了
check "paste list" answers 'r.pastes.length == 2 && r.pastes.every(p => p.days_left == 7 && !p.ending) &&
    r.pastes.some(p => p.by == "李调解" && p.type == "" && p.text == "巷口的灯坏了三天")' paste list
check "status: two of them" answers 'r.pastes == 2 && r.pastes_ending == 0' status
check "paste show" answers 'r.type == "image/jpeg" && r.size > 0 && r.by == "陈某"' paste show 2
check "paste show: no number" refuses 2 "is no number of a paste" paste show 二
check "paste show: none of that number" refuses 1 "there is no paste of that number" paste show 77
check "paste get: only a text" refuses 1 "there is no photo" paste get 1 --out "$home/no.jpg"
check "paste get: no file either" equal "$(find "$home" -name no.jpg)" ""
check "paste get" exits 0 village1 paste get 2 --out "$home/kept.jpg"
check "paste get: the picture" cmp <(djpeg "$home/photo.jpg") <(djpeg "$home/kept.jpg")
none "paste get: without what told of its maker" "$(grep -ao CANARY-MAKER "$home/kept.jpg")"
check "paste get: nor does it lie open in the file" none_of CANARY-MAKER
check "paste case: of a minor, with a photo" refuses 1 "keeps no photo" \
    paste case 2 --category 邻里 --title 水沟 --party child --minor
check "paste case: nothing has come of it" answers 'r.pastes.length == 2' paste list
check "paste case" answers "r.number && $id.test(r.file)" paste case 2 --category 邻里 --title 院墙
pasted=$(sed -n 's/.*"number":"\([^"]*\)".*/\1/p' "$home/out")
check "paste case: the text is its narrative" exits 0 village1 case show "$pasted"
check "paste case: word for word" grep -qF 隔壁的水又流进来了 "$home/out"
check "paste case: the picture is its file" answers \
    'r.files.length == 1 && r.files[0].type == "image/jpeg"' attach list "$pasted"
check "paste case: not twice" refuses 1 "it became a case" paste case 2 --category 邻里 --title 院墙
check "paste drop" as_mediator 0 paste drop 1
check "paste drop: not twice" refuses 1 "there is no paste of that number" paste drop 1
check "paste drop: nothing is left" answers 'r.pastes.length == 0' paste list
check "paste drop: not in the files either" none_of 巷口的灯坏了三天

# ---- who sees what, and who finds what
check "policy show" answers \
    'r.lines.length > 20 && r.lines.every(l => l.topic && l.about && l.en && l.zh_cn)' policy show
check "policy show: in no other language" refuses 2 "--lang is zh_CN or en" policy show --lang fr
check "search" answers 'r.hits.some(h => h.kind == "case" && h.number && h.snippet.includes("沟"))' search 排水沟
check "search: nothing" answers 'r.hits.length == 0 && r.next === null' search 水井
check "search: what is sealed is not looked through" answers 'r.hits.length == 0' search 13855550000
check "search: no word" refuses 2 "something is missing" search

stop village1
check "the check finds nothing wrong" "$fengqiaod" check --dir "$home/village1"
complete=yes
