#!/bin/sh
# Awkward lines: each gets exactly one answer, and the next request is understood again.
# usage: conform_lines.sh PROGRAM
set -eu

program=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# digits N: 2 * N hex digits
digits() {
    head -c "$1" /dev/zero | od -An -v -tx1 | tr -d ' \n'
}

# expect NAME: what the program says to $dir/in is $dir/expected
expect() {
    "$program" <"$dir/in" >"$dir/out"
    if ! diff "$dir/expected" "$dir/out"; then
        echo "failed: $1" >&2
        exit 1
    fi
}

hash_of_none=$(echo 'blake2b -' | "$program")

: >"$dir/in"
: >"$dir/expected"
expect "no request gets no answer"

printf 'blake2b -' >"$dir/in"
echo "$hash_of_none" >"$dir/expected"
expect "a last line without its newline is answered"

printf 'blake2b -\r\nblake2b \000-\n\001\nblake2b \303\244\n\nblake2b -\n' >"$dir/in"
{
    for i in 1 2 3 4; do
        echo "error a byte that is not printable ASCII"
    done
    echo "error empty request"
    echo "$hash_of_none"
} >"$dir/expected"
expect "bytes that are not printable are refused"

# "blake2b " and the digits: 4 MiB exactly, and two bytes more.
{
    printf 'blake2b '
    digits 2097148
    printf '\nblake2b '
    digits 2097149
    printf '\nblake2b -\n'
} >"$dir/in"
head -n 1 "$dir/in" | "$program" >"$dir/expected"
grep -Eq '^[0-9a-f]{128}$' "$dir/expected"
{
    echo "error the line is longer than 4 MiB"
    echo "$hash_of_none"
} >>"$dir/expected"
expect "a line above the limit is refused and skipped"

{
    printf 'help'
    i=0
    while [ $i -lt 300 ]; do
        printf ' x'
        i=$((i + 1))
    done
    printf '\nblake2b -\n'
} >"$dir/in"
printf 'error too many words, or two spaces together\n%s\n' "$hash_of_none" \
    >"$dir/expected"
expect "too many words are refused"
