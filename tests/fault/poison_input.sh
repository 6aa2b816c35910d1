#!/bin/bash
# One in a hundred lines cannot be read: truncated JSON, half a pair, a key twice,
# a number past all bounds, nesting without end, a line of 100 MB. Each is a
# dead letter with its reason, exactly as many as there are; all others come
# out.
JOURNAL=1
. "$(dirname "$0")/lib.sh"
n=${1:-10000}
generate "$n" 20 >"$WORK/all.jsonl"
/usr/bin/python3 - "$WORK/all.jsonl" "$WORK/in.jsonl" <<'END'
import sys

KINDS = [
    lambda s: s[:len(s) // 2],
    lambda s: s.replace(b'"text": "', b'"text": "\\ud800'),
    lambda s: b'{"id": "x", ' + s[1:],
    lambda s: b'{"n": 9223372036854775808, ' + s[1:],
    lambda s: b'{"n": ' + b"[" * 5000 + b"]" * 5000 + b", " + s[1:],
    lambda s: s.replace(b'"title"', b'"tittle"').replace(b'"text"', b'"txt"'),
    lambda s: s.replace(b'"text": "', b'"text": "\\u0000'),
]
with open(sys.argv[1], "rb") as lines, open(sys.argv[2], "wb") as out:
    for number, line in enumerate(lines):
        line = line[:-1]
        if number == 55:
            line = line[:-2] + b" word" * (20 << 20) + b'"}'
        elif number % 100 == 50:
            line = KINDS[number // 100 % len(KINDS)](line)
        out.write(line + b"\n")
END

ingest
ingest=$pid
sink
classify
await_records "$n" 60
check "$WORK/out.jsonl" "$n" --dead "$WORK/dead.jsonl" || fail "bad lines"
[ "$(lines "$WORK/dead.jsonl")" = $((n / 100 + 1)) ] ||
	fail "$(lines "$WORK/dead.jsonl") dead letters, not $((n / 100 + 1))"
jq -e '.dead.reason | length > 10' "$WORK/dead.jsonl" >/dev/null ||
	fail "a letter without a reason"
peak=$(awk '/VmHWM/ {print $2}' "/proc/$ingest/status")
[ "$peak" -lt 200000 ] || fail "ingest took $peak kB"
