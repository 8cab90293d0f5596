#!/bin/sh
# Every request of answers.txt gets the answer written below it.
# usage: conform_answers.sh PROGRAM
set -eu

program=$1
file=$(dirname "$0")/answers.txt
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

sed -n 's/^> //p' "$file" >"$dir/requests"
sed -n 's/^< //p' "$file" >"$dir/expected"
"$program" <"$dir/requests" >"$dir/answers"

[ -s "$dir/expected" ]
diff "$dir/expected" "$dir/answers"

# Refusals of MessagePack say why, and never "ok".
printf 'msgpack %s\n' - c1 ddffffffff ca00000000 cc01 a1ff c0c0 82a16201a16101 |
    "$program" >"$dir/refusals"
[ "$(wc -l <"$dir/refusals")" -eq 8 ]
if grep -E '^(ok|error .*|)$' "$dir/refusals"; then
    echo "a refusal without its reason" >&2
    exit 1
fi
