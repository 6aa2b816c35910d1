#!/bin/bash
# Over kills, poison and bad lines: accepted = emitted + dead-lettered + pending,
# by the daemons' own numbers, once all is at rest; and they agree with the
# files.
JOURNAL=1 HTTP=127.0.0.1:0
port=$((20000 + $$ % 20000))
HTTP=127.0.0.1:$port
. "$(dirname "$0")/lib.sh"
n=6000
generate $n 40 >"$WORK/all.jsonl"
sed '500~1000s/..$//' "$WORK/all.jsonl" >"$WORK/in.jsonl"
sed -i "s|^sink:|&\n  http:\n    listen: 127.0.0.1:$((port + 1))|" \
	"$WORK/vigie.yaml"

value() { # PORT NAME: the sum of its rows
	curl -s "http://127.0.0.1:$1/metrics" |
		awk -v name="$2" '$1 ~ "^" name "($|{)" { s += $2 }
			END { printf "%.0f\n", s }'
}

ingest
ingest=$pid
sink
sink=$pid
classify
for _ in 1 2 3; do
	pause
	slay "$sink" "$ingest"
	sink
	sink=$pid
	ingest
	ingest=$pid
done
await_records $n 60
check "$WORK/out.jsonl" $n --dead "$WORK/dead.jsonl" || fail "kills"
for _ in $(seq 100); do
	[ "$(value $port vigie_ingest_pending)" = 0 ] && break
	sleep 0.1
done
accepted=$(value $port vigie_ingest_accepted_total)
pending=$(value $port vigie_ingest_pending)
emitted=$(value $((port + 1)) vigie_sink_emitted_total)
dead=$(value $((port + 1)) vigie_sink_dead_lettered_total)
echo "accepted $accepted = $emitted + $dead + $pending"
[ "$accepted" = $((emitted + dead + pending)) ] || fail "the sum is wrong"
[ "$accepted" = $n ] || fail "accepted $accepted of $n"
[ "$dead" = 6 ] || fail "dead $dead"
[ "$emitted" = "$(lines "$WORK/out.jsonl")" ] || fail "emitted $emitted"
[ "$dead" = "$(lines "$WORK/dead.jsonl")" ] || fail "dead $dead"
curl -sf "http://127.0.0.1:$port/readyz" >/dev/null || fail "not ready"
