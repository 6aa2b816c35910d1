#!/usr/bin/env bats
# `vigie journal show`, on journals that a second hand wrote by the description
# of the format.
load helper

segment() { # NUMBER SEQ FRAME BEFORE TOTAL [VERSION], frames on standard input
	mkdir -p j
	/usr/bin/python3 "$here/write_journal.py" \
		"j/$(printf %016d "$1").journal" "$@"
}

# Two segments: articles 0 to 2 in frames 1 and 2, article 3 in frame 3.
two_segments() {
	printf '%s\n' "1:0::40 1:1::50 2:0:feed:5" "1:2::60 3:0:my-key:7" |
		segment 1 0 1 0 0
	echo "1:3::70 4:1::9" | segment 2 3 3 2 3
}

show() {
	run -0 --separate-stderr "$VIGIE" journal show "$@"
	echo "$output"
	quiet
}

@test "journal without an action, or with another, is misuse" {
	run -64 --separate-stderr "$VIGIE" journal
	says "say what to do: show"
	run -64 --separate-stderr "$VIGIE" journal shwo j
	says "did you mean 'show'?"
	run -64 --separate-stderr "$VIGIE" journal show
	says "show wants one folder"
	run -64 --separate-stderr "$VIGIE" journal show a b
	says "show wants one folder"
	run -64 --separate-stderr "$VIGIE" journal show --entires j
	says "did you mean '--entries'?"
}

@test "what is no journal is told" {
	run -66 --separate-stderr "$VIGIE" journal show missing
	says "missing: No such file or directory"
	mkdir empty
	run -66 --separate-stderr "$VIGIE" journal show empty
	says "empty: no journal"
	touch file
	run -66 --separate-stderr "$VIGIE" journal show file
	says "file: Not a directory"
}

@test "show tells segments, frames, numbers and totals" {
	two_segments
	show j
	[[ $output == *"origin     $(printf '6f%.0s' {1..16})"* ]]
	[[ $output == *"segments   2, "* ]]
	[[ $output == *"frames     3 here, 3 the last number"* ]]
	[[ $output == *"articles   4 here (seq 0 to 3), 4 ever accepted"* ]]
	[[ $output == *"damaged    0 bytes"* ]]
	[[ $output =~ 0000000000000001\ +[0-9]+\ +2\ +1-2\ +3\ +0-2 ]]
	[[ $output =~ 0000000000000002\ +[0-9]+\ +1\ +3-3\ +1\ +3-3 ]]
	[ "$(wc -L <<<"$output")" -le 80 ]
}

@test "show --entries tells each entry" {
	two_segments
	show --entries j
	diff -u <(head -6 <<<"$output") - <<-END
		1	article	0	-	40
		1	article	1	-	50
		1	position	-	feed	5
		2	article	2	-	60
		2	key	-	my-key	7
		3	article	3	-	70
	END
	[[ ${lines[6]} == "3	attempt	1	-	9" ]]
}

@test "an old segment that was forgotten is no damage" {
	two_segments
	rm j/0000000000000001.journal
	show j
	[[ $output == *"articles   1 here (seq 3 to 3), 4 ever accepted"* ]]
	[[ $output == *"damaged    0 bytes"* ]]
}

@test "a name cannot command the terminal" {
	printf '2:0:a\033[2Jb\\:1\n' | segment 1 0 1 0 0
	show --entries j
	[[ ${lines[0]} == '1	position	-	a\x1b[2Jb\x5c	1' ]]
}

@test "show changes nothing: a torn frame is told, and left" {
	two_segments
	truncate -s -3 j/0000000000000002.journal
	before=$(cat j/* | sha256sum; ls j)
	show j
	[[ $output == *"0000000000000002, byte 72: "*" bytes of a frame that is being written"* ]]
	[[ $output == *"articles   3 here"* ]]
	[ "$before" = "$(cat j/* | sha256sum; ls j)" ]
}

@test "damage is told, and costs what it hit" {
	two_segments
	printf X | dd of=j/0000000000000001.journal bs=1 seek=200 \
		conv=notrunc status=none
	show j
	[[ $output == *"0000000000000001, byte 72: "*" bytes are damaged: 1 frame, 2 articles"* ]]
	[[ $output == *"articles   2 here (seq 2 to 3), 4 ever accepted"* ]]
	[[ $output == *", 1 frame with 2 articles"* ]]
	[ ! -e j/lock ]
}

@test "entries of a kind that is not known are counted" {
	echo "1:0::40 77:5:new:5" | segment 1 0 1 0 0
	show j
	[[ $output == *"unknown    1 entry of"* ]]
	[[ $output == *"articles   1 here"* ]]
}

@test "a journal of a newer version, or of two, is refused" {
	echo "1:0::40" | segment 1 0 1 0 0 2
	run -65 --separate-stderr "$VIGIE" journal show j
	says "j/0000000000000001.journal: a journal of version 2"
	echo "1:0::40" | segment 1 0 1 0 0
	echo "1:9::40" | ORIGIN=p segment 2 9 9 8 9
	run -78 --separate-stderr "$VIGIE" journal show j
	says "j/0000000000000002.journal: belongs to another journal"
	says "move it out"
}
