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

@test "explain says what run says" {
	judge 0 25 --scores "$ARTICLES"
	"$VIGIE" explain --all --json -m "$TINY" "$ARTICLES" >explained
	/usr/bin/python3 - <<-'END'
		import json
		for a, b in zip(open("out"), open("explained")):
		    a, b = json.loads(a), json.loads(b)
		    given = [t["topic"] for t in b["topics"] if t["given"]]
		    assert given == [t["topic"] for t in a["topics"]]
		    assert a["model"] == b["model"]
		    for t in b["topics"]:
		        assert abs(a["scores"][t["topic"]] - t["evidence"]["decision"]) < 1e-3
	END
}

@test "explain reads texts, standard input and skips what is none" {
	echo "The trains are late." >a.txt
	echo "{bad" >b.jsonl
	run -0 --separate-stderr "$VIGIE" explain -m "$TINY" a.txt b.jsonl - <a.txt
	[[ $output == *"a.txt"*"standard input"* ]]
	says "b.jsonl:1: no JSON"
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
}

@test "explain without a model" {
	run -66 --separate-stderr "$VIGIE" explain -m missing "$ARTICLES"
	says "missing: No such file or directory"
}
