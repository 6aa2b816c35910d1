#!/usr/bin/env bats
# `vigie push` and curl, against a server that takes pushes and no more.
load helper

setup_file() { :; }

# listen [ADDRESS [TOKEN_FILE]]: the server, until the test ends.
listen() {
	rm -f taken.port
	"$BUILD/tests/take_pushes" "ipc://$work/run/push" \
		"${1:-127.0.0.1:0}" taken ${2:+"$2"} 2>server_err 3>&- &
	server=$!
	for _ in $(seq 200); do
		[ -s taken.port ] && break
		sleep 0.05
	done
	url=http://127.0.0.1:$(cat taken.port)
}

hang_up() {
	kill "$server"
	wait "$server"
	rm -f "$work/run/push"
}

teardown() {
	[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
	rm -rf "$work"
}

# bring CODE ARGUMENT…: `vigie push` ends with CODE; $stderr is what it said.
bring() {
	local code=$1

	shift
	run "-$code" --separate-stderr "$VIGIE" push "$@"
	[ -z "$output" ]
}

thousand() {
	seq 1000 | sed 's/.*/{"text":"article &"}/' >in.jsonl
}

@test "every line is taken, once and in its order, over ipc and HTTP" {
	thousand
	listen
	bring 0 --to "ipc://$work/run/push" in.jsonl
	says "1000 accepted (0 of them before), 0 refused"
	cmp in.jsonl taken
	bring 0 --to "$url" --key-prefix again --batch 70 in.jsonl
	says "1000 accepted (0 of them before), 0 refused"
	cat in.jsonl in.jsonl | cmp - taken
	hang_up
}

@test "the same command again is answered, and nothing is taken again" {
	thousand
	listen
	bring 0 --to "$url" in.jsonl
	bring 0 --to "$url" in.jsonl
	says "1000 accepted (1000 of them before), 0 refused"
	# Over the other door, from a pipe, under another name: the same lines.
	bring 0 --to "ipc://$work/run/push" - <in.jsonl
	says "1000 accepted (1000 of them before)"
	mv in.jsonl renamed.jsonl
	seq 1001 1500 | sed 's/.*/{"text":"article &"}/' >>renamed.jsonl
	bring 0 --to "$url" renamed.jsonl
	says "1500 accepted (1000 of them before)"
	cmp renamed.jsonl taken
	hang_up
}

@test "refused lines are told by their place in the file" {
	printf '{"a":1}\n\nbad one\n{"a":2}\n\n\nbad two\n[1]\n' >in.jsonl
	listen
	bring 65 --to "$url" in.jsonl
	says "in.jsonl:3: is bad: bad one; refused"
	says "in.jsonl:7: is bad: bad two; refused"
	says "3 accepted (0 of them before), 2 refused"
	printf 'bad\n' >in.jsonl
	bring 65 --to "ipc://$work/run/push" in.jsonl
	says "in.jsonl:1: is bad: bad; refused"
	says "0 accepted (0 of them before), 1 refused"
	hang_up
}

@test "an ingest that comes later is waited for" {
	thousand
	"$VIGIE" push --to "ipc://$work/run/push" in.jsonl 2>err 3>&- &
	client=$!
	sleep 0.5
	listen
	wait "$client"
	cmp in.jsonl taken
	hang_up
}

@test "without room it comes again" {
	thousand
	TURN_AWAY=2 listen
	bring 0 --to "ipc://$work/run/push" in.jsonl
	says "there is no room now"
	cmp in.jsonl taken
	hang_up
	: >taken
	TURN_AWAY=1 listen
	bring 0 --to "$url" in.jsonl
	says "there is no room now"
	cmp in.jsonl taken
	hang_up
}

@test "a slow commit: brought again under the same key, taken once" {
	thousand
	COMMIT_MS=6500 listen
	bring 0 --to "$url" in.jsonl
	says "trying again"
	says "1000 accepted"
	cmp in.jsonl taken
	hang_up
	: >taken
	COMMIT_MS=15000 listen
	bring 0 --to "ipc://$work/run/push" in.jsonl
	says "does not answer; trying again"
	cmp in.jsonl taken
	hang_up
}

@test "it gives up after its time" {
	thousand
	bring 75 --timeout 1 --to "http://127.0.0.1:1" in.jsonl
	says "in.jsonl:1: gave up: "
	bring 75 --timeout 1 --to "ipc://$work/run/nobody" in.jsonl
	says "ipc://$work/run/nobody does not answer"
}

@test "a signal ends it" {
	thousand
	"$VIGIE" push --to "ipc://$work/run/push" in.jsonl 2>err 3>&- &
	client=$!
	sleep 0.3
	kill "$client"
	wait "$client" || code=$?
	[ "$code" = 75 ]
	grep -q "stopped before the answer" err
}

@test "the token" {
	thousand
	echo secret >token
	echo other >wrong
	chmod 600 token wrong
	listen 127.0.0.1:0 token
	bring 77 --to "$url" in.jsonl
	says "this needs the token"
	bring 77 --to "$url" --token-file wrong in.jsonl
	[ ! -s taken ]
	bring 0 --to "$url" --token-file token in.jsonl
	cmp in.jsonl taken
	chmod 644 token
	bring 77 --to "$url" --token-file token in.jsonl
	says "chmod 600"
	hang_up
}

@test "a stream is brought on while it comes" {
	listen
	(
		echo '{"text":"one"}'
		sleep 2
		echo '{"text":"two"}'
	) | "$VIGIE" push --to "$url" - 2>err 3>&- &
	client=$!
	sleep 1.5
	[ "$(cat taken)" = '{"text":"one"}' ]
	wait "$client"
	[ "$(wc -l <taken)" = 2 ]
	hang_up
}

@test "misuse and missing files" {
	bring 64
	says "name files"
	bring 64 --batch 0 x
	bring 64 --key-prefix 'é' x
	bring 66 --to "ipc://$work/run/push" missing.jsonl
	says "missing.jsonl: No such file"
	bring 78 --to nowhere x
	says "'nowhere' is no endpoint"
	bring 78 --to http:// x
	says "no URL"
}

@test "curl: lines, an object, an array, a key" {
	listen
	run -0 curl -sS --data-binary $'{"a":1}\n{"a":2}\n' "$url/articles"
	[ "$output" = '{"accepted":2,"refused":[],"repeated":false}' ]
	run -0 curl -sS --json '{"a":3}' -H 'Idempotency-Key: k' "$url/articles"
	[ "$output" = '{"accepted":1,"refused":[],"repeated":false}' ]
	run -0 curl -sS --json '{"a":3}' -H 'Idempotency-Key: k' "$url/articles"
	[ "$output" = '{"accepted":1,"refused":[],"repeated":true}' ]
	run -0 curl -sS --json '[{"a":4}, {"a":5}]' "$url/articles"
	[ "$output" = '{"accepted":2,"refused":[],"repeated":false}' ]
	[ "$(jq -c .a taken | paste -sd,)" = 1,2,3,4,5 ]
	hang_up
}

@test "curl: a body that is too large is refused, with or without Expect" {
	head -c 3000000 /dev/zero | tr '\0' ' ' >large
	listen
	run -0 curl -sS -w '%{http_code}' --data-binary @large "$url/articles"
	[[ $output == *"larger than 1048576 bytes"*413 ]]
	run -0 curl -sS -w '%{http_code}' -T large -X POST "$url/articles"
	[[ $output == *413 ]]
	hang_up
}
