#!/bin/bash
# Who may include whom, as CONTRIBUTING.md says. With a folder, check the
# sources there; without, check these and that the check can fail.
set -euo pipefail
export LC_ALL=C

folders="base wire parse ingest classify learn sink commands"

# shellcheck disable=SC2016 # awk's, not the shell's
# Prints a line for each include that the rule forbids; fails if there is one.
check() { # ROOT
	local f

	cd "$1"
	for f in $folders; do
		find "$f" -name '*.[ch]'
	done | sort | xargs awk '
	BEGIN {
		may["base"] = "base"
		may["wire"] = "base wire"
		may["parse"] = "base parse"
		may["ingest"] = "base wire parse ingest"
		may["classify"] = "base wire classify"
		may["sink"] = "base wire sink"
		may["learn"] = "base wire classify learn"
		may["commands"] = "base wire parse ingest classify learn sink commands"
		# Foreign headers that one file owns.
		owner["zmq.h"] = "wire/link_parts.h wire/curve.c wire/zap.c"
		owner["libsvm/svm.h"] = owner["svm.h"] = "learn/solve_svm.c"
		owner["linear.h"] = "learn/solve_linear.c"
		owner["microhttpd.h"] = "wire/http.c"
		owner["libxml/HTMLparser.h"] = "parse/dom.c"
		owner["libxml/parser.h"] = "parse/dom.c"
		owner["uchardet.h"] = owner["uchardet/uchardet.h"] = "parse/charset_guess.c"
		owner["curl/curl.h"] = "sink/target_webhook.c commands/pusher_http.c ingest/web_transfer.c ingest/web_url.c"
		owner["idn2.h"] = "ingest/web_url.c"
		owner["archive.h"] = "ingest/unpack.c"
		owner["brotli/decode.h"] = "ingest/decode.c"
		owner["seccomp.h"] = "ingest/confine.c"
	}
	function wrong(why) {
		printf "%s:%d: includes %s: %s\n", FILENAME, FNR, name, why
		bad = 1
	}
	/^[ \t]*#[ \t]*include/ {
		ours = index($0, "\"")
		split($0, part, /[<">]/)
		name = part[2]
		if (name in owner &&
		    index(" " owner[name] " ", " " FILENAME " ") == 0)
			wrong("only " owner[name] " may")
		if (!ours)
			next
		from = FILENAME
		sub(/\/.*/, "", from)
		to = name
		if (!sub(/\/.*/, "", to) || to == "..") {
			wrong("name the folder, as in \"base/str.h\"")
		} else if (index(" " may[from] " ", " " to " ") == 0) {
			wrong(from " may include " may[from])
		}
	}
	END { exit bad }'
}

# A copy of the sources in which one file has one include more must fail, and
# name that file.
must_fail() { # FILE INCLUDE
	local copy=$scratch/$1 said

	cp "$copy" "$scratch/kept"
	printf '#include %s\n' "$2" >>"$copy"
	if said=$(check "$scratch"); then
		echo "not noticed: $1 includes $2"
		failed=1
	elif [ "$(printf '%s\n' "$said" | grep -c "^$1:")" != 1 ]; then
		echo "$1 includes $2, but this was said: $said"
		failed=1
	fi
	mv "$scratch/kept" "$copy"
}

root=${1:-$(dirname "$0")/..}
if [ $# -gt 0 ]; then
	check "$root"
	exit
fi
failed=0
(check "$root") || failed=1
scratch=$(mktemp -d "${TMPDIR:-/tmp}/vigie-includes.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
for f in $folders; do
	mkdir "$scratch/$f"
	cp "$root/$f"/*.[ch] "$scratch/$f"
done
if [ $failed = 0 ]; then
	must_fail base/str.c '"wire/article.h"'
	must_fail base/err.h '"commands/settings.h"'
	must_fail base/log.c '"../wire/link.h"'
	must_fail wire/article.c '"ingest/pending.h"'
	must_fail parse/text.c '"sink/record.h"'
	must_fail ingest/source.h '"classify/model.h"'
	must_fail classify/judge.c '"learn/fit.h"'
	must_fail sink/sink.c '"ingest/pending.h"'
	must_fail learn/fit.c '"sink/record.h"'
	must_fail ingest/ingest.c '<zmq.h>'
	must_fail wire/link.h '<zmq.h>'
	must_fail wire/keys.c '<zmq.h>'
	must_fail learn/fit.c '<libsvm/svm.h>'
	must_fail learn/fit.c '<linear.h>'
	must_fail classify/model.c '<linear.h>'
	must_fail ingest/push.c '<microhttpd.h>'
	must_fail ingest/web.c '<curl/curl.h>'
	echo "17 forbidden includes, each noticed"
fi
exit $failed
