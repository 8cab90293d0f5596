#!/usr/bin/env bash
# A card that dies: backups through the real client, a machine made anew from the newest one by
# the recovery key, and peers that take it for what it is; what the backup lacks comes back
# from them. A stock age opens the files.
# usage: restore.sh BUILD-DIR
# shellcheck disable=SC2317 # functions are called with conditions
build=${1:?usage: restore.sh BUILD-DIR}
seconds=240
# shellcheck source-path=SCRIPTDIR source=nodes.sh
. "$(dirname "$0")/nodes.sh"

new_case() { # node, title
    at "$1" case new --category 邻里 --title "$2" --narrative "CANARY $2" --context 去年修过 \
        --party 张某:甲方 | tail -n 1
}
escalate() { # node, case
    at "$1" case triage "$2" --beyond --decision escalate --reason 两次未成 > /dev/null
    at "$1" case consent "$2" --party 张某 --fields title,context --manner oral --witness 王某 > /dev/null
    at "$1" escalate "$2" --fields title,context --reason 请镇里看 --yes | tail -n 1
}

found township 桥头镇 林某 || exit 1
"$fengqiaod" init --dir "$home/village1" --tier village --name 枫源村 --steward 陈某 \
    --pin-file "$home/pin" > "$home/init" || exit 1
sed -n 's/^recovery *//p' "$home/init" > "$home/recovery"
chmod 600 "$home/recovery"
start township && start village1 || exit 1
check "they pair" pair township village1
check "no backup yet" exits 0 village1 backup status
check "says what is at stake" says 'There is no backup'

one=$(new_case village1 水沟)
record=$(escalate village1 "$one")
head -c 400000 /dev/urandom | base64 > "$home/photo.txt"
at village1 attach add "$one" "$home/photo.txt" > /dev/null 2>&1
bounded 30 "$fengqiao" --dir "$home/village1" sync --wait > /dev/null 2>&1
folder=$home/folder
mkdir "$folder"
check "a folder that is not there" exits 1 village1 backup write --stick "$home/none"
check "backup" exits 0 village1 backup write --stick "$folder"
check "everything" says 'everything'
none "nothing can be read in it" "$(grep -al 'CANARY\|水沟' "$folder"/*)"
check "it can be restored" daemon 0 try-backup --dir "$home/village1" --from "$folder"
check "status knows" exits 0 village1 backup status --json
check "when it was tried" says '"verified_wall":[1-9]'
none "the scratch is gone" "$(ls "$home/village1" | grep try-backup)"
before=$(ls "$folder" | wc -l)
check "a quiet day" exits 0 village1 backup write --stick "$folder"
check "takes one file" equal "$(ls "$folder" | wc -l)" $((before + 1))
check "of the least size" equal "$(stat -c %s "$folder/$(ls "$folder" | tail -n 1)" |
    awk '{ print ($1 < 67000) }')" 1

# ---- the three commands of the sheet
if command -v age > /dev/null; then
    "$build"/tests/conform/fengqiao-conform < /dev/null > /dev/null 2>&1
    bounded 60 "$fengqiaod" init --dir "$home/other" --tier village --name 别村 --steward 王某 \
        --pin-file "$home/pin" --sheet "$home/sheet.html" > "$home/init2"
    grep -o 'AGE-SECRET-KEY-1[0-9A-Z]*' "$home/sheet.html" | head -n 1 > "$home/age.key"
    address[other]=127.0.0.1:0
    start other || exit 1
    mkdir "$home/others"
    check "another site's backup" exits 0 other backup write --stick "$home/others"
    check "a stock age opens it with the key on the sheet" age -d -i "$home/age.key" \
        -o "$home/plain" "$home/others/fengqiao-backup-0001.age"
    check "and reads what stands there" grep -aq 别村 "$home/plain"
    check "and not the first site's" bash -c "! age -d -i '$home/age.key' '$folder'/fengqiao-backup-0001.age > /dev/null 2>&1"
    check "nor does fengqiaod mix them" daemon 77 restore --dir "$home/mixed" --from "$home/others" \
        --recovery-file "$home/recovery"
    none "nothing is left of that" "$(ls -d "$home/mixed" 2> /dev/null)"
    stop other
fi

# ---- after the last backup
two=$(new_case village1 田界)
second=$(escalate village1 "$two")
lost=$(new_case village1 家事)
bounded 30 "$fengqiao" --dir "$home/village1" sync --wait > /dev/null 2>&1
check "the township has both" equal "$(at township inbox --json | grep -o '"id":"[0-9a-f]*"\|"escalation":"[0-9a-f]*"' | sort -u | wc -l | awk '{ print ($1 >= 2) }')" 1
crash village1
rm -rf "$home/village1"

check "a wrong key" daemon 64 restore --dir "$home/village1" --from "$folder" --recovery-file "$home/pin"
cp -r "$folder" "$home/torn"
rm "$home/torn/fengqiao-backup-0001.age"
check "a file is missing" daemon 65 restore --dir "$home/village1" --from "$home/torn" \
    --recovery-file "$home/recovery"
none "nothing is left of that, too" "$(ls -d "$home/village1" 2> /dev/null)"
cp -r "$folder" "$home/bad"
printf x | dd of="$home/bad/fengqiao-backup-0001.age" bs=1 seek=9000 conv=notrunc 2> /dev/null
check "a file is damaged" daemon 65 restore --dir "$home/village1" --from "$home/bad" \
    --recovery-file "$home/recovery"
check "which one" says 'file 0001'
check "restore" daemon 0 restore --dir "$home/village1" --from "$folder" --recovery-file "$home/recovery"
check "says what it is now" says 'This machine is now the one'
check "not twice" daemon 73 restore --dir "$home/village1" --from "$folder" --recovery-file "$home/recovery"
check "it is whole" daemon 0 check --dir "$home/village1"
start village1 || exit 1
check "the steward's PIN is the old one" exits 0 village1 case note "$one" 修好了
check "the file is there" exits 0 village1 attach list "$one"
check "the township takes it back" bounded 60 "$fengqiao" --dir "$home/village1" sync --wait
check "what had gone up comes back" bash -c "FENGQIAO_PIN_FILE=$home/pin '$fengqiao' --dir '$home/village1' show '$second' > /dev/null"
check "what had not is gone" exits 1 village1 case show "$lost"
check "no alarm at the township" exits 0 township peer list --json
none "none" "$(grep -o '"alarms":\[{[^]]*' "$home/out")"
check "status says so" exits 0 village1 status
check "restored" says 'restored from a backup'
three=$(new_case village1 新事)
check "a new number is none that was given" bash -c "[ '$three' != '$two' ] && [ '$three' != '$lost' ]"
check "and backups go on" exits 0 village1 backup write --stick "$folder"
check "whole as ever" daemon 0 try-backup --dir "$home/village1" --from "$folder"
stop village1
stop township
none "no process is left" "$(strays)"
complete=yes
