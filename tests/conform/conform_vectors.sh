#!/bin/sh
# The vectors of flynn/noise for our two handshakes, as Debian's package
# golang-github-flynn-noise-dev installs them. Fails where it is not installed, and where
# it holds no vector for one of the two.
# usage: conform_vectors.sh PROGRAM
set -eu

program=$1
vectors=/usr/share/gocode/src/github.com/flynn/noise/vectors.txt
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# Paragraphs of key=value lines become requests, and the messages that they expect.
awk -v requests="$dir/requests" -v expected="$dir/expected" '
function flush_vector(    i) {
    if (name == "Noise_XK_25519_ChaChaPoly_BLAKE2b" ||
        name == "Noise_XXpsk0_25519_ChaChaPoly_BLAKE2b") {
        print "noise " name arguments payloads > requests
        print messages > expected
    }
    name = arguments = payloads = messages = ""
}
BEGIN {
    word["init_static"] = "init_static"
    word["resp_static"] = "resp_static"
    word["gen_init_ephemeral"] = "init_ephemeral"
    word["gen_resp_ephemeral"] = "resp_ephemeral"
    word["prologue"] = "prologue"
    word["preshared_key"] = "psk"
    FS = "="
}
$1 == "handshake" { flush_vector(); name = $2; next }
$1 in word { arguments = arguments " " word[$1] "=" ($2 == "" ? "-" : $2) }
$1 ~ /_payload$/ { payloads = payloads " payload=" ($2 == "" ? "-" : $2) }
$1 ~ /_ciphertext$/ { messages = messages (messages == "" ? "" : " ") $2 }
END { flush_vector() }
' "$vectors"

# What is left of each answer without the handshake hash, which the vectors do not have.
"$program" <"$dir/requests" | sed -E 's/ [0-9a-f]{128}$//' >"$dir/answers"
diff "$dir/expected" "$dir/answers"

for pattern in XK XXpsk0; do
    count=$(grep -c "^noise Noise_${pattern}_" "$dir/requests" || true)
    echo "$pattern: $count vectors"
    [ "$count" -gt 0 ]
done
