"""Dead letters for tests, as the sink writes them: letters.py >dead.jsonl."""
import base64
import json
import sys

ONE, OTHER = "0123456789abcdef" * 2, "fedcba9876543210" * 2


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def write(origin, seq, stage, reason, article, signal=None, raw=None):
    dead = {"stage": stage, "reason": reason, "signal": signal, "attempts": 3,
            "model": None, "at": "2026-01-02T03:04:05Z"}
    line = {"vigie": 1, "origin": origin, "seq": seq, "dead": dead,
            "article": article}
    if raw is not None:
        line["raw"] = base64.b64encode(raw).decode()
    body = json.dumps(line, separators=(",", ":"), ensure_ascii=False)[:-1]
    body = body.replace("[1.1,", "[1.10,").encode()
    sys.stdout.buffer.write(b'%s,"crc":"%08x"}\n' % (body, crc32c(body)))


def main():
    write(ONE, 3, "classify", "it killed three workers",
          {"id": "a1", "url": None, "title": "Été à Brême \x1b[31m",
           "source": "Le Port", "author": "A. Nonyme",
           "published": "2022-11", "fetched": None, "language": "fr",
           "language_declared": "fr-CA",
           "revision": 1, "near_of": None,
           "input": {"mine": {"n": [1.1, "x"]}, "other": True},
           "text": "Le train \"va\".\nVite."}, signal="SIGSEGV")
    write(ONE, 7, "ingest", "no JSON: end of file expected at column 9",
          {"place": "in.jsonl:2", "source": None},
          raw=b'{"text":\n"A piece that came raw."}\n')
    write(ONE, 8, "ingest", "no JSON: invalid token near 'bad'",
          {"place": "in.jsonl:3"}, raw=b"bad \xff\x00 bytes")
    if "--two" in sys.argv:
        write(OTHER, 7, "sink", "its line would be longer", {"id": "a2"})


if __name__ == "__main__":
    main()
