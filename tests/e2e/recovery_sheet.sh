#!/usr/bin/env bash
# The recovery sheet as other people's programs see it: it prints on one page of A4, whatever
# the site is called, and by its three lines the stock age opens what was sealed to its key.
# usage: recovery_sheet.sh BUILD-DIR
# shellcheck disable=SC2317 # check calls the functions
build=${1:?usage: recovery_sheet.sh BUILD-DIR}
seconds=100
# shellcheck source-path=SCRIPTDIR source=nodes.sh
. "$(dirname "$0")/nodes.sh"
for program in age age-keygen chromium pdfinfo pdftotext; do
    command -v "$program" > /dev/null || {
        echo "no $program: packaging/deps test installs it"
        exit 77
    }
done

found() { # which, name of the site
    "$fengqiaod" init --dir "$home/$1" --tier village --name "$2" --steward 陈某 \
        --pin-file "$home/pin" --sheet "$home/$1.html" > "$home/$1.said"
}
prints() { # which
    bounded 60 chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer \
        --user-data-dir="$home/chromium" --print-to-pdf="$home/$1.pdf" "$home/$1.html" \
        > "$home/$1.chromium" 2>&1 || { cat "$home/$1.chromium" && false; }
    pdfinfo "$home/$1.pdf" > "$home/$1.info" &&
        grep -qE '^Pages: +1$' "$home/$1.info" && grep -q '(A4)$' "$home/$1.info" ||
        { cat "$home/$1.info" && false; }
}
# What stands on the paper, without the blanks of its layout.
shows() { # which, text
    pdftotext -layout "$home/$1.pdf" - | tr -d ' \n\f' | grep -qF -e "$2"
}
of_page() { # which, sed expression
    sed -n "$2" "$home/$1.html" | sed 's/<[^>]*>//g; s/&gt;/>/g; s/&amp;/\&/g; s/&quot;/"/g'
}
opens() { # what lies in found, by the lines of the sheet and nothing else
    (cd "$home/found" && of_page short '/<pre>/,/<\/pre>/p' > ../lines &&
        equal "$(lines ../lines)" 3 && printf '%s\n' "$key" | bash -e ../lines &&
        cmp fengqiao-backup-1 ../sealed/fengqiao-backup-1 &&
        cmp fengqiao-backup-2 ../sealed/fengqiao-backup-2 && [ ! -e key.txt ])
}

check 'a site is founded with a sheet' found short 枫源村
check 'its sheet prints on one page of A4' prints short
key=$(of_page short 's/.*\(AGE-SECRET-KEY-1[0-9A-Z]*\)<.*/\1/p')
check 'the paper shows the key of the backups' shows short "$key"
check 'and the recovery key' shows short "$(sed -n 's/^recovery *//p' "$home/short.said")"
number=0
while read -r word; do
    number=$((number + 1))
    shows short "$number.$word" || fail "word $number is not on the paper"
done < <(of_page short 's/^.*<li>.*<\/b> \(.*\)<\/li>$/\1/p')
check 'and 24 words with their numbers' equal "$number" 24

for width in W 枫; do
    name=$(printf "$width%.0s" $(seq 120))
    [ "$width" = W ] || name=${name:0:40}
    check "a name of 120 bytes, $width: founded" found "long$width" "$name"
    check "a name of 120 bytes, $width: one page" prints "long$width"
done

mkdir "$home/found" "$home/sealed"
head -c 70000 /dev/urandom > "$home/sealed/fengqiao-backup-1"
printf 'two' > "$home/sealed/fengqiao-backup-2"
recipient=$(printf '%s\n' "$key" | age-keygen -y)
for file in fengqiao-backup-1 fengqiao-backup-2; do
    age -r "$recipient" -o "$home/found/$file.age" "$home/sealed/$file"
done
check 'the stock age opens backups by the three lines of the sheet' opens
complete=yes
