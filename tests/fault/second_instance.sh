#!/bin/bash
# A second ingest on the same journal, and a second sink on the same output,
# end within a second and disturb nobody.
JOURNAL=1
. "$(dirname "$0")/lib.sh"
n=3000
generate $n 40 >"$WORK/in.jsonl"

ingest
first=$pid
sink
classify
until [ "$(lines "$WORK/out.jsonl")" -gt 10 ]; do sleep 0.02; done
sed -e "s|ipc://$WORK/|ipc://$WORK/other-|" "$WORK/vigie.yaml" \
	>"$WORK/other.yaml"
for room in ingest sink; do
	timeout 2 "$VIGIE" $room -c "$WORK/other.yaml" 2>"$WORK/second.log"
	code=$?
	[ $code != 0 ] && [ $code != 124 ] || fail "a second $room: code $code"
	grep -q "another" "$WORK/second.log" || fail "no sentence of $room"
done
is_alive "$first" || fail "the first ended"
await_records $n 30
check "$WORK/out.jsonl" $n || fail "two of a kind"
