#!/bin/bash
# Classify daemons come and go while articles flow: each leaves by SIGTERM,
# with code 0.
. "$(dirname "$0")/lib.sh"
n=40000
generate $n 200 >"$WORK/in.jsonl"

sink
classify
old=$pid
ingest "$WORK/in.jsonl"
ingest=$pid
turns=0
while is_alive "$ingest"; do
	classify
	new=$pid
	sleep 0.2
	kill -TERM "$old" || fail "a worker died by itself"
	turns=$((turns + 1))
	old=$new
done
check "$WORK/out.jsonl" $n || fail "after $turns turns"
[ $turns -ge 3 ] || fail "only $turns turns"
