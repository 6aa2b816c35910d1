#!/bin/bash
# Articles that take their worker with them, by a signal or by never ending,
# become dead letters after three failures alone, with reason and signal; their
# neighbours come out, each once.
JOURNAL=1
VIGIE=${VIGIE_BROKEN:-$(dirname "$0")/../../build/release/tests/vigie-broken}
export VIGIE_POISON=1 STUCK_AFTER=1s
export WORKER_TIMEOUT=5s # so that the guard is first, and tells the signal
. "$(dirname "$0")/lib.sh"
n=2000
[ -x "$VIGIE" ] || fail "no $VIGIE"
generate $n 40 >"$WORK/all.jsonl"
sed -e '700s/"Notice/"POISON-ABORT Notice/' \
	-e '1200s/"Notice/"POISON-SEGV Notice/' \
	-e '1500s/"Notice/"POISON-LOOP Notice/' \
	"$WORK/all.jsonl" >"$WORK/in.jsonl"

ingest
sink
classify
classify
await_records $n 90
check "$WORK/out.jsonl" $n --dead "$WORK/dead.jsonl" || fail "poison"
[ "$(lines "$WORK/dead.jsonl")" = 3 ] || fail "not three dead letters"
for signal in SIGABRT SIGSEGV SIGKILL; do
	jq -e --arg s $signal 'select(.dead.signal == $s) |
		.dead.attempts == 3 and .dead.stage == "classify"' \
		"$WORK/dead.jsonl" | grep -q true || fail "no letter of $signal"
done
