#!/usr/bin/env bash
# A week's records by stick, through the real programs: a village with N shared ops, and then
# one with a file of some MiB, writes them for its township, which reads them: seconds,
# processor time of node and client, MiB a second; beside them the stock age on as many bytes, and the
# signatures that one core of this machine verifies, for a reader has to verify each op.
# usage: bundle.sh BUILD-FOLDER [N [MIB]]
set -euo pipefail
bin=$1
ops=${2:-20000}
mib=${3:-16}
home=$(mktemp -d)
declare -A pid=()
trap 'for node in "${!pid[@]}"; do kill "${pid[$node]}" 2> /dev/null || true; done; rm -rf "$home"' EXIT
printf '246810\n' > "$home/pin"
export FENGQIAO_PIN_FILE=$home/pin
fengqiao=$bin/cli/fengqiao
fengqiaod=$bin/node/io/fengqiaod

start() { # node, where it listens
    : > "$home/$1.log"
    "$fengqiaod" run --dir "$home/$1" --listen "$2" 2> "$home/$1.log" &
    pid[$1]=$!
    for _ in $(seq 400); do grep -q ready "$home/$1.log" && return; sleep 0.05; done
    echo "$1 does not start" >&2
    exit 1
}
stop() { # node
    kill "${pid[$1]}"
    wait "${pid[$1]}" || true
    unset "pid[$1]"
}
at() { "$fengqiao" --dir "$home/$1" "${@:2}"; } # node, words of the client
# Of all that has ended in the node's children, and of itself.
cpu_s() { awk -v t="$(getconf CLK_TCK)" '{ print ($14 + $15 + $16 + $17) / t }' "/proc/${pid[$1]}/stat"; }
TIMEFORMAT='%R %U %S'
timed() { # what, node that works or -, folder whose bytes move, command ...
    local what=$1 node=$2 folder=$3 before=0 after=0
    shift 3
    [ "$node" = - ] || before=$(cpu_s "$node")
    { time "$@" > "$home/out" 2> "$home/err"; } 2> "$home/time" || { cat "$home/err"; exit 1; }
    [ "$node" = - ] || after=$(cpu_s "$node")
    awk -v what="$what" -v bytes="$(cat "$folder"/* | wc -c)" -v before="$before" -v after="$after" '
        { mib = bytes / 1048576
          cpu = $2 + $3 + after - before
          printf "%-32s %8.2f s %8.2f s cpu %8.1f MiB/s, %.1f for a second of cpu\n", what, $1, cpu,
              mib / $1, mib / (cpu > 0.01 ? cpu : 0.01) }' "$home/time"
}
beside() { # folder: stock age on the same bytes
    command -v age > /dev/null || return 0
    [ -f "$home/age.key" ] || age-keygen -o "$home/age.key" 2> /dev/null
    cat "$1"/* > "$home/all"
    timed '  stock age seals as many bytes' - "$1" \
        age -r "$(sed -n 's/^# public key: //p' "$home/age.key")" -o "$home/sealed" "$home/all"
    timed '  and opens them' - "$1" age -d -i "$home/age.key" -o /dev/null "$home/sealed"
}
carry() { # what, folder
    mkdir "$home/$2"
    echo "$1"
    timed '  written and read back' village "$home/$2" at village bundle write --to T --stick "$home/$2"
    timed '  read by the township' township "$home/$2" at township bundle read --stick "$home/$2"
    beside "$home/$2"
}

"$fengqiaod" init --dir "$home/township" --tier township --name T --steward 甲某 --pin-file "$home/pin" > /dev/null
"$fengqiaod" init --dir "$home/village" --tier village --name V --steward 乙某 --pin-file "$home/pin" > /dev/null
start township 127.0.0.1:0
start village 127.0.0.1:0
address=$(sed -n 's/.*listening address=\([^ ]*\).*/\1/p' "$home/township.log")
code=$(at township peer invite | tail -n 1)
at village peer join "$code" --at "$address" > /dev/null
at village sync --wait > /dev/null
# The township moves away: what follows goes by stick alone.
stop township
start township 127.0.0.1:0
stop village
"$bin/tests/bench/bench_fill" "$home/village" $((ops / 10)) 246810 > /dev/null
start village 127.0.0.1:0
carry "$ops ops" ops

# Files that go up with a record: of them only digests are to be checked.
number=$(at village case new --category 邻里 --title 水沟 --narrative 去年修过 --context 去年修过 \
    --party 张某:甲方 | tail -n 1)
names=
for n in $(seq $(((mib + 2) / 3))); do
    head -c 2250000 /dev/urandom | base64 -w 72 > "$home/plan$n.txt"
    at village attach add "$number" "$home/plan$n.txt" > /dev/null 2>&1
    names+=${names:+,}plan$n.txt
done
at village case triage "$number" --beyond --decision escalate --reason 两次未成 > /dev/null
at village case consent "$number" --party 张某 --fields title,context --files "$names" \
    --manner oral --witness 王某 > /dev/null
at village escalate "$number" --fields title,context --files "$names" --reason 请镇里看 --yes > /dev/null
rm "$home"/ops/* # what it held was read
carry "a record with files of $mib MiB" files
"$bin/tests/bench/bench_ops" 2> /dev/null |
    sed -n 's/.*"bare_verify":\([0-9]*\).*/one core verifies \1 signatures a second/p'
