#!/usr/bin/env bats
# `vigie dlq` on files of dead letters, and against a server that takes pushes.
load helper

setup_file() { :; }

teardown() {
	[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
	rm -rf "$work"
}

letters() { /usr/bin/python3 "$here/letters.py" "$@" >dead.jsonl; }

dlq() { # CODE ARGUMENT…
	local code=$1

	shift
	run "-$code" --separate-stderr "$VIGIE" dlq "$@"
}

has() { # WORDS
	[[ $output == *"$1"* ]] || { echo "expected $1 in $output"; return 1; }
}

lacks() { # WORDS
	[[ $output != *"$1"* ]] || { echo "found $1 in $output"; return 1; }
}

listen() {
	"$BUILD/tests/take_pushes" "ipc://$work/run/push" 127.0.0.1:0 taken \
		2>server_err 3>&- &
	server=$!
	for _ in $(seq 200); do
		[ -s taken.port ] && break
		sleep 0.05
	done
	to=ipc://$work/run/push
}

@test "list prints a line a letter, without what steers a terminal" {
	letters
	dlq 0 list dead.jsonl
	quiet
	[ "${#lines[@]}" = 5 ]
	[[ ${lines[0]} == "number  time  "*"stage  "*"reason  "*"article" ]]
	[[ ${lines[1]} == "3  "*" 2026-01-02T03:04:05Z  classify  SIGSEGV  3  "*"waits  "*"it killed three workers  "*"Été à Brême  [31m" ]]
	[[ ${lines[2]} == "7  "*"ingest    -        3"*"in.jsonl:2" ]]
	[ "${lines[4]}" = "3 wait, 0 were replayed or dropped" ]
}

@test "show prints the whole letter, raw bytes as they were" {
	letters
	dlq 0 show dead.jsonl 3
	quiet
	has "reason     it killed three workers"
	has "title      Été à Brême"
	has 'input      {"mine":{"n":[1.10,"x"]},"other":true}'
	has 'Le train "va".'
	"$VIGIE" dlq show dead.jsonl 8 | tail -n 1 | cmp - <(printf 'bad \xff\0 bytes\n')
	dlq 66 show dead.jsonl 4
	says "dead.jsonl: no letter 4"
	dlq 78 show dead.jsonl x
	says "'x' is not SEQ or ORIGIN:SEQ"
}

@test "replay prints what ingest reads" {
	letters
	dlq 65 replay --all dead.jsonl
	says "letter 8: it is no JSON, nor UTF-8"
	[ "${#lines[@]}" = 2 ]
	[ "${lines[0]}" = '{"title":"Été à Brême \u001b[31m","text":"Le train \"va\".\nVite.","author":"A. Nonyme","source":"Le Port","published":"2022-11","language":"fr-CA","mine":{"n":[1.10,"x"]},"other":true}' ]
	[ "${lines[1]}" = '{"text": "A piece that came raw."}' ]
	[ ! -e dead.jsonl.handled ]
	dlq 0 replay dead.jsonl 7
	[ "${#lines[@]}" = 1 ]
}

@test "what is replayed is articles again" {
	[ -f "$BUILD/models/cloud.vigie" ] || [ -f "${BUNDLE:-}" ] || skip
	letters
	"$VIGIE" dlq replay dead.jsonl 3 7 |
		"$VIGIE" run -m "${BUNDLE:-$BUILD/models/cloud.vigie}" - >out
	validate 2 <out
	grep -q '"author":"A. Nonyme","published":"2022-11"' out
	grep -q '"input":{"mine":{"n":\[1.10,"x"\]},"other":true}' out
}

@test "replay to an ingest: accepted once, and handled" {
	letters
	listen
	dlq 0 replay --to "$to" dead.jsonl 3
	[ "$output" = "1 replayed, 0 of them accepted before; 0 refused" ]
	[ "$(wc -l <taken)" = 1 ]
	dlq 0 list dead.jsonl
	lacks "classify"
	has "2 wait, 1 were replayed or dropped"
	dlq 0 list --all dead.jsonl
	has "handled  it killed three workers"
	dlq 0 replay --to "$to" dead.jsonl 3 # named, so again
	[ "$output" = "1 replayed, 1 of them accepted before; 0 refused" ]
	[ "$(wc -l <taken)" = 1 ]
	dlq 65 replay --to "$to" --all dead.jsonl
	says "letter 8: "
	has "1 replayed, 0 of them accepted before; 1 refused"
	[ "$(wc -l <taken)" = 2 ]
}

@test "a replay that was cut short is brought again under the same key" {
	letters
	listen
	dlq 0 replay --to "$to" dead.jsonl 3
	rm dead.jsonl.handled # as if it had been killed before it could say so
	dlq 0 replay --to "$to" dead.jsonl 3
	has "1 of them accepted before"
	[ "$(wc -l <taken)" = 1 ]
	[ "$(wc -l <dead.jsonl.handled)" = 1 ]
}

@test "drop hides; the file of letters stays as it is" {
	letters
	cp dead.jsonl before
	dlq 0 drop dead.jsonl 3 8
	[ "$output" = "2 dropped" ]
	dlq 0 list dead.jsonl
	has "1 wait, 2 were replayed or dropped"
	dlq 0 drop --all dead.jsonl
	[ "$output" = "1 dropped" ]
	dlq 0 list dead.jsonl
	[ "$output" = "0 wait, 3 were replayed or dropped" ]
	cmp before dead.jsonl
	grep -q '"seq":3,"what":"dropped","when":"2' dead.jsonl.handled
}

@test "damage is named with its place and passed over" {
	letters
	sed -i '2s/"place"/"plaza"/' dead.jsonl
	printf '{"vigie":1,"origin":"01' >>dead.jsonl
	dlq 0 list dead.jsonl
	says "dead.jsonl:2: damaged: "
	says "dead.jsonl:4: not a whole line; passed over"
	has "2 wait"
	echo "what is this" >dead.jsonl.handled
	printf '{"origin":"0123456789abcdef0123456789ab' >>dead.jsonl.handled
	dlq 0 drop dead.jsonl 3
	dlq 0 list dead.jsonl
	says "dead.jsonl.handled:1: cannot be understood"
	has "1 wait, 1 were"
}

@test "letters of two ingests have two names" {
	letters --two
	dlq 0 list dead.jsonl
	has "01234567:7"
	has "fedcba98:7"
	dlq 78 show dead.jsonl 7
	says "2 letters are 7; name the origin, too, as ORIGIN:SEQ"
	dlq 0 show dead.jsonl fed:7
	has "its line would be longer"
	dlq 66 show dead.jsonl abc:7
}

@test "records are no letters" {
	[ -f "${BUNDLE:-$BUILD/models/cloud.vigie}" ] || skip
	"$VIGIE" run -m "${BUNDLE:-$BUILD/models/cloud.vigie}" "$ARTICLES" >out
	dlq 0 list out
	says "out:1: a record, not a dead letter; passed over"
}

@test "misuse is told" {
	letters
	dlq 64
	says "say what to do: list, show, replay or drop"
	dlq 64 lst dead.jsonl
	says "did you mean 'list'?"
	dlq 64 list
	says "list wants a file of dead letters"
	dlq 64 list dead.jsonl 3
	says "list wants one file"
	dlq 64 drop dead.jsonl
	says "drop wants numbers behind the file, or --all"
	dlq 64 drop --to x --all dead.jsonl
	says "only replay has --to"
	dlq 66 list nothing.jsonl
	says "nothing.jsonl: No such file"
}
