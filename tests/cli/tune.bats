#!/usr/bin/env bats
# `vigie tune`: a search that is stopped and taken up again.
load helper

recipe=$root/tests/data/tiny.yaml

# A search of the tiny recipe, in a folder of its own.
tune() {
	"$VIGIE" tune r.yaml --table t.tsv --output best.yaml "$@"
}

setup_recipe() {
	cp "$recipe" r.yaml
	cp "$ARTICLES" tiny.jsonl
}

lines() {
	wc -l <t.tsv
}

# What a report says of a figure, as train prints it.
metric() {
	sed -n 's/^metric macro_f1 \([0-9.]*\).*/\1/p'
}

@test "the best recipe trains and reaches the figure told" {
	local told

	setup_recipe
	run -0 --separate-stderr tune --budget 3s --fresh 0
	[[ $output == "25 documents, 2-fold cross-validation, macro_f1"* ]]
	told=$(sed -n '1s/.*macro_f1 \([0-9.]*\) in.*/\1/p' best.yaml)
	[ -n "$told" ]
	"$VIGIE" train best.yaml -o m.vigie >report 2>err
	[ "$(metric <report)" = "$(printf '%.3f' "$told")" ]
	# It stands in another folder as well.
	mkdir there
	run -0 --separate-stderr "$VIGIE" tune r.yaml --table t.tsv \
		--budget 1s --fresh 0 --output there/best.yaml
	grep -q '^data: \["\.\./tiny.jsonl"\]' there/best.yaml
	"$VIGIE" train there/best.yaml --cross >report 2>err
	[ -n "$(metric <report)" ]
}

@test "interrupted, it tells and writes the best so far" {
	local pid

	setup_recipe
	"$VIGIE" tune r.yaml --table t.tsv --output best.yaml --budget 10m \
		--repeats 40 --seed $$ >out 2>err 3>&- &
	pid=$!
	for _ in $(seq 200); do
		[ -e t.tsv ] && [ "$(lines)" -gt 5 ] && break
		sleep 0.05
	done
	kill -INT "$pid"
	wait "$pid"
	grep -q "then the search was stopped" out
	grep -q "the recipe as it is" out
	"$VIGIE" train best.yaml --cross >report 2>err
	# Nobody is left behind.
	run pgrep -f -- "--repeats 40 --seed $$"
	[ -z "$output" ]
}

@test "it goes on from its table" {
	local before

	setup_recipe
	run -0 --separate-stderr tune --only topic.c,stance.c --fresh 0
	before=$(lines)
	[[ $output == *"nothing more gains"* ]]
	cp best.yaml first.yaml
	# What was lost of it is tried again, and nothing else.
	head -n $((before - 2)) t.tsv >half
	mv half t.tsv
	printf '0.5' >>t.tsv
	run -0 --separate-stderr tune --only topic.c,stance.c --fresh 0
	says "half a line"
	says "settings are known from t.tsv"
	[ "$(lines)" = "$before" ]
	cmp <(grep -v '^#' best.yaml) <(grep -v '^#' first.yaml)
}

@test "a table of another recipe, of other data or of nothing is refused" {
	setup_recipe
	run -0 --separate-stderr tune --only topic.c --fresh 0
	sed 's/c: 1/c: 2/' "$recipe" >r.yaml
	run -65 --separate-stderr tune --only topic.c
	says "t.tsv: this table was made from another recipe"
	cp "$recipe" r.yaml
	head -n 23 "$ARTICLES" >tiny.jsonl
	run -65 --separate-stderr tune --only topic.c
	says "from other data"
	cp "$ARTICLES" tiny.jsonl
	echo x >t.tsv
	run -65 --separate-stderr tune --only topic.c
	says "no table of vigie tune"
	[ "$(cat t.tsv)" = x ]
}

@test "what was asked wrongly" {
	setup_recipe
	run -64 --separate-stderr "$VIGIE" tune
	says "name one recipe"
	run -64 --separate-stderr tune --budget soon
	says "--budget wants a time such as"
	run -78 --separate-stderr tune --only topic.cc
	says "did you mean 'topic.c'?"
	run -66 --separate-stderr "$VIGIE" tune r.yaml -o none/best.yaml
	says "none/best.yaml: No such file"
	run -66 --separate-stderr "$VIGIE" tune none.yaml
	says "none.yaml"
	sed 's/folds: 2/folds: 0/' "$recipe" >r.yaml
	run -78 --separate-stderr tune
	says "folds: 0"
}

@test "on a terminal it shows how far it is" {
	command -v script >/dev/null || skip "no script"
	setup_recipe
	script -qec "stty cols 80; '$VIGIE' tune r.yaml --budget 2s --fresh 0" \
		/dev/null >typed
	grep -q '\[[#-]*\] 0:0[0-9] of 0:02, best 0\.[0-9]*, round 1, 0:0' \
		typed
}
