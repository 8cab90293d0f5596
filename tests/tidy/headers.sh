#!/bin/sh
# Every public header compiles alone.
set -u
cd "$1" || exit 2
bad=0
flags="$(pkg-config --cflags libsodium sqlite3 libuv msgpack) -I$3"
for header in $(git ls-files --cached --others --exclude-standard crypto proto storage node cli | grep -E '\.h$'); do
    printf '#include "%s"\n' "$header" |
        "$2" -std=c11 -D_GNU_SOURCE -I. $flags -Wall -Werror -fsyntax-only -x c - ||
        { echo "$header does not compile alone"; bad=1; }
done
exit $bad
