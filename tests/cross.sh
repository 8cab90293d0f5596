#!/usr/bin/env bash
# Builds for another machine and runs the unit tests there, by qemu-user. The
# libraries of that machine are unpacked into build/sysroot-ARCH; nothing is installed here
# beyond `packaging/deps long`, and root is not needed.
#   tests/cross.sh ARCH              arm64, armhf or s390x (big-endian)
#   tests/cross.sh --sysroot ARCH    only the libraries
# Exit 77, with a word, where this machine cannot do it.
set -euo pipefail
cd "$(dirname "$0")/.."

only_sysroot=no
if [ "${1:-}" = --sysroot ]; then
    only_sysroot=yes
    shift
fi
arch=${1:-}
case "$arch" in
arm64) compiler=aarch64-linux-gnu-gcc emulator=qemu-aarch64-static ;;
armhf) compiler=arm-linux-gnueabihf-gcc emulator=qemu-arm-static ;;
s390x) compiler=s390x-linux-gnu-gcc emulator=qemu-s390x-static ;;
*)
    echo "usage: tests/cross.sh [--sysroot] arm64|armhf|s390x" >&2
    exit 2
    ;;
esac
skip() {
    echo "skipped: $arch: $*"
    exit 77
}
libraries="libc6-dev libsodium-dev libsqlite3-dev libuv1-dev libmsgpack-dev libqrencode-dev libmicrohttpd-dev libjansson-dev libgnutls28-dev libseccomp-dev libxlsxwriter-dev zlib1g-dev libcmocka-dev"
sysroot=$PWD/build/sysroot-$arch

# apt with a state of its own: it believes in a machine of that architecture on which
# nothing is installed, resolves and checks signatures as ever, and only downloads.
fetch() { # folder
    mkdir -p "$1/lists/partial" "$1/cache/archives/partial"
    : > "$1/status"
    local apt=(apt-get -qq -o "APT::Architecture=$arch" -o "APT::Architectures=$arch"
        -o APT::Sandbox::User=root -o "Dir::State=$1" -o "Dir::State::lists=$1/lists"
        -o "Dir::State::status=$1/status" -o "Dir::Cache=$1/cache")
    # An index that a mirror holds by halves is left out; the next step tells if it matters.
    "${apt[@]}" update || true
    # shellcheck disable=SC2086 # one word a package
    "${apt[@]}" install -y --no-install-recommends --download-only $libraries
}
make_sysroot() {
    [ "$(cat "$sysroot/made-of" 2> /dev/null)" != "$libraries" ] || return 0
    command -v apt-get > /dev/null || skip "no apt-get here"
    rm -rf "$sysroot" "$sysroot.apt"
    mkdir -p "$sysroot"
    if ! fetch "$sysroot.apt" > "$sysroot.log" 2>&1; then
        tail -n 5 "$sysroot.log"
        skip "apt does not get its packages"
    fi
    for package in "$sysroot.apt"/cache/archives/*.deb; do
        dpkg-deb -x "$package" "$sysroot"
    done
    rm -rf "$sysroot.apt" "$sysroot.log"
    echo "$libraries" > "$sysroot/made-of"
}

make_sysroot
[ "$only_sysroot" = no ] || exit 0
command -v "$compiler" > /dev/null || skip "no $compiler; packaging/deps long"
command -v "$emulator" > /dev/null || skip "no $emulator; packaging/deps long"

log=build/cross-$arch.log
cmake --preset "cross-$arch" > "$log" 2>&1 || { cat "$log"; exit 1; }
cmake --build --preset "cross-$arch" -- -k 0 > "$log" 2>&1 || { tail -n 60 "$log"; exit 1; }
rm -f "$log"
# Without those two that refuse each call of SQLite in turn: no machine does that otherwise, and
# under qemu they take as long as a third of all others.
ctest --test-dir "build/cross-$arch" -L '^unit$' -E '^unit\.storage\.(opening|failing)$' \
    --output-on-failure \
    --no-tests=error -j "$(nproc)" --timeout 900
