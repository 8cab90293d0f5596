#!/bin/sh
# sshsig_keygen.sh SAMPLE: stock ssh-keygen confirms what SAMPLE signs, for each of several
# messages, and refuses another message, namespace, person and a damaged signature.
set -eu
sample=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
passed=0

fail() {
    echo "FAILED: $1" >&2
    exit 1
}
verify() { # message namespace person
    ssh-keygen -Y verify -f "$folder/allowed_signers" -I "$3" -n "$2" \
        -s "$folder/message.sig" <"$1" >"$folder/said" 2>&1
}
must_hold() {
    verify "$2" "$3" "$4" || { cat "$folder/said" >&2; fail "$1"; }
    passed=$((passed + 1))
}
must_fail() {
    if verify "$2" "$3" "$4"; then fail "$1"; fi
    passed=$((passed + 1))
}

command -v ssh-keygen >/dev/null || fail "ssh-keygen (openssh-client) is not installed"

: >"$folder/empty"
printf 'one' >"$folder/short"
head -c 100000 /dev/zero >"$folder/long"
for message in empty short long; do
    for namespace in op@fengqiao n 12345678901234567890123456789012; do
        "$sample" "$folder" "$namespace" <"$folder/$message"
        must_hold "ssh-keygen confirms $message in $namespace" \
            "$folder/$message" "$namespace" mediator
    done
done

"$sample" "$folder" op@fengqiao <"$folder/short"
must_fail "another message is refused" "$folder/long" op@fengqiao mediator
must_fail "another namespace is refused" "$folder/short" seal@fengqiao mediator
must_fail "another person is refused" "$folder/short" op@fengqiao steward
# The last line but one holds the end of the signature; swap its first two characters.
lines=$(wc -l <"$folder/message.sig")
sed -i "$((lines - 1))s/^\(.\)\(.\)/\2\1/" "$folder/message.sig"
must_fail "a damaged signature is refused" "$folder/short" op@fengqiao mediator

echo "$passed passed, 0 failed"
