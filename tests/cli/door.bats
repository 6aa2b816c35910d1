#!/usr/bin/env bats
# What is called vigie is small and becomes the whole (door.c): wherever the two
# lie beside each other.
load helper

setup_file() { :; }

install() { # FOLDER
	mkdir -p "$1/bin" "$1/lib/vigie"
	cp "$VIGIE" "$1/bin/vigie"
	ln -s "$(dirname "$VIGIE")/lib/vigie/vigie" "$1/lib/vigie/vigie"
}

@test "an installed vigie becomes the whole, by path and by link" {
	version=$("$VIGIE" --version)
	install there
	[ "$(there/bin/vigie --version)" = "$version" ]
	ln -s there/bin/vigie link
	[ "$(./link --version)" = "$version" ]
	[ "$(cd / && PATH=$OLDPWD/there/bin:$PATH vigie --version)" = "$version" ]
}

@test "the whole under another folder's name is not taken" {
	mkdir -p elsewhere/bin lib/vigie
	cp "$VIGIE" elsewhere/bin/vigie
	ln -s /bin/true lib/vigie/vigie
	run -69 --separate-stderr elsewhere/bin/vigie --version
	says "is it installed as a whole?"
}

@test "a vigie without its whole takes documents apart and says what it lacks" {
	cp "$VIGIE" alone
	[ "$(echo Tomorrow | ./alone ingest --dump text | jq -r .text)" = \
		Tomorrow ]
	run -69 --separate-stderr ./alone --version
	[ -z "$output" ]
	says "lib/vigie/vigie: No such file or directory"
	says "is it installed as a whole?"
}
