#!/bin/bash
# Classify daemons of a machine have one copy of their bundle in memory, however
# many they are: before and after a swap, and whoever is killed. The bundle is
# made up, of so many terms that it outweighs all else.
. "$(dirname "$0")/lib.sh"
daemons=${1:-4}
private_kb=$((16 << 10)) # of a worker, as docs/reliability.md sums it up

/usr/bin/python3 - "$WORK" <<'END' || fail "no corpus"
import json, random, sys

random.seed(1)
letters = "bdfgklmnprstv"
word = lambda: "".join(random.choice(letters) + random.choice("aeiou")
                       for _ in range(5))
with open(sys.argv[1] + "/corpus.jsonl", "w") as f:
    for i in range(2000):
        f.write(json.dumps({"id": str(i), "text": " ".join(
            word() for _ in range(60)), "labels": ["t%d" % (i % 8)]}) + "\n")
END
for name in one two; do
	cat >"$WORK/$name.yaml" <<-END
		name: $name
		data: ["$WORK/corpus.jsonl"]
		topics: [t0, t1, t2, t3, t4, t5, t6, t7]
		fields: {topics: labels}
		words: {ngrams: [1, 2], min_df: 1}
		topic: {c: 1, solver: liblinear}
		folds: 0
	END
	"$VIGIE" train "$WORK/$name.yaml" -o "$WORK/$name.vigie" \
		>"$WORK/train.log" 2>&1 || fail "no bundle"
done
bundle_kb=$(($(stat -c %s "$WORK/one.vigie") / 1024))
[ $bundle_kb -gt $((3 * private_kb / 2)) ] || fail "a bundle of $bundle_kb KB"
copies=$WORK/vigie-bundles-$(id -u)

BUNDLE=$WORK/in.vigie
"$VIGIE" model install "$WORK/one.vigie" "$BUNDLE" >/dev/null || fail "install"
sed -i "s|model: .*|model: $BUNDLE|" "$WORK/vigie.yaml"

taken() { # COUNT: so many times a bundle was taken over
	[ "$(grep -c "from now on" "$WORK/classify.log")" -ge "$1" ]
}

till() { # COMMAND…: until it is so
	for _ in $(seq 200); do
		! "$@" || return 0
		sleep 0.05
	done
	fail "not so: $*"
}

workers() {
	for guard in "${guards[@]}"; do
		worker_of "$guard"
	done
}

all_there() { [ "$(workers | wc -l)" = "$daemons" ] && all_map; }

# Each has a shared mapping of the copies' folder.
all_map() {
	for worker in $(workers); do
		grep -q "$copies/" "/proc/$worker/maps" 2>/dev/null || return 1
	done
}

# In KB, of all workers: what they have, each page of several shared out among
# them, and what each would have alone.
sum() { # FIELD
	for worker in $(workers); do
		cat "/proc/$worker/smaps_rollup"
	done | awk -v field="$1:" '$1 == field { s += $2 } END { print s + 0 }'
}

weigh() { # WHAT BUNDLES
	local pss rss bound=$(($2 * bundle_kb + daemons * private_kb))

	pss=$(sum Pss)
	rss=$(sum Rss)
	echo "$1: $daemons daemons, $2 bundle(s) of $((bundle_kb / 1024)) MB:" \
		"$((pss / 1024)) MB, bound $((bound / 1024)) MB;" \
		"each for itself $((rss / 1024)) MB"
	[ "$pss" -le $bound ] || fail "more than the bound"
}

has_files() { [ "$(find "$copies" -name '*.vigie' | wc -l)" = "$1" ]; }

guards=()
for _ in $(seq "$daemons"); do # all at once
	classify
	guards+=("$pid")
done
till all_there
has_files 1 || fail "several copies"
sink
generate 2000 200 >"$WORK/in.jsonl"
ingest "$WORK/in.jsonl"
await "$pid" 60 || fail "ingest does not end"
check "$WORK/out.jsonl" 2000 || fail "before the swap"
weigh "at work" 1

"$VIGIE" model install "$WORK/two.vigie" "$BUNDLE" >/dev/null || fail "install"
kill -HUP "${guards[@]}"
till taken "$daemons"
has_files 2 || fail "not one copy of each"
weigh "after a swap" 2

# A worker that is killed does not take the copy from the others.
worker=$(worker_of "${guards[0]}")
kill -KILL "$worker"
till all_there
weigh "after a kill" 2

kill -TERM "${guards[@]}"
for guard in "${guards[@]}"; do
	await "$guard" 10 || fail "a daemon does not end"
done
[ ! -e "$copies" ] || fail "the copies outlive those who judged by them"

# All killed at once: who comes next takes away what they left.
classify
guards=("$pid")
daemons=1
till all_there
worker=$(worker_of "$pid")
slay "$pid" # and with it the worker
await "$worker" 5 || fail "the worker outlives its guard"
has_files 1 || fail "it was removed by the dead"
"$VIGIE" model install "$WORK/one.vigie" "$BUNDLE" >/dev/null || fail "install"
classify
guards=("$pid")
till all_there
has_files 1 || fail "what was left is still there"
weigh "alone" 1
