#!/usr/bin/env bats
# `vigie train` and `vigie evaluate`.
load helper

@test "the same recipe and corpus give the same bytes" {
	run -0 --separate-stderr "$VIGIE" train "$root/tests/data/tiny.yaml" -o again.vigie
	cmp again.vigie "$TINY"
	[[ $output == *"2-fold cross-validation"* ]]
	[[ $output == *"precision"* ]]
}

@test "train without --output is misuse" {
	run -64 --separate-stderr "$VIGIE" train "$root/tests/data/tiny.yaml"
	says "--output"
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
