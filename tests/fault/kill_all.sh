#!/bin/bash
# All daemons are killed at once, again and again: each time when another part
# of the articles is written, but for some kills that come as they start.
breaks="no-dedup"
JOURNAL=1
. "$(dirname "$0")/lib.sh"
count=${1:-20}
n=$((count > 20 ? count * 2000 : 40000)) # enough for all the kills
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
for k in $(seq "$count"); do
	if [ $((k % 5)) = 0 ]; then
		pause
	else
		await_records $((k * n / (count + 1))) 60
	fi
	# shellcheck disable=SC2086 # a list
	slay $all
	begin
done
await_records $n 600
check "$WORK/out.jsonl" $n --dead "$WORK/dead.jsonl" || fail "$count kills"
