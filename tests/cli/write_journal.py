"""Write a segment as ingest/journal_frame.h describes it, byte by byte, by
nothing but that description:

    write_journal.py FILE SEGMENT SEQ FRAME BEFORE TOTAL [VERSION] <<< FRAMES

One frame a line of standard input: entries "KIND:SEQ:NAME:BYTES" with a space
between them. The origin is 16 times the letter in $ORIGIN, else 'o'."""
import os
import struct
import sys

ORIGIN = os.environ.get("ORIGIN", "o").encode() * 16
TABLE = []
for i in range(256):
    for _ in range(8):
        i = i >> 1 ^ (0x82F63B78 if i & 1 else 0)
    TABLE.append(i)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 255]
    return crc ^ 0xFFFFFFFF


def head(segment, seq, frame, before, total, version):
    start = b"VIGIEJNL" + struct.pack("<I", version)
    rest = ORIGIN + struct.pack("<5Q", segment, seq, frame, before, total)
    return start + struct.pack("<I", crc32c(start + rest)) + rest


def entry(word):
    kind, seq, name, n = word.split(":")
    return struct.pack("<3IQ", int(kind), len(name), int(n), int(seq)) + \
        name.encode() + b"v" * int(n)


def frame(words, number, seq, total):
    seqs = [int(w.split(":")[1]) for w in words if w.startswith("1:")]
    entries = b"".join(entry(w) for w in words)
    first = seqs[0] if seqs else seq
    end = seqs[-1] + 1 if seqs else seq
    rest = struct.pack("<5I", len(entries), crc32c(entries), len(seqs),
                       len(words), 0) + ORIGIN + \
        struct.pack("<4Q", number, first, end, total)
    mark = b"\xf7VIGFRM\xfa"
    return mark + struct.pack("<I", crc32c(rest)) + rest + entries, end, \
        len(seqs)


segment, seq, number, before, total = (int(a) for a in sys.argv[2:7])
version = int(sys.argv[7]) if len(sys.argv) > 7 else 1
with open(sys.argv[1], "wb") as out:
    out.write(head(segment, seq, number, before, total, version))
    for line in sys.stdin:
        bytes_, seq, n = frame(line.split(), number, seq, total)
        out.write(bytes_)
        number += 1
        total += n
