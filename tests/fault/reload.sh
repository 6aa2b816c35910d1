#!/bin/bash
# Bundles change under load, up to a hundred times, by install and SIGHUP and by
# cp(1) into the file. Every record is what the bundle says that it names; nobody
# is interrupted.
. "$(dirname "$0")/lib.sh"
n=60000
generate $n 200 >"$WORK/in.jsonl"
A=$BUNDLE
B=$WORK/other.vigie
cat >"$WORK/other.yaml" <<END
name: other
data: ["$here/../data/tiny.jsonl"]
topics: [rail, wind]
stances: [favour, against, neutral]
topic: {c: 0.01}
folds: 0
END
"$VIGIE" train "$WORK/other.yaml" -o "$B" >/dev/null 2>&1 || fail "no other"
sed -n "1~20p" "$WORK/in.jsonl" >"$WORK/some.jsonl" # of all of them
"$VIGIE" run -q -m "$A" "$WORK/some.jsonl" >"$WORK/by_a" || fail "by A"
"$VIGIE" run -q -m "$B" "$WORK/some.jsonl" >"$WORK/by_b" || fail "by B"
cmp -s "$WORK/by_a" "$WORK/by_b" && fail "both judge alike"

BUNDLE=$WORK/in.vigie
"$VIGIE" model install "$A" "$BUNDLE" >/dev/null || fail "install"
sed -i "s|model: .*|model: $BUNDLE|" "$WORK/vigie.yaml"
sink
classify
guard=$pid
worker=
ingest "$WORK/in.jsonl"
ingest=$pid
swaps=0
while is_alive "$ingest" && [ $swaps -lt 100 ]; do
	[ -n "$worker" ] || worker=$(worker_of "$guard")
	[ $((swaps % 2)) = 0 ] && new=$B || new=$A
	if [ $((swaps % 10)) = 9 ]; then
		cp "$new" "$BUNDLE"
	else
		"$VIGIE" model install "$new" "$BUNDLE" >/dev/null || fail "install"
	fi
	kill -HUP "$guard"
	swaps=$((swaps + 1))
	sleep 0.02
done
await "$ingest" 60 || fail "ingest does not end"
check "$WORK/out.jsonl" $n || fail "after $swaps swaps"
[ "$worker" = "$(worker_of "$guard")" ] || fail "the worker was replaced"
grep -q "killed by" "$WORK/classify.log" && fail "a worker died"
taken=$(grep -c "from now on" "$WORK/classify.log")
[ "$taken" -ge 10 ] || fail "only $taken bundles were taken over"
/usr/bin/python3 - "$WORK" <<'END' || fail "a record is not what its bundle says"
import json, sys

def judged(name):
    with open(sys.argv[1] + "/" + name) as f:
        return [json.loads(line) for line in f]

want, names = {}, set()
for name in "by_a", "by_b":
    for r in judged(name):
        want[r["id"], r["model"]] = r["topics"]
        names.add(r["model"])
seen = {m: 0 for m in names}
wrong = 0
for r in judged("out.jsonl"):
    if (r["id"], r["model"]) in want:
        seen[r["model"]] += 1
        wrong += r["topics"] != want[r["id"], r["model"]]
    elif r["model"] not in names:
        wrong += 1
print(f"{sum(seen.values())} records compared: {wrong} wrong; by each bundle: "
      f"{sorted(seen.values())}")
sys.exit(wrong > 0 or min(seen.values()) < 100)
END
