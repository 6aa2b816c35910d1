#!/bin/bash
# Standard input that comes line by line: each record leaves within a second.
. "$(dirname "$0")/lib.sh"
generate 5 >"$WORK/in.jsonl"

coproc RUN { exec "$VIGIE" run -q -m "$BUNDLE" - 2>"$WORK/run.log"; }
exec 3>&"${RUN[1]}"- 4<&"${RUN[0]}"-
run=$RUN_PID
started+=("$run")
number=0
while read -r line; do
	sleep 0.3
	printf '%s\n' "$line" >&3
	# The first waits for the daemons to meet.
	read -r -t "$([ $number = 0 ] && echo 5 || echo 1)" record <&4 ||
		fail "record $number does not come"
	printf '%s\n' "$record" >>"$WORK/out.jsonl"
	number=$((number + 1))
done <"$WORK/in.jsonl"
exec 3>&-
wait "$run"
code=$?
[ $code = 0 ] || fail "code $code at the end"
check "$WORK/out.jsonl" 5 || fail "records"
nothing_left
