#!/bin/bash
# Ingest is killed again and again while it reads a file and while a client
# brings it articles: what was accepted comes out once, and what was not is
# brought again and comes out once.
breaks="ack-early"
JOURNAL=1
. "$(dirname "$0")/lib.sh"
count=${1:-20} n=20000
generate $n 40 >"$WORK/all.jsonl"
head -n $((n / 2)) "$WORK/all.jsonl" >"$WORK/pushed.jsonl"
touch "$WORK/in.jsonl"

sink
classify
classify
ingest
ingest=$pid
push --batch 50 "$WORK/pushed.jsonl"
push=$pid
tail -n +$((n / 2 + 1)) "$WORK/all.jsonl" |
	split -l $((n / 2 / count + 1)) - "$WORK/part."
for part in "$WORK"/part.*; do
	cat "$part" >>"$WORK/in.jsonl"
	pause
	kill -KILL "$ingest"
	ingest
	ingest=$pid
done
await "$push" 60 || fail "push does not end"
await_records $n 60
check "$WORK/out.jsonl" $n --dead "$WORK/dead.jsonl" || fail "$count kills"
[ ! -s "$WORK/dead.jsonl" ] || fail "an innocent article was given up"
