#!/usr/bin/env bats
# Documents that were made to harm: see hostile.py.
load helper

setup_file() {
	:
}

@test "hostile documents end within their bounds and reach nothing" {
	run -0 /usr/bin/python3 "$here/hostile.py" "$VIGIE"
	echo "$output"
	[ "${#lines[@]}" -ge 60 ]
}

@test "--dump of a hostile document says why it is refused" {
	head -c 15728641 /dev/zero >large
	run -65 --separate-stderr "$VIGIE" ingest --dump page large
	says "large: has more than 15 MB; refused"
	[ -z "$output" ]
}

@test "--dump of no such kind, file or option is misuse" {
	run -64 --separate-stderr "$VIGIE" ingest --dump fead
	says "'fead' is no kind of document; there is feed, page"
	run -66 --separate-stderr "$VIGIE" ingest --dump page nowhere
	says "nowhere: opening it: No such file or directory"
	run -64 --separate-stderr "$VIGIE" ingest --base http://a.example/
	says "--content-type and --base go with --dump"
	run -64 --separate-stderr "$VIGIE" ingest --dump page a b
	says "--dump takes one file"
	run -64 --separate-stderr "$VIGIE" ingest --dump page --bse x
	says "unknown option '--bse': did you mean '--base'?"
	run -0 --separate-stderr "$VIGIE" ingest --dump page --help
	[[ $output == "Usage: vigie ingest "*"--bind"* ]]
}

@test "--dump charset prints the charset and the text" {
	printf 'l\222\351t\351' >western
	run -0 --separate-stderr "$VIGIE" ingest --dump charset western
	quiet
	[ "$output" = '{"charset":"windows-1252","text":"l’été","lost":0}' ]
	printf '\320\311' >russian
	run -0 --separate-stderr "$VIGIE" ingest --dump charset russian \
		--content-type 'text/html; charset=koi8-r'
	[ "$output" = '{"charset":"koi8-r","text":"пи","lost":0}' ]
}

@test "--dump date prints a date of a feed in UTC, or nothing" {
	run -0 --separate-stderr "$VIGIE" ingest --dump date \
		'Tue, 29 Nov 2022 10:00:00 +0100'
	quiet
	[ "$output" = 2022-11-29T09:00:00Z ]
	run -0 --separate-stderr "$VIGIE" ingest --dump date --11-29
	quiet
	run -64 "$VIGIE" ingest --dump date </dev/null
	run -0 --separate-stderr "$VIGIE" ingest --dump date 'no date'
	quiet
	[ -z "$output" ]
}
