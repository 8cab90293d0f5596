#!/bin/sh
# Spacing by clang-format, folder maps, sizes and names of files.
set -u
cd "$1" || exit 2
bad=0
files=$(git ls-files --cached --others --exclude-standard | grep -E '\.[ch]$')
clang-format --dry-run --Werror $files || bad=1
for folder in crypto proto storage node/cases node/core node/io node/web cli packaging tests docs; do
    [ ! -d "$folder" ] || [ -z "$(ls "$folder")" ] || [ -f "$folder/README.md" ] ||
        { echo "$folder/README.md, the map of the folder, is missing"; bad=1; }
done
for file in $files; do
    lines=$(wc -l < "$file")
    [ "$lines" -le 800 ] || { echo "$file has $lines lines: two nouns?"; bad=1; }
done
# A noun has one home: no base name in two folders (tests apart).
twice=$(printf '%s\n' $files | grep -v '^tests/' | sed -E 's,^(.*)/([^/]*)\.[ch]$,\2 \1,' |
    sort -u | cut -d ' ' -f 1 | uniq -d)
[ -z "$twice" ] || { echo "in more than one folder: $twice"; bad=1; }
# A page of decisions is named by its number.
twice=$(ls docs/decisions | cut -c 1-4 | sort | uniq -d)
[ -z "$twice" ] || { echo "two decisions have the number $twice"; bad=1; }
exit $bad
