#!/bin/sh
# Builds notes_go with Debian's golang-go and golang-golang-x-mod-dev, then runs it with
# those words. Everything that is written goes to DIR.
# usage: notes_go.sh DIR WORD...
set -eu

dir=$1
shift
source=$(dirname "$0")/notes_go

mkdir -p "$dir"
export GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$dir/cache" GOFLAGS=
go build -o "$dir/notes_go" "$source/main.go" "$source/conform.go" "$source/formats.go" \
    "$source/proof.go" "$source/evidence.go"
exec timeout 100 "$dir/notes_go" "$@"
