#!/bin/bash
# One of two classify daemons is killed again and again, each time when another
# part of the articles is written: nothing is lost, nothing repeated, and no
# innocent article is given up.
JOURNAL=1
. "$(dirname "$0")/lib.sh"
count=${1:-20}
n=$((count > 20 ? count * 1000 : 20000)) # enough for all the kills
generate $n 100 >"$WORK/in.jsonl"

ingest
sink
classify
first=$pid
classify
second=$pid
for k in $(seq "$count"); do
	await_records $((k * n / (count + 1))) 60
	slay "$first"
	classify
	first=$second second=$pid
done
await_records $n 600
check "$WORK/out.jsonl" $n || fail "$count kills"
