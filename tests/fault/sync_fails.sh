#!/bin/bash
# A sync that fails is never tried again: the daemon ends with code 74, and
# nothing of that group was acknowledged; started again, all is there once.
# Whichever sync it is, of ingest and of the sink.
breaks="nosync"
JOURNAL=1
. "$(dirname "$0")/lib.sh"
count=${1:-20} n=0
strace -qq -e trace=none true 2>/dev/null || { echo "no strace here"; exit 77; }
: >"$WORK/in.jsonl"
generate $((count * 400)) 20 >"$WORK/all.jsonl"
exec 5<"$WORK/all.jsonl"

# The files whose syncs are commit points. SQLite passes over a failed sync of a
# folder, which is right for ingest's cache.
files=("-P" "$WORK/out.jsonl" "-P" "$WORK/dead.jsonl")
for i in $(seq 9); do
	files+=("-P" "$WORK/journal/000000000000000$i.journal")
done

# ROOM K: as a daemon whose Kth sync fails; its code is told in $WORK/code.
failing() {
	strace -qq -f -o /dev/null "${files[@]}" -e trace=fdatasync \
		-e "inject=fdatasync:error=EIO:when=$2" \
		"$VIGIE" "$1" -c "$WORK/vigie.yaml"
	echo $? >"$WORK/code.$1"
}

# Articles come one by one, so that there are K syncs, until it ends.
feed_until_end() { # ROOM K
	local tries=2000 line code=$WORK/code.$1

	until [ -s "$code" ]; do
		[ $((tries--)) -gt 0 ] || fail "$1 goes on after sync $2"
		read -r line <&5
		echo "$line" >>"$WORK/in.jsonl"
		n=$((n + 1))
		sleep 0.01
	done
	[ "$(cat "$code")" = 74 ] || fail "$1, sync $2: code $(cat "$code")"
	rm "$code"
}

classify
ingest
ingest=$pid
sink
sink=$pid
for k in $(seq "$count"); do
	slay "$ingest" "$sink"
	start ingest failing ingest "$k"
	start sink failing sink "$k"
	feed_until_end ingest "$k"
	ingest
	ingest=$pid
	feed_until_end sink "$k"
	sink
	sink=$pid
done
await_records $n 60
check "$WORK/out.jsonl" $n || fail "$count failed syncs of each"
