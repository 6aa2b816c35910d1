#!/usr/bin/env bats
# What every subcommand has in common: help, misuse, suggestions.
load helper

@test "vigie alone shows its commands and is misuse" {
	run -64 --separate-stderr "$VIGIE"
	[ -z "$output" ]
	for c in $commands; do says "  $c "; done
}

@test "vigie --help and --version go to standard output" {
	run -0 --separate-stderr "$VIGIE" --help
	quiet
	for c in $commands; do [[ $output == *"  $c "* ]]; done
	run -0 --separate-stderr "$VIGIE" --version
	quiet
	[[ $output =~ ^vigie\ [0-9]+\.[0-9]+\.[0-9]+\ \(protocol\ 3 ]]
}

@test "an unknown command gets a suggestion" {
	run -64 --separate-stderr "$VIGIE" calssify
	says "unknown command 'calssify': did you mean 'classify'?"
	run -64 --separate-stderr "$VIGIE" xyzzy
	says "unknown command 'xyzzy' (see 'vigie --help')"
}

@test "--help of a command lists all options of its man page" {
	for c in $commands; do
		run -0 --separate-stderr "$VIGIE" "$c" --help
		quiet
		help=$output
		[[ $help == "Usage: vigie $c "* ]]
		for o in $("$VIGIE" --man "$c" | sed '/^.SH OPTIONS/,/^.SH/!d' |
			grep '^\\fB' | grep -o '\\-\\-[a-z]\+\(\\-[a-z]\+\)*' |
			tr -d '\\'); do
			[[ $help == *"$o"* ]] || { echo "$c lacks $o"; false; }
		done
		[[ $help == *"--help"* ]]
		[ "$help" = "$("$VIGIE" "$c" -h)" ]
	done
}

@test "--help of a command fits a terminal" {
	for c in $commands; do
		run -0 --separate-stderr "$VIGIE" "$c" --help
		for l in "${lines[@]}"; do
			[ ${#l} -le 80 ] || { echo "$c: $l"; false; }
		done
	done
}

@test "an unknown option gets a suggestion" {
	for c in $commands; do
		run -64 --separate-stderr "$VIGIE" "$c" --hepl
		says "vigie $c: unknown option '--hepl': did you mean '--help'?"
		[ -z "$output" ]
		run -64 --separate-stderr "$VIGIE" "$c" -Z
		says "vigie $c: unknown option '-Z'"
	done
}

@test "an option without its value is misuse" {
	run -64 --separate-stderr "$VIGIE" run --model
	says "--model wants a value"
	run -64 --separate-stderr "$VIGIE" run --workers many x
	says "--workers wants a number, not 'many'"
	run -64 --separate-stderr "$VIGIE" run --workers -1 x
	run -64 --separate-stderr "$VIGIE" run --workers 99999999999999999999 x
	run -64 --separate-stderr "$VIGIE" run --quiet=yes x
	for c in run ingest; do
		run -64 --separate-stderr "$VIGIE" $c --copies some x
		says "--copies 'some': keep, mark or drop is expected"
	done
}

@test "more workers than may be is misuse" {
	run -64 --separate-stderr "$VIGIE" run -m "$TINY" -w 1025 "$ARTICLES"
	says "more than 1024 workers"
	run -64 --separate-stderr "$VIGIE" run -m "$TINY" -w 1000000 "$ARTICLES"
}

@test "a command without what it works on is misuse" {
	run -64 --separate-stderr "$VIGIE" run
	says "name files to read"
	run -64 --separate-stderr "$VIGIE" explain
	run -64 --separate-stderr "$VIGIE" train
	run -64 --separate-stderr "$VIGIE" evaluate
	run -64 --separate-stderr "$VIGIE" check
	run -64 --separate-stderr "$VIGIE" check a b
	run -64 --separate-stderr "$VIGIE" classify file
	says "takes no files"
	run -64 --separate-stderr "$VIGIE" sink file
}

@test "ingest without a source is a matter of configuration" {
	run -78 --separate-stderr "$VIGIE" ingest --bind "ipc://$work/a"
	says "no source: name files"
}

@test "generated pages of no command are misuse" {
	run -64 --separate-stderr "$VIGIE" --man rnu
	says "did you mean 'run'?"
	run -64 --separate-stderr "$VIGIE" --completion tcsh
	says "bash, zsh and fish"
}

@test "closed standard streams are not mistaken for files" {
	run -0 bash -c '"$VIGIE" run -m "$TINY" "$ARTICLES" <&- 2>&- | wc -l'
	[ "$output" -eq 25 ]
	if "$VIGIE" run -m "$TINY" "$ARTICLES" >&- 2>err; then false; fi
	grep -q "Bad file descriptor" err
	if "$VIGIE" run -m "$TINY" "$ARTICLES" >&- 2>&- <&-; then false; fi
}
