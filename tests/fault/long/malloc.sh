#!/bin/bash
# One allocation fails, the Kth of each process, for K = 1 to COUNT: each ends
# with a code of its own or goes on, never by a signal, and what it wrote is
# whole lines, each once.
. "$(dirname "$0")/../lib.sh"
count=${1:-1000} n=200
cc -O2 -shared -fPIC -o "$WORK/shim.so" "$here/long/shim.c" ||
	{ echo "no compiler here"; exit 77; }
generate $n 40 >"$WORK/in.jsonl"
signals=0 whole=0

for k in $(seq "$count"); do
	rm -f "$WORK/out.jsonl" "$WORK/run.log"
	timeout -s KILL 60 env "LD_PRELOAD=$WORK/shim.so" SHIM_MALLOC=$k "$VIGIE" \
		run -q -m "$BUNDLE" -o "$WORK/out.jsonl" "$WORK/in.jsonl" \
		2>"$WORK/run.log"
	code=$?
	[ $code = 0 ] && whole=$((whole + 1))
	if [ $code -ge 128 ] || grep -q "signal" "$WORK/run.log"; then
		echo "allocation $k: code $code: $(grep -m1 signal "$WORK/run.log")"
		signals=$((signals + 1))
	fi
	[ $code = 0 ] && part= || part=--part
	[ ! -e "$WORK/out.jsonl" ] && [ -n "$part" ] && continue
	# shellcheck disable=SC2086
	check "$WORK/out.jsonl" $n $part >"$WORK/said" ||
		fail "allocation $k: $(cat "$WORK/said")"
done
[ ! -e "$WORK/said" ] || cat "$WORK/said"
echo "$count allocations failed: $signals signals, $whole times all came out"
[ $signals = 0 ] || fail "$signals signals"
