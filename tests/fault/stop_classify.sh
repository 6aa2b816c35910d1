#!/bin/bash
# A worker that stands still for longer than worker_timeout is given up; when it
# goes on, what it still held comes twice, and is written once.
. "$(dirname "$0")/lib.sh"
n=8000
generate $n 200 >"$WORK/in.jsonl"

sink
classify
first=$pid
classify
second=$pid
ingest "$WORK/in.jsonl"
ingest=$pid
count=0
for worker in $first $second $first; do
	count=$((count + 1000))
	await_lines "$WORK/out.jsonl" $count
	worker=$(worker_of "$worker")
	kill -STOP "$worker"
	sleep 1
	kill -CONT "$worker"
done
await "$ingest" 60 || fail "ingest does not end"
check "$WORK/out.jsonl" $n || fail "after standing still"
grep -q "a worker is silent" "$WORK/ingest.log" || fail "nobody noticed"
is_alive "$first" && is_alive "$second" || fail "a worker died"
