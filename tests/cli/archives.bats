#!/usr/bin/env bats
# Saved pages, crawl archives, zip and tar files. What the pages hold is of no
# matter here, but how many articles come of them, and that each comes once.
load helper

teardown() {
	[ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || true
	wait
	rm -rf "$work"
}

# Files by write_archives.py: it says what is in them.
make() {
	/usr/bin/python3 "$here/write_archives.py" "$@"
}

titles() { jq -r .title "${1:-out}" | sort; }

pages() { # FROM TO
	seq "$1" "$2" | sed 's/^/Rail notice number /' | sort
}

@test "a saved page is an article" {
	make page 1 >page.html
	make page 2 >other.txt
	judge 0 2 --text page.html other.txt
	quiet
	[ "$(titles)" = "$(pages 1 2)" ]
	[ "$(jq -r .input.file out | head -1)" = page.html ]
	grep -q 'The night train number 1 ' out
	make page 3 >page.xhtml
	judge 0 1 - <page.xhtml
	[ "$(titles)" = "$(pages 3 3)" ]
}

@test "a saved page that comes again, word for word, comes once" {
	make page 1 >page.html
	cp page.html again.html
	judge 0 1 page.html again.html
	quiet
}

@test "a page without an article is refused, the rest goes on" {
	echo '<!DOCTYPE html><html><body></body></html>' >empty.html
	echo x >saved.mhtml
	make page 1 >page.html
	judge 0 1 empty.html saved.mhtml page.html
	says "empty.html: no article in this page"
	says "saved.mhtml: MHTML, which is not read"
	says "1 articles accepted, 2 pieces refused"
}

@test "a folder of saved pages" {
	mkdir -p d/e
	for i in 1 2 3; do make page $i >d/$i.html; done
	make page 4 >d/e/4.htm
	echo 'body { }' >d/.hidden.html
	judge 0 4 d
	quiet
	[ "$(titles)" = "$(pages 1 4)" ]
}

@test "a crawl archive: gzip a record, one around all, plain" {
	make warc 1 30 --form members >a.warc.gz
	make warc 1 30 --form around >b.warc.gz
	make warc 1 30 --form plain >c.warc
	for f in a.warc.gz b.warc.gz c.warc; do
		judge 0 30 $f
		quiet
		[ "$(titles)" = "$(pages 1 30)" ]
		[ "$(jq -r .input.fetched_at out | uniq)" = 2026-01-02T03:04:05Z ]
	done
	jq -r .url out | grep -qx http://a.example/7
}

@test "the same output twice" {
	make warc 1 50 --form members >a.warc.gz
	make zip 51 60 >b.zip
	judge 0 60 a.warc.gz b.zip
	cp out once
	judge 0 60 a.warc.gz b.zip
	cmp out once
}

@test "a damaged crawl archive is read as far as it goes" {
	make warc 1 30 --form members --damage 12 >a.warc.gz
	judge 0 29 a.warc.gz
	says "a.warc.gz: record "
	says " at byte "
	[ "$(titles)" = "$(pages 1 30 | grep -vx 'Rail notice number 12')" ]
	make warc 1 30 --form members | head -c -250 >b.warc.gz
	judge 0 29 b.warc.gz
	says "b.warc.gz: "
}

@test "short pages are passed over and counted" {
	make warc 1 3 --form members --short 2 >a.warc.gz
	judge 0 3 a.warc.gz
	says "passed over: 2"
}

@test "zip and tar, and what is in them" {
	make zip 1 5 >a.zip
	make tar 6 9 >b.tar
	gzip -k b.tar
	xz -k b.tar 2>/dev/null || cp b.tar b.tar.xz
	judge 0 5 a.zip
	quiet
	[ "$(titles)" = "$(pages 1 5)" ]
	for f in b.tar b.tar.gz b.tar.xz; do
		judge 0 4 $f
		quiet
		[ "$(titles)" = "$(pages 6 9)" ]
	done
	[ "$(jq -r .input.file out | head -1)" = "b.tar.xz/d/6.html" ]
}

@test "JSON lines in gzip" {
	gzip -c "$ARTICLES" >a.jsonl.gz
	judge 0 25 a.jsonl.gz
	quiet
}

@test "a damaged zip is told, the rest goes on" {
	make zip 1 5 | head -c 700 >a.zip
	make page 9 >p.html
	"$VIGIE" run -m "$TINY" a.zip p.html >out 2>err || true
	stderr=$(cat err)
	says "a.zip: "
	[ "$(titles | tail -1)" = "Rail notice number 9" ]
}

@test "names in a zip touch no file and no terminal" {
	make zip 1 2 --evil >a.zip
	judge 0 2 a.zip
	[ -z "$(find .. ../.. -maxdepth 1 -name '*1.html' 2>/dev/null)" ]
	run ! grep -q "$(printf '\033')" out
}

# Ingest is killed while it reads archives; what it had is not read again.
@test "archives that ingest was killed over come out once" {
	local last=0

	make warc 1 400 --form members >a.warc.gz
	make zip 401 500 >b.zip
	cat >v.yaml <<-END
		ingest:
		  bind: ipc://$work/a
		  sources:
		    - {path: $work/a.warc.gz, follow: true}
		    - {path: $work/b.zip, follow: true}
		  journal: {path: $work/j}
		classify:
		  model: $TINY
		  sink: ipc://$work/v
		  connect: [ipc://$work/a]
		sink:
		  bind: ipc://$work/v
		  connect: [ipc://$work/a]
		  targets:
		    - jsonl: $work/out.jsonl
	END
	"$VIGIE" classify -c v.yaml 3>&- 2>>err &
	pids+=($!)
	"$VIGIE" sink -c v.yaml 3>&- 2>>err &
	pids+=($!)
	for i in 1 2 3 4 5 6; do
		"$VIGIE" ingest -c v.yaml 3>&- 2>>err &
		ingest=$!
		for _ in $(seq 100); do
			have=$(cat out.jsonl 2>/dev/null | wc -l)
			[ "$have" -lt $((last + 20)) ] || break
			sleep 0.02
		done
		last=$have
		kill -KILL $ingest
		wait $ingest || true
	done
	"$VIGIE" ingest -c v.yaml 3>&- 2>>err &
	pids+=($!)
	for _ in $(seq 600); do
		[ "$(cat out.jsonl | wc -l)" -lt 500 ] || break
		sleep 0.05
	done
	sleep 0.3
	diff -u <(pages 1 500) <(titles out.jsonl)
}

@test "--dump warc: a line a record, and what is damaged" {
	make warc 1 3 --form members >a.warc.gz
	"$VIGIE" ingest --dump warc a.warc.gz >out
	jq -es '[.[] | select(.mime == "text/html")] | length == 3 and
		all(.status == 200 and .complete and .payload_bytes > 0)' out
	head -c 900 a.warc.gz >cut.warc.gz
	"$VIGIE" ingest --dump warc <cut.warc.gz >out
	jq -es '.[-1] | has("error") or (.complete | not)' out
	run -66 --separate-stderr "$VIGIE" ingest --dump warc none.warc
	says "none.warc: opening it: No such file"
}
