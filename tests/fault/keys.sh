#!/bin/bash
# Who gets in by tcp: of those without keys, with a wrong server key, with a key
# that is in no list and with one that is no longer, nobody; of 250 messages
# each not one. One that is listed gets all of its own in. And a secret that
# others can read starts nothing.
. "$(dirname "$0")/lib.sh"

/usr/bin/python3 -c 'import zmq' || fail "python3-zmq is missing"

port() {
	/usr/bin/python3 -c 'import socket; s = socket.socket()
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

public_of() {
	sed -n 's/^public //p' "$WORK/$1/public.key"
}

allow() { # FOLDER...: these and nobody else
	local f

	for f; do echo "$(public_of "$f")  $f"; done >"$WORK/ours/allowed"
}

foreign() {
	/usr/bin/python3 "$here/foreign.py" "$@"
}

for f in ours listed unlisted revoked other; do
	"$VIGIE" keygen "$WORK/$f" >/dev/null || fail "keygen"
done
articles=tcp://127.0.0.1:$(port)
verdicts=tcp://127.0.0.1:$(port)
sed -i "s|ipc://$WORK/articles|$articles|; s|ipc://$WORK/verdicts|$verdicts|" \
	"$WORK/vigie.yaml"
echo "keys: {folder: $WORK/ours}" >>"$WORK/vigie.yaml"
mkfifo "$WORK/none.jsonl"
exec 8<>"$WORK/none.jsonl" # ingest waits for articles

rooms() {
	start sink "$VIGIE" sink -v -c "$WORK/vigie.yaml"
	sink=$pid
	start ingest "$VIGIE" ingest -v -c "$WORK/vigie.yaml" \
		"$WORK/none.jsonl"
	ingest=$pid
}

end_rooms() {
	kill -TERM "$sink" "$ingest"
	await "$sink" 20 && await "$ingest" 20 || fail "they do not end"
}

# What came in: of the sink's own count, and of ingest's words on each.
came() {
	sink_got=$(grep -o '[0-9]* refused$' "$WORK/sink.log" | tail -n 1)
	ingest_got=$(grep -c "dropped: a message" "$WORK/ingest.log")
}

# The control: one that is listed, and one that is about to be no more.
allow listed revoked
rooms
mkfifo "$WORK/go_sink" "$WORK/go_ingest"
exec 6<>"$WORK/go_sink" 7<>"$WORK/go_ingest"
key=$(public_of ours)
/usr/bin/python3 "$here/foreign.py" push "$verdicts" 250 "$WORK/revoked" \
	"$key" <"$WORK/go_sink" >"$WORK/said_sink" &
started+=($!)
disown $!
/usr/bin/python3 "$here/foreign.py" dealer "$articles" 250 "$WORK/revoked" \
	"$key" <"$WORK/go_ingest" >"$WORK/said_ingest" &
started+=($!)
disown $!
foreign push "$verdicts" 250 "$WORK/listed" "$key" </dev/null >/dev/null
foreign dealer "$articles" 250 "$WORK/listed" "$key" </dev/null >/dev/null
for _ in $(seq 100); do
	came
	[ "$ingest_got" = 500 ] && break
	sleep 0.1
done
end_rooms
came
[ "$sink_got" = "500 refused" ] || fail "of 500, in the sink: $sink_got"
[ "$ingest_got" = 500 ] || fail "of 500, in ingest: $ingest_got"

# From here on nobody but one who is not there.
allow other
: >"$WORK/sink.log"
: >"$WORK/ingest.log"
rooms
echo >&6
echo >&7
for kind in push dealer; do
	[ $kind = push ] && at=$verdicts || at=$articles
	foreign $kind "$at" 250 </dev/null >/dev/null
	foreign $kind "$at" 250 "$WORK/other" "$(public_of other)" \
		</dev/null >/dev/null # listed, with a wrong server key
	foreign $kind "$at" 250 "$WORK/unlisted" "$key" </dev/null >/dev/null
done
for f in said_sink said_ingest; do
	[ "$(lines "$WORK/$f")" = 2 ] || fail "who was revoked sent nothing"
done
end_rooms
came
[ "$sink_got" = "0 refused" ] || fail "in the sink: $sink_got of 1000"
[ "$ingest_got" = 0 ] || fail "in ingest: $ingest_got of 1000"
grep -q "turned away, the last from 127.0.0.1" "$WORK/sink.log" ||
	fail "nobody was named"

chmod 0644 "$WORK/ours/secret.key"
for room in ingest sink classify; do
	[ $room = ingest ] && files=("$WORK/none.jsonl") || files=()
	timeout 10 "$VIGIE" $room -c "$WORK/vigie.yaml" "${files[@]}" \
		2>"$WORK/said"
	code=$?
	[ $code = 77 ] || fail "$room with an open secret ends with $code"
	grep -q "chmod 0600" "$WORK/said" || fail "$room says no cure"
done
exit 0
