#!/bin/bash
# The power goes: what is on the disk then is a copy of the file behind a
# loop-mounted file system whose commits are far apart, taken while everything
# stands still. All that a pusher was told is accepted is there, and what the
# sink had written is not written again.
breaks="nosync"
JOURNAL=1
# The control mounts nothing of its own.
[ "${1:-}" != --control ] || . "$(dirname "$0")/lib.sh"
count=${1:-3}
work=$(mktemp -d /tmp/vp-XXXXXX)
JOURNAL_PATH=$work/fs/journal OUT=$work/fs/out.jsonl DEAD=$work/fs/dead.jsonl
export OUT DEAD
mkdir "$work/fs"
truncate -s 256M "$work/image"
if ! mkfs.ext4 -q "$work/image" ||
	! mount -o loop,commit=300 "$work/image" "$work/fs" 2>/dev/null; then
	echo "no file system can be mounted from a file here"
	rm -r "$work"
	exit 77
fi
. "$(dirname "$0")/lib.sh"
trap 'finish_power' EXIT
finish_power() {
	local code=$?

	[ "$BASHPID" = $$ ] || exit $code
	for p in "${started[@]}"; do kill -KILL "$p" 2>/dev/null; done
	sleep 0.2
	umount -l "$work/fs"
	rm -rf "$work"
	(exit $code)
	finish
}
n=$((count > 3 ? count * 2000 : 6000))
generate $n 60 >"$WORK/all.jsonl"
: >"$WORK/in.jsonl"

begin() {
	ingest
	all=$pid
	sink
	all="$all $pid"
	classify
	all="$all $pid $(pgrep -P "$pid")"
}

sync -f "$work/fs"
for k in $(seq "$count"); do
	head -n $((k * n / count)) "$WORK/all.jsonl" |
		tail -n +$(((k - 1) * n / count + 1)) >"$WORK/part"
	begin
	# What is accepted of this part; the rest is brought again later.
	"$VIGIE" push -q --to "ipc://$WORK/push" --batch 20 \
		--key-prefix "part$k-" "$WORK/part" 2>>"$WORK/push.log" &
	push=$!
	sleep "0.$((RANDOM % 5 + 3))"
	# shellcheck disable=SC2086 # a list
	kill -STOP $all
	kill -STOP $push
	cp --sparse=always "$work/image" "$work/copy"
	# shellcheck disable=SC2086
	kill -KILL $all
	sleep 0.2
	umount "$work/fs" || umount -l "$work/fs"
	mv "$work/copy" "$work/image"
	mount -o loop,commit=300 "$work/image" "$work/fs" || fail "mount"
	begin
	kill -CONT $push # its unanswered batch is brought again
	wait $push || fail "push"
	# shellcheck disable=SC2086
	kill -TERM $all
	for p in $all; do await "$p" 15 || fail "a daemon does not end"; done
done
begin
await_records $n 30
check "$OUT" $n --dead "$DEAD" || fail "$count power losses"
