#!/bin/bash
# Ingest is killed again and again while it polls a feed that grows and whose
# items have their text on pages of their own: each item comes out once, with
# the text of its page. What a poll found is remembered when it was given, so
# that a kill in its middle makes it ask again, and known articles are passed
# over.
breaks="feed-early"
JOURNAL=1
. "$(dirname "$0")/lib.sh"
count=${1:-10}
each=25

mkdir -p "$WORK/web/www"
start server /usr/bin/python3 "$here/../lying_server.py" "$WORK/web"
until [ -s "$WORK/web/port" ]; do sleep 0.05; done
url=http://127.0.0.1:$(cat "$WORK/web/port")/www
sed -i "s|^    - path: .*in.jsonl|    - url: $url/feed.xml|
	s|^      follow: true|      every: 1s|
	s|^  journal:|  web: {private: true, gap: 30ms}\n&|" "$WORK/vigie.yaml"

# The page of item N: its text cannot be mistaken for another's.
page() { # N
	local i

	echo "<html><head><title>Item $1</title></head><body><article>"
	echo "<h1>Item $1</h1>"
	for i in 1 2 3 4 5; do
		echo "<p>Paragraph $i of story $1: whoever reads number $1 to" \
			"its end has read $1 times $i sentences like this" \
			"one, and not a summary of them.</p>"
	done
	echo "</article></body></html>"
}

# The feed with items 1 to N, the newest first.
feed() { # N
	local i

	echo '<rss version="2.0"><channel><title>Paper</title>'
	for ((i = $1; i > 0; i--)); do
		echo "<item><title>Item $i</title><link>$url/$i.html</link>" \
			"<guid>$url/$i.html</guid>" \
			"<description>Item $i in short …</description></item>"
	done
	echo '</channel></rss>'
}

sink
classify
ingest
ingest=$pid
n=0
for ((round = 1; round <= count; round++)); do
	for ((i = n + 1; i <= n + each; i++)); do
		page $i >"$WORK/web/www/$i.html"
	done
	n=$((n + each))
	feed $n >"$WORK/web/www/feed.new"
	mv "$WORK/web/www/feed.new" "$WORK/web/www/feed.xml"
	sleep "$((RANDOM % 2)).$((RANDOM % 8 + 1))"
	slay "$ingest"
	ingest
	ingest=$pid
done
await_records $n 60
sleep 2 # two polls more, which bring nothing
jq -r '.input.guid' "$WORK/out.jsonl" | sort >"$WORK/have"
for ((i = 1; i <= n; i++)); do echo "$url/$i.html"; done | sort >"$WORK/want"
echo "$n records: $(comm -13 "$WORK/have" "$WORK/want" | wc -l) lost," \
	"$(uniq -d "$WORK/have" | wc -l) repeated," \
	"$(jq -R 'fromjson? // "no"' "$WORK/out.jsonl" | grep -c '^"no"$')" \
	"invalid"
cmp "$WORK/have" "$WORK/want" || fail "$count kills"
[ "$(jq -r '.input.full // true' "$WORK/out.jsonl" | sort -u)" = true ] ||
	fail "a page that was there was not fetched"
[ ! -s "$WORK/dead.jsonl" ] || fail "an innocent article was given up"
