#!/usr/bin/env bats
# What daemons tell the service manager, which manager.py plays, and the units.
load helper

# The watchdog's patience, and so twice the time between two of its words.
patience=1000000

manage() {
	rm -f said
	# What runs beside the shell has no input unless it is given one.
	/usr/bin/python3 "$here/manager.py" said $patience "$VIGIE" "$@" \
		<&0 2>>err 3>&- &
	manager=$!
	until [ -s said ]; do sleep 0.02; done
	main=$(head -1 said)
}

teardown() {
	if [ -n "${main:-}" ]; then
		pkill -CONT -P "$main" 2>/dev/null || true
		kill -CONT "$main" 2>/dev/null || true
		kill "$manager" 2>/dev/null || true
	fi
	wait
	cat said err 2>/dev/null || true
	rm -rf "$work"
}

told() { grep -c " main $1" said || true; }

await() { # TEXT [COUNT]
	for _ in $(seq 400); do
		[ "$(told "$1")" -lt "${2:-1}" ] || return 0
		sleep 0.05
	done
	echo "never told: $1"
	return 1
}

# Nothing is told for four times as long as between two words. One that was said
# before may be heard only now, so there is a second look.
silent() {
	local before

	for _ in 1 2; do
		before=$(told WATCHDOG)
		sleep 2
		[ "$(told WATCHDOG)" != "$before" ] || return 0
	done
	return 1
}

end() {
	kill "$manager"
	wait "$manager"
	await STOPPING=1
	[ "$(told STOPPING=1)" = 1 ]
	if grep " other " said; then false; fi
	main=
}

config() {
	cat >vigie.yaml <<-YAML
		ingest:
		  sources: [{path: $work/pipe, kind: jsonl}]
		classify: {model: $TINY}
		sink: {targets: [{jsonl: $work/out.jsonl}]}
		run: {workers: 2}
	YAML
	mkfifo pipe
	exec 7<>pipe
}

@test "classify is ready once, feeds the watchdog, and is silent when stopped" {
	manage classify -m "$TINY" --connect "ipc://$work/a" --sink "ipc://$work/v"
	await READY=1
	await WATCHDOG=1 4
	[ "$(told READY=1)" = 1 ]
	# On a slow machine that it gets on comes earlier, and nothing else.
	[ -z "$(sed '1d; / READY=1/,$d' said | grep -v ' WATCHDOG=1')" ]
	kill -STOP "$main"
	silent
	kill -CONT "$main"
	await WATCHDOG=1 $(($(told WATCHDOG=1) + 2))
	end
}

@test "ingest and sink are ready, feed the watchdog and say when they stop" {
	config
	manage ingest --config vigie.yaml --bind "ipc://$work/a"
	await READY=1
	await WATCHDOG=1 3
	end
	manage sink --bind "ipc://$work/v" --connect "ipc://$work/a" -o out.jsonl
	await READY=1
	await WATCHDOG=1 3
	end
}

@test "a sink that cannot open its file is never ready" {
	manage sink --bind "ipc://$work/v" --connect "ipc://$work/a" \
		-o "$work/none/out.jsonl"
	if wait "$manager"; then false; fi
	main=
	[ "$(told READY=1)" = 0 ]
}

@test "run is ready with its rooms and feeds the watchdog" {
	config
	manage run --config vigie.yaml
	await READY=1
	await WATCHDOG=1 4
	head -3 "$ARTICLES" >pipe
	until [ "$(cat out.jsonl 2>/dev/null | wc -l)" = 3 ]; do sleep 0.05; done
	[ "$(told READY=1)" = 1 ]
	grep -q "STATUS=ready; 2 classify daemons" said
	kill -STOP "$main"
	silent
	kill -CONT "$main"
	await WATCHDOG=1 $(($(told WATCHDOG=1) + 2))
	end
	validate 3 <out.jsonl
}

@test "run does not feed the watchdog while a room hangs" {
	config
	manage run --config vigie.yaml
	await WATCHDOG=1 2
	ingest=$(pgrep -o -P "$main")
	kill -STOP "$ingest"
	sleep 6
	silent
	kill -CONT "$ingest"
	await WATCHDOG=1 $(($(told WATCHDOG=1) + 2))
	end
}

@test "run is not ready before its sink is" {
	config
	sed -i "s|$work/out.jsonl|$work/fifo|" vigie.yaml
	mkfifo fifo
	manage run --config vigie.yaml
	sleep 1
	[ "$(told READY=1)" = 0 ]
	cat fifo >out.jsonl 3>&- 7>&- &
	await READY=1
	end
}

@test "SIGHUP reloads a daemon and stops a run over files" {
	config
	manage run --config vigie.yaml
	await READY=1
	kill -HUP "$manager"
	await RELOADING=1
	grep -q "RELOADING=1 MONOTONIC_USEC=[0-9]" said
	await READY=1 2
	kill -HUP "$manager"
	await READY=1 3
	head -3 "$ARTICLES" >pipe
	until [ "$(cat out.jsonl 2>/dev/null | wc -l)" = 3 ]; do sleep 0.05; done
	end
	manage run -m "$TINY" -o other.jsonl - <&7
	await READY=1
	kill -HUP "$manager"
	wait "$manager"
	main=
}

# With a journal whatever an ingest had accepted is read again.
@test "run starts an ingest with a journal again, also while it drains" {
	config
	sed -i "s|^ingest:|ingest:\n  journal: {path: $work/journal}|" vigie.yaml
	manage run --config vigie.yaml
	await READY=1
	kill -KILL "$(pgrep -o -P "$main")"
	until grep -q "ingest was killed by signal 9.*started again" err; do
		sleep 0.05
	done
	head -3 "$ARTICLES" >pipe
	until [ "$(cat out.jsonl 2>/dev/null | wc -l)" = 3 ]; do sleep 0.05; done
	# Nobody judges any more, so that it has something to wait for.
	# In the order of their start: sink, two classify, the new ingest. Each
	# classify has a child that judges.
	workers=$(pgrep -P "$main" | sed -n '2,3p')
	workers+=" $(for pid in $workers; do pgrep -P "$pid"; done)"
	ingest=$(pgrep -n -P "$main")
	for pid in $workers; do kill -STOP "$pid"; done
	head -5 "$ARTICLES" | tail -2 >pipe
	sleep 0.5
	kill "$manager"
	await STOPPING=1
	kill -KILL "$ingest"
	until [ "$(grep -c "ingest was killed.*started again" err)" = 2 ]; do
		sleep 0.05
	done
	for pid in $workers; do kill -CONT "$pid" 2>/dev/null || true; done
	wait "$manager"
	main=
	[ "$(told STOPPING=1)" = 1 ]
}

@test "log.format json" {
	config
	printf 'log: {format: json, level: details}\n' >>vigie.yaml
	echo '{' >broken.jsonl
	run -0 --separate-stderr "$VIGIE" run --config vigie.yaml \
		"$ARTICLES" broken.jsonl -o out.jsonl -q
	[ "${#stderr_lines[@]}" -gt 2 ]
	for line in "${stderr_lines[@]}"; do
		[ "$(jq -r 'keys | join(" ")' <<<"$line")" = \
			"level message room time" ]
	done
	printf '%s\n' "${stderr_lines[@]}" | jq -s -e 'any(.room == "ingest" and
		.level == "warning" and (.message | test("broken.jsonl:1")))'
}

units=$root/packaging/systemd

@test "units: the essential lines" {
	for unit in "$units"/*.service; do
		echo "$unit"
		for line in Type=notify NotifyAccess=main WatchdogSec=30 \
			Restart=on-failure NoNewPrivileges=yes User=vigie \
			ProtectSystem=strict CapabilityBoundingSet= \
			"ExecReload=/bin/kill -HUP \$MAINPID" \
			"RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK"; do
			grep -qxF "$line" "$unit"
		done
		grep -q '^TimeoutStartSec=[0-9]*min$' "$unit"
		grep -q '^MemoryMax=[0-9]*[MG]$' "$unit"
	done
	for unit in "$units"/vigie-*.service; do
		grep -qx 'TimeoutStopSec=15' "$unit"
		grep -qx 'PartOf=vigie.target' "$unit"
	done
	for unit in "$units"/vigie{,-ingest,-sink}.service; do
		grep -qx 'StateDirectory=vigie' "$unit"
	done
}

@test "units: systemd finds nothing wrong with them" {
	local bin wrong

	command -v systemd-analyze >/dev/null || skip "no systemd-analyze"
	mkdir units
	# As they would be where it is installed.
	bin=$(readlink -f "$VIGIE")
	for unit in "$units"/*; do
		sed "s|^\(Exec[A-Za-z]*=\)vigie |\1$bin |" "$unit" \
			>"units/$(basename "$unit")"
	done
	wrong=$(systemd-analyze verify --man=no units/* 2>&1) || true
	echo "$wrong"
	[ -z "$wrong" ]
	for unit in units/*.service; do
		systemd-analyze security --offline=true --threshold=20 "$unit" \
			>/dev/null
	done
}
