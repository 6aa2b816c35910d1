# shellcheck shell=bash
# What the tests of command lines share. VIGIE is the program, BUILD the folder
# of its build. They judge by a tiny model of their own, in $TINY.
bats_require_minimum_version 1.5.0
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/../..
export BUILD=${BUILD:-$root/build/release}
export VIGIE=${VIGIE:-$BUILD/vigie}
export TINY=$BATS_FILE_TMPDIR/tiny.vigie
export ARTICLES=$root/tests/data/tiny.jsonl
export LC_ALL=C.UTF-8

setup_file() {
	"$VIGIE" train "$root/tests/data/tiny.yaml" --output "$TINY" \
		>"$BATS_FILE_TMPDIR/report" 2>&1
}

# Each test in an empty folder; sockets lie in it, so its name is short.
setup() {
	work=$(mktemp -d /tmp/vc-XXXXXX)
	cd "$work" || return
	mkdir run
	export XDG_RUNTIME_DIR=$work/run
}

teardown() {
	local left

	left=$(ls -A "$work/run")
	rm -rf "$work"
	[ -z "$left" ]
}

validate() {
	/usr/bin/python3 "$here/validate.py" "$root/docs/record.schema.json" \
		"$@"
}

# judge CODE COUNT ARGUMENT…: `vigie run` ends with CODE, having printed COUNT
# lines, each a record; they are then in $output and the file out.
judge() {
	local code=$1 count=$2 have=0

	shift 2
	"$VIGIE" run -m "$TINY" "$@" >out 2>err || have=$?
	output=$(cat out)
	stderr=$(cat err)
	echo "$stderr"
	[ "$have" = "$code" ] || { echo "code $have, expected $code"; return 1; }
	validate "$count" <out
}

# The sentence is on standard error (of `judge` or `run --separate-stderr`).
says() {
	case $stderr in
	*"$1"*) ;;
	*)
		echo "expected: $1"
		echo "said:     $stderr"
		return 1
		;;
	esac
}

quiet() {
	[ -z "$stderr" ] || { echo "said: $stderr"; return 1; }
}

commands="run ingest classify sink push train tune evaluate explain model journal feeds dlq keygen check"
