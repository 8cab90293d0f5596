#!/bin/sh
# The notes in an evidence file, and the proofs that `fengqiao verify --proofs` makes of it,
# before Go's libraries alone; and what was changed of them before both sides.
# usage: tlog_proofs.sh BUILD DIR
set -eu

build=$1
dir=$2
go=$(dirname "$0")/notes_go.sh
mkdir -p "$dir"
rm -rf "$dir"/proofs "$dir"/evidence*

trust=$("$build/tests/e2e/sample_evidence" "$dir/evidence")
"$build/cli/fengqiao" verify "$dir/evidence" --trust "$trust" --proofs "$dir/proofs" >"$dir/log"
said=$(sh "$go" "$dir" evidence "$build/tests/conform/fengqiao-conform" "$dir/evidence" \
    "$dir/proofs")
echo "$said"
case $said in
*" 1 cosignatures, 8 openings, 11 proofs") ;;
*) exit 1 ;;
esac

# In a changed copy something fails, or nobody is known any more who cosigned.
sh "$go" "$dir" spoil "$dir/evidence" "$dir/evidence"
copies=0
for copy in "$dir"/evidence.*; do
    copies=$((copies + 1))
    code=0
    told=$("$build/cli/fengqiao" verify "$copy" --trust "$trust" --json) || code=$?
    case $code,$told in
    3,*) ;;
    0,*'"unknown":1,"witnesses":[]'*) ;;
    *)
        echo "$copy: $code"
        exit 1
        ;;
    esac
done
[ "$copies" -ge 12 ]
