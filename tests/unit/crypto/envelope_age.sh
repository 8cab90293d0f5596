#!/bin/sh
# envelope_age.sh SAMPLE: the stock age tool opens what SAMPLE seals, and SAMPLE what age
# seals; of several lengths, and with the same key.
set -eu
sample=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
passed=0

fail() {
    echo "FAILED: $1" >&2
    exit 1
}
command -v age >/dev/null || fail "age is not installed"

"$sample" identity >"$folder/identity"
recipient=$(age-keygen -y "$folder/identity") || fail "age does not read the identity"
for len in 0 1 100 1024; do
    head -c "$len" /dev/urandom >"$folder/text"
    "$sample" seal <"$folder/text" >"$folder/ours"
    age -d -i "$folder/identity" "$folder/ours" >"$folder/opened" ||
        fail "age does not open what we sealed, of $len bytes"
    cmp "$folder/text" "$folder/opened" || fail "age opened something else"
    age -r "$recipient" <"$folder/text" >"$folder/theirs"
    "$sample" open <"$folder/theirs" >"$folder/opened" ||
        fail "we do not open what age sealed, of $len bytes"
    cmp "$folder/text" "$folder/opened" || fail "we opened something else"
    passed=$((passed + 2))
done
echo "$passed passed, 0 failed"
