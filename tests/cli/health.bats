#!/usr/bin/env bats
# The pages that rooms show over HTTP.
load helper

teardown() {
	[ -z "${pid:-}" ] || kill "$pid" 2>/dev/null || true
	wait
	cat err 2>/dev/null || true
	rm -rf "$work"
}

# So many ports in a row that nobody listens on.
ports() {
	/usr/bin/python3 - "$1" <<-'PYTHON'
		import random, socket, sys
		while True:
		    first = random.randrange(20000, 30000)
		    try:
		        for port in range(first, first + int(sys.argv[1])):
		            with socket.socket() as s:
		                s.bind(("127.0.0.1", port))
		        break
		    except OSError:
		        pass
		print(first)
	PYTHON
}

start() {
	"$VIGIE" "$@" 2>>err 3>&- &
	pid=$!
}

url() { echo "http://127.0.0.1:$((port + ${2:-0}))$1"; }
code() { curl -s -o body -w '%{http_code}' "$@"; }

# Until the page of a room answers so.
await() { # PATH CODE [PORT]
	for _ in $(seq 200); do
		[ "$(code "$(url "$1" "${3:-0}")")" != "$2" ] || return 0
		sleep 0.05
	done
	return 1
}

metrics() { curl -sf "$@" | /usr/bin/python3 "$here/prometheus.py"; }

sink() {
	port=$(ports 1)
	printf 'sink: {http: {listen: "127.0.0.1:%s"%s}}\n' "$port" "${1:-}" \
		>vigie.yaml
	start sink --config vigie.yaml --bind "ipc://$work/v" \
		--connect "ipc://$work/a" -o out.jsonl
	await /readyz 200
}

@test "livez, readyz, metrics and what is not there" {
	sink
	[ "$(cat body)" = ready ]
	[ "$(code "$(url /livez)")" = 200 ]
	[ "$(cat body)" = alive ]
	[ "$(code "$(url /metrics)")" = 200 ]
	[ "$(code "$(url /other)")" = 404 ]
	jq -e .error body
	[ "$(code -d x "$(url /livez)")" = 405 ]
	jq -e .error body
	curl -sI "$(url /metrics)" >head
	grep -qi '^content-type: text/plain; version=0.0.4; charset=utf-8' head
	[ "$(code -I "$(url /livez)")" = 200 ]
	curl -s "$(url "/livez?x=1")" | grep -qx alive
	kill "$pid"
	wait "$pid"
	pid=
}

@test "metrics are well-formed and of this process" {
	sink
	metrics "$(url /metrics)" >one
	jq -e '."vigie_build_info{version=\"'"$("$VIGIE" --version |
		grep -o '[0-9.]*' | head -1)"'\",room=\"sink\"}" == 1' one
	jq -e ".vigie_start_time_seconds > $(date +%s) - 60 and
		.vigie_start_time_seconds <= $(date +%s)" one
	jq -e '.process_resident_memory_bytes > 1e6 and .process_open_fds > 5' one
	[ "$(jq .process_open_fds one)" -le $(($(find "/proc/$pid/fd" | wc -l) + 1)) ]
	for _ in $(seq 20); do metrics "$(url /metrics)" >two; done
	jq -s -e '.[1].process_cpu_seconds_total >= .[0].process_cpu_seconds_total
		and .[1].process_open_fds == .[0].process_open_fds' one two
}

@test "metrics ask for the token, the other pages do not" {
	echo open-sesame >token
	chmod 600 token
	sink ", token_file: $work/token"
	[ "$(code "$(url /livez)")" = 200 ]
	[ "$(code "$(url /metrics)")" = 401 ]
	jq -e .error body
	curl -si "$(url /metrics)" | grep -qi '^www-authenticate: bearer'
	[ "$(code -H 'Authorization: Bearer sesame' "$(url /metrics)")" = 401 ]
	metrics -H 'Authorization: Bearer open-sesame' "$(url /metrics)"
}

@test "each room of a run has its port, each classify daemon its own" {
	port=$(ports 4)
	cat >vigie.yaml <<-YAML
		ingest:
		  sources: [{path: $work/pipe, kind: jsonl}]
		  http: {listen: "127.0.0.1:$port"}
		classify: {model: $TINY, http: {listen: "127.0.0.1:$((port + 1))"}}
		sink:
		  targets: [{jsonl: $work/out.jsonl}]
		  http: {listen: "127.0.0.1:$((port + 3))"}
		run: {workers: 2}
	YAML
	mkfifo pipe
	exec 7<>pipe
	start run --config vigie.yaml
	for i in 0 1 2 3; do await /readyz 200 $i; done
	for i in 0 1 2 3; do
		metrics "$(url /metrics $i)" | grep -o 'room=\\"[a-z]*'
	done >rooms
	[ "$(cut -d'"' -f2 rooms | paste -sd' ')" = \
		"ingest classify classify sink" ]
	kill "$pid"
	wait "$pid"
	pid=
}

@test "the reader of metrics finds faults" {
	local bad

	printf '# HELP a_total x\n# TYPE a_total counter\na_total{b="\\\\"} 1\n' |
		/usr/bin/python3 "$here/prometheus.py"
	for bad in 'a 1\n' '# TYPE a_total counter\na_total 1\n' \
		'# HELP a x\n# TYPE a gauge\na 1\na 2\n' \
		'# HELP a x\n# TYPE a gauge\na{b="\\q"} 1\n' \
		'# HELP a x\n# TYPE a gauge\na 1' \
		'# HELP a x\n# TYPE a gauge\na 1,5\n' \
		'# HELP a x\n# TYPE a histogram\na_bucket{le="1"} 2\na_sum 1\na_count 2\n' \
		'# HELP a x\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n'; do
		# shellcheck disable=SC2059 # formats, with their line breaks
		run ! /usr/bin/python3 "$here/prometheus.py" < <(printf "$bad")
	done
}
