#!/bin/sh
# age_stock.sh SAMPLE: the stock age tool opens what SAMPLE seals, and SAMPLE what age seals,
# as bytes and as text, for a key and for a passphrase, of lengths around a chunk.
set -eu
sample=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
passed=0

fail() {
    echo "FAILED: $1" >&2
    exit 1
}
same() { # what it was about
    cmp -s "$folder/text" "$folder/opened" || fail "$1: opened as something else"
    passed=$((passed + 1))
}
command -v age >/dev/null || fail "age is not installed"

"$sample" identity >"$folder/identity"
recipient=$(age-keygen -y "$folder/identity") || fail "age does not read the identity"
for len in 0 1 65519 65520 65535 65536 65537 131072 300000; do
    head -c "$len" /dev/urandom >"$folder/text"
    "$sample" seal <"$folder/text" >"$folder/ours"
    age -d -i "$folder/identity" "$folder/ours" >"$folder/opened" ||
        fail "age does not open what we sealed, of $len bytes"
    same "ours, $len bytes"
    age -r "$recipient" <"$folder/text" >"$folder/theirs"
    "$sample" open <"$folder/theirs" >"$folder/opened" ||
        fail "we do not open what age sealed, of $len bytes"
    same "theirs, $len bytes"
    age -a -r "$recipient" <"$folder/text" >"$folder/theirs"
    "$sample" open <"$folder/theirs" >"$folder/opened" ||
        fail "we do not open what age wrote as text, of $len bytes"
    same "theirs as text, $len bytes"
done

# The stock tool asks for a passphrase on a terminal alone: script(1) makes one.
head -c 70000 /dev/urandom >"$folder/text"
"$sample" seal-passphrase <"$folder/text" >"$folder/ours"
echo "six words that only this test uses" |
    script -qec "age -d -o '$folder/opened' '$folder/ours'" /dev/null >/dev/null ||
    fail "age does not open what we sealed with a passphrase"
same "ours, with a passphrase"
echo "$passed passed, 0 failed"
