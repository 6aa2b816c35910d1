#!/usr/bin/env bats
# `vigie train` and `vigie evaluate`.
load helper

@test "the same recipe and corpus give the same bytes" {
	run -0 --separate-stderr "$VIGIE" train "$root/tests/data/tiny.yaml" -o again.vigie
	cmp again.vigie "$TINY"
	[[ $output == *"2-fold cross-validation"* ]]
	[[ $output == *"precision"* ]]
}

@test "train without --output or --cross is misuse" {
	run -64 --separate-stderr "$VIGIE" train "$root/tests/data/tiny.yaml"
	says "--output"
	says "--cross"
}

@test "cross-validation alone: repeats, report and predictions" {
	run -0 --separate-stderr "$VIGIE" train "$root/tests/data/tiny.yaml" \
		--cross --repeats 3 --report r.json --predictions p.jsonl
	says "no bundle was written"
	[[ $output == *"metric macro_f1 "*" over 3 repeats"* ]]
	jq -e '.spread.n == 3 and (.topics.labels.rail.curve | length) > 0
		and .stances.coverage[4].coverage == 0.5' r.json
	[ "$(wc -l <p.jsonl)" = 75 ]
	[ "$(jq -s '[.[].repeat] | unique | length' p.jsonl)" = 3 ]
	jq -es 'all(.id and .fold >= 0 and (.decisions | has("rail.favour"))
		and (.probabilities.rail | . > 0 and . < 1))' p.jsonl
}

# The figures can be counted again from the predictions.
@test "predictions and report agree" {
	"$VIGIE" train "$root/tests/data/tiny.yaml" --cross --report r.json \
		--predictions p.jsonl >/dev/null 2>&1
	[ "$(jq -s '[.[] | select(.gold.rail and .given.rail)] | length' \
		p.jsonl)" = "$(jq '.topics.confusion.rail[0][0]' r.json)" ]
	[ "$(jq -s '[.[] | .gold as $g | .given | keys[] | select($g[.] | not)]
		| length' p.jsonl)" = \
		"$(jq '[.topics.confusion[][1][0]] | add' r.json)" ]
}

@test "folds from a file" {
	"$VIGIE" train "$root/tests/data/tiny.yaml" --cross \
		--predictions p.jsonl >/dev/null 2>&1
	jq -c '{id, folds: [.fold, 1 - .fold]}' p.jsonl >folds.jsonl
	run -0 --separate-stderr "$VIGIE" train "$root/tests/data/tiny.yaml" \
		--cross --folds folds.jsonl --predictions q.jsonl
	[[ $output == *"the folds of folds.jsonl, 2 times"* ]]
	# The first repeat is ours again.
	diff <(jq -c 'select(.repeat == 0)' q.jsonl) <(jq -c . p.jsonl)
	sed -i 3d folds.jsonl
	run -65 --separate-stderr "$VIGIE" train "$root/tests/data/tiny.yaml" \
		--cross --folds folds.jsonl
	says "folds.jsonl: has no folds for "
	echo '{"id":1}' >>folds.jsonl
	run -65 --separate-stderr "$VIGIE" train "$root/tests/data/tiny.yaml" \
		--cross --folds folds.jsonl
	says "folds.jsonl:25: 'folds' is missing"
	run -66 --separate-stderr "$VIGIE" train "$root/tests/data/tiny.yaml" \
		--cross --folds none.jsonl
	says none.jsonl
}

@test "the newest judged by the older" {
	cp "$root/tests/data/tiny.yaml" .
	echo 'fields: {date: published}' >>tiny.yaml
	jq -c '.published = "2024-01-\(input_line_number + 10)"' "$ARTICLES" \
		>tiny.jsonl
	run -0 --separate-stderr "$VIGIE" train tiny.yaml --cross --by-time \
		--report r.json
	[[ $output == *"the 5 from 2024-01-"*" older ones teach"* ]]
	jq -e '.by_time.documents == 5 and (.by_time.cut | startswith("2024"))' \
		r.json
	cp "$ARTICLES" tiny.jsonl
	run -65 --separate-stderr "$VIGIE" train tiny.yaml --cross --by-time
	says "tiny.jsonl:1: has no date"
}

@test "folds: 0 is said, and there is nothing to measure" {
	cp "$ARTICLES" .
	sed 's/folds: .*/folds: 0/' "$root/tests/data/tiny.yaml" >r.yaml
	run -0 --separate-stderr "$VIGIE" train r.yaml -o m
	says "not calibrated"
	[ -z "$output" ]
	run -78 --separate-stderr "$VIGIE" train r.yaml --cross
	says "'folds: 0'"
}

@test "a report or predictions that cannot be written" {
	run --separate-stderr "$VIGIE" train "$root/tests/data/tiny.yaml" \
		--cross --predictions /nonexistent/p
	[ "$status" = 66 ]
	says "/nonexistent/p"
	run --separate-stderr "$VIGIE" train "$root/tests/data/tiny.yaml" \
		--cross --report /nonexistent/r
	[ "$status" != 0 ]
	says "/nonexistent/r"
}

@test "a report whose name ends in .html is a page" {
	for kind in json html; do
		"$VIGIE" train "$root/tests/data/tiny.yaml" --cross \
			--report r.$kind >/dev/null 2>&1
	done
	/usr/bin/python3 "$here/report_page.py" r.html r.json
	grep -q '<h2>.*2-fold cross-validation' r.html
	[ "$(grep -o '<h3[^>]*>Topics<' r.html | wc -l)" = 1 ]
	# A part for each way of splitting.
	cp "$root/tests/data/tiny.yaml" .
	echo 'fields: {date: published}' >>tiny.yaml
	jq -c '.published = "2024-01-\(input_line_number + 10)"' "$ARTICLES" \
		>tiny.jsonl
	"$VIGIE" train tiny.yaml --cross --by-time --report r.html \
		>/dev/null 2>&1
	[ "$(grep -o '<h3[^>]*>Topics<' r.html | wc -l)" = 2 ]
	grep -q 'older ones teach' r.html
	run --separate-stderr "$VIGIE" train tiny.yaml --cross \
		--report /nonexistent/r.html
	[ "$status" = 66 ]
	says "/nonexistent/r.html"
}

@test "a bundle is dated by SOURCE_DATE_EPOCH alone" {
	dated() { # EPOCH FILE
		SOURCE_DATE_EPOCH=$1 "$VIGIE" train \
			"$root/tests/data/tiny.yaml" -o "$2" >/dev/null 2>&1
		"$VIGIE" model show --json "$2" | jq -r .date
	}
	[ "$(dated 0 m)" = 1970-01-01 ]
	[ "$(dated 1767225599 m)" = 2025-12-31 ]
	[ "$(dated '' a)" = null ]
	[ "$(dated soon b)" = null ]
	cmp a b
	run ! cmp -s a m
}

@test "a recipe that is not there, or wrong" {
	run -66 --separate-stderr "$VIGIE" train missing.yaml -o m
	says "missing.yaml: No such file or directory"
	printf 'name: x\nwrods: {ngrams: [1, 2]}\n' >r.yaml
	run -78 --separate-stderr "$VIGIE" train r.yaml -o m
	says "r.yaml:2:1: "
	says "'words'"
	[ ! -e m ]
}

@test "data that are not there, or bad" {
	sed 's/tiny.jsonl/none.jsonl/' "$root/tests/data/tiny.yaml" >r.yaml
	run -66 --separate-stderr "$VIGIE" train r.yaml -o m
	says none.jsonl
	cp "$root/tests/data/tiny.yaml" r.yaml
	{
		cat "$ARTICLES"
		echo '{bad'
		echo '{"id":"x","text":"Rail.","topics":{"rial":"favour"}}'
	} >tiny.jsonl
	run --separate-stderr "$VIGIE" train r.yaml -o m
	says "tiny.jsonl:26"
	says "tiny.jsonl:27"
	says "rial"
	echo '{bad' >tiny.jsonl
	rm -f m
	run -65 --separate-stderr "$VIGIE" train r.yaml -o m
	[ ! -e m ]
}

@test "--example trains as it is" {
	"$VIGIE" train --example >r.yaml
	grep -q '^#one_of: false$' r.yaml
	run -0 --separate-stderr "$VIGIE" train --cross --data "$ARTICLES" \
		r.yaml
	[[ $output == *"5-fold cross-validation"* ]]
}

@test "an output that cannot be written" {
	run --separate-stderr "$VIGIE" train "$root/tests/data/tiny.yaml" -o /nonexistent/m
	[ "$status" = 66 ] || [ "$status" = 73 ]
	says "/nonexistent"
}

@test "evaluate as a table and as JSON" {
	run -0 --separate-stderr "$VIGIE" evaluate "$TINY" "$ARTICLES"
	[[ $output == *"precision"*"recall"* ]]
	run -0 --separate-stderr "$VIGIE" evaluate --json "$TINY" "$ARTICLES"
	jq -e '.topics.macro_f1 >= 0 and .topics.macro_f1 <= 1' <<<"$output"
}

@test "evaluate on what is not there, or no bundle" {
	run -66 --separate-stderr "$VIGIE" evaluate "$TINY" missing.jsonl
	says missing.jsonl
	run -65 --separate-stderr "$VIGIE" evaluate "$ARTICLES" "$ARTICLES"
	says "no bundle"
	run -64 --separate-stderr "$VIGIE" evaluate "$TINY"
}
