#!/bin/bash
# A reader that has seen enough: `vigie run … | head -1` ends quickly, quietly.
. "$(dirname "$0")/lib.sh"
generate 20000 200 >"$WORK/in.jsonl"

before=$(date +%s%N)
"$VIGIE" run -m "$BUNDLE" "$WORK/in.jsonl" 2>"$WORK/run.log" |
	head -n 1 >"$WORK/out.jsonl"
codes=("${PIPESTATUS[@]}")
took=$((($(date +%s%N) - before) / 1000000))
[ "$took" -lt 3000 ] || fail "took $took ms"
[ ! -s "$WORK/run.log" ] || fail "not quiet"
[ "${codes[0]}" = 141 ] || fail "code ${codes[0]}"
check "$WORK/out.jsonl" 20000 --part || fail "no record"
[ "$(lines "$WORK/out.jsonl")" = 1 ] || fail "no line"
nothing_left
