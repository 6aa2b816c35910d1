#!/usr/bin/env bats
# `vigie run` into databases and to a webhook: they hold what the file holds.
load helper
# shellcheck source=SCRIPTDIR/../fault/postgres.sh
source "$BATS_TEST_DIRNAME/../fault/postgres.sh"

# shellcheck disable=SC2154 # work is of setup() in helper.bash
teardown() {
	[ -z "$server" ] || stop_postgres "$server"
	[ -z "$receiver" ] || kill "$receiver"
	rm -rf "$work" "$server"
}

# config TARGET: a run over the articles, to out.jsonl and there.
config() {
	cat >c.yaml <<-END
		ingest:
		  sources:
		    - path: $ARTICLES
		classify:
		  model: $TINY
		sink:
		  targets:
		    - jsonl: out.jsonl
		    - $1
	END
}

pour() {
	run -0 --separate-stderr "$VIGIE" run -c c.yaml
	[ -z "$stderr" ]
}

# same COMMAND…: prints the lines of the file, each as it is there.
same() {
	"$@" >rows
	[ -s rows ]
	diff <(sort rows) <(sort out.jsonl)
}

against="SELECT r.title FROM vigie_topics t JOIN vigie_records r
	USING (origin, seq) WHERE t.topic = 'rail' AND t.stance = 'against'
	ORDER BY r.title"

titles_against() {
	jq -r 'select(.topics[] | .topic == "rail" and .stance == "against")
		| .title' out.jsonl | LC_ALL=C sort
}

@test "SQLite: rows are the lines, topics can be asked for" {
	config "sqlite: out.db"
	pour
	validate 25 <out.jsonl
	same sqlite3 out.db "SELECT record FROM vigie_records"
	[ -n "$(titles_against)" ]
	diff <(sqlite3 out.db "$against") <(titles_against)
	pour
	validate 50 <out.jsonl
	same sqlite3 out.db "SELECT record FROM vigie_records"
	[ "$(sqlite3 out.db "SELECT count(*) FROM vigie_sink")" = 2 ]
}

@test "SQLite: a file of something else is refused" {
	sqlite3 out.db "CREATE TABLE mine(x)"
	config "sqlite: out.db"
	run ! --separate-stderr "$VIGIE" run -c c.yaml
	says "out.db: a database of something else"
	[ "$(sqlite3 out.db .tables)" = mine ]
}

@test "PostgreSQL: rows are the lines, topics can be asked for" {
	server=$(mktemp -d /tmp/vpg-XXXXXX)
	start_postgres "$server" || skip "postgresql is not installed"
	place=$(postgres_place "$server")
	config "postgres: $place"
	pour
	validate 25 <out.jsonl
	same psql "$place" -Atc "SELECT record FROM vigie_records"
	diff <(psql "$place" -Atc "$against" | LC_ALL=C sort) <(titles_against)
	pour
	same psql "$place" -Atc "SELECT record FROM vigie_records"
}

@test "PostgreSQL: the sink waits for a server that comes later" {
	server=$(mktemp -d /tmp/vpg-XXXXXX)
	start_postgres "$server" || skip "postgresql is not installed"
	stop_postgres "$server"
	config "postgres: $(postgres_place "$server")"
	"$VIGIE" run -c c.yaml 2>err 3>&- &
	until grep -q "waiting for it" err; do sleep 0.05; done
	start_postgres "$server"
	wait $!
	grep -q "it is there" err
	same psql "$(postgres_place "$server")" -Atc \
		"SELECT record FROM vigie_records"
}

@test "webhook: lines are posted" {
	mkdir posted
	"$BATS_TEST_DIRNAME/../receiver.py" posted 3>&- &
	receiver=$!
	until [ -e posted/port ]; do sleep 0.05; done
	echo 503 >posted/plan
	config "webhook: http://127.0.0.1:$(cat posted/port)/in"
	run -0 --separate-stderr "$VIGIE" run -c c.yaml
	says "answers 503"
	same cat posted/got
}

@test "check says how strong the promise of each is" {
	cat >c.yaml <<-END
		classify:
		  model: $TINY
		sink:
		  targets:
		    - sqlite: out.db
		    - postgres: postgres://me:secret@db.example/news
		    - webhook: https://news.example/in
		    - jsonl: "-"
	END
	run -0 --separate-stderr "$VIGIE" check c.yaml
	[[ $output == *"target 1 (sqlite): every record once"* ]]
	[[ $output == *"target 2 (postgres): every record once"* ]]
	[[ $output == *"(news at db.example): its password stands in"* ]]
	[[ $output == *"note: target 3 (webhook): "*"come again"* ]]
	[[ $output == *"note: target 4 (jsonl): standard output"* ]]
	[[ $output != *secret* ]]
	cat >c.yaml <<-END
		classify:
		  model: $TINY
		sink:
		  targets:
		    - sqlite: missing/out.db
		    - postgres: hots=x password=secret
		    - webhook: ftp://news.example/
		    - webhook: https://me:secret@news.example/
	END
	run -78 --separate-stderr "$VIGIE" check c.yaml
	says "the folder of missing/out.db: No such file"
	says 'invalid connection option "hots"'
	says "'ftp://news.example/' is no URL to post to"
	says "use token_file"
	[[ $stderr != *secret* ]]
}
