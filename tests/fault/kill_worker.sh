#!/bin/bash
# The processes that judge are killed, many times, while those that look after
# them live: nothing is lost, nothing is written twice, another is there at once.
. "$(dirname "$0")/lib.sh"
n=20000
generate $n 200 >"$WORK/in.jsonl"

sink
classify
first=$pid
classify
second=$pid
ingest "$WORK/in.jsonl"
ingest=$pid
kills=0
while is_alive "$ingest" && [ $kills -lt 20 ]; do
	for guard in $first $second; do
		sleep 0.05
		worker=$(worker_of "$guard") && kill -KILL "$worker" &&
			kills=$((kills + 1))
	done
done
await "$ingest" 60 || fail "ingest does not end"
check "$WORK/out.jsonl" $n || fail "after $kills kills"
[ $kills -ge 8 ] || fail "only $kills kills"
is_alive "$first" && is_alive "$second" || fail "a guard died"
died=$(grep -c "killed by signal 9 (Killed)" "$WORK/classify.log")
[ "$died" = $kills ] || fail "$died deaths were told of $kills"
