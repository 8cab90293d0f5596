#!/bin/sh
# Builds noise_go with Debian's golang-go and golang-github-flynn-noise-dev, then runs it.
# Everything that is written goes to DIR.
# usage: noise_go.sh PROGRAM DIR
set -eu

program=$1
dir=$2
source=$(dirname "$0")/noise_go

mkdir -p "$dir"
export GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$dir/cache" GOFLAGS=
go build -o "$dir/noise_go" "$source/main.go"
exec timeout 100 "$dir/noise_go" "$program"
