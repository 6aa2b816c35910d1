#!/bin/bash
# The sink is killed again and again, each time when another part of the articles
# is written, and often leaves a torn line; its files are rotated meanwhile.
breaks="no-dedup no-cut"
JOURNAL=1
. "$(dirname "$0")/lib.sh"
count=${1:-20}
n=$((count > 20 ? count * 1000 : 20000)) # enough for all the kills
generate $n 200 >"$WORK/in.jsonl"
sed -i "s|^    - jsonl: .*|&\n      rotate_size: 2M|" "$WORK/vigie.yaml"

written() {
	cat "$WORK"/out.jsonl.2* "$WORK/out.jsonl" 2>/dev/null
}

ingest
classify
classify
sink
sink=$pid
for k in $(seq "$count"); do
	await_records $((k * n / (count + 1))) 60
	slay "$sink"
	[ $((k % 2)) = 0 ] && tear "$WORK/out.jsonl"
	sink
	sink=$pid
done
await_records $n 600
written >"$WORK/records"
check "$WORK/records" $n || fail "$count kills"
