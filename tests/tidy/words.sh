#!/bin/sh
# What may not stand in a commit: unfinished work, unbounded string functions, SQL that is
# put together at run time.
set -u
cd "$1" || exit 2
bad=0
files=$(git ls-files --cached --others --exclude-standard | grep -E '\.[ch]$')
if grep -nE '\b(TODO|FIXME|XXX|HACK)\b' $files; then
    echo 'unfinished work belongs in an issue'; bad=1
fi
if grep -nE '\b(strcpy|strcat|sprintf|gets|strtok|alloca)\(' $files; then
    echo 'use the bounded form'; bad=1
fi
if git ls-files storage | grep -E '\.c$' | xargs -r grep -nE 'sqlite3_mprintf|sqlite3_str_'; then
    echo 'SQL is written, not assembled'; bad=1
fi
exit $bad
