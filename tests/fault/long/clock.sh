#!/bin/bash
# The wall clock jumps, by an hour and by a year, back and forth, COUNT times,
# under all daemons while articles flow: nothing is lost, nothing comes twice,
# nothing stands still.
JOURNAL=1
. "$(dirname "$0")/../lib.sh"
count=${1:-50} n=$((${1:-50} * 400))
cc -O2 -shared -fPIC -o "$WORK/shim.so" "$here/long/shim.c" ||
	{ echo "no compiler here"; exit 77; }
generate $n 60 >"$WORK/all.jsonl"
: >"$WORK/in.jsonl"
echo 0 >"$WORK/wrong"
export SHIM_CLOCK=$WORK/wrong LD_PRELOAD=$WORK/shim.so

ingest
sink
classify
unset LD_PRELOAD
jumps=(3600 -3600 31536000 -31536000 0)
for k in $(seq "$count"); do
	head -n $((k * 400)) "$WORK/all.jsonl" | tail -n 400 >>"$WORK/in.jsonl"
	echo "${jumps[$((k % 5))]}" >"$WORK/wrong.new"
	mv "$WORK/wrong.new" "$WORK/wrong"
	await_records $((k * 400)) 8 || fail "it stands still after jump $k"
done
check "$WORK/out.jsonl" $n --dead "$WORK/dead.jsonl" || fail "$count jumps"
years=$(jq -r .fetched "$WORK/out.jsonl" | cut -c 1-4 | sort -u | wc -l)
[ "$count" -lt 5 ] || [ "$years" -ge 3 ] || fail "the clock never jumped"
