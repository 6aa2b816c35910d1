#!/bin/bash
# A sync that fails is never tried again: the daemon ends with code 74, and
# nothing of that group was acknowledged; started again, all is there once.
# Whichever sync it is, of ingest and of the sink.
breaks="nosync"
JOURNAL=1
. "$(dirname "$0")/lib.sh"
count=${1:-20} n=2000
strace -qq -e trace=none true 2>/dev/null || { echo "no strace here"; exit 77; }
generate $n 20 >"$WORK/all.jsonl"

# NAME K: start the daemon so that its Kth sync fails.
start_failing() {
	start "$1" strace -qq -f -o /dev/null -e trace=fdatasync \
		-e "inject=fdatasync:error=EIO:when=$2" \
		"$VIGIE" "$1" -c "$WORK/vigie.yaml"
}

: >"$WORK/in.jsonl"
for k in $(seq "$count"); do
	head -n $((k * n / count)) "$WORK/all.jsonl" |
		tail -n +$(((k - 1) * n / count + 1)) >"$WORK/part"
	classify
	worker=$pid
	start_failing sink "$k"
	sink=$pid
	start_failing ingest "$k"
	ingest=$pid
	# In small pieces, so that there are k syncs.
	split -l $((n / count / 25 + 1)) "$WORK/part" "$WORK/piece."
	for piece in "$WORK"/piece.*; do
		cat "$piece" >>"$WORK/in.jsonl"
		sleep 0.03
	done
	rm "$WORK"/piece.*
	await "$ingest" 10 || await "$sink" 1 ||
		fail "no sync failed at the ${k}th"
	kill -KILL "$ingest" "$sink" "$worker" 2>/dev/null
	await "$ingest" 5 && await "$sink" 5
done
grep -q 'Input/output error' "$WORK/ingest.log" || fail "ingest said nothing"
classify
sink
ingest
await_records $n 60
check "$WORK/out.jsonl" $n || fail "$count failed syncs"
