#!/bin/bash
# That the other scenarios can fail: the checker sees what is lost, repeated
# and torn; and an ingest that never sends again misses what a worker holds
# that stands still.
export RESEND_AFTER=1h WORKER_TIMEOUT=1h
. "$(dirname "$0")/lib.sh"
n=3000
generate $n 400 >"$WORK/in.jsonl"

"$VIGIE" run -q -m "$BUNDLE" "$WORK/in.jsonl" >"$WORK/good" || fail "run"
check "$WORK/good" $n || fail "a good file is refused"
sed 17d "$WORK/good" >"$WORK/bad"
check "$WORK/bad" $n && fail "a lost line is not seen"
check "$WORK/bad" $n --part || fail "a part is refused"
sed 17p "$WORK/good" >"$WORK/bad"
check "$WORK/bad" $n && fail "a line twice is not seen"
head -c -10 "$WORK/good" >"$WORK/bad"
check "$WORK/bad" $n --part && fail "a torn line is not seen"

sink
classify
worker=$pid
ingest "$WORK/in.jsonl"
ingest=$pid
until [ "$(lines "$WORK/out.jsonl")" -gt 100 ]; do sleep 0.01; done
kill -STOP "$(worker_of "$worker")"
is_alive "$ingest" || fail "all was read before the stop"
classify # gets what is left
await "$ingest" 3 && fail "ingest ended although articles are lost"
check "$WORK/out.jsonl" $n && fail "nothing is missing without sending again"
exit 0
