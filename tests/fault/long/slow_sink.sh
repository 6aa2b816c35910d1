#!/bin/bash
# Articles are offered as fast as can be, and whoever reads the sink's records
# reads a few a second, for COUNT seconds: the daemons stay within the memory
# that their settings name. Then the reader takes all that is left, and each
# article is there once.
JOURNAL=1 QUOTA=1G SEGMENT=64M
. "$(dirname "$0")/../lib.sh"
seconds=${1:-600} n=$((40000 + ${1:-600} * 200))
sed -i "s|jsonl: .*|jsonl: \"-\"|" "$WORK/vigie.yaml"
generate $n 600 >"$WORK/in.jsonl" # 4 KB each
mkfifo "$WORK/pipe"

# Ten a second, until the end of the slow time.
/usr/bin/python3 - "$WORK/pipe" "$WORK/out.jsonl" "$seconds" <<'END' &
import sys, time

end = time.monotonic() + float(sys.argv[3])
with open(sys.argv[1], "rb") as pipe, open(sys.argv[2], "wb") as out:
    while time.monotonic() < end:
        out.write(pipe.readline())
        out.flush()
        time.sleep(0.1)
    for line in pipe:
        out.write(line)
        out.flush()
END
reader=$!
disown $reader
exec 9>"$WORK/pipe"
sink >&9
sink=$pid
exec 9>&-
classify
classify=$pid
ingest
ingest=$pid

peak_of() { # in kB
	awk '/VmHWM/ {print $2}' "/proc/$1/status"
}

late=$((SECONDS + seconds - 2))
while [ $SECONDS -lt $late ]; do
	for p in "$ingest" "$classify" "$sink"; do
		is_alive "$p" || fail "a daemon ended"
	done
	sleep 1
done
peak_ingest=$(peak_of "$ingest")
peak_sink=$(peak_of "$sink")
peak_worker=$(peak_of "$(worker_of "$classify")")
journal=$(du -sm "$WORK/journal" | cut -f1)
read_lines=$(lines "$WORK/out.jsonl")
# 80 MB + window_bytes + room_bytes x workers + a group of 64 MB
most_ingest=$(((80 + 64 + 4 + 64) * 1024))
most_sink=$(((60 + 3 * 32) * 1024))
echo "peak: ingest $peak_ingest of $most_ingest kB, sink $peak_sink of" \
	"$most_sink kB, worker $peak_worker kB; $read_lines records read," \
	"journal $journal MB"
[ "$peak_ingest" -le $most_ingest ] || fail "ingest took $peak_ingest kB"
[ "$peak_sink" -le $most_sink ] || fail "sink took $peak_sink kB"
[ "$read_lines" -lt $((seconds * 10 + 100)) ] || fail "it was not slow"
sleep 3
await_records $n 600
check "$WORK/out.jsonl" $n || fail "what was read"
