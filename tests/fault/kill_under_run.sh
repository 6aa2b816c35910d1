#!/bin/bash
# `vigie run` starts again whom a kill took: classify, sink and ingest, in
# every order. The output is that of a run in peace, byte for byte.
. "$(dirname "$0")/lib.sh"
n=24000
generate $n 100 >"$WORK/in.jsonl"
"$VIGIE" run -q -m "$BUNDLE" -o "$WORK/peace.jsonl" "$WORK/in.jsonl" ||
	fail "in peace"
check "$WORK/peace.jsonl" $n || fail "in peace"

# A kill each STEP lines. By birth: 1 ingest, 2 sink, 3 and 4 classify.
storm() {
	local out=$WORK/storm.jsonl step=$1 number killed=0

	shift
	rm -f "$out"
	start run "$VIGIE" run -q -w 2 -m "$BUNDLE" -o "$out" "$WORK/in.jsonl"
	for number in "$@"; do
		await_lines "$out" $(((killed + 1) * step))
		kill -KILL "$(children "$pid" | sort -n | sed -n "${number}p")" ||
			fail "all was over before the kill"
		killed=$((killed + 1))
	done
	await "$pid" 60 || fail "the run does not end after $*"
	cmp -s "$out" "$WORK/peace.jsonl" || fail "another output after $*"
	[ "$(grep -c "started again" "$WORK/run.log")" = $killed ] ||
		fail "not all were started again after $*"
	rm "$WORK/run.log"
	nothing_left
}

storm 3000 3 4 3
storm 3000 2 2
storm 9500 1 # the sink has more than the window of the new ingest then
storm 3000 2 1 3
