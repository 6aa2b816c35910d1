#!/usr/bin/env bats
# `vigie explain`: the words behind a verdict.
load helper

@test "explain in text names words for and against" {
	run -0 --separate-stderr "$VIGIE" explain -m "$TINY" "$ARTICLES"
	quiet
	[[ $output == *"tiny.jsonl:1: Le port de Brême mise sur le rail"* ]]
	[[ $output == *"  rail: decision "*" = "*" + the words below; probability "* ]]
	[[ $output == *"    for "* ]]
	[[ $output == *"    against "* ]]
	[[ $output == *"  no topic"* ]]
}

@test "the text has its words marked, without colours too" {
	head -n 1 "$ARTICLES" >one.jsonl
	run -0 --separate-stderr "$VIGIE" explain -m "$TINY" one.jsonl
	quiet
	[[ $output == *"    text    "*"[+rail"* ]]
	[[ $output != *$'\033'* ]]
	# Nothing but the marks is added to the text.
	run -0 --separate-stderr "$VIGIE" explain --full -m "$TINY" one.jsonl
	plain=$(sed 's/\[[+-]//g; s/\]//g' <<<"$output" | tr -s ' \n' ' ')
	[[ $plain == *"$(jq -r .text one.jsonl)"* ]]
}

@test "colours come when asked, and not where NO_COLOR says so" {
	head -n 1 "$ARTICLES" >one.jsonl
	"$VIGIE" explain --color=always -m "$TINY" one.jsonl >out
	grep -q $'\033\[32m' out
	grep -q $'\033\[4;31m' out
	run ! grep -q '\[+' out
	NO_COLOR=1 "$VIGIE" explain --color=always -m "$TINY" one.jsonl >again
	cmp out again
	"$VIGIE" explain --color never -m "$TINY" one.jsonl >out
	run ! grep -q $'\033' out
	"$VIGIE" explain -m "$TINY" one.jsonl >again
	cmp out again
	run -64 --separate-stderr "$VIGIE" explain --color=sometimes x
	says "--color is auto, always or never, not 'sometimes'"
}

@test "in a terminal there are colours, unless NO_COLOR is set" {
	command -v script >/dev/null || skip "no script"
	head -n 1 "$ARTICLES" >one.jsonl
	TERM=xterm script -qec "$VIGIE explain -m $TINY one.jsonl" /dev/null >out </dev/null
	grep -q $'\033\[32m' out
	NO_COLOR=1 TERM=xterm script -qec "$VIGIE explain -m $TINY one.jsonl" /dev/null >out </dev/null
	run ! grep -q $'\033' out
	TERM=dumb script -qec "$VIGIE explain -m $TINY one.jsonl" /dev/null >out </dev/null
	run ! grep -q $'\033' out
}

@test "lines are as wide as COLUMNS says" {
	for n in 40 60 100; do
		COLUMNS=$n "$VIGIE" explain --full -m "$TINY" "$ARTICLES" >out
		wide=$(grep -v -e '^  [a-z]' -e '^/' out | wc -L)
		[ "$wide" -le $n ] && [ "$wide" -gt $((n - 12)) ]
	done
}

@test "of a long text the heaviest sentences are shown" {
	{
		for i in $(seq 30); do echo "Ceci est une phrase $i, sans rien."; done
		echo "Rail, trains, late trains on the rail line."
		for i in $(seq 30); do echo "Encore une phrase $i, sans rien."; done
	} >long.txt
	"$VIGIE" explain --all -m "$TINY" long.txt >out
	grep -q "late" out
	grep -q "…" out
	run ! grep -q "phrase 17" out
	"$VIGIE" explain --all --full -m "$TINY" long.txt >out
	grep -q "phrase 17" out
	run ! grep -q "…" out
}

@test "explain --json: shares and intercept add up to the decision" {
	run -0 --separate-stderr "$VIGIE" explain --all --json -m "$TINY" "$ARTICLES"
	quiet
	[ "${#lines[@]}" = 25 ]
	printf '%s\n' "$output" >explained
	/usr/bin/python3 - <<-'END'
		import json
		columns = 0
		def hold(article, column):
		    total = column["intercept"] + sum(w["weight"] for w in column["words"])
		    assert abs(total - column["decision"]) <= 1e-9, column
		    for w in column["words"]:
		        field = article[w["field"]].encode()
		        assert field[w["start"]:w["end"]].decode() == w["text"], w
		for line in open("explained", encoding="utf-8"):
		    article = json.loads(line)
		    assert len(article["topics"]) == 2
		    for topic in article["topics"]:
		        for column in [topic["evidence"], *topic["stances"].values()]:
		            hold(article, column)
		            columns += 1
		assert columns == 25 * 2 * 4
	END
}

@test "explain --json has the article's fields" {
	echo '{"url":"https://a.example/x","title":"Trains","text":"Late.","author":"A. B.","published":"2026-02-01","mine":[1],"target":"rail"}' >a.jsonl
	run -0 --separate-stderr "$VIGIE" explain --json -m "$TINY" a.jsonl
	jq -e '.url == "https://a.example/x" and .author == "A. B." and
		.published == "2026-02-01" and .input.mine == [1] and
		(.id | length) == 32 and .title == "Trains" and
		.text == "Late." and .target == "rail" and
		.unknown_words <= 1 and (.place | endswith("a.jsonl:1"))' <<<"$output"
}

@test "explain says what run says" {
	judge 0 25 --scores "$ARTICLES"
	"$VIGIE" explain --all --json -m "$TINY" "$ARTICLES" >explained
	/usr/bin/python3 - <<-'END'
		import json
		for a, b in zip(open("out"), open("explained")):
		    a, b = json.loads(a), json.loads(b)
		    given = {t["topic"]: t for t in b["topics"] if t["given"]}
		    assert list(given) == [t["topic"] for t in a["topics"]]
		    assert a["model"] == b["model"] and a["id"] == b["id"]
		    for t in a["topics"]:
		        assert t["stance"] == given[t["topic"]]["stance"]
		    for t in b["topics"]:
		        assert abs(a["scores"][t["topic"]] - t["evidence"]["decision"]) < 1e-3
	END
}

# page FILE [ARGUMENT]…: what explain --html says of the page in FILE, as JSON
# that explain_page.py checks on the way.
page() {
	local out=$1

	shift
	"$VIGIE" explain --html "$@" >"$out"
	/usr/bin/python3 "$here/explain_page.py" <"$out"
}

@test "explain --html: the shares of a page add up, too" {
	"$VIGIE" explain --all --json -m "$TINY" "$ARTICLES" >explained
	page page.html --all -m "$TINY" "$ARTICLES" >page.json
	/usr/bin/python3 - <<-'END'
		import json
		page = json.load(open("page.json"))
		want = [json.loads(line) for line in open("explained")]
		assert len(page) == len(want) == 25
		for a, b in zip(page, want):
		    assert a["name"] == b["title"], a["name"]
		    sections = {s["name"]: s for s in a["sections"]}
		    assert len(sections) == 2 * 4
		    for t in b["topics"]:
		        for name, s in sections.items():
		            if not name.startswith(t["topic"]):
		                continue
		            column = next((c for n, c in t["stances"].items() if ": " + n in name), t["evidence"])
		            assert abs(s["decision"] - column["decision"]) < 1e-6
		            assert abs(s["intercept"] + sum(s["shares"]) - s["decision"]) < 1e-4, s
		            assert s["text"] == b["text"] and s["title"] == b["title"]
		            assert all(w > 0 for w in s["for"]) and len(s["for"]) <= 10
		            assert all(w < 0 for w in s["against"])
	END
}

@test "explain --html: what articles say stays text" {
	cat >hostile.jsonl <<-'END'
		{"title":"</style></title><script>alert(1)</script>","text":"Late trains & <img src=x onerror=alert(2)> \"rail\" 'line' <!-- ]]> &lt;b&gt; on the rail line"}
		{"title":"\" onmouseover=\"x","text":"<trains title=\"a\">rail</trains> late"}
	END
	cp hostile.jsonl '<b>&"x.jsonl'
	page page.html --all -m "$TINY" hostile.jsonl '<b>&"x.jsonl' >page.json
	jq -e '.[0].name == "</style></title><script>alert(1)</script>" and
		(.[0].sections[0].text | contains("<img src=x onerror=alert(2)>")) and
		(.[0].sections[0].text | contains("&lt;b&gt;")) and
		(.[2].place | contains("<b>&\"x.jsonl:1"))' page.json
	run ! grep -q -e '<script' -e '<img' -e '<b>&' page.html
}

@test "explain --html without an article is a page still" {
	: >empty.jsonl
	run -0 --separate-stderr page page.html -m "$TINY" empty.jsonl
	[ "$output" = "[]" ]
	run -64 --separate-stderr "$VIGIE" explain --html --json empty.jsonl
	says "exclude each other"
}

@test "explain of a machine with a kernel says that it approximates" {
	cat >rbf.yaml <<-END
		data: ["$ARTICLES"]
		stances: [favour, against, neutral]
		topic: {kernel: rbf, gamma: 0.7}
		folds: 0
	END
	"$VIGIE" train rbf.yaml -o rbf.vigie >/dev/null 2>&1
	run -0 --separate-stderr "$VIGIE" explain -m rbf.vigie "$ARTICLES"
	[[ $(tr -s ' \n' ' ' <<<"$output") == *"has a kernel (rbf): the words' shares are an approximation"* ]]
	[[ $output == *"by support vector "*", similarity "* ]]
	"$VIGIE" explain --all --json -m rbf.vigie "$ARTICLES" >explained
	/usr/bin/python3 - <<-'END'
		import json
		for line in open("explained"):
		    for t in json.loads(line)["topics"]:
		        c = t["evidence"]
		        assert not c["linear"] and t["stances"]["favour"]["linear"]
		        total = c["intercept"] + c["rest"] + sum(w["weight"] for w in c["words"])
		        assert abs(total - c["decision"]) < 1e-9
		        weights = [s["weight"] for s in c["support"]]
		        assert weights == sorted(weights, reverse=True) and 2 <= len(weights) <= 10
		        assert all(0 < s["similarity"] <= 1 for s in c["support"])
	END
	page page.html --all -m rbf.vigie "$ARTICLES" >page.json
	grep -q "support vectors that weigh most" page.html
}

@test "explain asks for the stance towards a target" {
	cat >targets.yaml <<-'END'
		name: targets
		data: [targets.jsonl]
		targets: topics
		stances: [favour, against]
		words: {ngrams: [1, 1]}
		folds: 0
	END
	for t in rail wind; do
		for i in 1 2 3; do
			echo "{\"text\":\"a success $i\",\"target\":\"$t\",\"stance\":\"favour\"}"
			echo "{\"text\":\"a failure $i\",\"target\":\"$t\",\"stance\":\"against\"}"
		done
	done >targets.jsonl
	"$VIGIE" train targets.yaml -o targets.vigie >/dev/null 2>&1
	echo "it is a failure" >a.txt
	echo '{"text":"a success","target":"rail"}' >b.jsonl
	run -0 --separate-stderr "$VIGIE" explain -m targets.vigie --target wind a.txt b.jsonl
	quiet
	[[ $output == *"  wind, against: decision "*"  rail, favour: decision "* ]]
	[[ $output != *"  wind: decision"* ]]
	run -0 --separate-stderr "$VIGIE" explain -m targets.vigie a.txt
	[[ $output == *"no target that the model knows"* ]]
	run -64 --separate-stderr "$VIGIE" explain --target $'\xff' a.txt
	says "--target is no UTF-8"
}

@test "explain reads texts, standard input and skips what is none" {
	echo "The trains are late." >a.txt
	echo "{bad" >b.jsonl
	run -0 --separate-stderr "$VIGIE" explain -m "$TINY" a.txt b.jsonl - <a.txt
	[[ $output == *"a.txt"*"standard input"* ]]
	says "b.jsonl:1: no JSON"
}

@test "names of files cannot write to the terminal" {
	echo "The trains are late." >$'a\033[31m\xff.txt'
	run -0 --separate-stderr "$VIGIE" explain -m "$TINY" $'a\033[31m\xff.txt'
	[[ $output == 'a?[31m?.txt'* ]]
	"$VIGIE" explain --json -m "$TINY" $'a\033[31m\xff.txt' | jq -e '.place == "a?[31m?.txt"'
}

@test "a file that is missing does not keep the others away" {
	echo "The trains are late." >a.txt
	run -66 --separate-stderr "$VIGIE" explain -m "$TINY" missing.txt a.txt
	says "missing.txt: No such file or directory"
	[[ $output == *"a.txt"* ]]
}

@test "output that nobody can write is an error" {
	[ -c /dev/full ] || skip "no /dev/full"
	run -74 bash -c '"$VIGIE" explain -m "$TINY" "$ARTICLES" >/dev/full'
	run -74 bash -c '"$VIGIE" explain --html -m "$TINY" "$ARTICLES" >/dev/full'
}

@test "explain without a model" {
	run -66 --separate-stderr "$VIGIE" explain -m missing "$ARTICLES"
	says "missing: No such file or directory"
}
