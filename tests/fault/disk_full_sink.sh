#!/bin/bash
# The output's disk is full: of the file only the incomplete last line is cut,
# nothing is acknowledged, and within 5 s of there being room the sink goes on
# without a restart; killed and started meanwhile, it has lost nothing.
breaks="no-cut ack-early"
JOURNAL=1
# The control mounts nothing of its own.
[ "${1:-}" != --control ] || . "$(dirname "$0")/lib.sh"
work=$(mktemp -d /tmp/vd-XXXXXX)
mount -t tmpfs -o size=2m tmpfs "$work" 2>/dev/null ||
	{ echo "no tmpfs can be mounted here"; rmdir "$work"; exit 77; }
OUT=$work/out.jsonl
export OUT
. "$(dirname "$0")/lib.sh"
trap 'finish_disk' EXIT
finish_disk() {
	local code=$?

	[ "$BASHPID" = $$ ] || exit $code
	for p in "${started[@]}"; do kill -KILL "$p" 2>/dev/null; done
	sleep 0.2
	umount -l "$work"
	rmdir "$work"
	(exit $code)
	finish
}
n=6000
generate $n 60 >"$WORK/in.jsonl"

ingest
classify
sink
sink=$pid
for _ in $(seq 400); do
	grep -q "No space" "$WORK/sink.log" && break
	sleep 0.05
done
grep -q "No space" "$WORK/sink.log" || fail "the disk never got full"
sleep 0.5
[ "$(tail -c 1 "$OUT")" = "" ] || fail "an incomplete last line is left"
before=$(lines "$OUT")
is_alive "$sink" || fail "the sink ended"
slay "$sink"
: >"$WORK/sink.log"
sink
sink=$pid
for _ in $(seq 200); do
	grep -q "No space" "$WORK/sink.log" && break
	sleep 0.05
done
is_alive "$sink" || fail "the sink does not start on a full disk"
mount -o remount,size=64m "$work"
for _ in $(seq 100); do
	[ "$(lines "$OUT")" -gt "$before" ] && break
	sleep 0.05
done
[ "$(lines "$OUT")" -gt "$before" ] || fail "no line within 5 s of room"
await_records $n 60
check "$OUT" $n || fail "after a full disk"
