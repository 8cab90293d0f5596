#!/bin/sh
# Compares what make_vectors prints with the frozen file, byte for byte.
# usage: frozen.sh PROGRAM FILE
set -eu

made=$(mktemp)
trap 'rm -f "$made"' EXIT
"$1" >"$made"
cmp "$made" "$2"
