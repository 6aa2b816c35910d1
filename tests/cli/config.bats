#!/usr/bin/env bats
# Configurations: what is wrong with them, what they do, how they are shown.
load helper

# wrong YAML SENTENCE…: each is said of the file.
wrong() {
	printf '%b' "$1" >c.yaml
	shift
	run -78 --separate-stderr "$VIGIE" check c.yaml
	for sentence; do says "$sentence"; done
	run -78 --separate-stderr "$VIGIE" run --config c.yaml
	for sentence; do says "$sentence"; done
}

@test "an unknown key is named with its place and the nearest" {
	wrong 'ingest:\n  widnow: 5\n' "c.yaml:2:3: " "'widnow'" "'window'"
	wrong 'sinc:\n  bind: x\n' "c.yaml:1:1: " "'sink'"
	wrong 'sink:\n  record:\n    txt: true\n' "c.yaml:3:5: " "'text'"
	wrong 'ingest:\n  sources:\n    - path: a\n      knid: text\n' \
		"c.yaml:4:7: " "'kind'"
}

@test "a wrong type or value is named with its place" {
	wrong 'ingest:\n  window: many\n' "c.yaml:2:11: " "many"
	wrong 'ingest:\n  window: 0\n' "c.yaml:2:11: "
	wrong 'ingest:\n  window: 65537\n' "c.yaml:2:11: "
	wrong 'ingest: 5\n' "c.yaml:1:9: "
	wrong 'ingest:\n  resend_after: 5 parsecs\n' "c.yaml:2:17: "
	wrong 'sink:\n  ordered: perhaps\n' "c.yaml:2:12: "
	wrong 'sink:\n  record: {scores: some}\n' "c.yaml:2:20: " "given" "all"
	wrong 'ingest:\n  bind: nowhere\n' "c.yaml" "ingest.bind" "'nowhere'"
	wrong 'ingest:\n  window: 5\n  window: 6\n' "c.yaml:3:3: "
}

@test "what is no YAML is named with its place" {
	wrong 'ingest:\n\twindow: 5\n' "c.yaml:2:"
	wrong 'ingest: [\n' "c.yaml:"
	wrong 'ingest: "\n' "c.yaml:"
}

@test "all problems at once" {
	wrong 'ingest:\n  widnow: 5\nsink:\n  bind: x\n  ordered: 7\nlgo: 1\n' \
		"c.yaml:2:3" "c.yaml:5:12" "c.yaml:6:1" "sink.bind"
	run -78 --separate-stderr "$VIGIE" check c.yaml
	says "no model" || says "c.yaml: 4 problems" # the shipped one
}

@test "a configuration that is not there" {
	run -66 --separate-stderr "$VIGIE" check missing.yaml
	says "missing.yaml: No such file or directory"
	for c in run ingest classify sink; do
		run -66 --separate-stderr "$VIGIE" $c --config missing.yaml
		says "missing.yaml: No such file or directory"
	done
}

@test "check opens the model, the sources and the targets" {
	cat >c.yaml <<-END
		classify:
		  model: $TINY
		ingest:
		  sources: [{path: $ARTICLES}]
		sink:
		  targets: [{jsonl: out.jsonl}, {publish: "ipc://$work/p"}]
	END
	run -0 --separate-stderr "$VIGIE" check c.yaml
	quiet
	[[ $output == *"model tiny@sha256:"*"self-test passed"* ]]
	[[ $output == *"c.yaml: good"* ]]
	[[ $output == *"does not listen, or not fast enough"* ]]
	sed -i "s|$TINY|/nonexistent/m|; s|$ARTICLES|/nonexistent/a|
		s|out.jsonl|/nonexistent/d/o|" c.yaml
	run -78 --separate-stderr "$VIGIE" check c.yaml
	says "/nonexistent/m"
	says "/nonexistent/a: No such file"
	says "/nonexistent/d/o: No such file"
	says "c.yaml: 3 problems"
}

# checks TEXT…: c.yaml is good, and check says each of them.
checks() {
	run -0 --separate-stderr "$VIGIE" check c.yaml
	quiet
	for sentence; do
		[[ $output == *"$sentence"* ]] || { echo "no: $sentence"; false; }
	done
}

@test "what a kill could cost is told" {
	cat >c.yaml <<-END
		classify: {model: $TINY}
		ingest: {sources: [{path: "-"}], http: {listen: "127.0.0.1:0"}}
		sink: {targets: [{jsonl: out.jsonl}]}
	END
	checks "no ingest.journal.path: articles in ingest's memory are lost" \
		"standard input cannot be read again" \
		"no sink.dead_letters" "shows health and metrics, and takes"
	cat >c.yaml <<-END
		classify: {model: $TINY}
		ingest:
		  journal: {path: $work/journal}
		  sources: [{path: later.jsonl, follow: true}]
		  http: {listen: "127.0.0.1:0"}
		sink: {targets: [{jsonl: out.jsonl}], dead_letters: dead.jsonl}
	END
	checks "accepted when it is on disk, in $work/journal" \
		"takes articles by POST /articles at 127.0.0.1:0" \
		"later.jsonl is not there yet and is waited for" \
		"(jsonl): every record once"
	[[ $output != *"are lost"* && $output != *"dead_letters"* ]]
	[ ! -e journal ] # looked at, not made
}

@test "what needs a journal, and a journal that cannot be, is told" {
	wrong 'ingest: {sources: [{path: a, follow: true}]}\n' \
		"a is followed, which needs a journal"
	wrong 'ingest: {push: {bind: "ipc:///tmp/p"}}\n' \
		"ingest.push.bind: what is pushed"
	run -78 --separate-stderr "$VIGIE" ingest --config c.yaml
	says "ingest.push.bind: what is pushed"
	cat >c.yaml <<-END
		classify: {model: $TINY}
		ingest: {journal: {path: none/journal}}
		sink: {dead_letters: none/dead.jsonl}
	END
	run -78 --separate-stderr "$VIGIE" check c.yaml
	says "ingest.journal.path: the folder of none/journal: No such file"
	says "sink.dead_letters: the folder of none/dead.jsonl: No such file"
	says "2 problems"
	echo "{classify: {model: $TINY}, ingest: {journal: {path: c.yaml}}}" >c.yaml
	chmod 700 c.yaml
	run -78 --separate-stderr "$VIGIE" check c.yaml
	says "ingest.journal.path: c.yaml: Not a directory"
}

@test "http of each room is checked before it listens" {
	for room in ingest classify sink; do
		wrong "$room: {http: {listen: nowhere}}\n" \
			"$room.http.listen: 'nowhere'"
		wrong "$room: {http: {listen: \"0.0.0.0:9470\"}}\n" \
			"$room.http.listen: 0.0.0.0:9470"
	done
}

@test "the configuration that the package brings is good" {
	mkdir incoming
	sed "s|/var/lib/vigie|$work|; s|^classify:|&\n  model: $TINY|" \
		"$root/packaging/vigie.yaml" >c.yaml
	checks "in $work/journal" "POST /articles at 127.0.0.1:9470" \
		"(jsonl): every record once"
	[[ $output != *"note:"* ]]
}

@test "with files on the command line the journal stays alone" {
	cat >c.yaml <<-END
		classify: {model: $TINY}
		ingest: {journal: {path: $work/journal}, push: {bind: "ipc://$work/p"}}
	END
	judge 0 25 --config c.yaml "$ARTICLES"
	cp out first
	judge 0 25 --config c.yaml "$ARTICLES"
	cmp first out
	[ ! -e journal ] && [ ! -e p ]
}

@test "run by configuration: pushes alone, and no source" {
	cat >c.yaml <<-END
		classify: {model: $TINY}
		ingest: {journal: {path: journal}, push: {bind: "ipc://$work/run/p"}}
		sink: {targets: [{jsonl: out.jsonl}]}
	END
	"$VIGIE" run --config c.yaml 3>&- &
	pid=$!
	"$VIGIE" push --quiet --to "ipc://$work/run/p" "$ARTICLES"
	for _ in $(seq 200); do
		[ "$(wc -l <out.jsonl)" -lt 25 ] || break
		sleep 0.05
	done
	kill $pid
	wait $pid
	validate 25 <out.jsonl
	rm -f run/p
}

@test "--example passes check as it is, and with a list uncommented" {
	"$VIGIE" check --example >c.yaml
	grep -q '^  #window: 8192$' c.yaml
	sed -i "s|^  #model:.*|  model: $TINY|" c.yaml
	run -0 --separate-stderr "$VIGIE" check c.yaml
	quiet
	sed -i "s|^  #sources:|  sources:|; s|^  #  -$|    -|
		s|^  #    path:.*|      path: $ARTICLES|
		s|^  #targets:|  targets:|
		s|^  #    jsonl:.*|      jsonl: out.jsonl|" c.yaml
	run -0 --separate-stderr "$VIGIE" check c.yaml
	quiet
	"$VIGIE" check --show c.yaml | grep -q 'jsonl: "out.jsonl"'
}

@test "--show reloads to itself" {
	"$VIGIE" check --show >defaults.yaml
	"$VIGIE" check --show defaults.yaml >again.yaml
	cmp defaults.yaml again.yaml
	cat >c.yaml <<-END
		ingest: {window: 17, resend_after: 3m, sources: [{path: "a: b", name: "#é"}]}
		sink: {targets: [{jsonl: "-"}], record: {text: true, scores: all}}
	END
	"$VIGIE" check --show c.yaml >shown.yaml
	"$VIGIE" check --show shown.yaml >again.yaml
	cmp shown.yaml again.yaml
	grep -q "window: 17" shown.yaml
	grep -q "scores: all" shown.yaml
}

@test "run by configuration: sources, targets, record" {
	cat >c.yaml <<-END
		classify: {model: $TINY}
		ingest: {sources: [{path: $ARTICLES, name: The Daily}]}
		sink: {targets: [{jsonl: out.jsonl}], record: {text: true}}
		run: {workers: 2}
	END
	run -0 --separate-stderr "$VIGIE" run --config c.yaml
	quiet
	validate 25 <out.jsonl
	[ "$(jq -r .source out.jsonl | sort -u)" = "The Daily" ]
	[ "$(jq -r 'select(has("text")) | .seq' out.jsonl | wc -l)" = 25 ]
	[ "$(jq -r 'select(.fetched == null) | .seq' out.jsonl)" = "" ]
	run -0 --separate-stderr "$VIGIE" run --config c.yaml # is appended
	validate 50 <out.jsonl
	[ "$(jq -r .origin out.jsonl | sort -u | wc -l)" = 2 ]
}

@test "run by configuration: endpoints of one's own, every address" {
	"$VIGIE" keygen keys >made
	cat >c.yaml <<-END
		keys: {folder: keys}
		classify: {model: $TINY}
		ingest: {bind: "tcp://*:45731", sources: [{path: $ARTICLES}]}
		sink: {bind: "tcp://*:45732", targets: [{jsonl: out.jsonl}]}
	END
	run -0 --separate-stderr timeout 20 "$VIGIE" run --config c.yaml
	quiet
	validate 25 <out.jsonl
}

@test "run by configuration needs no endpoints" {
	cat >c.yaml <<-END
		classify: {model: $TINY}
		ingest: {sources: [{path: $ARTICLES}]}
	END
	"$VIGIE" run --config c.yaml >a &
	"$VIGIE" run --config c.yaml >b
	wait
	validate 25 <a
	validate 25 <b
	[ ! -e /run/vigie/verdicts ]
}

@test "the command line is stronger than the configuration" {
	cat >c.yaml <<-END
		classify: {model: /nonexistent}
		ingest: {sources: [{path: /nonexistent}]}
		sink: {targets: [{jsonl: /nonexistent/out}]}
	END
	judge 0 0 --config c.yaml -o out.jsonl "$ARTICLES"
	validate 25 <out.jsonl
	run -78 --separate-stderr "$VIGIE" ingest --config c.yaml --bind nowhere
	says "'nowhere'"
}
