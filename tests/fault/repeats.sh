#!/bin/bash
# Ingest is killed again and again while the same articles come to it many times
# over, from a file and from a client, as a feed lists them poll after poll: with
# `repeats: drop` each comes out once, and none is lost for having been known.
# Sometimes the journal's last frame is torn.
breaks="no-memory"
JOURNAL=1 PATIENCE=50ms SEGMENT=256k
. "$(dirname "$0")/lib.sh"
count=${1:-12}
n=$((count * 500))
sed -i 's/^ingest:/&\n  repeats: drop\n  copies: mark/' "$WORK/vigie.yaml"
generate $n 40 >"$WORK/all.jsonl"
split -l $((n / count)) "$WORK/all.jsonl" "$WORK/part."
touch "$WORK/in.jsonl"

sink
classify
ingest
ingest=$pid
push --batch 100 "$WORK/all.jsonl"
push=$pid
newest() {
	local all=("$WORK"/journal/*.journal)

	echo "${all[-1]}"
}

kills=0
before=/dev/null
for part in "$WORK"/part.*; do
	cat "$part" "$before" "$part" "$part" >>"$WORK/in.jsonl"
	before=$part
	pause
	slay "$ingest"
	kills=$((kills + 1))
	[ $((kills % 4)) = 0 ] && tear "$(newest)"
	ingest
	ingest=$pid
done
await "$push" 300 || fail "push does not end"
await_records "$n" 600
cat "$WORK/all.jsonl" >>"$WORK/in.jsonl" # of which none is new
sleep 2
check "$WORK/out.jsonl" "$n" --dead "$WORK/dead.jsonl" || fail "$count kills"
[ ! -s "$WORK/dead.jsonl" ] || fail "an innocent article was given up"
