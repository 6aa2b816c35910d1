#!/usr/bin/env bats
# `vigie model`: show, diff, export, install, rollback.
load helper

# train NAME LINE…: a bundle from the tiny corpus by a recipe of these lines.
train() {
	local name=$1

	shift
	{
		echo "name: $name"
		echo "data: [\"$ARTICLES\"]"
		echo "stances: [favour, against, neutral]"
		printf '%s\n' "$@"
	} >"$name.yaml"
	"$VIGIE" train "$name.yaml" -o "$name.vigie" >/dev/null 2>err
}

@test "model without an action, or with another, is misuse" {
	run -64 --separate-stderr "$VIGIE" model
	says "say what to do: show, diff, export, install or rollback"
	run -64 --separate-stderr "$VIGIE" model shwo "$TINY"
	says "did you mean 'show'?"
	run -64 --separate-stderr "$VIGIE" model show
	says "show wants one bundle"
	run -64 --separate-stderr "$VIGIE" model diff "$TINY" "$TINY"
	says "diff wants two bundles and documents"
	run -64 --separate-stderr "$VIGIE" model export "$TINY"
	says "--libsvm"
	run -64 --separate-stderr "$VIGIE" model show --output x "$TINY"
	says "show has no --output"
	run -64 --separate-stderr "$VIGIE" model diff --top 3 "$TINY" "$TINY" "$ARTICLES"
	says "diff has no --top"
}

@test "what is no bundle is told" {
	run -66 --separate-stderr "$VIGIE" model show missing.vigie
	says "missing.vigie: No such file or directory"
	run -65 --separate-stderr "$VIGIE" model show "$ARTICLES"
	says "no bundle"
	run -66 --separate-stderr "$VIGIE" model diff "$TINY" missing.vigie "$ARTICLES"
	says "missing.vigie"
	run -66 --separate-stderr "$VIGIE" model export --libsvm -o o missing.vigie
	[ ! -e o ]
}

@test "show is a card" {
	run -0 --separate-stderr "$VIGIE" model show "$TINY"
	quiet
	[[ ${lines[0]} == "tiny"*"Rail and wind in two dozen invented notices." ]]
	[[ $output == *"$(sha256sum "$TINY" | cut -d' ' -f1)"* ]]
	[[ $output == *"topics          rail, wind"* ]]
	[[ $output == *"data            25 documents"* ]]
	[[ $output == *"In cross-validation, of 25 documents"* ]]
	[[ $output == *"rail, favour: intercept"* ]]
	[[ $output == *"  for       rail +"* ]]
	[ "$(wc -L <<<"$output")" -le 80 ]
	more=$output
	run -0 --separate-stderr "$VIGIE" model show --top 2 "$TINY"
	[ ${#output} -lt ${#more} ]
}

@test "show --json is a card for programs" {
	run -0 --separate-stderr "$VIGIE" model show --json --top 4 "$TINY"
	quiet
	jq -e '.name == "tiny" and .recipe.topic.kernel == "linear" and
		.blocks[0].of == "words" and .data.documents == 25 and
		.figures.documents == 25 and (.columns | length) == 8 and
		.columns[0].topic == "rail" and .columns[2].stance == "favour" and
		all(.columns[]; (.for | length) == 4 and .for[0].weight > 0 and
			.against[0].weight < 0)' <<<"$output"
	[ "$(jq -r .sha256 <<<"$output")" = "$(sha256sum "$TINY" | cut -d' ' -f1)" ]
	[ "$(jq -r .bytes <<<"$output")" = "$(stat -c %s "$TINY")" ]
}

@test "diff of a model and itself finds nothing" {
	run -0 --separate-stderr "$VIGIE" model diff "$TINY" "$TINY" "$ARTICLES"
	quiet
	[[ $output == *"0 documents differ."* ]]
	run -0 --separate-stderr "$VIGIE" model diff --json "$TINY" "$TINY" "$ARTICLES"
	jq -e '.differ == 0 and .labelled and .listed == [] and
		.all_topics.mcnemar.p == 1 and .stances.asked == 23' <<<"$output"
}

@test "diff says what evaluate says, and lists the first twenty" {
	train other 'topics: [rail, wind]' 'topic: {c: 0.01}' 'folds: 0'
	for k in 1 2 3; do
		sed "s/tiny-/t$k-/; s/\"text\": \"/&$k. /" "$ARTICLES"
	done >many.jsonl
	run -0 --separate-stderr "$VIGIE" model diff "$TINY" other.vigie many.jsonl
	[[ $output == *"documents differ; the first of them:"*"t1-01"*"  A       rail favour"*"  B       "*"  labels  rail favour"* ]]
	[ "$(wc -L <<<"$output")" -le 80 ]
	run -0 --separate-stderr "$VIGIE" model diff --json "$TINY" other.vigie many.jsonl
	printf '%s' "$output" >diff.json
	jq -e '.differ > 20 and (.listed | length) == 20 and .listed[0].id == "t1-01" and
		.listed[0].labels == {"rail": "favour"} and .all_topics.mcnemar.p < 0.05' diff.json
	k=0
	for bundle in "$TINY" other.vigie; do
		"$VIGIE" evaluate --json "$bundle" many.jsonl >evaluated.json
		/usr/bin/python3 - $k <<-'END'
			import json, sys
			side = "ab"[int(sys.argv[1])]
			e, d = json.load(open("evaluated.json")), json.load(open("diff.json"))
			def near(x, y):
			    assert abs(x - y) < 1e-9, (x, y)
			for t in d["topics"]:
			    near(t["f1"][side], e["topics"]["labels"][t["topic"]]["f1"])
			near(d["all_topics"]["accuracy"][side], e["topics"]["exact"])
			near(d["all_topics"]["micro_f1"][side], e["topics"]["micro"]["f1"])
			near(d["all_topics"]["macro_f1"][side], e["topics"]["macro_f1"])
			near(d["stances"]["accuracy"][side], e["stances"]["accuracy"])
			near(d["stances"]["macro_f1"][side], e["stances"]["macro_f1"])
		END
		k=1
	done
}

@test "diff without labels" {
	train other 'topics: [rail, wind]' 'topic: {c: 0.01}' 'folds: 0'
	echo "Late trains on the rail line." >a.txt
	run -0 --separate-stderr "$VIGIE" model diff --unlabelled "$TINY" other.vigie a.txt
	quiet
	[[ $output == *"1 documents, without labels"* ]]
	[[ $output == *"a.txt"*"  A       rail "* ]]
	[[ $output != *"against the labels"* ]]
	run -0 --separate-stderr "$VIGIE" model diff --json -u "$TINY" other.vigie a.txt
	jq -e '(.labelled | not) and (has("stances") | not) and .documents == 1' <<<"$output"
}

@test "diff of models that have nothing in common" {
	sed 's/"rail"/"coal"/g; s/"wind"/"sun"/g' "$ARTICLES" >coal.jsonl
	printf 'name: coal\ndata: [coal.jsonl]\nfolds: 0\n' >coal.yaml
	sed -i 's/: *"\(favour\|against\|neutral\)"/: null/g' coal.jsonl
	"$VIGIE" train coal.yaml -o coal.vigie >/dev/null 2>&1
	run -78 --separate-stderr "$VIGIE" model diff "$TINY" coal.vigie "$ARTICLES"
	says "no topic in common"
}

# exported NAME: export the bundle with the tiny corpus and ask svm-predict.
exported() {
	"$VIGIE" model export --libsvm "$1.vigie" --output "$1" --data "$ARTICLES"
	"$VIGIE" explain --all --json -m "$1.vigie" "$ARTICLES" >explained
	/usr/bin/python3 "$here/svm_agrees.py" "$1" explained
}

@test "svm-predict says the same of what was exported" {
	command -v svm-predict >/dev/null || skip "no svm-predict"
	cp "$TINY" tiny.vigie
	[ "$(exported tiny)" = "10 files, 250 labels" ]
	train f1 'threshold: f1' 'chars: {ngrams: [2, 3]}' 'title_weight: 2'
	[ "$(exported f1)" = "10 files, 250 labels" ]
	train rbf 'topic: {kernel: rbf, gamma: 0.7}' 'stance: {kernel: rbf, gamma: 0.5}' 'threshold: f1'
	[ "$(exported rbf)" = "10 files, 250 labels" ]
	train mixed 'topic: {kernel: poly, degree: 2, coef0: 1}' \
		'stance: {kernel: sigmoid, gamma: 0.3, coef0: 0.1}' 'calibration: isotonic'
	[ "$(exported mixed)" = "10 files, 250 labels" ]
	train own 'blocks: [{name: own, of: words, supervised: bayes, machine: svm}]' \
		'topic: {solver: liblinear}' 'stance: {solver: liblinear}'
	[ "$(exported own)" = "10 files, 250 labels" ]
}

@test "exported vectors have the labels, and none without" {
	"$VIGIE" model export --libsvm "$TINY" -o with -d "$ARTICLES"
	[ "$(cut -d' ' -f1 with/topic-1-rail.svm | sort | uniq -c | tr -s ' ' | tr '\n' ';')" = " 12 -1; 13 1;" ]
	[ "$(wc -l <with/documents.tsv)" = 26 ]
	[ "$(sed -n 2p with/documents.tsv)" = $'1\ttiny-01' ]
	"$VIGIE" model export --libsvm "$TINY" -o without -u -d "$ARTICLES"
	[ "$(cut -d' ' -f1 without/topic-1-rail.svm | sort -u)" = 0 ]
	for f in with/*.svm; do
		cmp <(cut -d' ' -f2- "$f") <(cut -d' ' -f2- "without/${f#with/}")
	done
}

@test "an exported folder explains itself" {
	run -0 --separate-stderr "$VIGIE" model export --libsvm "$TINY" -o out
	quiet
	[ -z "$output" ]
	grep -q "svm-predict" out/README.txt
	[ "$(head -n 1 out/vocabulary.tsv)" = $'index\tblock\tterm\tdf\tidf' ]
	[ "$(tail -n +2 out/vocabulary.tsv | wc -l)" = "$("$VIGIE" model show --json "$TINY" | jq .terms)" ]
	run ! ls out/*.svm
	# Once more, over what is there; and where there can be no folder.
	"$VIGIE" model export --libsvm "$TINY" -o out
	echo >file
	run --separate-stderr "$VIGIE" model export --libsvm "$TINY" -o file/out
	[ "$status" -ge 64 ]
	says "file/out"
}

@test "names of topics cannot leave the folder" {
	sed 's|"rail"|"../../rail /x"|g' "$ARTICLES" >odd.jsonl
	printf 'name: odd\ndata: [odd.jsonl]\nstances: [favour, against, neutral]\nfolds: 0\n' >odd.yaml
	"$VIGIE" train odd.yaml -o odd.vigie >/dev/null 2>&1
	mkdir in
	"$VIGIE" model export --libsvm odd.vigie -o in/out
	[ "$(ls in)" = out ]
	[ -e in/out/topic-1-rail-x.model ]
	grep -q -F "../../rail /x" in/out/labels.tsv
}

id_of() {
	echo "$("$VIGIE" model show --json "$1" | jq -r .name)@sha256:$(sha256sum "$1" | cut -d' ' -f1)"
}

@test "install keeps what was there, and rollback brings it back" {
	train other 'topics: [rail, wind]' 'topic: {c: 0.01}' 'folds: 0'
	run -0 --separate-stderr "$VIGIE" model install "$TINY" in.vigie
	quiet
	[ "$output" = "installed  $(id_of "$TINY")" ]
	[ ! -e in.vigie.previous ]
	run -0 --separate-stderr "$VIGIE" model install other.vigie in.vigie
	quiet
	[ "${lines[0]}" = "installed  $(id_of other.vigie)" ]
	[ "${lines[1]}" = "previous   $(id_of "$TINY")" ]
	cmp other.vigie in.vigie
	cmp "$TINY" in.vigie.previous
	run -0 --separate-stderr "$VIGIE" model rollback in.vigie
	quiet
	[ "${lines[0]}" = "installed  $(id_of "$TINY")" ]
	[ "${lines[1]}" = "previous   $(id_of other.vigie)" ]
	cmp "$TINY" in.vigie
	cmp other.vigie in.vigie.previous
	[ -z "$(find . -name '*.new')" ]
}

@test "installing the same again keeps what can be gone back to" {
	train other 'topics: [rail, wind]' 'folds: 0'
	"$VIGIE" model install "$TINY" in.vigie
	"$VIGIE" model install other.vigie in.vigie
	run -0 --separate-stderr "$VIGIE" model install other.vigie in.vigie
	[[ $output == *"is what is installed" ]]
	cmp "$TINY" in.vigie.previous
}

@test "install refuses what does not verify, and changes nothing" {
	cp "$TINY" in.vigie
	head -c 3000 "$TINY" >cut.vigie
	run -65 --separate-stderr "$VIGIE" model install cut.vigie in.vigie
	says "cut.vigie: the bundle is cut short"
	run -66 --separate-stderr "$VIGIE" model install missing.vigie in.vigie
	says "missing.vigie"
	run -65 --separate-stderr "$VIGIE" model install "$ARTICLES" in.vigie
	run -64 --separate-stderr "$VIGIE" model install "$TINY"
	says "install wants two files"
	run -64 --separate-stderr "$VIGIE" model install --json "$TINY" in.vigie
	says "install has no --json"
	cmp "$TINY" in.vigie
	[ ! -e in.vigie.previous ]
}

@test "a digest that was made to fit does not help a bundle that lies" {
	cp "$TINY" in.vigie
	/usr/bin/python3 - "$TINY" <<-'END'
		import hashlib, re, sys
		b = bytearray(open(sys.argv[1], "rb").read())
		at = re.search(rb'"scores":\[-?\d\.(\d)', b).start(1)
		b[at] = ord("3") if b[at] != ord("3") else ord("4")
		b[-32:] = hashlib.sha256(b[:-32]).digest()
		open("lies.vigie", "wb").write(b)
	END
	run -65 --separate-stderr "$VIGIE" model install lies.vigie in.vigie
	says "lies.vigie: fails its self-test"
	cmp "$TINY" in.vigie
}

@test "what is damaged where a bundle goes is not kept" {
	train other 'topics: [rail, wind]' 'folds: 0'
	"$VIGIE" model install "$TINY" in.vigie
	"$VIGIE" model install other.vigie in.vigie
	echo damage >>in.vigie
	run -0 --separate-stderr "$VIGIE" model install other.vigie in.vigie
	says "in.vigie: the bundle is cut short"
	cmp other.vigie in.vigie
	cmp "$TINY" in.vigie.previous
	echo damage >in.vigie # and going back does without it
	run -0 --separate-stderr "$VIGIE" model rollback in.vigie
	[ "${lines[1]}" = "previous   (damaged)" ]
	cmp "$TINY" in.vigie
}

@test "rollback without a previous bundle, or with a bad one, changes nothing" {
	cp "$TINY" in.vigie
	run -66 --separate-stderr "$VIGIE" model rollback in.vigie
	says "there is nothing to go back to: in.vigie.previous"
	head -c 3000 "$TINY" >in.vigie.previous
	run -65 --separate-stderr "$VIGIE" model rollback in.vigie
	says "in.vigie.previous: the bundle is cut short"
	cmp "$TINY" in.vigie
	rm in.vigie in.vigie.previous
	cp "$TINY" in.vigie.previous
	run -0 --separate-stderr "$VIGIE" model rollback in.vigie
	cmp "$TINY" in.vigie
}
