#!/usr/bin/env bats
# `vigie evaluate`: files as in training, and what it writes. In train.bats it
# is the other half of `vigie train`.
load helper

page() { # HTML JSON
	/usr/bin/python3 "$here/report_page.py" "$1" "$2"
}

# model NAME RECIPE…: train NAME.vigie on NAME.jsonl.
model() {
	local name=$1

	shift
	printf '%s\n' "name: '$name'" "data: [$name.jsonl]" \
		'words: {ngrams: [1, 1]}' 'folds: 2' "$@" >"$name.yaml"
	"$VIGIE" train "$name.yaml" -o "$name.vigie" >/dev/null
}

# both NAME FILE: the page and the figures of NAME.vigie on a file, compared.
both() {
	"$VIGIE" evaluate "$1.vigie" "$2" --json --html page.html >figures.json
	page page.html figures.json
}

@test "the page shows what the figures say, topics and stances" {
	"$VIGIE" evaluate "$TINY" "$ARTICLES" --json --html page.html >figures.json
	page page.html figures.json
	run -1 grep -F '<script' page.html
}

@test "one of a few topics" {
	for i in {1..24}; do
		printf '{"text":"word%d and%d","topics":"t%d"}\n' \
			$((i % 4)) $((i % 7)) $((i % 3))
	done >one.jsonl
	model one 'one_of: true' 'metric: accuracy'
	both one one.jsonl
	jq -e '.metric.name == "accuracy"' figures.json
}

@test "forty topics, most of which are confused" {
	for i in {1..400}; do
		printf '{"text":"w%d x%d","topics":"t%d"}\n' \
			$((i % 40 / 2)) $((i % 11)) $((i % 40))
	done >forty.jsonl
	model forty 'one_of: true'
	both forty forty.jsonl
	grep -q 'Of 40 topics, the 30 with the most errors' page.html
}

@test "stances towards a target, some unsure" {
	for i in {1..60}; do
		printf '{"text":"w%d x%d","target":"t%d","stance":"%s"}\n' \
			$((i % 5)) $((i % 7)) $((i % 3)) \
			"$([ $((i % 5)) -lt 3 ] && echo for || echo against)"
	done >aim.jsonl
	model aim 'targets: topics' 'stances: [for, against]' 'unsure: 0.6'
	both aim aim.jsonl
	jq -e '.topics == null and .stances.unsure.below == 0.6' figures.json
}

@test "names that are markup are text" {
	for i in {1..24}; do
		printf '{"text":"word%d","topics":["%s"]}\n' $((i % 3)) \
			"$([ $((i % 3)) = 0 ] && echo '<script>alert(1)</script>' ||
				echo "a&b]]>'$((i % 3))")"
	done >bad.jsonl
	model bad
	both bad bad.jsonl
	run -1 grep -F '<script' page.html
	cp bad.jsonl '<img onerror=x>.jsonl'
	both bad '<img onerror=x>.jsonl'
	run -1 grep -F '<img' page.html
}

@test "labels that the model does not know, and one document" {
	echo '{"text":"The rail line.","topics":{"canal":"favour","rail":"odd"}}' >x.jsonl
	run -0 --separate-stderr "$VIGIE" evaluate "$TINY" x.jsonl --html page.html
	says "x.jsonl:1: unknown topic 'canal'"
	says "x.jsonl:1: unknown stance 'odd'"
	[[ $output == *"on 1 document"* ]]
	"$VIGIE" evaluate "$TINY" x.jsonl --json >figures.json 2>/dev/null
	page page.html figures.json
	jq -e '.documents == 1 and .topics.labels.rail.support == 1' figures.json
	grep -q 'No document has a stance' page.html
	grep -q 'lines with label errors' page.html
}

@test "predictions, a line a document" {
	"$VIGIE" evaluate "$TINY" "$ARTICLES" --predictions said.jsonl >/dev/null
	[ "$(wc -l <said.jsonl)" = "$(wc -l <"$ARTICLES")" ]
	jq -e '.repeat == 0 and .fold == 0 and (.gold | type) == "object"
		and (.given | type) == "object"
		and (.probabilities | length) == (.decisions | length)' said.jsonl
}

@test "a file of another form, with other names of fields" {
	jq -r '[.title, .text, (.topics | to_entries
		| map("\(.key).\(.value)") | join("|"))] | @csv' "$ARTICLES" |
		sed '1i head,body,labels' >articles.txt
	"$VIGIE" evaluate "$TINY" "$ARTICLES" --json >a.json
	"$VIGIE" evaluate "$TINY" articles.txt --json --format csv \
		--field title=head --field text=body --field topics=labels >b.json
	jq -S 'del(.data_sha256)' a.json >a
	jq -S 'del(.data_sha256)' b.json >b
	cmp a b
	run ! cmp a.json b.json
}

@test "misuse is told in a sentence" {
	run -64 --separate-stderr "$VIGIE" evaluate "$TINY" "$ARTICLES" --format yaml
	says "--format yaml: there is no such format, expected one of auto, jsonl, csv"
	run -64 --separate-stderr "$VIGIE" evaluate "$TINY" "$ARTICLES" --field body
	says "--field body: expected NAME=THEIRS, as in text=body"
	run -64 --separate-stderr "$VIGIE" evaluate "$TINY" "$ARTICLES" --field x=y
	says "a document has no 'x', expected one of id, title"
	run --separate-stderr "$VIGIE" evaluate "$TINY" "$ARTICLES" --html /nonexistent/x
	[ "$status" = 66 ] || [ "$status" = 73 ]
	says "/nonexistent/x"
	run -65 --separate-stderr "$VIGIE" evaluate "$TINY" /dev/null --html page.html
	[ ! -e page.html ]
}
