#!/bin/bash
# Articles that abort, crash or never end take the worker along, and only that:
# its guard names the signal, and starts another. (In the program as it is
# shipped the same articles do nothing.)
export STUCK_AFTER=500ms
. "$(dirname "$0")/lib.sh"
[ -x "$VIGIE_BROKEN" ] || { echo "no vigie-broken"; exit 77; }

poison() {
	generate 50 200
	printf '{"id":"p","title":"%s","text":"A text about rail."}\n' "$1"
	generate 50 200 | sed 's/"id": *"/&again-/'
}

dies_of() {
	rm -f "$WORK"/*.log "$WORK/out.jsonl"
	poison "$1" >"$WORK/in.jsonl"
	sink
	local sink=$pid
	start classify env VIGIE_POISON=1 "$VIGIE_BROKEN" classify \
		-c "$WORK/vigie.yaml"
	local guard=$pid
	ingest "$WORK/in.jsonl"
	local ingest=$pid tries=200
	until grep -q "$2" "$WORK/classify.log" 2>/dev/null; do
		[ $((tries--)) -gt 0 ] || fail "$1: no '$2'"
		sleep 0.05
	done
	until worker_of "$guard" >/dev/null; do
		[ $((tries--)) -gt 0 ] || fail "$1: no other worker"
		sleep 0.05
	done
	is_alive "$guard" || fail "$1: the guard died"
	kill -KILL "$ingest" "$guard" "$sink"
}

dies_of POISON-ABORT "killed by signal 6"
dies_of POISON-SEGV "killed by signal 11"
dies_of POISON-LOOP "does not get on with an article"
poison POISON-ABORT >"$WORK/in.jsonl"
VIGIE_POISON=1 "$VIGIE" run -q -m "$BUNDLE" "$WORK/in.jsonl" >"$WORK/out" ||
	fail "the program as it is shipped dies of it"
[ "$(lines "$WORK/out")" = 101 ] || fail "articles are missing"
