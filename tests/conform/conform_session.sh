#!/bin/sh
# Two programs shake hands over pipes, one message at a time, and then talk. Answers have
# to come at once, or this would wait for ever.
# usage: conform_session.sh PROGRAM
set -eu

program=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

mkfifo "$dir/a_in" "$dir/a_out" "$dir/b_in" "$dir/b_out"
"$program" <"$dir/a_in" >"$dir/a_out" &
"$program" <"$dir/b_in" >"$dir/b_out" &
exec 3>"$dir/a_in" 4<"$dir/a_out" 5>"$dir/b_in" 6<"$dir/b_out"

a() {
    echo "$*" >&3
    read -r answer <&4
    echo "$answer"
}

b() {
    echo "$*" >&5
    read -r answer <&6
    echo "$answer"
}

# is WHAT EXPECTED GOT
is() {
    if [ "$2" != "$3" ]; then
        echo "failed: $1: expected $2, got $3" >&2
        exit 1
    fi
}

# repeat BYTE: a key of 32 such bytes
repeat() {
    printf "$1%.0s" 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 \
        27 28 29 30 31 32
}

# talk: three handshake messages, the hash, both directions, and a forged message
talk() {
    is "payload 1" 6f6e65 "$(b noise-read "$(a noise-write 6f6e65)")"
    is "payload 2" - "$(a noise-read "$(b noise-write -)")"
    is "hash too early" "error the handshake is not done" "$(a noise-hash)"
    is "payload 3" 7468726565 "$(b noise-read "$(a noise-write 7468726565)")"
    is "hash" "$(a noise-hash)" "$(b noise-hash)"
    for payload in 00 - ffee; do
        is "to the responder" $payload "$(b noise-read "$(a noise-write $payload)")"
        is "to the initiator" $payload "$(a noise-read "$(b noise-write $payload)")"
    done
    message=$(a noise-write 0102)
    is "a forged message" bad "$(b noise-read "00$message")"
    is "the right one after it" 0102 "$(b noise-read "$message")"
    is "the same again" bad "$(b noise-read "$message")"
}

# The public key of 32 times 02, by X25519 with the base point 9.
base=09$(repeat 00 | cut -c 3-)
resp_public=$(a x25519 "$(repeat 02)" "$base")

xk=Noise_XK_25519_ChaChaPoly_BLAKE2b
is "start" ok "$(a noise-start $xk init prologue=0011 static="$(repeat 01)" \
    ephemeral="$(repeat 03)" remote_static="$resp_public")"
is "start" ok "$(b noise-start $xk resp prologue=0011 static="$(repeat 02)" \
    ephemeral="$(repeat 04)")"
talk

psk0=Noise_XXpsk0_25519_ChaChaPoly_BLAKE2b
is "start" ok "$(a noise-start $psk0 init static="$(repeat 01)" ephemeral="$(repeat 03)" \
    psk="$(repeat 05)")"
is "start" ok "$(b noise-start $psk0 resp static="$(repeat 02)" ephemeral="$(repeat 04)" \
    psk="$(repeat 05)")"
talk

# Another pre-shared key: the first message does not hold.
is "start" ok "$(a noise-start $psk0 init static="$(repeat 01)" ephemeral="$(repeat 03)" \
    psk="$(repeat 06)")"
is "start" ok "$(b noise-start $psk0 resp static="$(repeat 02)" ephemeral="$(repeat 04)" \
    psk="$(repeat 05)")"
is "another key" bad "$(b noise-read "$(a noise-write -)")"

exec 3>&- 5>&-
wait
