#!/bin/bash
# One of two classify daemons is killed in the middle, and started again,
# several times: nothing is lost and nothing is written twice.
. "$(dirname "$0")/lib.sh"
n=40000
generate $n 200 >"$WORK/in.jsonl"

sink
classify
first=$pid
classify
second=$pid
ingest "$WORK/in.jsonl"
ingest=$pid
kills=0
while is_alive "$ingest" && [ $kills -lt 8 ]; do
	sleep 0.15
	kill -KILL "$first"
	kills=$((kills + 1))
	classify
	first=$second second=$pid
done
await "$ingest" 60 || fail "ingest does not end"
check "$WORK/out.jsonl" $n || fail "after $kills kills"
[ $kills -ge 3 ] || fail "only $kills kills"
grep -q "sent again" "$WORK/ingest.log" ||
	fail "no kill took an article with it: the test tests nothing"
