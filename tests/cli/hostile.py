"""Documents that were made to harm, one after another through `vigie ingest
--dump`: each ends (code 0 or 65) within the bounds of memory and processor time
and opens nothing once the process that parses it is shut in.

    hostile.py VIGIE [NAME…]

One line a document: its name, code, MB and ms. Code 1 when a bound is broken;
of time five-fold, since other tests run beside this one. Over what is promised
but within that, the line ends in "slow". A program with sanitizers is held to
its ending alone."""

import os
import re
import resource
import subprocess
import sys
import tempfile

MB = 1 << 20
FULL = 15 * MB
MEMORY_MB, TIME_MS, SLACK = 64, 200, 5


def fill(piece, size=FULL, head=b"", tail=b""):
    n = (size - len(head) - len(tail)) // len(piece)
    return head + piece * n + tail


def rss(inside, before=b"<?xml version='1.0'?>\n"):
    return before + b"<rss version='2.0'><channel>" + inside + \
        b"</channel></rss>"


def page(inside, head=b""):
    return b"<!DOCTYPE html><html><head>" + head + b"</head><body>" + \
        inside + b"</body></html>"


def attributes(form=b' a%d="1"', n=100000):
    return b"".join(form % i for i in range(n))


def entities(value, uses, n=1):
    declared = b"<!ENTITY e0 '" + value + b"'>"
    for i in range(1, n):
        declared += b"<!ENTITY e%d '%s'>" % (i, (b"&e%d;" % (i - 1)) * 10)
    return b"<?xml version='1.0'?><!DOCTYPE rss [" + declared + b"]>\n" + \
        rss(b"<title>" + (b"&e%d;" % (n - 1)) * uses + b"</title>", b"")


def external(what):
    return b"<?xml version='1.0'?><!DOCTYPE rss " + what + b">\n" + \
        rss(b"<title>&x;</title><item><title>&x;</title></item>", b"")


def json_feed(items):
    return b'{"version":"https://jsonfeed.org/version/1.1","items":' + items


LD = b'<script type="application/ld+json">'

# Name: (kind, other arguments, maker). Those whose names begin with "plain" do
# no harm and must be read.
DOCUMENTS = {
    "plain-page": ("page", [], lambda: page(
        b"<article><h1>A title</h1><p class=date>29 November 2022</p><p>A "
        b"paragraph, with a comma, that is long enough to be one.</p>"
        b"</article>", b"<meta property='article:published_time' "
        b"content='2022-11-29T10:00:00+01:00'>" + LD +
        b'{"@type":"NewsArticle","datePublished":"2022-11-29",'
        b'"author":{"name":"A. Writer"}}</script>')),
    "plain-rss": ("feed", [], lambda: rss(
        b"<item><title>A &amp; B</title><pubDate>Tue, 29 Nov 2022 10:00:00 "
        b"+0100</pubDate><link>/a</link></item>")),
    "plain-atom": ("any", [], lambda: b"<feed xmlns='http://www.w3.org/2005/"
                   b"Atom'><updated>2022-11-29T09:00:00Z</updated><entry><id>"
                   b"1</id><content type='html'>&lt;p>a</content></entry>"
                   b"</feed>"),
    "plain-json": ("any", [], lambda: json_feed(
        b'[{"id":"1","date_published":"2022-11-29T09:00:00Z",'
        b'"content_html":"<p>a</p>"}]}')),
    "plain-sitemap": ("any", [], lambda: b"<urlset><url><loc>http://a.example/"
                      b"</loc><lastmod>2022-11-29</lastmod></url></urlset>"),
    "plain-text": ("text", [], lambda: b"date 2022-11-29\nA title\n\nPar X, "
                   b"publi\xc3\xa9 le 29 novembre 2022\n\nIt was night.\n"),
    "plain-russian": ("page", [], lambda: page(
        "<p>В начале было слово, и слово было у Бога.".encode("cp1251"))),
    "attributes-page": ("page", [], lambda: page(
        b"<p" + attributes() + b">text</p>")),
    "attributes-feed": ("feed", [], lambda: rss(
        b"<item" + attributes() + b"><title>t</title></item>")),
    "attributes-same": ("page", [], lambda: page(
        b"<p" + b" class=a" * 100000 + b">text</p>")),
    "attribute-10mb-page": ("page", [], lambda: page(
        b'<a href="' + b"x" * (10 * MB) + b'">text</a>')),
    "attribute-10mb-feed": ("feed", [], lambda: rss(
        b'<item rdf:about="' + b"x" * (10 * MB) + b'"/>')),
    "namespaces": ("feed", [], lambda: rss(
        b"<item" + attributes(b' xmlns:n%d="u"') + b"/>")),
    "namespaces-nested": ("feed", [], lambda: rss(
        b"<n:a xmlns:n='http://a.example/'>" * 200000)),
    "entities-quadratic": ("feed", [], lambda: entities(
        b"x" * 50000, 50000)),
    "entities-exponential": ("feed", [], lambda: entities(b"lol", 10, 12)),
    "entity-in-itself": ("feed", [], lambda: entities(b"&e0;", 10)),
    "entity-file": ("feed", [], lambda: external(
        b"[<!ENTITY x SYSTEM 'file:///etc/passwd'>]")),
    "entity-http": ("feed", [], lambda: external(
        b"[<!ENTITY x SYSTEM 'http://127.0.0.1:1/x'>]")),
    "dtd-file": ("feed", [], lambda: external(
        b"SYSTEM 'file:///etc/hostname'")),
    "dtd-http": ("feed", [], lambda: external(
        b"SYSTEM 'http://127.0.0.1:1/x.dtd'")),
    "dtd-parameter": ("feed", [], lambda: external(
        b"[<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]")),
    "dtd-endless": ("feed", [], lambda: fill(
        b"<!ENTITY a 'b'>", FULL, b"<!DOCTYPE rss [")),
    "include": ("feed", [], lambda: rss(
        b"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' "
        b"href='file:///etc/passwd' parse='text'/>",
        b"<?xml-stylesheet href='http://127.0.0.1:1/x.xsl'?>")),
    "instructions": ("feed", [], lambda: rss(b"<?a b?>" * 1000000)),
    "cdata-nested": ("feed", [], lambda: rss(
        b"<title>" + b"<![CDATA[" * 1000000 + b"]]>" * 1000000)),
    "nested-feed": ("feed", [], lambda: rss(b"<a>" * 1000000)),
    "items": ("feed", [], lambda: rss(
        b"<item><title>a</title></item>" * 500000)),
    "items-guid": ("feed", [], lambda: rss(b"".join(
        b"<item><guid>%d</guid></item>" % i for i in range(400000)))),
    "title-15mb": ("feed", [], lambda: fill(
        b"&lt;b&gt;x ", FULL, b"<rss><channel><title>")),
    "markup-in-feed": ("feed", [], lambda: fill(
        b"<p>x", FULL, b"<rss><channel><item><description><![CDATA[")),
    "references": ("feed", [], lambda: fill(
        b"&#x41;&eacute;&nosuch;", FULL, b"<rss><channel><title>")),
    "json-depth": ("feed", ["--content-type", "application/feed+json"],
                   lambda: json_feed(b"[" * 1000000)),
    "json-items": ("feed", ["--content-type", "application/feed+json"],
                   lambda: json_feed(b"[" + b"{}," * 4000000 + b"{}]}")),
    "json-string": ("feed", ["--content-type", "application/feed+json"],
                    lambda: json_feed(
                        b'[{"id":"1","content_text":"' +
                        b"\\u0041" * 2000000 + b'"}]}')),
    "paragraphs": ("page", [], lambda: fill(b"<p>")),
    "paragraphs-text": ("page", [], lambda: fill(
        b"<p>It was a dark night, and the rain fell.")),
    "nested-page": ("page", [], lambda: page(b"<div>" * 1000000)),
    "nested-inline": ("page", [], lambda: page(b"<b><i><font>" * 300000)),
    "crossed": ("page", [], lambda: page(b"<a><b></a></b>x" * 500000)),
    "tables": ("page", [], lambda: page(b"<table>" * 1000000)),
    "cells": ("page", [], lambda: page(b"<table><tr><td>x" * 500000)),
    "unclosed": ("page", [], lambda: fill(
        b"<b><a href='x'><ul><li><select><option>", FULL)),
    "open-tag": ("page", [], lambda: fill(b"<a href=")),
    "angles": ("any", [], lambda: fill(b"<")),
    "comments": ("page", [], lambda: page(b"<!-- x -->" * 1000000)),
    "comment-open": ("any", [], lambda: fill(b"<!--")),
    "ampersands": ("page", [], lambda: fill(b"&")),
    "nuls-page": ("page", [], lambda: fill(b"\0")),
    "nuls-feed": ("feed", [], lambda: fill(b"\0", FULL, b"<rss>")),
    "script": ("page", [], lambda: page(
        b"<script>" + b"if (a < b) { c('</p>'); }\n" * 400000 +
        b"</script>text")),
    "ld-depth": ("page", [], lambda: page(
        b"x", LD + b'{"a":' * 1000000 + b"</script>")),
    "ld-large": ("page", [], lambda: page(
        b"x", LD + b'{"@type":"NewsArticle","articleBody":"' +
        b"\\u00e9t\\u00e9 " * 700000 + b'"}</script>')),
    "ld-many": ("page", [], lambda: page(
        b"x", (LD + b'{"@type":"NewsArticle"}</script>') * 150000)),
    "metas": ("page", [], lambda: page(
        b"x", b"<meta property='og:title' content='t'>" * 300000)),
    "links": ("links", ["--base", "http://a.example/"], lambda: page(
        b"<a href='/feed'>x</a>" * 300000,
        b"<link rel=alternate type='application/rss+xml' href=f>" * 100000)),
    "opml-nested": ("opml", [], lambda: b"<opml><body>" +
                    b"<outline text='a' xmlUrl='http://a.example/'>" * 250000),
    "sitemap": ("sitemap", [], lambda: b"<urlset>" +
                b"<url><loc>http://a.example/</loc></url>" * 300000),
    "sitemap-lines": ("sitemap", [], lambda: fill(b"http://a.example/\n")),
    "utf-7": ("page", ["--content-type", "text/html; charset=utf-7"],
              lambda: fill(b"+ADw-script+AD4-")),
    "iso-2022": ("page", ["--content-type", "text/html;charset=iso-2022-jp"],
                 lambda: fill(b"\x1b$B%K\x1b(B")),
    "iso-2022-wrong": ("page", [
        "--content-type", "text/html;charset=iso-2022-kr"],
        lambda: fill(b"\x1b$)C\x0e!\xff\x0f")),
    "half-pairs": ("page", [], lambda: fill(b"\x3d\xd8", FULL, b"\xff\xfe")),
    "utf-32-beyond": ("page", [], lambda: fill(
        b"\xff\xff\xff\x7f", FULL, b"\xff\xfe\0\0")),
    "latin-1": ("page", [], lambda: fill(b"\xe9t\xe9 ")),
    "gb18030-wrong": ("page", ["--content-type", "text/html;charset=gbk"],
                      lambda: fill(b"\xff\x80\xd6")),
    "wrong-utf-8": ("page", [], lambda: fill(b"\xc3\xa9\xc3\xa9\xe9")),
    "twice-encoded": ("charset", [], lambda: fill(b"\xc3\x83\xc2\xa9", 5 * MB)),
    "text-one-line": ("text", [], lambda: fill(b"word ")),
    "text-newlines": ("text", [], lambda: fill(b"\n")),
    "text-lines": ("text", [], lambda: fill(b"Lire aussi : ceci\n")),
    "text-marks": ("text", [], lambda: fill(b"a" + b"\xcc\x81" * 1000)),
    "language": ("language", [], lambda: fill(b"le la les de des ")),
    "too-large": ("page", [], lambda: b"x" * (FULL + 1)),
}

CALLS = "open,openat,openat2,creat,socket,connect,execve,fork,vfork,clone," \
        "clone3,seccomp"


def measure(command, path):
    """In a process of its own: the size of ours counts for what we start."""
    with open(path, "rb") as f:
        pid = os.fork()
        if not pid:
            os.dup2(f.fileno(), 0)
            os.dup2(os.open("out", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
            os.dup2(os.open("err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
            os.execv(command[0], command)
        _, status, used = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return code, used.ru_maxrss // 1024, \
        round(1000 * (used.ru_utime + used.ru_stime))


def opened(command, path):
    """What the child did, of the calls above, once it was shut in."""
    with open(path, "rb") as f:
        subprocess.run(["strace", "-f", "-qq", "-o", "trace", "-e",
                        "trace=" + CALLS] + command, stdin=f,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       check=False)
    shut, found = set(), []
    with open("trace", encoding="utf-8", errors="replace") as f:
        for line in f:
            pid, call = line.split(None, 1)
            if re.match(r"seccomp\(SECCOMP_SET_MODE_FILTER.* = 0", call):
                shut.add(pid)
            elif pid in shut and re.match(r"[a-z_0-9]+\(", call):
                found.append(call.strip())
    return found if shut else ["never shut in"]


def try_one(name, vigie, sanitized):
    kind, more, make = DOCUMENTS[name]
    with open("document", "wb") as f:
        f.write(make())
    command = [vigie, "ingest", "--dump", kind] + more
    # A fresh process, for a small fork.
    out = subprocess.run([sys.executable, __file__, "--measure", "document"] +
                         command, capture_output=True, check=True)
    code, mb, ms = map(int, out.stdout.split())
    with open("err", encoding="utf-8", errors="replace") as f:
        said = f.read().strip()
    wrong = []
    if code not in (0, 0 if name.startswith("plain") else 65):
        wrong.append("code")
    if not sanitized and mb > MEMORY_MB:
        wrong.append("memory")
    if not sanitized and ms > TIME_MS * SLACK:
        wrong.append("time")
    if "SIGSYS" in said or "signal" in said:
        wrong.append("killed")
    if not sanitized:
        wrong += opened(command, "document")
    slow = ms > TIME_MS and not sanitized
    print(f"{name:22} {code:3} {mb:4} MB {ms:5} ms  "
          f"{'slow ' if slow else ''}{' '.join(wrong)}  {said[:120]}",
          flush=True)
    return not wrong


def main():
    if sys.argv[1] == "--measure":
        print(*measure(sys.argv[3:], sys.argv[2]))
        return 0
    vigie = os.path.abspath(sys.argv[1])
    with open(vigie, "rb") as f:
        program = f.read()
    sanitized = b"__asan_init" in program or b"__tsan_init" in program
    del program
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    bad = 0
    with tempfile.TemporaryDirectory(prefix="vigie-hostile-") as folder:
        os.chdir(folder)
        for name in sys.argv[2:] or DOCUMENTS:
            bad += not try_one(name, vigie, sanitized)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
