#!/bin/bash
# All daemons are killed at once, again and again.
breaks="no-dedup"
JOURNAL=1
. "$(dirname "$0")/lib.sh"
count=${1:-20}
n=$((count > 20 ? count * 1000 : 20000)) # enough for all the kills
generate $n 40 >"$WORK/in.jsonl"

begin() {
	ingest
	all="$pid"
	sink
	all="$all $pid"
	classify
	all="$all $pid"
}

begin
for _ in $(seq "$count"); do
	pause
	# shellcheck disable=SC2086 # a list
	slay $all
	begin
done
await_records $n 600
check "$WORK/out.jsonl" $n --dead "$WORK/dead.jsonl" || fail "$count kills"
