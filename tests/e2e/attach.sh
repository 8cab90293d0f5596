#!/usr/bin/env bash
# Files of a case through the real client, across a crash: what comes back, what is refused
# and with which exit code, and that nothing of a photograph tells of its maker.
# usage: attach.sh BUILD-DIR
# shellcheck disable=SC2317 # functions are called with conditions
build=${1:?usage: attach.sh BUILD-DIR}
seconds=120
# shellcheck source-path=SCRIPTDIR source=nodes.sh
. "$(dirname "$0")/nodes.sh"

says() { grep -q "$1" "$home/err" || { cat "$home/err" && false; }; }
same() { cmp "$1" "$2"; }
photograph() { # file
    {
        printf 'P6\n40 30\n255\n'
        head -c 3600 /dev/urandom
    } > "$home/photo.ppm"
    cjpeg -quality 70 "$home/photo.ppm" > "$1"
    exiftool -q -overwrite_original -Artist=CANARY-MAKER -GPSLatitude=29.7 \
        -GPSLatitudeRef=N -Comment=CANARY-COMMENT "$1"
}
tells_nothing() { # file
    ! grep -qa CANARY "$1" && [ -z "$(exiftool -s -GPS:all -Artist -Comment "$1")" ]
}

found village1 枫源村 陈某 || exit 1
start village1 || exit 1
number=$(at village1 case new --category 邻里 --title 水沟 --narrative 两家争执 | tail -n 1)
photograph "$home/photo.jpg"
printf '现场记录' > "$home/note.txt"
head -c 100000 /dev/urandom > "$home/noise.bin"
head -c 3145729 /dev/zero | tr '\0' x > "$home/large.txt"

photo=$(at village1 attach add "$number" "$home/photo.jpg" 2> /dev/null | tail -n 1)
note=$(at village1 attach add "$number" - --name 记录.txt < "$home/note.txt" 2> /dev/null | tail -n 1)
check "a picture and a text are attached" equal "${#photo} ${#note}" "12 12"
crash village1
start village1 || exit 1
check "the text comes back after kill -9" exits 0 village1 attach get "$number" "$note" --out "$home/back.txt"
check "as it was" same "$home/note.txt" "$home/back.txt"
check "the picture comes back" exits 0 village1 attach get "$number" "$photo" --out "$home/back.jpg"
check "with nothing that tells of its maker" tells_nothing "$home/back.jpg"
djpeg "$home/photo.jpg" > "$home/one.ppm"
djpeg "$home/back.jpg" > "$home/two.ppm"
check "and the same pixels" same "$home/one.ppm" "$home/two.ppm"
check "both are listed" equal "$(at village1 attach list "$number" --json | grep -o '"name"' | wc -l | tr -d ' ')" 2
none "nothing of them lies open on the disk" "$(grep -al -e CANARY -e 现场记录 "$home"/village1/node.db* 2> /dev/null)"

check "an unknown kind of file is refused" exits 1 village1 attach add "$number" "$home/noise.bin"
check "with a sentence" says "JPEG and PNG"
check "one that is too large as well" exits 1 village1 attach add "$number" "$home/large.txt"
check "with a sentence" says "smaller"
check "one that is not there" exits 1 village1 attach add "$number" "$home/missing"
check "a folder" exits 1 village1 attach add "$number" "$home"
check "a case that is not there" exits 1 village1 attach add 2026-9999 "$home/note.txt"
check "usage" exits 2 village1 attach add "$number"
check "an id that is too short" exits 1 village1 attach get "$number" abc --out "$home/x"
none "leaves no file" "$(ls "$home/x" 2> /dev/null)"

check "the picture is taken away" exits 0 village1 attach remove "$number" "$photo" --reason 拍到了旁人
check "and does not come back" exits 1 village1 attach get "$number" "$photo" --out "$home/x"
stop village1
check "the check finds nothing wrong" "$fengqiaod" check --dir "$home/village1"
complete=yes
