#!/bin/bash
# A sink that writes to a file is killed and started again, several times; and
# once more with a torn line at the end of the file.
. "$(dirname "$0")/lib.sh"
n=40000
generate $n 200 >"$WORK/in.jsonl"

sink
sink=$pid
classify
classify
ingest "$WORK/in.jsonl"
ingest=$pid
kills=0
while is_alive "$ingest" && [ $kills -lt 6 ]; do
	sleep 0.25
	kill -KILL "$sink"
	await "$sink" 5
	kills=$((kills + 1))
	# What a crash leaves of a line, rarely enough to be helped.
	[ -s "$WORK/out.jsonl" ] && [ $((kills % 2)) = 0 ] &&
		head -n 1 "$WORK/out.jsonl" | head -c $((kills * 40)) \
			>>"$WORK/out.jsonl"
	sink
	sink=$pid
done
await "$ingest" 60 || fail "ingest does not end"
check "$WORK/out.jsonl" $n || fail "after $kills kills"
[ $kills -ge 3 ] || fail "only $kills kills"
grep -q "incomplete last line" "$WORK/sink.log" || fail "no torn line was cut"
