#!/bin/bash
# The sink is killed again and again under load, and at least once in the
# middle of a line; its files are rotated meanwhile.
breaks="no-dedup ack-early"
JOURNAL=1
. "$(dirname "$0")/lib.sh"
count=${1:-20} n=20000
generate $n 200 >"$WORK/in.jsonl"
sed -i "s|^    - jsonl: .*|&\n      rotate_size: 2M|" "$WORK/vigie.yaml"

ingest
classify
classify
sink
for _ in $(seq "$count"); do
	pause
	kill -KILL "$pid"
	sink
done
tries=1200
while [ "$(cat "$WORK"/out.jsonl "$WORK"/out.jsonl.2* 2>/dev/null | wc -l)" \
	-lt $n ] && [ $((tries--)) -gt 0 ]; do
	sleep 0.05
done
cat "$WORK"/out.jsonl.2* "$WORK/out.jsonl" >"$WORK/records" 2>/dev/null
check "$WORK/records" $n || fail "$count kills"
