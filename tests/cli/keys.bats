#!/usr/bin/env bats
# Keys: making them, what is refused, and two machines that meet by tcp.
load helper

start() {
	"$VIGIE" "$@" <&0 3>&- 2>>err &
	pids+=($!)
}

teardown() {
	[ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || true
	wait
	rm -rf "$work"
}

# A port that nobody has now.
port() {
	/usr/bin/python3 -c 'import socket; s = socket.socket()
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

public_of() {
	sed -n 's/^public //p' "$1/public.key"
}

@test "keygen makes a private pair and says what others must add" {
	run -0 --separate-stderr "$VIGIE" keygen keys
	quiet
	[ "$(stat -c %a keys keys/secret.key | xargs)" = "700 600" ]
	[[ $output == *"  $(public_of keys)  $(hostname)"* ]]
	[[ $output == *"  tcp://$(hostname):*  $(public_of keys)"* ]]
	[[ $output != *"$(sed -n 's/^secret //p' keys/secret.key)"* ]]
	made=$output
	run -0 --separate-stderr "$VIGIE" keygen --show keys
	[ "$output" = "$made" ]
	sum=$(cat keys/* | sha256sum)
	run -73 --separate-stderr "$VIGIE" keygen keys
	says "move it away"
	[ "$(cat keys/* | sha256sum)" = "$sum" ]
}

@test "keygen misused" {
	run -64 --separate-stderr "$VIGIE" keygen
	says "/etc/vigie/keys"
	run -64 --separate-stderr "$VIGIE" keygen a b
	run -66 --separate-stderr "$VIGIE" keygen nowhere/keys
	says "nowhere/keys"
	run -66 --separate-stderr "$VIGIE" keygen --show nowhere
	says "nowhere"
	run -66 --separate-stderr "$VIGIE" keygen "$ARTICLES"
	says "$ARTICLES"
}

@test "tcp without keys is refused with what to do" {
	cat >c.yaml <<-END
		ingest: {bind: "tcp://127.0.0.1:1", sources: [{path: $ARTICLES}]}
		sink: {connect: ["tcp://b:1"], targets: [{publish: "tcp://*:2"}]}
		classify: {model: $TINY}
	END
	for c in check ingest; do
		[ $c = check ] && how=c.yaml || how="-c c.yaml"
		# shellcheck disable=SC2086
		run -78 --separate-stderr "$VIGIE" $c $how
		says "ingest.bind: tcp://127.0.0.1:1 is reachable by others"
		says "sink.connect: tcp://b:1 is reachable by others"
		says "sink.targets.publish: tcp://*:2 is reachable by others"
		says "make keys with 'vigie keygen' and name their folder under keys.folder"
	done
	run -78 --separate-stderr "$VIGIE" run -m "$TINY" -p tcp://*:1 "$ARTICLES"
	says "tcp://*:1 is reachable by others"
}

@test "check finds what is wrong with keys" {
	"$VIGIE" keygen keys >made
	cat >c.yaml <<-END
		keys: {folder: keys}
		ingest: {bind: "tcp://127.0.0.1:1", sources: [{path: $ARTICLES}]}
		classify: {model: $TINY, sink: "tcp://192.0.2.1:2"}
	END
	run -78 --separate-stderr "$VIGIE" check c.yaml
	says "classify.sink: keys/servers has no key of tcp://192.0.2.1:2"
	says "'tcp://192.0.2.1:2  KEY'"
	echo "tcp://192.0.2.1:*  $(public_of keys)" >>keys/servers
	run -0 --separate-stderr "$VIGIE" check c.yaml
	echo "short  name" >>keys/allowed
	run -78 --separate-stderr "$VIGIE" check c.yaml
	says "keys: keys/allowed:2:1: a key has 40 characters, this has 5"
	rm keys/allowed
	chmod 0644 keys/secret.key
	run -78 --separate-stderr "$VIGIE" check c.yaml
	says "chmod 0600 keys/secret.key"
	for c in ingest sink classify; do
		run -77 --separate-stderr timeout 10 "$VIGIE" $c -c c.yaml
		says "chmod 0600 keys/secret.key"
	done
}

# Machine a reads and writes, machine b judges; a lets b in, and b knows a.
two_machines() {
	"$VIGIE" keygen a >made
	"$VIGIE" keygen b >made
	articles=tcp://127.0.0.1:$(port)
	verdicts=tcp://127.0.0.1:$(port)
	echo "$(public_of b)  machine b" >>a/allowed
	echo "tcp://127.0.0.1:*  $(public_of a)" >>b/servers
	cat >a.yaml <<-END
		keys: {folder: a}
		ingest: {bind: "$articles"}
		sink: {bind: "$verdicts", connect: ["$articles"], targets: [{jsonl: out.jsonl}]}
	END
	cat >b.yaml <<-END
		keys: {folder: b}
		classify: {model: $TINY, connect: ["$articles"], sink: "$verdicts"}
	END
}

@test "two machines over tcp" {
	two_machines
	start classify -c b.yaml
	start sink -c a.yaml
	run -0 --separate-stderr timeout 30 "$VIGIE" ingest -c a.yaml "$ARTICLES"
	quiet
	validate 25 <out.jsonl
	[ ! -s err ] || { cat err; false; }
}

@test "a machine that is not allowed is named, and gets nothing" {
	two_machines
	grep -v machine a/allowed >kept
	mv kept a/allowed
	mkfifo pipe
	exec 7<>pipe
	start classify -c b.yaml
	start sink -c a.yaml
	start ingest -c a.yaml - <pipe
	cat "$ARTICLES" >&7
	until [ "$(grep -cF "$(public_of b)" err)" = 2 ]; do sleep 0.05; done
	grep -q "turned away, the last from 127.0.0.1: its key .* is not in a/allowed" err
	[ ! -s out.jsonl ]
	exec 7>&-
}

@test "run by configuration: subscribers over tcp need a key" {
	subscribe=$BUILD/tests/subscribe
	[ -x "$subscribe" ] || skip "no $subscribe"
	two_machines
	place=tcp://127.0.0.1:$(port)
	cat >c.yaml <<-END
		keys: {folder: a}
		classify: {model: $TINY}
		ingest: {sources: [{path: "-"}]}
		sink: {targets: [{jsonl: out.jsonl}, {publish: "$place"}]}
	END
	"$VIGIE" keygen c >made
	echo "$place  $(public_of a)" >>c/servers
	mkfifo pipe
	start run -c c.yaml < <(cat pipe)
	exec 7>pipe
	"$subscribe" "$place" none 1 b >none 3>&- 7>&- &
	listed=$!
	"$subscribe" "$place" none 1 c >nothing 3>&- 7>&- &
	unlisted=$!
	while kill -0 $listed 2>/dev/null; do
		cat "$ARTICLES" >&7
		sleep 0.1
	done
	kill $unlisted
	exec 7>&-
	wait "${pids[0]}"
	pids=()
	cut -f2 none | validate 1
	[ ! -s nothing ]
}
