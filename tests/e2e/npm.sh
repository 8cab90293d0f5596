#!/bin/sh
# Installs the verifier's packages into DIR, a copy of the folder verifier. Nothing is
# installed again where the lock is the same as before.
# usage: npm.sh DIR
set -eu

dir=$1
source=$(dirname "$0")/verifier

mkdir -p "$dir"
if [ -d "$dir/node_modules" ] && cmp -s "$source/package-lock.json" "$dir/installed.json"; then
    cp "$source"/*.mjs "$dir"
    exit 0
fi
rm -f "$dir/installed.json"
cp "$source"/*.mjs "$source/package.json" "$source/package-lock.json" "$dir"
cd "$dir"
npm ci --ignore-scripts --no-audit --no-fund
cp package-lock.json installed.json
