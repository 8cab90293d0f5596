#!/usr/bin/env bash
# A mediator's laptop: a second node of a village, as real processes and through the real
# client. It joins by a code, has the whole of the village, goes up the hill, comes home;
# and then it is lost.
# usage: laptop.sh BUILD-DIR
# shellcheck source=tests/e2e/nodes.sh disable=SC2154 # nodes.sh makes $home and the rest
set -u
build=${1:?usage: laptop.sh BUILD-DIR}
seconds=150
. "$(dirname "$0")/nodes.sh"

found township 青河镇 吴某 && found village 枫源村 陈某 || exit 1
start township && start village || exit 1
pair township village > /dev/null || exit 1
new_case() { # node, title
    at "$1" case new --category 邻里 --title "$2" --narrative "CANARY两家争执$2" --context 去年修过 \
        --party 张某:applicant | tail -n 1
}
join() { # directory, code, words for join
    local node=$1 code=$2
    shift 2
    bounded 60 "$fengqiaod" join --dir "$home/$node" --name 山上 --at "${address[village]}" \
        --code "$code" "$@"
}
code_of() { at village node invite | tail -n 1; }
ends_with() { # exit code, command
    local want=$1 rc
    shift
    "$@"
    rc=$?
    equal "$rc" "$want"
}
shows() { # node, text, words of the client
    local node=$1 text=$2
    shift 2
    at "$node" "$@" | grep -q -- "$text"
}
until_shows() { # the same, for up to 20 s
    for _ in $(seq 80); do
        shows "$@" && return 0
        sleep 0.25
    done
    shows "$@"
}
gone() { [ ! -e "$home/$1" ]; }

first=$(new_case village 水沟)
printf '水沟的照片' > "$home/沟.txt"
check "village: a case with a file" at village attach add "$first" "$home/沟.txt"

# ---- codes that do not open
check "code: five words are none" ends_with 64 join laptop "bamo ceti dulu fana gise"
code=$(code_of | tr " " "\n" | tac | paste -sd" ") # six words, and nobody's code
check "code: nobody made it" ends_with 77 join laptop "$code"
check "code: and nothing is left of it" gone laptop
check "code: nobody is at that address" ends_with 69 \
    bounded 60 "$fengqiaod" join --dir "$home/laptop" --name 山上 --at 127.0.0.1:1 \
    --code "$code"
code=$(at village peer invite | tail -n 1)
check "code: one for a site opens to no machine" ends_with 77 join laptop "$code"

# ---- joining
code=$(code_of)
link() { # kind
    echo "fengqiao:$1?code=${code// /-}&at=${address[village]}"
}
check "code: a link for a site opens to no machine" ends_with 64 \
    bounded 60 "$fengqiaod" join --dir "$home/laptop" --name 山上 --code "$(link pair)"
bounded 60 "$fengqiaod" join --dir "$home/laptop" --name 山上 --code "$(link join)" > "$home/said" 2>&1
rc=$?
check "join: it does" equal "$rc" 0
words=$(sed -n 's/^words  *//p' "$home/said")
check "join: it names the site" grep -q 枫源村 "$home/said"
check "join: the village shows the same two words" shows village "$words" site
check "join: the code is used up" ends_with 77 join second "$code"
check "join: no second time in the same place" ends_with 73 join laptop "$code"
start laptop || exit 1
check "laptop: it gets the case" until_shows laptop 水沟 case list
check "laptop: the steward's PIN opens there" at laptop case note "$first" 在山上看过
attached() { # by name, whose id the list shows
    local id
    id=$(at laptop attach list "$first" --json | sed -n 's/.*"op": *"\([0-9a-f]*\)".*/\1/p' | head -n 1)
    rm -f "$home/back"
    at laptop attach get "$first" "$id" --out "$home/back" && cmp "$home/back" "$home/沟.txt"
}
until_attached() {
    for _ in $(seq 60); do
        attached > /dev/null 2>&1 && return 0
        sleep 0.25
    done
    attached
}
check "laptop: and the file" until_attached
check "village: hears of the note at once" until_shows village 在山上看过 case show "$first"

# ---- up the hill and home
stop village
hill=$(new_case laptop 田埂)
check "hill: a case is written down there" test -n "$hill"
check "hill: and changed" at laptop case set "$first" title 山上的水沟
stop laptop
start village || exit 1
check "village: changes it too" at village case set "$first" title 屋后的水沟
new_case village 院墙 > /dev/null
start laptop || exit 1
check "home: the village has the case of the hill" until_shows village 田埂 case list
check "home: both see what was written in two ways" until_shows laptop "$first" conflict list
check "home: and so does the village" until_shows village "$first" conflict list
check "home: the laptop settles it" at laptop conflict settle "$first" title --text 后山水沟
check "home: the village knows" until_shows village 后山水沟 case show "$first"
check "home: they agree" at laptop sync --wait --timeout 20
both_numbers() { # 0002 was given on the hill, and at home
    bounded 25 "$fengqiao" --dir "$home/$1" case show "$hill" 2>&1 | grep -q 'means 2 records'
}
check "numbers: one that both gave names neither alone" both_numbers village

# ---- a PIN changes
printf '975310\n' > "$home/pin.new"
chmod 600 "$home/pin.new"
check "PIN: it is changed at home" at village person pin --pin-file "$home/pin.new"
check "PIN: they agree" at laptop sync --wait --timeout 20
new_pin_opens() {
    FENGQIAO_PIN_FILE=$home/pin.new at laptop case note "$first" 用新密码
}
until_new_pin() {
    for _ in $(seq 20); do
        new_pin_opens > /dev/null 2>&1 && return 0
        sleep 0.5
    done
    new_pin_opens
}
check "PIN: the new one opens on the laptop" until_new_pin
old_pin_is_out() { ! at laptop case note "$first" 用旧密码; }
check "PIN: and the old one does not" old_pin_is_out
export FENGQIAO_PIN_FILE=$home/pin.new

# ---- nothing of a case went upstairs
holds() { grep -rqs CANARY "$home/$1"; }
lacks() { ! holds "$1"; }
check "canary: the laptop has it" holds laptop
check "canary: the township has not" lacks township

# ---- the laptop is lost
at village node revoke 山上 > "$home/said" 2>&1
rc=$?
check "lost: the village revokes it" equal "$rc" 0
check "lost: and says what it had" grep -q '3 cases and 0 records' "$home/said"
new_case village 之后的事 > /dev/null
check "lost: the laptop gets no further" ends_with 5 at laptop sync --wait --timeout 5
never() { ! shows laptop 之后的事 case list; }
check "lost: it does not hear of what came later" never
check "lost: site says that it is revoked" shows village 'revoked' site
check "lost: the township refuses it" until_shows township 'revoked' status

for node in laptop village township; do stop "$node"; done
check "check: the village is sound" "$fengqiaod" check --dir "$home/village"
check "check: and so is the laptop" "$fengqiaod" check --dir "$home/laptop"
none "processes: none is left" "$(strays)"
complete=yes
