#!/bin/bash
# Strangers at the tcp ports: random bytes, old protocols, frames of 2^62 bytes
# and 1,000 connections that say nothing. The rooms grow by 16 MB at most, cut
# off who is silent, and the articles of an honest producer all arrive.
. "$(dirname "$0")/lib.sh"
n=4000

port() {
	/usr/bin/python3 -c 'import socket; s = socket.socket()
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

rss() { # in kB
	awk '/^VmRSS/ { print $2 }' "/proc/$1/status"
}

highest() {
	awk '/^VmHWM/ { print $2 }' "/proc/$1/status"
}

"$VIGIE" keygen "$WORK/keys" >/dev/null || fail "keygen"
articles=$(port)
verdicts=$(port)
sed -i "s|ipc://$WORK/articles|tcp://127.0.0.1:$articles|
	s|ipc://$WORK/verdicts|tcp://127.0.0.1:$verdicts|" "$WORK/vigie.yaml"
echo "keys: {folder: $WORK/keys}" >>"$WORK/vigie.yaml"
mkfifo "$WORK/in.jsonl"
sink
sink=$pid
classify
ingest "$WORK/in.jsonl"
ingest=$pid
exec 7>"$WORK/in.jsonl"
generate $n 200 >"$WORK/all"

# The first half in peace.
head -n $((n / 2)) "$WORK/all" >&7
pid=$ingest
await_lines "$WORK/out.jsonl" $((n / 2))
before_ingest=$(rss "$ingest")
before_sink=$(rss "$sink")
for p in $ingest $sink; do echo 5 >"/proc/$p/clear_refs"; done

mkfifo "$WORK/enough"
/usr/bin/python3 "$here/abuse.py" "$articles" "$verdicts" \
	<"$WORK/enough" >"$WORK/abused" &
abuse=$!
started+=("$abuse")
disown $abuse
exec 6>"$WORK/enough"
until grep -q begun "$WORK/abused"; do
	is_alive $abuse || fail "no abuse"
	sleep 0.05
done
# The second half meanwhile, in twenty pieces.
for i in $(seq 20); do
	head -n $((n / 2 + i * n / 40)) "$WORK/all" | tail -n $((n / 40)) >&7
	sleep 0.3
done
pid=$ingest
await_lines "$WORK/out.jsonl" $n
is_alive $abuse || fail "the abuse ended too early"
grown_ingest=$(($(highest "$ingest") - before_ingest))
grown_sink=$(($(highest "$sink") - before_sink))
exec 6>&-
await $abuse 30 || fail "the abuse does not end"
exec 7>&-
await "$ingest" 30 || fail "ingest does not end"
check "$WORK/out.jsonl" $n || fail "articles are missing"
echo "ingest grew by $grown_ingest kB, sink by $grown_sink kB; $(tail -n 1 "$WORK/abused")"
[ $grown_ingest -le 16384 ] && [ $grown_sink -le 16384 ] || fail "they grow"
grep -q " 1000 of 1000 silent" "$WORK/abused" || fail "silent ones stay"
grep -q "a message of\|refused: a" "$WORK"/*.log && fail "a stranger was heard"
exit 0
