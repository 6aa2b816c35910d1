#!/usr/bin/env bats
# Man pages and completions that the build makes.
load helper

@test "man pages are without warnings" {
	command -v man >/dev/null || skip "no man"
	for page in vigie vigie.yaml recipe $commands; do
		"$VIGIE" --man "$page" >page.1
		[ "$(head -c 4 page.1)" = ".TH " ]
		run -0 --separate-stderr man --warnings=w -l page.1
		quiet
		[ -n "$output" ]
	done
}

@test "man pages speak of every option and key" {
	"$VIGIE" --man run | tr -d '\\' >page
	for o in config model output publish text scores workers quiet; do
		grep -q -- "--$o" page
	done
	"$VIGIE" --man vigie.yaml >page
	for k in window worker_timeout room targets scores workers level; do
		grep -q "$k" page
	done
	"$VIGIE" --man recipe | tr -d '\\' >page
	for k in one_of targets supervised bayes_alpha threshold_part; do
		grep -q "$k" page
	done
}

@test "completions are scripts of their shell" {
	"$VIGIE" --completion bash >c.bash
	bash -n c.bash
	bash -c '. ./c.bash; complete -p vigie'
	for c in $commands; do grep -q "$c" c.bash; done
	for shell in zsh fish; do
		"$VIGIE" --completion $shell >c.$shell
		[ -s c.$shell ]
		! command -v $shell >/dev/null || $shell -n c.$shell
	done
}
