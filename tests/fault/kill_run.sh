#!/bin/bash
# Where `vigie run` itself is killed nobody stays behind, nor its folder. The copy
# of the bundle may, when the last worker to die still held it: the next run that
# ends takes it away.
. "$(dirname "$0")/lib.sh"
generate 20000 200 >"$WORK/in.jsonl"

for pause in 0.02 0.2 0.6; do
	start run "$VIGIE" run -q -m "$BUNDLE" -o "$WORK/out.jsonl" \
		"$WORK/in.jsonl"
	sleep $pause
	those=$(children "$pid")
	kill -KILL "$pid"
	for child in $those; do
		await "$child" 5 || fail "process $child outlives the run"
	done
	left=$(find "$XDG_RUNTIME_DIR" -mindepth 1 -maxdepth 1 \
		! -name 'vigie-bundles-*')
	[ -z "$left" ] || fail "left behind: $left"
	[ ! -s "$WORK/out.jsonl" ] || check "$WORK/out.jsonl" 20000 --part ||
		fail "killed after $pause"
done
"$VIGIE" run -q -m "$BUNDLE" -o "$WORK/last.jsonl" "$WORK/in.jsonl" ||
	fail "a run after those ends with $?"
nothing_left
