#!/bin/bash
# `vigie run` starts again whom a kill took: classify, sink and ingest, in
# every order. The output is that of a run in peace, byte for byte.
. "$(dirname "$0")/lib.sh"
n=16000
step=3500
generate $n 150 >"$WORK/in.jsonl"
"$VIGIE" run -q -m "$BUNDLE" -o "$WORK/peace.jsonl" "$WORK/in.jsonl" ||
	fail "in peace"

# A kill each so many lines. By birth: 1 ingest, 2 sink, 3 and 4 classify.
storm() {
	local out=$WORK/storm.jsonl number killed=0

	rm -f "$out"
	start run "$VIGIE" run -q -w 2 -m "$BUNDLE" -o "$out" "$WORK/in.jsonl"
	for number in "$@"; do
		await_lines "$out" $(((killed + 1) * step))
		kill -KILL "$(children "$pid" | sort -n | sed -n "${number}p")"
		killed=$((killed + 1))
	done
	await "$pid" 60 || fail "the run does not end after $*"
	check "$out" $n || fail "after kills of $*"
	cmp -s "$out" "$WORK/peace.jsonl" || fail "another output after $*"
	[ "$(grep -c "started again" "$WORK/run.log")" = $killed ] ||
		fail "not all were started again after $*"
	rm "$WORK/run.log"
	nothing_left
}

storm 3 4 3
storm 2 2
storm 3 2 1 # by then the sink has more than the window of a new ingest
