#!/usr/bin/python3
"""The seeds of fuzz_warc and fuzz_http_payload, written anew into warc/ and
http_payload/ beside this file."""
import gzip
import os
import zlib

here = os.path.dirname(os.path.abspath(__file__))


def response(body, *headers):
    head = ["HTTP/1.1 200 OK", "Content-Type: text/html", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def record(kind, block, length=None):
    head = ["WARC/1.0", f"WARC-Type: {kind}", "WARC-Target-URI: http://a/",
            "WARC-Date: 2026-01-02T03:04:05Z",
            f"Content-Length: {len(block) if length is None else length}"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def member(data):
    return gzip.compress(data, mtime=0)


def save(folder, name, data):
    os.makedirs(os.path.join(here, folder), exist_ok=True)
    with open(os.path.join(here, folder, name), "wb") as f:
        f.write(data)


page = b"<!doctype html><title>T</title><p>Some words.</p>"
deflater = zlib.compressobj(wbits=-15)
bare = deflater.compress(page) + deflater.flush()
one = record("response", response(page))
two = record("request", b"GET / HTTP/1.1\r\n\r\n")
save("warc", "plain", one + two)
save("warc", "members", member(one) + member(two))
save("warc", "around", member(one + two))
save("warc", "cut", member(one) + member(two)[:-9])
save("warc", "damaged", member(one)[:60] + b"\xff" * 9 + member(two))
save("warc", "too_long", record("response", response(page), 400) + two)
save("warc", "garbage", one + b"x\r\nWARC/1.0\r\n" + member(two) + b"y" + one)
save("warc", "over_members", member(one[:80]) + member(one[80:]) + member(two))
chunked = "Transfer-Encoding: chunked"
chunks = b"%x\r\n%s\r\n5;a=b\r\nabcde\r\n0\r\n\r\n" % (len(page), page)
save("http_payload", "plain", response(page))
save("http_payload", "chunks", response(chunks, chunked))
save("http_payload", "wrong_chunks", response(b"3\r\nabc\r\nzz\r\n", chunked))
save("http_payload", "gzip", response(member(page), "Content-Encoding: gzip"))
save("http_payload", "deflate",
     response(zlib.compress(page), "Content-Encoding: deflate"))
save("http_payload", "bare_deflate",
     response(bare, "Content-Encoding: deflate"))
# "vigie vigie vigie" by brotli(1).
br = bytes.fromhex("1b1000f88d946edeb44ab34b90b2b380270eb005")
save("http_payload", "br", response(br, "Content-Encoding: br"))
