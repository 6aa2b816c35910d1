# shellcheck shell=bash
# A PostgreSQL server of a test's own, to be sourced: it listens on a socket in
# its folder and nowhere else. The server refuses to be root, so that root
# starts it as the user that the package made.
#
#	start_postgres FOLDER	empty or of an earlier start; ready on return
#	stop_postgres FOLDER	within a moment, as a crash does not
#	kill_postgres FOLDER	-9 to the server and all its sessions
#	start_postgres FOLDER	… and again: it recovers
#	postgres_place FOLDER	what vigie and psql connect to
#
# start_postgres returns 77 and says so where the package is missing.

postgres_bin() {
	local bin

	for bin in /usr/lib/postgresql/*/bin; do
		[ -x "$bin/initdb" ] && echo "$bin"
	done | sort -V | tail -1
}

# As its user: from the root folder, for that user may not see ours.
postgres_as() {
	if [ "$(id -u)" = 0 ]; then
		(cd / && exec setpriv --reuid=postgres --regid=postgres \
			--clear-groups "$@")
	else
		(cd / && exec "$@")
	fi
}

postgres_place() {
	echo "host=$1 user=vigie dbname=postgres"
}

postgres_make() {
	local folder=$1 bin=$2

	postgres_as "$bin/initdb" -D "$folder/data" -U vigie -A trust \
		-E UTF8 --locale=C.UTF-8 --no-sync >"$folder/initdb.log" ||
		return 1
	cat >>"$folder/data/postgresql.conf" <<-END
		listen_addresses = ''
		unix_socket_directories = '$folder'
		shared_buffers = 32MB
		restart_after_crash = on
		log_min_messages = warning
	END
}

start_postgres() {
	local folder bin log

	folder=$(cd "$1" && pwd) || return
	log=$folder/server.log
	bin=$(postgres_bin)
	if [ -z "$bin" ]; then
		echo "skipped: postgresql is not installed"
		return 77
	fi
	if [ "$(id -u)" = 0 ]; then
		chown postgres:postgres "$folder"
		chmod 755 "$folder"
		: >>"$folder/initdb.log"
		chown postgres:postgres "$folder/initdb.log"
	fi
	if [ ! -e "$folder/data/PG_VERSION" ]; then
		postgres_make "$folder" "$bin" || return 1
	fi
	# What a killed server left would have its successor wait.
	postgres_as "$bin/pg_ctl" -s -w -t 60 -D "$folder/data" -l "$log" \
		start >/dev/null || {
		cat "$log"
		return 1
	}
}

postgres_pid() {
	head -1 "$1/data/postmaster.pid" 2>/dev/null
}

stop_postgres() {
	local bin

	bin=$(postgres_bin)
	[ -n "$(postgres_pid "$1")" ] || return 0
	postgres_as "$bin/pg_ctl" -s -w -m immediate -D "$1/data" stop
}

# The server first, or it would start its sessions anew.
kill_postgres() {
	local pid children

	pid=$(postgres_pid "$1") || return
	children=$(pgrep -P "$pid")
	kill -KILL "$pid"
	# shellcheck disable=SC2086 # several
	[ -z "$children" ] || kill -KILL $children 2>/dev/null
	while pgrep -P "$pid" >/dev/null; do sleep 0.05; done
	# shellcheck disable=SC2086
	for pid in $pid $children; do
		while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
	done
	rm -f "$1/data/postmaster.pid"
}
