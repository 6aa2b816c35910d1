#!/bin/bash
# The journal's disk is full: who pushes is told to come again, nothing is
# lost even if ingest is killed meanwhile, and within 5 s of there being room it
# goes on without a restart.
breaks="ack-early"
JOURNAL=1 JOURNAL_PATH=
# The control mounts nothing of its own.
[ "${1:-}" != --control ] || . "$(dirname "$0")/lib.sh"
work=$(mktemp -d /tmp/vd-XXXXXX)
mount -t tmpfs -o size=4m tmpfs "$work" 2>/dev/null ||
	{ echo "no tmpfs can be mounted here"; rmdir "$work"; exit 77; }
JOURNAL_PATH=$work/journal
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
n=8000
generate $n 100 >"$WORK/all.jsonl"
: >"$WORK/in.jsonl"

head -c 2500000 /dev/zero >"$work/ballast"
ingest # and no sink: all that comes must stay in the journal
ingest=$pid
push --batch 100 "$WORK/all.jsonl"
push=$pid
for _ in $(seq 200); do
	grep -q "no room\|No space" "$WORK/ingest.log" && break
	sleep 0.05
done
grep -q "No space" "$WORK/ingest.log" || fail "the disk never got full"
is_alive "$push" || fail "the push ended"
is_alive "$ingest" || fail "ingest ended"
slay "$ingest"
: >"$WORK/ingest.log"
ingest
ingest=$pid
for _ in $(seq 200); do
	grep -q "No space" "$WORK/ingest.log" && break
	sleep 0.05
done
grep -q "No space" "$WORK/ingest.log" || fail "full, and it says nothing"
is_alive "$ingest" || fail "ingest does not start on a full disk"
mount -o remount,size=64m "$work"
for _ in $(seq 100); do
	grep -q "there is room again" "$WORK/ingest.log" && break
	sleep 0.05
done
grep -q "there is room again" "$WORK/ingest.log" || fail "no room after 5 s"
await "$push" 30 || fail "the push does not go on"
sink
classify
await_records $n 60
check "$WORK/out.jsonl" $n || fail "after a full disk"
