#!/bin/sh
# Installs the packages of the folder NAME beside this script into DIR, a copy of it. Nothing
# is installed again where the lock is the same as before.
# usage: npm.sh NAME DIR
set -eu

dir=$2
source=$(dirname "$0")/$1

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
