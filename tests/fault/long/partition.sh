#!/bin/bash
# Three machines, which are network namespaces, joined by a router: ingest,
# classify and sink speak tcp with keys. Each pair in turn is cut off from each
# other, COUNT times, for 1 to 20 s; what is sent is dropped without a word.
# Articles flow again soon after each, and in the end each is there once.
JOURNAL=1 RESEND_AFTER=3s WORKER_TIMEOUT=3s
. "$(dirname "$0")/../lib.sh"
count=${1:-6} most=${MOST:-20}
n=$((count * 1500))
net=vf$$
hosts=(ingest classify sink)

finish_nets() {
	local code=$? name

	for name in "${hosts[@]}" router; do
		ip netns del "$net-$name" 2>/dev/null
	done
	(exit $code)
	finish
}
trap finish_nets EXIT

join() { # HOST NUMBER
	ip netns add "$net-$1" &&
		ip link add "$net$2" type veth peer name eth0 netns "$net-$1" &&
		ip link set "$net$2" netns "$net-router" &&
		ip -n "$net-router" addr add "10.99.$2.1/24" dev "$net$2" &&
		ip -n "$net-router" link set "$net$2" up &&
		ip -n "$net-$1" addr add "10.99.$2.2/24" dev eth0 &&
		ip -n "$net-$1" link set eth0 up &&
		ip -n "$net-$1" link set lo up &&
		ip -n "$net-$1" route add default via "10.99.$2.1"
}

{ ip netns add "$net-router" && ip netns exec "$net-router" \
	sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward' &&
	join ingest 1 && join classify 2 && join sink 3; } 2>"$WORK/net" ||
	{ echo "no namespaces here: $(tail -n 1 "$WORK/net")"; exit 77; }

cut_off() { # add|del A B: between two, both ways
	ip -n "$net-router" rule "$1" from "10.99.$2.2" to "10.99.$3.2" blackhole
	ip -n "$net-router" rule "$1" from "10.99.$3.2" to "10.99.$2.2" blackhole
}

on() { # HOST: a daemon on it, its process in $pid
	start "$1" ip netns exec "$net-$1" "$VIGIE" "$1" -c "$WORK/vigie.yaml"
}

"$VIGIE" keygen "$WORK/keys" >/dev/null || fail "keygen"
sed -i "s|^  bind: ipc://$WORK/articles|  bind: tcp://10.99.1.2:7001|
	s|ipc://$WORK/articles|tcp://10.99.1.2:7001|
	s|ipc://$WORK/verdicts|tcp://10.99.3.2:7002|" "$WORK/vigie.yaml"
key=$(sed -n 's/^public //p' "$WORK/keys/public.key")
printf '%s  %s\n' tcp://10.99.1.2:7001 "$key" tcp://10.99.3.2:7002 "$key" \
	>>"$WORK/keys/servers"
echo "keys: {folder: $WORK/keys}" >>"$WORK/vigie.yaml"
generate $n 60 >"$WORK/all.jsonl"
: >"$WORK/in.jsonl"

give() { # the next N
	head -n $((given + $1)) "$WORK/all.jsonl" | tail -n "$1" >>"$WORK/in.jsonl"
	given=$((given + $1))
}

given=0 slowest=0
on ingest
on sink
on classify
give 500
await_records $given 15 || fail "nothing came before the first cut"
pairs=("1 2" "2 3" "1 3")
for k in $(seq "$count"); do
	pair=${pairs[$((k % 3))]}
	give 500
	# shellcheck disable=SC2086 # two
	cut_off add $pair || { echo "no such rules here"; exit 77; }
	give 250
	sleep $((RANDOM % most + 1))
	give 250
	# shellcheck disable=SC2086
	cut_off del $pair
	from=$(date +%s%N)
	# Patience: of TCP's own pauses, which double while it is cut off.
	until await_records $given 30; do
		[ $((($(date +%s%N) - from) / 1000000000)) -lt 60 ] ||
			fail "not all came after cut $k ($pair)"
	done
	took=$((($(date +%s%N) - from) / 1000000))
	[ $took -le $slowest ] || slowest=$took
done
give $((n - given))
await_records $n 60
echo "peak: $slowest ms until all was there again, the longest of $count cuts"
check "$WORK/out.jsonl" $n --dead "$WORK/dead.jsonl" || fail "$count cuts"
