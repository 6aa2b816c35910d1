#!/usr/bin/env bats
# The classify daemon: its numbers, its worker, and what the service manager
# hears.
load helper

start() {
	"$VIGIE" "$@" 2>>err 3>&- &
	pids+=($!)
}

teardown() {
	[ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || true
	wait
	cat err
	rm -rf "$work"
}

port() {
	/usr/bin/python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

await() {
	for _ in $(seq 300); do
		! "$@" || return 0
		sleep 0.05
	done
	echo "not so: $*"
	return 1
}

ready() { curl -sf "$url/readyz" >/dev/null; }

# The rooms, of which classify listens; 25 articles are judged.
rooms() {
	cp "$TINY" in.vigie
	url=http://127.0.0.1:$(port)
	echo "classify: {http: {listen: \"${url#http://}\"}, model: in.vigie}" >c.yaml
	start classify -c c.yaml --connect "ipc://$work/a" --sink "ipc://$work/v"
	guard=${pids[0]}
	start sink --bind "ipc://$work/v" --connect "ipc://$work/a" -o out.jsonl
	await ready
	"$VIGIE" ingest --bind "ipc://$work/a" "$ARTICLES" 2>>err
}

metric() { # NAME: its value
	curl -sf "$url/metrics" | awk -v name="$1" '$1 == name { print $2 }'
}

is() { [ "$(metric "$1")" = "$2" ]; }

model_row() {
	echo "vigie_classify_model_info{model=\"$1\",id=\"$(sha256sum "$2" | cut -d' ' -f1)\"}"
}

@test "numbers of the classify daemon" {
	rooms
	is vigie_classify_judged_total 25
	is vigie_classify_judge_seconds_count 25
	is vigie_classify_worker_deaths_total 0
	is 'vigie_classify_reloads_total{result="ok"}' 0
	is "$(model_row tiny in.vigie)" 1
	curl -sf "$url/livez"
	curl -sf "$url/metrics" | /usr/bin/python3 "$here/prometheus.py" >/dev/null
}

@test "a bundle that is installed judges soon, a bad one does not" {
	rooms
	old=$(model_row tiny "$TINY")
	sed 's/^name: tiny/name: other/; s/c: 1$/c: 0.1/' \
		"$root/tests/data/tiny.yaml" >other.yaml
	cp "$ARTICLES" .
	"$VIGIE" train other.yaml -o other.vigie >/dev/null 2>&1
	"$VIGIE" model install other.vigie in.vigie
	await is 'vigie_classify_reloads_total{result="ok"}' 1
	is "$(model_row other other.vigie)" 1
	is "$old" 0
	grep -q "judging by other@sha256:$(sha256sum in.vigie | cut -d' ' -f1) from now on" err
	head -c 999 other.vigie >in.vigie
	kill -HUP "$guard"
	await is 'vigie_classify_reloads_total{result="refused"}' 1
	grep -q "the new bundle is refused, the old one goes on: in.vigie: " err
	is "$(model_row other other.vigie)" 1
	"$VIGIE" model rollback in.vigie
	await is 'vigie_classify_reloads_total{result="ok"}' 2
	is "$old" 1
	is vigie_classify_worker_deaths_total 0
}

@test "a worker that is killed is replaced, and its successor goes on counting" {
	rooms
	kill -KILL "$(pgrep -P "$guard")"
	await ready
	is vigie_classify_worker_deaths_total 1
	is vigie_classify_judged_total 25
	"$VIGIE" ingest --bind "ipc://$work/a" "$ARTICLES" 2>>err
	is vigie_classify_judged_total 50
	validate 50 <out.jsonl
	grep -q "killed by signal 9 (Killed): another takes its place" err
}

# A service manager: prints what it is told, until it has heard $1 of it.
manager() {
	/usr/bin/python3 - "$1" >>told <<-'PYTHON' &
		import os, socket, sys
		s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		s.bind("notify")
		open("bound", "w").close()
		while True:
		    for line in s.recv(4096).decode().splitlines():
		        print(line, flush=True)
		        if line == sys.argv[1]:
		            sys.exit()
	PYTHON
	await test -e bound
}

told() { grep -q "^$1" told; }

@test "the service manager hears of the daemon, by its main process" {
	manager STOPPING=1
	NOTIFY_SOCKET=$work/notify WATCHDOG_USEC=1000000 start classify -m "$TINY" \
		--connect "ipc://$work/a" --sink "ipc://$work/v"
	await told READY=1
	await told WATCHDOG=1
	kill -STOP "$(pgrep -P "${pids[0]}")" # nothing gets on
	sleep 1
	before=$(grep -c WATCHDOG=1 told)
	sleep 1.2
	[ "$(grep -c WATCHDOG=1 told)" = "$before" ]
	kill -CONT "$(pgrep -P "${pids[0]}")"
	kill "${pids[0]}"
	await told STOPPING=1
}

@test "a bundle that finds no memory says so" {
	(
		ulimit -v 300000
		"$VIGIE" run -m "$TINY" "$ARTICLES" >out 2>err
	) || [ $? = 71 ]
	stderr=$(cat err)
	says "annot allocate memory"
}
