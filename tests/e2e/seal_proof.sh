#!/bin/sh
# A proof against a machine that showed two histories, as a node of the simulator kept it,
# before our own program and before Go's libraries: both name one key.
# usage: seal_proof.sh BUILD DIR
set -eu

build=$1
dir=$2
mkdir -p "$dir"
rm -f "$dir/proof" "$dir/changed"

FENGQIAO_PROOF="$dir/proof" "$build/tests/sim/test_seal_api" >"$dir/log" 2>&1
ours=$("$build/cli/fengqiao" seal check --json "$dir/proof")
theirs=$(sh "$(dirname "$0")/notes_go.sh" "$dir" proof "$dir/proof")
echo "ours: $ours"
echo "theirs: $theirs"
case $ours in
*'"kind":"fork"'*'"proved":true'*) ;;
*) exit 1 ;;
esac
case $theirs in
"fork "*) ;;
*) exit 1 ;;
esac
# The same key: in hex there, as the test wrote it beside the file.
[ "$theirs" = "fork $(cat "$dir/proof.key")" ]

# One digit of a root is another: neither takes it.
sed -e '2s/^[^A]/A/;t' -e '2s/^A/B/' "$dir/proof" >"$dir/changed"
if "$build/cli/fengqiao" seal check "$dir/changed"; then exit 1; fi
if sh "$(dirname "$0")/notes_go.sh" "$dir" proof "$dir/changed"; then exit 1; fi
