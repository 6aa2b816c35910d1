#!/bin/bash
# SIGTERM, SIGINT and SIGHUP in the middle of `vigie run`: code 0, and what
# was written is whole lines, each once. Also when timeout(1) or a terminal
# signals the whole group; and a second one ends it at once.
. "$(dirname "$0")/lib.sh"
n=100000
generate $n 200 >"$WORK/in.jsonl"
in=$WORK/in.jsonl
out=$WORK/out.jsonl

signalled() {
	local signal=$1 pause=$2 code

	rm -f "$out"
	"$VIGIE" run -q -m "$BUNDLE" -o "$out" "$in" 2>"$WORK/run.log" &
	pid=$!
	started+=("$pid")
	while [ -z "$(ls -A "$XDG_RUNTIME_DIR")" ]; do sleep 0.01; done
	sleep "$pause"
	kill -"$signal" $pid
	wait $pid
	code=$?
	[ $code = 0 ] || fail "$signal after $pause gives code $code"
	[ ! -s "$WORK/run.log" ] || fail "not quiet after $signal"
	[ "$(lines "$out")" = 0 ] || check "$out" $n --part || fail "$signal"
	nothing_left
}

signalled TERM 0
signalled TERM 0.1
signalled TERM 0.5
signalled HUP 0.3
signalled INT 0.3
[ "$(lines "$out")" -lt $n ] || fail "all was written: nothing was tested"

# timeout(1) signals the group; with --preserve-status its code is ours.
timeout --preserve-status 0.3 "$VIGIE" run -q -m "$BUNDLE" "$in" >"$out" \
	2>"$WORK/run.log"
code=$?
[ $code = 0 ] || fail "a signal to the group gives code $code"
[ ! -s "$WORK/run.log" ] || fail "not quiet after a signal to the group"
check "$out" $n --part || fail "signalled in a group"
[ "$(lines "$out")" -lt $n ] || fail "all was written before the signal"
nothing_left

# Nobody reads, so nothing can drain: the second signal means now.
mkfifo "$WORK/pipe"
sleep 60 <>"$WORK/pipe" &
started+=("$!")
"$VIGIE" run -q -m "$BUNDLE" "$in" >"$WORK/pipe" 2>"$WORK/run.log" &
pid=$!
started+=("$pid")
sleep 0.5
kill $pid
sleep 0.5
is_alive $pid || fail "did not drain"
before=$SECONDS
kill $pid
wait $pid
code=$?
[ $code = 75 ] || fail "with articles left the code is $code"
[ $((SECONDS - before)) -lt 5 ] || fail "the second signal takes long"
nothing_left
