#!/usr/bin/env bats
# The three daemons by hand, and what subscribers hear.
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

articles() { echo "ipc://$work/articles"; }
verdicts() { echo "ipc://$work/verdicts"; }

@test "three daemons started by hand, in any order" {
	start classify -m "$TINY" --connect "$(articles)" --sink "$(verdicts)"
	start sink --bind "$(verdicts)" --connect "$(articles)" -o out.jsonl
	run -0 --separate-stderr "$VIGIE" ingest --bind "$(articles)" "$ARTICLES"
	quiet
	validate 25 <out.jsonl
	run -0 --separate-stderr "$VIGIE" ingest --bind "$(articles)" "$ARTICLES"
	validate 50 <out.jsonl
	[ ! -s err ]
}

@test "SIGTERM ends each with code 0" {
	start classify -m "$TINY" --connect "$(articles)" --sink "$(verdicts)"
	start sink --bind "$(verdicts)" --connect "$(articles)" -o out.jsonl
	mkfifo pipe
	exec 7<>pipe
	start ingest --bind "$(articles)" - <pipe 7>&-
	head -3 "$ARTICLES" >&7
	until [ "$(cat out.jsonl 2>/dev/null | wc -l)" = 3 ]; do sleep 0.05; done
	for pid in "${pids[2]}" "${pids[0]}" "${pids[1]}"; do
		kill "$pid"
		wait "$pid"
	done
	exec 7>&-
	pids=()
	[ ! -s err ]
	validate 3 <out.jsonl
}

@test "an endpoint in use is refused" {
	mkfifo pipe
	exec 7<>pipe
	start ingest --bind "$(articles)" - <pipe
	until [ -S articles ]; do sleep 0.05; done
	run -69 --separate-stderr "$VIGIE" ingest --bind "$(articles)" "$ARTICLES"
	says "another process listens there"
	run -69 --separate-stderr "$VIGIE" run -m "$TINY" -p "$(articles)" "$ARTICLES"
	says "another process listens there"
	[ -S articles ]
}

@test "a file that another sink writes is refused" {
	start sink --bind "$(verdicts)" --connect "$(articles)" -o out.jsonl
	until [ -e out.jsonl ]; do sleep 0.05; done
	run -69 --separate-stderr "$VIGIE" sink --bind "ipc://$work/v2" \
		--connect "$(articles)" -o out.jsonl
	says "another sink"
}

@test "endpoints that are none" {
	run -78 --separate-stderr "$VIGIE" ingest --bind nowhere "$ARTICLES"
	says "'nowhere' is no endpoint"
	run -78 --separate-stderr "$VIGIE" sink --publish http://x
	says "'http://x' is no endpoint"
	run -78 --separate-stderr "$VIGIE" classify -m "$TINY" --sink x
	says "'x' is no endpoint"
	run -78 --separate-stderr "$VIGIE" run -m "$TINY" --publish x "$ARTICLES"
	says "'x' is no endpoint"
	[ "${#stderr_lines[@]}" = 1 ]
}

@test "classify without its model" {
	run -66 --separate-stderr "$VIGIE" classify -m /nonexistent \
		--connect "$(articles)" --sink "$(verdicts)"
	says /nonexistent
}

@test "subscribers hear the topics that they asked for" {
	local subscribe=$BUILD/tests/subscribe

	[ -x "$subscribe" ] || skip "no $subscribe"
	mkfifo pipe
	start run -m "$TINY" -o out.jsonl -p "ipc://$work/p" - < <(cat pipe)
	exec 7>pipe
	"$subscribe" "ipc://$work/p" rail. 3 >rail 3>&- 7>&- &
	rail=$!
	"$subscribe" "ipc://$work/p" none 1 >none 3>&- 7>&- &
	none=$!
	# Who comes late has missed the first ones, so they come again.
	while kill -0 $rail 2>/dev/null || kill -0 $none 2>/dev/null; do
		cat "$ARTICLES" >&7
		sleep 0.1
	done
	exec 7>&-
	wait "${pids[0]}"
	pids=()
	[ "$(cut -f1 rail | grep -vc '^rail\.')" = 0 ]
	[ "$(cut -f1 none)" = none ]
	cut -f2 rail | validate 3
	cut -f2 none | validate 1
	[ "$(cut -f2 none | jq -c .topics)" = "[]" ]
}
