#!/usr/bin/env bats
# `vigie feeds`, without a daemon; polling.bats has some with one.
load helper

setup_file() { :; }

serve() {
	mkdir -p web/www
	mkfifo web/alive
	/usr/bin/python3 "$here/../lying_server.py" web --stdin <web/alive \
		2>/dev/null 3>&- &
	exec 7>web/alive
	until [ -s web/port ]; do sleep 0.05; done
	url=http://127.0.0.1:$(cat web/port)
	printf 'ingest: {web: {private: true, gap: 0ms}}\n' >web.yaml
}

teardown() {
	exec 7>&-
	wait
	rm -rf "$work"
}

config() {
	cat >vigie.yaml <<-END
		ingest:
		  journal: {path: $work/journal}
		  sources:
		    - {url: "https://me:secret@a.example/rss", name: The A}
		    - {path: list.opml}
		    - {path: notes.txt}
	END
	cat >list.opml <<-END
		<opml version="2.0"><head><title>x</title></head><body>
		<outline text="Folder"><outline text="B &amp; C"
		xmlUrl="https://b.example/feed?a=1&amp;b=2"/></outline>
		<outline text="" xmlUrl="https://d.example/"/></body></opml>
	END
}

@test "misuse is told" {
	run -64 --separate-stderr "$VIGIE" feeds lst
	says "did you mean 'list'?"
	run -64 --separate-stderr "$VIGIE" feeds import
	says "import wants a file"
	run -64 --separate-stderr "$VIGIE" feeds export x
	says "export takes no words"
	run -64 --separate-stderr "$VIGIE" feeds discover a.example
	says "'a.example' is no address"
	run -64 --separate-stderr "$VIGIE" feeds --output x
	says "only export and import have --output"
}

@test "without feeds it is said how to have some" {
	run -0 --separate-stderr "$VIGIE" feeds
	[[ $output == *"vigie feeds import"* ]]
	run -0 --separate-stderr "$VIGIE" feeds --json
	[ -z "$output" ]
}

@test "list has the feeds of the configuration and of its lists" {
	config
	run -0 --separate-stderr "$VIGIE" feeds --config vigie.yaml
	quiet
	[ "${#lines[@]}" = 4 ]
	[[ ${lines[1]} =~ ^new\ +never\ +soon\ +0\ +The\ A,\ https://a.example/rss$ ]]
	[[ ${lines[2]} == *"B & C, https://b.example/feed?a=1&b=2" ]]
	[[ $output != *secret* ]]
	run -0 --separate-stderr "$VIGIE" feeds list --json -c vigie.yaml
	[[ $output != *secret* ]]
	[ "$(jq -r '.state + " " + .url' <<<"${lines[2]}")" = \
		"new https://d.example/" ]
	[ "$(jq -r .last_success <<<"${lines[0]}")" = null ]
}

@test "a list that is not there is told, and the others are listed" {
	config
	rm list.opml
	run -0 --separate-stderr "$VIGIE" feeds --config vigie.yaml
	says "list.opml"
	[ "${#lines[@]}" = 2 ]
}

@test "export and import are each other's way back" {
	config
	"$VIGIE" feeds export --config vigie.yaml >out.opml
	[[ $(cat out.opml) == *'B &amp; C'* ]]
	[[ $(cat out.opml) != *secret* ]]
	"$VIGIE" feeds import out.opml --output sources.yaml
	# Sources that are polled need a journal.
	echo "  journal: {path: $work/journal}" >>sources.yaml
	"$VIGIE" feeds export --config sources.yaml --output again.opml
	cmp out.opml again.opml
}

@test "import of what is no list is told" {
	echo hello >no.opml
	run -65 --separate-stderr "$VIGIE" feeds import no.opml
	says no.opml
	run -66 --separate-stderr "$VIGIE" feeds import missing.opml
	says "missing.opml: No such file"
}

@test "discover prints the feeds that a page names" {
	serve
	cat >web/www/index.html <<-END
		<html><head><link rel="alternate" title="All"
		type="application/rss+xml" href="/www/all.xml">
		<link rel="alternate" type="application/atom+xml"
		href="https://b.example/atom"></head><body></body></html>
	END
	run -0 --separate-stderr "$VIGIE" feeds discover -c web.yaml \
		"$url/www/index.html"
	[ "${lines[0]}" = "$url/www/all.xml	All" ]
	[ "${lines[1]}" = "https://b.example/atom" ]
	echo '<html><body><p>Nothing here.</p></body></html>' >web/www/no.html
	run -66 --separate-stderr "$VIGIE" feeds discover -c web.yaml \
		"$url/www/no.html"
	says "names no feed"
	run -66 --separate-stderr "$VIGIE" feeds discover -c web.yaml \
		"$url/www/missing.html"
	says 404
	run -77 --separate-stderr "$VIGIE" feeds discover "$url/www/index.html"
	says "web.private"
}
