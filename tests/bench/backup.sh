#!/usr/bin/env bash
# A village with N ops (of cases): the whole backup, one of a quiet day, and restoring it on an
# empty machine, each through the real programs: seconds, processor time, bytes, peak memory;
# beside them the stock age on the same files, and the signatures that this machine verifies.
# usage: backup.sh BUILD-FOLDER [N]
set -euo pipefail
bin=$1
ops=${2:-100000}
home=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2> /dev/null || true; rm -rf "$home"' EXIT
printf '246810\n' > "$home/pin"
export FENGQIAO_PIN_FILE=$home/pin FENGQIAO_DIR=$home/v
fengqiao=$bin/cli/fengqiao
fengqiaod=$bin/node/io/fengqiaod

"$fengqiaod" init --dir "$home/v" --tier village --name V --steward 乙某 --pin-file "$home/pin" > "$home/init"
sed -n 's/^recovery *//p' "$home/init" > "$home/key"
chmod 600 "$home/key"
"$bin/tests/bench/bench_fill" "$home/v" $((ops / 10)) 246810 cases > /dev/null
"$fengqiaod" run --dir "$home/v" 2> "$home/log" &
pid=$!
for _ in $(seq 1200); do grep -q ready "$home/log" && break; sleep 0.05; done
mkdir "$home/folder"

# /usr/bin/time is not everywhere: bash says user and system time of a child.
TIMEFORMAT='%R %U %S'
timed() { # what, command ...
    local what=$1
    shift
    { time "$@" > "$home/out" 2> "$home/err"; } 2> "$home/time" || { cat "$home/err"; exit 1; }
    read -r wall user sys < "$home/time"
    printf '%-34s %8.2f s %8.2f s of processor time\n' "$what" "$wall" \
        "$(awk -v a="$user" -v b="$sys" 'BEGIN { print a + b }')"
}
cpu_s() { awk -v t="$(getconf CLK_TCK)" '{ printf "%.2f", ($14 + $15) / t }' "/proc/$pid/stat"; }
before=$(cpu_s)
timed "backup of $ops ops" "$fengqiao" backup write --stick "$home/folder"
printf '%-34s %8.2f s\n' '  of the node, processor time' "$(awk -v a="$(cpu_s)" -v b="$before" 'BEGIN { print a - b }')"
printf '%-34s %8d files, %d KiB\n' '  into' "$(ls "$home/folder" | wc -l)" "$(du -k "$home/folder" | tail -n 1 | cut -f1)"
whole=$(ls "$home/folder" | wc -l)
timed 'backup of a quiet day' "$fengqiao" backup write --stick "$home/folder"
last=$(ls "$home/folder" | tail -n 1)
printf '%-34s %8d bytes (aim 65,536)\n' '  into' "$(stat -c %s "$home/folder/$last")"
printf '%-34s %8d KiB\n' 'peak memory of the node' "$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$pid/status")"
timed 'tried: try-backup' "$fengqiaod" try-backup --dir "$home/v" --from "$home/folder"
kill "$pid"
wait "$pid" 2> /dev/null || true
pid=
timed 'restored on an empty machine' "$fengqiaod" restore --dir "$home/w" --from "$home/folder" --recovery-file "$home/key"
printf '%-34s %8d files (aim 60 s for 100,000 ops)\n' '  from' $((whole + 1))
if command -v age > /dev/null; then
    age-keygen -o "$home/age.key" 2> /dev/null
    to=$(sed -n 's/^# public key: //p' "$home/age.key")
    cat "$home"/folder/* > "$home/all"
    timed 'as many bytes sealed by stock age' age -r "$to" -o "$home/sealed" "$home/all"
    timed 'and opened' age -d -i "$home/age.key" -o "$home/opened" "$home/sealed"
fi
"$bin/tests/bench/bench_ops" 2> /dev/null | grep -i verify || true
