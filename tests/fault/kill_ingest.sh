#!/bin/bash
# Ingest is killed again and again while it reads a file and while a client
# brings it articles: what was accepted comes out once, and what was not is
# brought again and comes out once. Groups wait long, so that a kill finds one
# that is not committed; and sometimes the journal's last frame is torn.
breaks="ack-early"
JOURNAL=1 PATIENCE=50ms
. "$(dirname "$0")/lib.sh"
count=${1:-20}
n=$((count > 20 ? count * 1000 : 20000)) # enough for all the kills
generate $n 40 >"$WORK/all.jsonl"
mkfifo "$WORK/pushed.jsonl"
touch "$WORK/in.jsonl"

sink
classify
classify
ingest
ingest=$pid
push --batch 100 "$WORK/pushed.jsonl"
push=$pid
start generate generate $((n / 2)) 40 100 0.03 >"$WORK/pushed.jsonl"
tail -n +$((n / 2 + 1)) "$WORK/all.jsonl" |
	split -l $((n / 2 / count + 1)) - "$WORK/part."
newest() {
	local all=("$WORK"/journal/*.journal)

	echo "${all[-1]}"
}

kills=0
for part in "$WORK"/part.*; do
	cat "$part" >>"$WORK/in.jsonl"
	kills=$((kills + 1))
	# Every second falls while the client is served: more is written than
	# the file has so far.
	if [ $((kills % 2)) = 0 ]; then
		await_records $((kills * n / (count + 1))) 60
	else
		pause
	fi
	slay "$ingest"
	[ $((kills % 4)) = 0 ] && tear "$(newest)"
	ingest
	ingest=$pid
done
await "$push" 300 || fail "push does not end"
await_records $n 600
check "$WORK/out.jsonl" $n --dead "$WORK/dead.jsonl" || fail "$count kills"
[ ! -s "$WORK/dead.jsonl" ] || fail "an innocent article was given up"
