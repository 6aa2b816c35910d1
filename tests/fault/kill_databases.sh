#!/bin/bash
# One sink writes to a file, to SQLite and to PostgreSQL; it and the server are
# killed in turn. In the end each of the three holds every article once.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/postgres.sh"
server=$(mktemp -d /tmp/vpg-XXXXXX)
# shellcheck disable=SC2154 # code is set in it
trap 'code=$?; [ "$BASHPID" = $$ ] || exit $code
	stop_postgres "$server"; rm -rf "$server"
	(exit $code); finish' EXIT
n=10000
generate $n 200 >"$WORK/in.jsonl"
start_postgres "$server" || exit # 77: skipped
place=$(postgres_place "$server")
cat >>"$WORK/vigie.yaml" <<END
    - sqlite: $WORK/out.db
    - postgres: $place
END

sink
sink=$pid
classify
classify
ingest "$WORK/in.jsonl"
ingest=$pid
kills=0
while is_alive "$ingest" && [ $kills -lt 8 ]; do
	sleep 0.4
	kills=$((kills + 1))
	if [ $((kills % 3)) = 0 ]; then
		kill_postgres "$server"
		start_postgres "$server" || fail "the server does not start"
		continue
	fi
	kill -KILL "$sink"
	await "$sink" 5
	sink
	sink=$pid
done
await "$ingest" 60 || fail "ingest does not end"
kill "$sink"
await "$sink" 10 || fail "the sink does not end"
check "$WORK/out.jsonl" $n || fail "the file, after $kills kills"
sqlite3 "$WORK/out.db" "SELECT record FROM vigie_records" >"$WORK/lite"
check "$WORK/lite" $n || fail "SQLite, after $kills kills"
psql "$place" -Atc "SELECT 1" >/dev/null 2>&1 || start_postgres "$server" ||
	fail "the server does not come back"
psql "$place" -Atc "SELECT record FROM vigie_records" >"$WORK/post"
check "$WORK/post" $n || fail "PostgreSQL, after $kills kills"
for rows in lite post; do
	cmp <(sort "$WORK/out.jsonl") <(sort "$WORK/$rows") || fail "$rows"
done
topics="SELECT count(*) FROM vigie_topics"
want=$(jq '.topics | length' "$WORK/out.jsonl" | awk '{ n += $1 } END { print n + 0 }')
[ "$(sqlite3 "$WORK/out.db" "$topics")" = "$want" ] || fail "topics in SQLite"
[ "$(psql "$place" -Atc "$topics")" = "$want" ] || fail "topics in PostgreSQL"
[ $kills -ge 3 ] || fail "only $kills kills"
