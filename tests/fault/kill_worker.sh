#!/bin/bash
# The processes that judge are killed, many times, while those that look after
# them live: nothing is lost, nothing is written twice, another is there at once.
. "$(dirname "$0")/lib.sh"
n=60000
generate $n 200 >"$WORK/in.jsonl"

sink
classify
first=$pid
classify
second=$pid
ingest "$WORK/in.jsonl"
ingest=$pid
kills=0 last=
while is_alive "$ingest" && [ $kills -lt 20 ]; do
	for guard in $first $second; do
		sleep 0.05
		worker=$(worker_of "$guard") || continue
		# Dead, but not seen to be: its guard has had no time yet.
		[[ $last != *" $worker "* ]] || continue
		kill -KILL "$worker" && kills=$((kills + 1))
		last+=" $worker "
	done
done
await "$ingest" 60 || fail "ingest does not end"
check "$WORK/out.jsonl" $n || fail "after $kills kills"
[ $kills -ge 8 ] || fail "only $kills kills"
is_alive "$first" && is_alive "$second" || fail "a guard died"
deaths() {
	grep -c "killed by signal 9 (Killed)" "$WORK/classify.log"
}
for _ in {1..100}; do # the last may just have died
	[ "$(deaths)" != $kills ] || break
	sleep 0.05
done
died=$(deaths)
[ "$died" = $kills ] || fail "$died deaths were told of $kills"
