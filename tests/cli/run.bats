#!/usr/bin/env bats
# `vigie run FILE…`: sources, order, refusals and exit codes.
load helper

text="The trains are late and the rail line is a costly failure."

@test "a file of JSON lines" {
	judge 0 25 "$ARTICLES"
	quiet
	[ "$(jq -r .seq out | paste -sd,)" = "$(seq -s, 0 24)" ]
	[ "$(head -1 out | jq -r .title)" = "Le port de Brême mise sur le rail" ]
	[ "$(head -1 out | jq -r .input.id)" = tiny-01 ]
	[ "$(head -1 out | jq -r '.topics[0].topic')" = rail ]
}

@test "standard input, JSON lines and text" {
	judge 0 25 - <"$ARTICLES"
	jq -c 'del(.origin, .crc)' out >from_stdin
	judge 0 25 "$ARTICLES"
	jq -c 'del(.origin, .crc)' out >from_file
	cmp from_stdin from_file
	judge 0 1 - <<<"$text"
	quiet
	judge 0 0 - </dev/null
	quiet
}

@test "a folder, its files in order of names, hidden ones left out" {
	mkdir -p d/b/c
	for f in d/z.txt d/a.txt d/b/m.txt d/b/c/x.txt d/.hidden; do
		echo "Text of $f. $text" >$f
	done
	cp "$ARTICLES" d/b/n.jsonl
	judge 0 29 d
	[ "$(jq -r '.input.file // "line"' out | uniq | paste -sd' ')" = \
		"d/a.txt d/b/c/x.txt d/b/m.txt line d/z.txt" ]
}

@test "several files, in the order of the command line" {
	for i in 3 1 2; do echo "$text $i" >$i.txt; done
	judge 0 3 3.txt 1.txt 2.txt
	[ "$(jq -r .input.file out | paste -sd' ')" = "3.txt 1.txt 2.txt" ]
}

@test "more than 300 files on the command line" {
	for i in $(seq 1000 1349); do echo "$text $i" >$i.txt; done
	judge 0 350 *.txt
	[ "$(jq -r .input.file out)" = "$(ls ./*.txt | sed 's|^./||')" ]
}

@test "the same output twice" {
	judge 0 25 -w 3 "$ARTICLES"
	cp out first
	judge 0 25 -w 1 "$ARTICLES"
	cmp first out
	judge 0 25 --text --scores "$ARTICLES"
	cp out first
	judge 0 25 --text --scores "$ARTICLES"
	cmp first out
}

@test "a missing file does not keep the others away" {
	judge 66 25 missing.txt "$ARTICLES"
	says "missing.txt: No such file or directory"
	says "not every source could be read"
	judge 66 0 missing.txt
}

@test "bad lines are refused with their place, the rest goes on" {
	cat >in.jsonl <<-'END'
		{"text":"The rail line."}
		{bad
		{"text":"x","text":"y"}
		{"text":"nul \u0000 here"}
		[1]
		"a string"
		{}
		{"text":5}
		{"text":"  "}

		{"text":"The last one, without a line end."}
	END
	truncate -s -1 in.jsonl
	judge 0 2 in.jsonl
	says "in.jsonl:2: no JSON"
	says "in.jsonl:3: no JSON: duplicate object key"
	says "in.jsonl:4: no JSON"
	says "in.jsonl:5: a list"
	says "in.jsonl:6: "
	says "in.jsonl:7: neither title nor text"
	says "in.jsonl:8: text is a number"
	says "in.jsonl:9: neither title nor text"
	says "2 articles accepted, 8 pieces refused"
	[ "$(jq -r .seq out | paste -sd,)" = 0,1 ]
}

@test "when nothing is accepted the code says that the data are bad" {
	echo '{bad' >in.jsonl
	judge 65 0 in.jsonl
	says "no article was accepted"
	: >empty.txt
	judge 65 0 empty.txt
	says "empty.txt: neither title nor text"
}

@test "an empty file of JSON lines is no articles, and no error" {
	: >empty.jsonl
	judge 0 0 empty.jsonl
	quiet
}

@test "Latin-1 and Windows-1252 are read" {
	printf 'Le train est un succ\xe8s.\n' >l1.txt
	printf 'Un \x93succ\xe8s\x94 \x80 10.\n' >w.txt
	judge 0 2 --text l1.txt w.txt
	[ "$(jq -r .text out)" = "$(printf 'Le train est un succès.\nUn “succès” € 10.')" ]
}

@test "binary files are no text, and pages without an article none" {
	head -c 1000 /dev/zero >zeros.txt
	cp "$VIGIE" program
	echo '<!DOCTYPE html><html><body></body></html>' >page.txt
	cp page.txt page.html
	judge 0 25 zeros.txt program page.txt page.html "$ARTICLES"
	says "zeros.txt: no text: byte 0 is 0x00"
	says "program: "
	says "page.txt: no article in this page"
	says "page.html: no article in this page"
	says "25 articles accepted, 4 pieces refused"
}

@test "an article of four megabytes is read, a larger one refused" {
	head -c $((4 * 1024 * 1024)) /dev/zero | tr '\0' 'x' >at.txt
	head -c $((4 * 1024 * 1024 + 1)) /dev/zero | tr '\0' 'x' >above.txt
	judge 0 1 at.txt above.txt
	says "above.txt: larger than 4194304 bytes"
}

@test "a line of a hundred megabytes is refused and goes by" {
	{
		printf '{"text":"'
		head -c 100000000 /dev/zero | tr '\0' 'x'
		printf '"}\n'
		head -1 "$ARTICLES"
	} >in.jsonl
	judge 0 1 in.jsonl
	says "in.jsonl:1: a line of more than 16777216 bytes"
}

@test "--text, --scores and --output" {
	judge 0 25 "$ARTICLES"
	[ "$(jq -c 'select(has("text") or has("scores"))' out)" = "" ]
	judge 0 25 --text "$ARTICLES"
	[ "$(jq -rs '.[0].text[0:12]' out)" = "Les trains d" ]
	judge 0 25 --scores "$ARTICLES"
	[ "$(jq -c '.scores | keys' out | sort -u)" = '["rail","rail.against","rail.favour","rail.neutral","wind","wind.against","wind.favour","wind.neutral"]' ]
	judge 0 0 -o file.jsonl "$ARTICLES"
	validate 25 <file.jsonl
	judge 0 0 -o file.jsonl "$ARTICLES" # begins anew
	validate 25 <file.jsonl
}

@test "because: the bytes of each span are its words" {
	judge 0 25 --text "$ARTICLES"
	/usr/bin/python3 - <<-'END'
		import json
		for line in open("out", encoding="utf-8"):
		    r = json.loads(line)
		    for t in r["topics"]:
		        for s in t["because"] + t["stance_because"]:
		            field = r[s["field"]].encode()
		            assert field[s["start"]:s["end"]].decode() == s["text"], s
	END
}

@test "the part of the words that the model does not know" {
	printf '{"text":"%s"}\n' "zzz yyy" "zzz rail" "rail" >in.jsonl
	judge 0 3 in.jsonl
	[ "$(jq .unknown_words out | paste -sd' ')" = "1 0.5 0" ]
}

@test "a target goes through, also past a model that asks for none" {
	echo '{"text":"The rail line.","target":" Hillary\n Clinton "}' >in.jsonl
	judge 0 1 in.jsonl
	[ "$(jq -r .target out)" = "Hillary Clinton" ]
	jq -c 'del(.target, .crc, .origin)' out >with
	echo '{"text":"The rail line."}' >in.jsonl
	judge 0 1 in.jsonl
	jq -c 'del(.crc, .origin)' out >without
	cmp with without
}

# A line a topic of each article: what its stance is asked towards.
with_targets() {
	jq -c '.topics as $t | ($t | keys[]) as $k | del(.topics) +
		{target: $k, stance: $t[$k]}' "$ARTICLES"
}

@test "the stance towards a target, one of a few" {
	with_targets >in.jsonl
	cat >targets.yaml <<-'END'
		name: targets
		data: [in.jsonl]
		targets: topics
		stances: [favour, against, neutral]
		folds: 2
		golden: 2
	END
	"$VIGIE" train targets.yaml --output targets.vigie
	TINY=targets.vigie judge 0 23 --scores in.jsonl
	[ "$(jq -r '.target + .topics[].topic' out)" = \
		"$(jq -r '.target + .target' in.jsonl)" ]
	[ "$(jq -c '.topics[] | keys' out | sort -u)" = \
		'["stance","stance_because","stance_probability","topic"]' ]
	[ "$(jq -c '.scores | keys' out | sort -u)" = \
		'["rail.against","rail.favour","rail.neutral","wind.against","wind.favour","wind.neutral"]' ]
	TINY=targets.vigie judge 0 25 "$ARTICLES"
	[ "$(jq -c .topics out | sort -u)" = "[]" ]
}

@test "the stance towards a target that is any text" {
	with_targets >in.jsonl
	cat >targets.yaml <<-'END'
		name: targets
		data: [in.jsonl]
		targets: text
		stances: [favour, against, neutral]
		words: {fields: [title, text, target]}
		folds: 2
		golden: 2
	END
	"$VIGIE" train targets.yaml --output targets.vigie
	TINY=targets.vigie judge 0 23 in.jsonl
	[ "$(jq -r '.topics[].topic' out | sort -u)" = target ]
	[ "$(jq -r .target out)" = "$(jq -r .target in.jsonl)" ]
}

@test "--output that would be read as well is refused, and left alone" {
	cp "$ARTICLES" in.jsonl
	judge 78 0 in.jsonl -o in.jsonl
	says "in.jsonl would be written and"
	cmp in.jsonl "$ARTICLES"
	mkdir d
	cp "$ARTICLES" d/a.jsonl
	judge 78 0 d -o d/new.jsonl
	says "d/new.jsonl would be written and, being in d, read as well"
	[ ! -e d/new.jsonl ]
	ln -s d link
	judge 78 0 link -o d/../d/new.jsonl
	run -78 bash -c '"$VIGIE" run -m "$TINY" d >d/out.jsonl'
	run -78 bash -c '"$VIGIE" run -m "$TINY" in.jsonl >>in.jsonl'
	cmp in.jsonl "$ARTICLES"
	judge 0 0 d/a.jsonl -o d/new.jsonl
	judge 0 0 d -o dd.jsonl # a name that begins so is another one
}

@test "--output that cannot be written" {
	judge 66 0 -o /nonexistent/out.jsonl "$ARTICLES"
	says "/nonexistent/out.jsonl: No such file or directory"
	[ "$(wc -l <err)" = 1 ]
	judge 66 0 -o "$work" "$ARTICLES"
}

@test "a run that gives up leaves nothing behind" {
	for _ in $(seq 10); do # its workers take a moment to die
		judge 66 0 -o "$work" "$ARTICLES"
		[ -z "$(ls -A "$XDG_RUNTIME_DIR")" ]
	done
}

@test "a model that is none" {
	run -66 --separate-stderr "$VIGIE" run -m missing "$ARTICLES"
	says "missing: No such file or directory"
	run -65 --separate-stderr "$VIGIE" run -m "$ARTICLES" "$ARTICLES"
	says "is no bundle of vigie"
	head -c 1000 "$TINY" >cut.vigie
	run -65 --separate-stderr "$VIGIE" run -m cut.vigie "$ARTICLES"
	cp "$TINY" bad.vigie
	printf x | dd of=bad.vigie bs=1 seek=2000 conv=notrunc status=none
	run -65 --separate-stderr "$VIGIE" run -m bad.vigie "$ARTICLES"
}

@test "two runs at once do not meet" {
	"$VIGIE" run -m "$TINY" "$ARTICLES" >a 2>&1 &
	"$VIGIE" run -m "$TINY" "$ARTICLES" >b 2>&1
	wait
	validate 25 <a
	cmp a b
}

@test "two runs into one file: the second is refused" {
	mkfifo pipe
	"$VIGIE" run -m "$TINY" -o out.jsonl - <pipe &
	exec 7>pipe
	head -1 "$ARTICLES" >&7
	until [ -s out.jsonl ]; do sleep 0.05; done
	judge 69 0 -o out.jsonl "$ARTICLES"
	says "another sink"
	exec 7>&-
	wait
	validate 1 <out.jsonl
}

@test "--summary is a table on standard error" {
	judge 0 25 --summary "$ARTICLES"
	says rail
	says wind
	judge 0 25 --summary --quiet "$ARTICLES"
	quiet
}

@test "a fifo is read to its end" {
	mkfifo pipe
	echo "$text" >pipe &
	judge 0 1 pipe
}

@test "a fifo that nobody writes to can be interrupted" {
	mkfifo pipe
	"$VIGIE" run -m "$TINY" pipe >out 2>err &
	run=$!
	until [ -n "$(ls -A run)" ]; do sleep 0.05; done
	sleep 0.3
	kill $run
	wait $run
	[ ! -s out ]
	[ ! -s err ]
}

@test "links in circles end" {
	mkdir -p d/e
	ln -s .. d/e/up
	ln -s self d/self
	echo "$text" >d/e/a.txt
	judge 0 1 d
	says "d/self"
}

@test "a folder that cannot be read" {
	[ "$(id -u)" != 0 ] || skip "root reads everything"
	mkdir d
	chmod 0 d
	judge 77 25 d "$ARTICLES"
}

@test "SIGCHLD ignored by who started us" {
	run -0 timeout 20 /usr/bin/python3 -c 'if True:
		import os, signal, sys
		signal.signal(signal.SIGCHLD, signal.SIG_IGN)
		os.execv(sys.argv[1], sys.argv[1:])
		' "$VIGIE" run -m "$TINY" "$ARTICLES"
	[ "${#lines[@]}" = 25 ]
}

@test "files leave the journal of a configuration alone" {
	cat >c.yaml <<-END
		ingest:
		  sources: [{ path: in.jsonl, follow: true }]
		  journal: { path: j }
		sink: { targets: [{ jsonl: all.jsonl }] }
	END
	head -3 "$ARTICLES" >in.jsonl
	run -124 timeout 2 "$VIGIE" ingest -c c.yaml --bind "ipc://$work/a"
	judge 0 25 -c c.yaml -o - "$ARTICLES"
	cp out first
	judge 0 25 -c c.yaml -o - "$ARTICLES"
	cmp first out
	run "$VIGIE" journal show j
	[[ $output == *"articles   3 here"* ]]
}
