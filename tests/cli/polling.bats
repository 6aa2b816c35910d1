#!/usr/bin/env bats
# What is polled, by the whole program, from a server that does as it is told.
load helper

# The server: its address is in $url, what it gives lies in web/www.
serve() {
	mkdir -p web/www
	mkfifo web/alive
	/usr/bin/python3 "$here/../lying_server.py" web --stdin <web/alive \
		2>/dev/null 3>&- &
	exec 7>web/alive
	until [ -s web/port ]; do sleep 0.05; done
	url=http://127.0.0.1:$(cat web/port)
	configure
}

# configure [LINE…]: vigie.yaml; the lines belong to the source.
configure() {
	cat >vigie.yaml <<-END
		ingest:
		  bind: ipc://$work/run/articles
		  journal: {path: $work/journal, patience: 5ms}
		  web: {private: true, gap: 0ms}
		  sources:
		    - url: ${address:-$url/www/feed.xml}
		      every: 1s
		classify:
		  connect: [ipc://$work/run/articles]
		  sink: ipc://$work/run/verdicts
		  model: $TINY
		sink:
		  bind: ipc://$work/run/verdicts
		  connect: [ipc://$work/run/articles]
		  targets: [{jsonl: $work/out.jsonl}]
		run: {workers: 1}
	END
	printf 'ingest: {web: {private: true, gap: 0ms}}\n' >web.yaml
	[ $# = 0 ] || sed -i "/every:/a\\      $*" vigie.yaml
}

teardown() {
	stop
	exec 7>&-
	wait
	rm -rf "$work"
}

# The daemons, looked after by vigie run.
start() {
	"$VIGIE" run --config vigie.yaml 2>>err 3>&- 7>&- &
	pid=$!
}

stop() {
	[ -z "${pid:-}" ] || kill "$pid" 2>/dev/null || true
	[ -z "${pid:-}" ] || wait "$pid" || true
	pid=
}

# until_true COMMAND…: for twenty seconds at most.
until_true() {
	for _ in $(seq 400); do
		! "$@" 2>/dev/null || return 0
		sleep 0.05
	done
	echo "in vain: $*"
	cat err out.jsonl web/log
	return 1
}

# feed N…: a feed with these items, each with a text of its own.
feed() {
	local i long

	long=$(printf 'Words of an article that is long enough. %.0s' {1..20})
	{
		echo '<rss version="2.0"><channel><title>The Paper</title>'
		for i; do
			echo "<item><title>Item $i</title>" \
				"<link>$url/www/$i.html</link>" \
				"<guid isPermaLink=\"false\">g$i</guid>" \
				"<description>Number $i. $long</description>" \
				"</item>"
		done
		echo '</channel></rss>'
	} >web/www/feed.new
	mv web/www/feed.new web/www/feed.xml
}

# A feed with one item that has only a summary, and its page.
summary() {
	local i

	cat >web/www/feed.xml <<-END
		<rss version="2.0"><channel><title>The Paper</title><item>
		<title>A long story</title><link>$url/www/1.html</link>
		<guid>g1</guid><description>In short …</description>
		</item></channel></rss>
	END
	{
		echo '<html><head><title>A long story</title></head><body><article>'
		echo '<h1>A long story</h1>'
		for i in 1 2 3 4 5 6 7 8; do
			echo "<p>Paragraph number $i of the story goes on for a" \
				"while, so that everybody sees that it is the" \
				"text of the article, and not its summary.</p>"
		done
		echo '</article></body></html>'
	} >web/www/1.html
}

asked() { # PATH: how often
	grep -c "\"path\": \"$1\"" web/log || true
}

asked_twice() { [ "$(asked "$1")" -ge "${2:-2}" ]; }
has_lines() { [ "$(wc -l <out.jsonl)" = "$1" ]; }
remembered() { # in the journal
	"$VIGIE" feeds --json --config vigie.yaml | grep -q "$1"
}
header() { # NAME: of the last request
	tail -1 web/log | jq -r ".headers[] | select(.[0] | ascii_downcase ==
		\"$1\") | .[1]"
}

@test "a run reads a feed once, oldest first" {
	serve
	feed 3 2 1
	judge 0 3 --config web.yaml "$url/www/feed.xml"
	quiet
	[ "$(jq -r .title out | tr '\n' ' ')" = "Item 1 Item 2 Item 3 " ]
	[ "$(jq -r .source out | uniq)" = "The Paper" ]
	[ "$(jq -r .url out | head -1)" = "$url/www/1.html" ]
	[ "$(jq -r .input.feed out | uniq)" = "$url/www/feed.xml" ]
	[ "$(jq -r .input.guid out | head -1)" = g1 ]
	[ "$(asked /www/feed.xml)" = 1 ]
}

@test "a private address is refused, and it is said what to do" {
	serve
	feed 1
	judge 77 0 "$url/www/feed.xml"
	says "web.private"
	[ ! -s web/log ]
}

@test "an address that has nothing ends a run with its sentence" {
	serve
	judge 66 0 --config web.yaml "$url/www/nothing.xml"
	says "404"
	says "/www/nothing.xml"
	echo "no feed at all" >web/www/text.xml
	judge 65 0 --config web.yaml "$url/www/text.xml"
	says "/www/text.xml"
}

@test "a page leads to its feed, which is said" {
	serve
	feed 1
	echo '<html><head><title>x</title><link rel="alternate"' \
		'type="application/rss+xml" href="/www/feed.xml"></head>' \
		'<body><p>Hello</p></body></html>' >web/www/index.html
	judge 0 1 --config web.yaml "$url/www/index.html"
	says "its feed $url/www/feed.xml is read"
	[ "$(asked /www/index.html)" = 1 ]
	[ "$(asked /www/feed.xml)" = 1 ]
}

@test "each item comes once, over restarts and kills" {
	serve
	feed 2 1
	start
	until_true has_lines 2
	until_true asked_twice /www/feed.xml
	pkill -KILL -P "$pid"
	kill -KILL "$pid"
	wait "$pid" || true
	feed 3 2 1
	start
	until_true has_lines 3
	stop
	feed 4 3 2 1
	start
	until_true has_lines 4
	until_true asked_twice /www/feed.xml 5
	stop
	validate 4 <out.jsonl
	[ "$(jq -r .title out.jsonl | sort -u | wc -l)" = 4 ]
	[ "$(jq -r .revision out.jsonl | uniq)" = 1 ]
}

@test "validators go back byte for byte, also after a restart" {
	serve
	feed 1
	printf 'ETag: W/"a  \\b;%s"\n' "é" >web/www/feed.xml.head
	start
	until_true asked_twice /www/feed.xml
	[ "$(header if-none-match)" = "$(sed 's/^ETag: //' web/www/feed.xml.head |
		iconv -f utf-8 -t utf-8)" ]
	[ -n "$(header if-modified-since)" ]
	stop
	: >web/log
	start
	until_true asked_twice /www/feed.xml 1
	[ -n "$(header if-none-match)" ]
	stop
	validate 1 <out.jsonl
}

@test "an item that has changed comes again, as a revision" {
	serve
	feed 1
	start
	until_true has_lines 1
	sed -i 's/Number 1/Corrected/' web/www/feed.xml
	until_true has_lines 2
	stop
	[ "$(jq -r .id out.jsonl | uniq | wc -l)" = 1 ]
	[ "$(jq -r .revision out.jsonl | tr '\n' ' ')" = "1 2 " ]
}

@test "a feed that is gone is not asked again" {
	serve
	feed 1
	echo 410 >web/www/feed.xml.head
	start
	until_true remembered '"state":"gone"'
	stop
	start
	sleep 1
	stop
	[ "$(asked /www/feed.xml)" = 1 ]
	[ "$(grep -c 410 err)" = 1 ]
}

@test "a feed that has moved for good is asked there after three polls" {
	serve
	feed 1
	address="$url/to?status=301&url=$url/www/feed.xml" configure
	start
	until_true asked_twice /www/feed.xml 5
	stop
	[ "$(grep -c '"path": "/to' web/log)" = 3 ]
	[[ $(cat err) == *"has moved for good; $url/www/feed.xml"* ]]
	remembered "\"asked_at\":\"$url/www/feed.xml\""
	validate 1 <out.jsonl
}

@test "a host that wants to rest is left alone over a restart" {
	serve
	feed 1
	printf '429\nRetry-After: 7200\n' >web/www/feed.xml.head
	start
	until_true remembered '"failures":1'
	stop
	rm web/www/feed.xml.head
	address="$url/www/other.xml" configure
	start
	until_true remembered other.xml
	sleep 1
	stop
	[ "$(wc -l <web/log)" = 1 ]
}

@test "a summary brings the text of its page" {
	serve
	summary
	judge 0 1 --config web.yaml --text "$url/www/feed.xml"
	[[ $(jq -r .text out) == *"Paragraph number 8 of the story"* ]]
	[ "$(jq -r .input.summary out)" = "In short …" ]
	[ "$(asked /robots.txt)" = 1 ]
}

@test "a source may forbid to fetch pages" {
	serve
	summary
	configure 'full: never'
	start
	until_true has_lines 1
	stop
	[ "$(asked /www/1.html)" = 0 ]
}

@test "where robots.txt forbids it, the summary is the article" {
	serve
	summary
	printf 'User-agent: *\nDisallow: /www/1\n' >web/www/robots.txt
	judge 0 1 --config web.yaml --text "$url/www/feed.xml"
	says "robots.txt"
	[ "$(jq -r .text out)" = "In short …" ]
	[ "$(jq -r .input.full out)" = false ]
	[ "$(asked /www/1.html)" = 0 ]
}

@test "a news sitemap brings its pages" {
	serve
	summary
	cat >web/www/map.xml <<-END
		<?xml version="1.0"?>
		<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
		<url><loc>$url/www/1.html</loc></url></urlset>
	END
	cat >web/www/index.xml <<-END
		<?xml version="1.0"?>
		<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
		<sitemap><loc>$url/www/map.xml</loc></sitemap></sitemapindex>
	END
	judge 0 1 --config web.yaml --text "$url/www/map.xml"
	[[ $(jq -r .text out) == *"Paragraph number 8 of the story"* ]]
	judge 0 1 --config web.yaml "$url/www/index.xml"
}

@test "a list of feeds is read, and one that fails is told" {
	serve
	feed 1
	cat >list.opml <<-END
		<opml version="2.0"><head><title>x</title></head><body>
		<outline text="a" xmlUrl="$url/www/nothing.xml"/>
		<outline text="b" xmlUrl="$url/www/feed.xml"/></body></opml>
	END
	judge 66 1 --config web.yaml list.opml
	says "nothing.xml"
	says "1 of 2 could not be read"
}

@test "who lies is told, and the truth among them is read" {
	local lie

	serve
	feed 1
	printf 'ingest: {web: {private: true, gap: 0ms, timeout: 500ms}}\n' \
		>web.yaml
	{
		echo '<opml version="2.0"><body>'
		for lie in loop 304 long-length endless endless-chunks \
			slow-header slow-body silent close cut bad-chunk \
			huge-chunk bad-gzip cut-gzip bomb bomb-twice \
			huge-header many-headers junk hops/11 auth \
			say?status=500 say?status=204 say?n=100; do
			echo "<outline text=\"\" xmlUrl=\"$url/$lie\"/>"
		done
		echo "<outline text=\"\" xmlUrl=\"$url/www/feed.xml\"/>"
		echo '</body></opml>'
	} >list.opml
	"$VIGIE" run -m "$TINY" --config web.yaml list.opml >out 2>err && false
	validate 1 <out
	stderr=$(cat err)
	says "24 of 25 could not be read"
	for lie in loop 304 endless bomb slow-body auth hops; do
		says "$url/$lie"
	done
}

@test "a feed in a file is read without the web" {
	url=https://news.example
	mkdir -p web/www
	feed 2 1
	cp web/www/feed.xml saved.rss
	judge 0 2 saved.rss
	quiet
	[ "$(jq -r .title out | head -1)" = "Item 1" ]
}

@test "what is polled shows in the metrics" {
	serve
	feed 1
	port=$(/usr/bin/python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	sed -i "s|^  journal:|  http: {listen: 127.0.0.1:$port}\n&|" vigie.yaml
	start
	until_true asked_twice /www/feed.xml 3
	curl -s "http://127.0.0.1:$port/metrics" >metrics
	grep -q '^vigie_feeds{state="good"} 1' metrics
	grep -q '^vigie_feed_items_total{kind="given"} 1' metrics
	grep -q '^vigie_feed_polls_total{outcome="document"} 1' metrics
	grep -q '^vigie_feed_polls_total{outcome="unchanged"} [1-9]' metrics
	grep -q '^vigie_web_requests_total{outcome="answered"} 1' metrics
	grep -q '^vigie_web_requests_total{outcome="unchanged"} [1-9]' metrics
	grep -q '^vigie_web_bytes_total [1-9]' metrics
	grep -q '^vigie_web_waiting [0-9]' metrics
	grep -q '^vigie_parser_documents_total{outcome="read"} 1' metrics
	grep -q '^vigie_parser_documents_total{outcome="killed"} 0' metrics
	stop
}
