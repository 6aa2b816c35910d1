#!/usr/bin/python3
"""Write a page, or an archive of pages, to standard output.

    write_archives.py page NUMBER
    write_archives.py warc FROM TO --form members|around|plain
                      [--damage NUMBER] [--short COUNT]
    write_archives.py zip|tar FROM TO [--evil]
"""
import argparse
import gzip
import io
import sys
import tarfile
import zipfile


def page(i):
    text = "".join(
        f"<p>The night train number {i} leaves on time again, says the "
        f"company of the railway in its notice; paragraph {n} of the news "
        "tells how tracks, stations and carriages were mended, and what it "
        "cost the people who ride it every day.</p>\n" for n in range(1, 7))
    return (f"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
            f"<title>Rail notice number {i}</title></head>\n<body><article>"
            f"<h1>Rail notice number {i}</h1>\n{text}</article></body></html>"
            ).encode()


def record(kind, uri, block):
    head = (f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\n"
            "WARC-Date: 2026-01-02T03:04:05Z\r\n"
            f"Content-Length: {len(block)}\r\n\r\n")
    return head.encode() + block + b"\r\n\r\n"


def response(uri, body, kind="text/html"):
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n"
    return record("response", uri, head.encode() + body)


def member(data, damage=False):
    out = bytearray(gzip.compress(data, mtime=0))
    if damage:
        out[-8] ^= 0xff
    return bytes(out)


def warc(o):
    parts = [record("warcinfo", "x", b"software: a test\r\n")]
    damaged = set()
    for i in range(o.first, o.last + 1):
        uri = f"http://a.example/{i}"
        parts.append(record("request", uri, b"GET / HTTP/1.1\r\n\r\n"))
        if i == o.damage:
            damaged.add(len(parts))
        parts.append(response(uri, page(i)))
        parts.append(response(uri + ".png", b"\x89PNG", "image/png"))
    for i in range(o.short):
        parts.append(response(f"http://a.example/s{i}", b"<html><p>Hello.</p>"))
    if o.form == "plain":
        return b"".join(parts)
    if o.form == "around":
        return gzip.compress(b"".join(parts), mtime=0)
    return b"".join(member(p, n in damaged) for n, p in enumerate(parts))


def pages(o):
    up = "../../\x1b[31m" if o.evil else "d/"
    for i in range(o.first, o.last + 1):
        yield f"{up}{i}.html", page(i)
    yield "d/picture.png", b"\x89PNG"


def zipped(o):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in pages(o):
            z.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tarred(o):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as t:
        for name, data in pages(o):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("what")
    p.add_argument("first", type=int)
    p.add_argument("last", type=int, nargs="?")
    p.add_argument("--form", default="members")
    p.add_argument("--damage", type=int)
    p.add_argument("--short", type=int, default=0)
    p.add_argument("--evil", action="store_true")
    o = p.parse_args()
    make = {"page": lambda o: page(o.first), "warc": warc, "zip": zipped,
            "tar": tarred}[o.what]
    sys.stdout.buffer.write(make(o))


main()
