#!/bin/bash
# Who reads slowly slows down the reading of articles: memory is bounded by the
# window, not by what there is to read.
. "$(dirname "$0")/lib.sh"
n=1500
generate $n 4000 >"$WORK/in.jsonl" # 40 MB

cat >"$WORK/run.yaml" <<END
ingest:
  window: 256 # 7 MB
classify:
  model: $BUNDLE
END
mkfifo "$WORK/pipe"
exec 3<>"$WORK/pipe"
start run "$VIGIE" run -q -c "$WORK/run.yaml" "$WORK/in.jsonl" >"$WORK/pipe"
run=$pid
sleep 2
for child in $(children "$run"); do
	held=$(awk '/RssAnon/ { print $2 }' "/proc/$child/status")
	echo "process $child holds $held kB"
	[ "$held" -lt 24576 ] || fail "process $child holds $held kB"
done
[ "$(children "$run" | wc -l)" -ge 3 ] || fail "not all daemons are there"
cat <&3 >"$WORK/out.jsonl" &
cat=$!
started+=("$cat")
await "$run" 60 || fail "the run does not go on when the reader does"
sleep 0.5
kill $cat
check "$WORK/out.jsonl" $n || fail "after a pause"
nothing_left
