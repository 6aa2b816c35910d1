# shellcheck shell=bash
# What the scenarios share. Each is a program: ends with 0 when all is well,
# 77 when this machine does not let it run. VIGIE is the program, BUNDLE the
# model it judges by, the first argument how often what is done is done.
#
# A scenario that shows a guarantee names in `breaks` what a build for tests
# (VIGIE_BROKEN) can break of it; SCENARIO --control runs it once for each of
# them, and it must fail.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
VIGIE=${VIGIE:-$here/../../build/release/vigie}
VIGIE_BROKEN=${VIGIE_BROKEN:-$(dirname "$VIGIE")/tests/vigie-broken}
if [ "${1:-}" = --control ]; then
	for broken in $breaks; do
		said=$(VIGIE=$VIGIE_BROKEN VIGIE_BREAK=$broken "$0" "${2:-}" \
			2>&1)
		code=$?
		if [ $code = 0 ] || [ $code = 77 ]; then
			echo "FAILED: ends with $code although $broken"
			exit 1
		fi
		echo "fails as it should when broken: $broken"
		grep ' lost, \|^FAILED' <<<"$said" # why: to be looked at
	done
	exit 0
fi
WORK=$(mktemp -d /tmp/vf-XXXXXX) # short: sockets lie in it
BUNDLE=${BUNDLE:-$WORK/tiny.vigie}
export XDG_RUNTIME_DIR=$WORK/run
mkdir "$WORK/run"
started=()

# Of those that we started; strace that is killed lets what it traced live.
kill_trees() {
	local pid

	for pid; do
		# shellcheck disable=SC2046 # a list
		kill_trees $(pgrep -P "$pid")
		kill -KILL "$pid" 2>/dev/null
	done
}

# A child of ours that was killed before it became another program may come
# here, too.
finish() {
	local code=$?

	[ "$BASHPID" = $$ ] || exit $code
	# Our children only: a number may be another's by now.
	# shellcheck disable=SC2046
	kill_trees $(pgrep -P $$)
	wait 2>/dev/null
	[ $code = 0 ] || { echo "--- log"; tail -n 40 "$WORK"/*.log; } 2>/dev/null
	rm -rf "$WORK"
	exit $code
}
trap finish EXIT

fail() {
	echo "FAILED: $*"
	exit 1
}

[ -e "$BUNDLE" ] || "$VIGIE" train "$here/../data/tiny.yaml" \
	--output "$BUNDLE" >/dev/null 2>&1 || fail "no bundle"

generate() {
	/usr/bin/python3 "$here/generate.py" "$@"
}

check() {
	/usr/bin/python3 "$here/check.py" "$@"
}

# Start in the background; its process id is then in $pid. NAME is of its log.
start() {
	local name=$1

	shift
	"$@" 2>>"$WORK/$name.log" &
	pid=$!
	started+=("$pid")
	disown "$pid" 2>/dev/null # no word of the shell when it is killed
}

# The three daemons: patience is short, so that the tests are. With JOURNAL,
# ingest keeps one, listens for pushes and follows in.jsonl.
journal=
[ -z "${JOURNAL:-}" ] || journal="
  journal:
    path: ${JOURNAL_PATH:-$WORK/journal}
    segment: ${SEGMENT:-1M}
    quota: ${QUOTA:-256M}
    patience: ${PATIENCE:-5ms}
  push:
    bind: ipc://$WORK/push
    retry_after: 1s
  http:
    listen: ${HTTP:-}
  sources:
    - path: $WORK/in.jsonl
      follow: true"
[ -n "${HTTP:-}" ] || journal=$(grep -v 'http:\|listen:' <<<"$journal")
cat >"$WORK/vigie.yaml" <<END
ingest:$journal
  bind: ipc://$WORK/articles
  resend_after: ${RESEND_AFTER:-1s}
  worker_timeout: ${WORKER_TIMEOUT:-500ms}
  window: ${WINDOW:-8192}
  batch: 16
classify:
  connect: [ipc://$WORK/articles]
  sink: ipc://$WORK/verdicts
  model: $BUNDLE
  room: 64
  stuck_after: ${STUCK_AFTER:-30s}
sink:
  bind: ipc://$WORK/verdicts
  connect: [ipc://$WORK/articles]
  dead_letters: ${DEAD:-$WORK/dead.jsonl}
  targets:
    - jsonl: ${OUT:-$WORK/out.jsonl}
END

ingest() {
	start ingest "$VIGIE" ingest -c "$WORK/vigie.yaml" "$@"
}

classify() {
	start classify "$VIGIE" classify -c "$WORK/vigie.yaml"
}

# The process that judges, of the classify daemon that looks after it.
worker_of() {
	pgrep -o -P "$1"
}

sink() {
	start sink "$VIGIE" sink -c "$WORK/vigie.yaml"
}

# Bring FILE to ingest, however often it dies, until all of it is accepted.
push() {
	start push "$VIGIE" push -q --to "ipc://$WORK/push" "$@"
}

# What a crash leaves at the end of FILE: a piece of what it begins with.
tear() {
	local bytes=$((RANDOM % 200 + 40))

	[ -s "$1" ] && head -c $bytes "$1" >"$WORK/torn" &&
		cat "$WORK/torn" >>"$1"
}

# A kill at a random moment, 20 to 300 ms from now. Where it shall fall into the
# work, however fast that goes, await_records instead.
pause() {
	sleep "0.$(printf '%03d' $((RANDOM % 280 + 20)))"
}

# All records and letters, where they usually are.
written() {
	cat "${OUT:-$WORK/out.jsonl}" "${DEAD:-$WORK/dead.jsonl}" 2>/dev/null
}

# Until so many articles are written or dead letters; for so long at most, and
# at most 8 s without another.
await_records() { # COUNT SECONDS
	local before=0 now still=0 until=$((SECONDS + $2))

	while now=$(written | wc -l) && [ "$now" -lt "$1" ]; do
		[ "$now" = $before ] || still=0
		before=$now
		[ $((still++)) -lt 400 ] && [ $SECONDS -lt $until ] || return 1
		sleep 0.02
	done
}

# Kill -9, and be sure that they are gone: what they locked is free again.
slay() {
	kill -KILL "$@"
	for pid; do
		await "$pid" 5 || fail "process $pid outlives its kill"
	done
}

is_alive() {
	kill -0 "$1" 2>/dev/null
}

# Until the process ends, SECONDS at most; a disowned one cannot be waited for.
await() {
	local tries=$(($2 * 20))

	while is_alive "$1"; do
		[ $((tries--)) -gt 0 ] || return 1
		sleep 0.05
	done
}

# Until FILE has so many lines, or nobody writes them any more.
await_lines() {
	while [ "$(lines "$1")" -lt "$2" ] && is_alive "$pid"; do
		sleep 0.02
	done
}

lines() {
	if [ -e "$1" ]; then wc -l <"$1"; else echo 0; fi
}

# Children of a `vigie run`, by their room: ingest, sink, then classify.
children() {
	pgrep -P "$1"
}

nothing_left() {
	[ -z "$(ls -A "$XDG_RUNTIME_DIR")" ] ||
		fail "left behind: $(ls -A "$XDG_RUNTIME_DIR")"
}
