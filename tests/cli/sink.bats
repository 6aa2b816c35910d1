#!/usr/bin/env bats
# The sink as a daemon: its numbers, rotation, a restart.
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

port() {
	/usr/bin/python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

configure() { # LINES…
	url=127.0.0.1:$(port)
	cat >sink.yaml <<-END
	sink:
	  bind: ipc://$work/verdicts
	  connect: [ipc://$work/articles]
	  dead_letters: dead.jsonl
	  http:
	    listen: $url
	  targets:
	    - jsonl: out.jsonl
	      rotate_size: 4k
	END
}

ready() {
	for _ in $(seq 200); do
		! curl -fs "http://$url/readyz" >/dev/null || return 0
		sleep 0.05
	done
	cat err
	false
}

metric() { # NAME VALUE
	curl -fs "http://$url/metrics" >metrics
	grep -q "^$1 $2\$" metrics || { grep "^$1" metrics; false; }
}

@test "numbers survive a restart and rotation; nothing is written again" {
	configure
	start classify -m "$TINY" --connect "ipc://$work/articles" --sink "ipc://$work/verdicts"
	start sink -c sink.yaml
	ready
	"$VIGIE" ingest --bind "ipc://$work/articles" "$ARTICLES"
	metric vigie_sink_emitted_total 25
	metric vigie_sink_dead_lettered_total 0
	metric vigie_sink_waiting 0
	metric vigie_sink_group_age_seconds 0
	grep -q '^vigie_sink_commit_seconds_count [1-9]' metrics
	grep -q '^vigie_sink_target_bytes{target="out.jsonl"} ' metrics
	kill -9 "${pids[1]}"
	wait "${pids[1]}" || true
	start sink -c sink.yaml
	ready
	metric vigie_sink_emitted_total 25
	"$VIGIE" ingest --bind "ipc://$work/articles" "$ARTICLES"
	metric vigie_sink_emitted_total 50
	ls out.jsonl.2*
	[ -s out.jsonl.done ]
	cat out.jsonl out.jsonl.2* | validate 50
	rm out.jsonl.2*
	kill "${pids[2]}"
	wait "${pids[2]}"
	start sink -c sink.yaml
	ready
	metric vigie_sink_emitted_total 50
}

@test "the sink is told twice to read its keys again, and goes on" {
	configure
	start sink -c sink.yaml
	ready
	kill -HUP "${pids[0]}"
	sleep 0.3
	kill -HUP "${pids[0]}"
	sleep 0.3
	ready
	kill "${pids[0]}"
	wait "${pids[0]}"
	pids=()
}
