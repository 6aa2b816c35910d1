#!/usr/bin/env python3
"""A web server that lies as it is told, for the tests of what fetches.

  lying_server.py FOLDER [--tls CERTIFICATE KEY] [--stdin]

Listens on 127.0.0.1, 127.0.0.2 and 127.0.0.3 (three hosts) at one port, whose
number is in FOLDER/port once it does. With --stdin it ends when its standard
input does. The path of a request names what happens:

  /www/NAME       the file FOLDER/www/NAME with ETag and Last-Modified, 304 when
                  asked with either. FOLDER/www/NAME.head, if it is there:
                  lines "Name: value" that go with it, and first, perhaps, a
                  status ("410"). /robots.txt is /www/robots.txt. An ETag in
                  .head stands for ours; an empty line there: no validators.
  /say?status=200&body=TEXT&n=BYTES&h=Name:%20value&after=SECONDS
                  the truth: every part may be left out; h may come often; n:
                  so many bytes; after: a Retry-After that is a date
  /to?url=URL&status=302      a redirect; {port} in URL is ours
  /hops/N         N redirects (302), then 200
  /loop           a redirect to itself
  /auth           401, unless asked with a name and password
  /gzip           good, and compressed
  /same-etag      200 with one ETag, however it is asked
  /304            304, however it is asked
  /short-length   more body than Content-Length says
  /long-length    less body than Content-Length says, then the end
  /endless        a body without end; /endless-chunks: chunked
  /slow-header    a byte of the head at a time, without end
  /slow-body      a byte of the body at a time
  /silent         no answer, and no end
  /close          the end, without an answer
  /cut            the end amidst chunks
  /bad-chunk      a length of a chunk that is no number; /huge-chunk: too large
  /bad-gzip       says gzip and is not; /cut-gzip: half of it
  /bomb           a gigabyte of zeros in a megabyte of gzip; /bomb-twice: of
                  gzip in gzip
  /huge-header    one line of a megabyte; /many-headers: lines without end
  /inject         control characters in the values of headers
  /folded         a header that goes on in the next line
  /trailer        an ETag behind the body
  /early          a 103 with an ETag before the 200
  /cookie         Set-Cookie
  /http09         a body without a head; /junk: bytes that mean nothing

FOLDER/log: a line of JSON a request, when it came: at (milliseconds), busy (how
many others of its host had no full answer yet), connection (a number), host
(the address that was connected to), method, path, headers ([name, value], …).
"""
import email.utils
import gzip
import hashlib
import json
import os
import pathlib
import socket
import ssl
import struct
import sys
import threading
import time
import urllib.parse
import zlib

folder = pathlib.Path(sys.argv[1])
port = 0
lock = threading.Lock()
busy = {}
connections = 0

FEED = b'<rss version="2.0"><channel><title>Lies</title></channel></rss>\n'
TEXTS = {200: 'OK', 304: 'Not Modified', 404: 'Not Found'}


class Close(Exception):
    """The connection is not to be used again."""


class Request:
    def __init__(self, method, path, headers):
        self.method, self.path, self.headers = method, path, headers
        where, _, query = path.partition('?')
        self.where = urllib.parse.unquote(where)
        self.query = urllib.parse.parse_qs(query, keep_blank_values=True)

    def get(self, name):
        return next((v for n, v in self.headers if n.lower() == name), None)

    def arg(self, name, preset=None):
        return self.query.get(name, [preset])[0]


def read_request(stream):
    line = stream.readline().decode('latin-1').split()
    if len(line) < 2:
        raise Close
    headers = []
    while (h := stream.readline().decode('latin-1').rstrip('\r\n')):
        name, _, value = h.partition(':')
        headers.append([name, value.strip(' \t')])
    return Request(line[0], line[1], headers)


def head(status, headers):
    lines = [f'HTTP/1.1 {status} {TEXTS.get(status, "So")}']
    lines += [f'{n}: {v}' for n, v in headers]
    return ('\r\n'.join(lines) + '\r\n\r\n').encode('latin-1')


def answer(send, status, body=b'', headers=()):
    """The truth."""
    length = [] if status == 304 else [('Content-Length', len(body))]
    send(head(status, list(headers) + length))
    if status != 304:
        send(body)


def http_date(seconds):
    return email.utils.formatdate(seconds, usegmt=True)


# What is true.

def read_head(path):
    """Status, headers, and whether validators are added."""
    lines = path.read_text().splitlines() if path.exists() else []
    status = int(lines.pop(0)) if lines and lines[0].isdigit() else 200
    mine = [line.split(': ', 1) for line in lines if line]
    return status, mine, '' not in lines


def www(send, q):
    name = 'robots.txt' if q.where == '/robots.txt' else q.where[5:]
    path = folder / 'www' / name
    status, headers, validate = read_head(folder / 'www' / (name + '.head'))
    if '..' in name or not (path.exists() or status != 200):
        return answer(send, 404, b'no such file\n')
    body = path.read_bytes() if path.exists() else b''
    etag = next((v for n, v in headers if n.lower() == 'etag'), None)
    if validate and path.exists():
        changed = http_date(path.stat().st_mtime)
        headers.append(['Last-Modified', changed])
        if not etag:
            etag = '"%s"' % hashlib.sha256(body).hexdigest()[:16]
            headers.append(['ETag', etag])
        if status == 200 and (q.get('if-none-match') == etag or
                              (not q.get('if-none-match') and
                               q.get('if-modified-since') == changed)):
            status = 304
    answer(send, status, body, headers)


def say(send, q):
    body = q.arg('body', 'so it is\n').encode()
    if q.arg('n'):
        body = b'n' * int(q.arg('n'))
    headers = [h.partition(': ')[::2] for h in q.query.get('h', [])]
    if q.arg('after'):
        headers.append(('Retry-After',
                        http_date(time.time() + int(q.arg('after')))))
    answer(send, int(q.arg('status', '200')), body, headers)


def to(send, q):
    url = q.arg('url', '').replace('{port}', str(port))
    answer(send, int(q.arg('status', '302')), b'', [('Location', url)])


def hops(send, q):
    n = int(q.where.rsplit('/', 1)[1])
    if n:
        return answer(send, 302, b'', [('Location', f'/hops/{n - 1}')])
    answer(send, 200, b'arrived\n')


def auth(send, q):
    if q.get('authorization'):
        return answer(send, 200, b'come in\n')
    answer(send, 401, b'who?\n', [('WWW-Authenticate', 'Basic realm="x"')])


# What lies.

def raw(*parts):
    def lie(send, _):
        for part in parts:
            send(part)
        raise Close
    return lie


def endless(send, _):
    send(head(200, []))
    while True:
        send(b'x' * 65536)


def endless_chunks(send, _):
    send(head(200, [('Transfer-Encoding', 'chunked')]))
    while True:
        send(b'10000\r\n' + b'x' * 65536 + b'\r\n')


def many_headers(send, _):
    send(b'HTTP/1.1 200 OK\r\n')
    for i in range(10 ** 9):
        send(b'X-%d: y\r\n' % i * 100)


def slowly(first):
    def lie(send, _):
        send(first)
        while True:
            send(b'x')
            time.sleep(0.05)
    return lie


def silent(send, q):
    while True:
        time.sleep(0.05)
        q.alive()


def zeros():
    """A gigabyte of them as gzip; every megabyte is the same few bytes."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    megabyte, crc = bytes(1 << 20), 0
    yield squeeze.compress(megabyte) + squeeze.flush(zlib.Z_FULL_FLUSH)
    same = squeeze.compress(megabyte) + squeeze.flush(zlib.Z_FULL_FLUSH)
    for _ in range(1023):
        yield same
    for _ in range(1024):
        crc = zlib.crc32(megabyte, crc)
    yield b'\x03\x00' + struct.pack('<II', crc, 1 << 30)


def bomb(send, _):
    send(head(200, [('Content-Encoding', 'gzip')]))
    for part in zeros():
        send(part)
    raise Close


def bomb_twice(send, _):
    squeeze = zlib.compressobj(6, zlib.DEFLATED, 31)
    send(head(200, [('Content-Encoding', 'gzip, gzip')]))
    for part in zeros():
        send(squeeze.compress(part))
    send(squeeze.flush())
    raise Close


CHUNKED = head(200, [('Transfer-Encoding', 'chunked')])
GZIP = head(200, [('Content-Encoding', 'gzip')])
LIES = {
    '/say': say, '/to': to, '/auth': auth,
    '/loop': lambda send, q: answer(send, 302, b'', [('Location', '/loop')]),
    '/gzip': lambda send, q: answer(send, 200, gzip.compress(FEED),
                                    [('Content-Encoding', 'gzip')]),
    '/same-etag': lambda send, q: answer(send, 200, FEED,
                                         [('ETag', '"same"')]),
    '/304': lambda send, q: answer(send, 304),
    '/cookie': lambda send, q: answer(send, 200, FEED, [
        ('Set-Cookie', 'who=you; Max-Age=100000; Path=/')]),
    '/short-length': raw(head(200, [('Content-Length', 5)]), FEED),
    '/long-length': raw(head(200, [('Content-Length', 5000)]), FEED),
    '/endless': endless, '/endless-chunks': endless_chunks,
    '/slow-header': slowly(b'HTTP/1.1 200 OK\r\nX: '),
    '/slow-body': slowly(head(200, [('Content-Length', 5000)])),
    '/silent': silent,
    '/close': raw(),
    '/cut': raw(CHUNKED, b'5\r\nhello\r\n5\r\nwo'),
    '/bad-chunk': raw(CHUNKED, b'5\r\nhello\r\nzz\r\nwhat\r\n0\r\n\r\n'),
    '/huge-chunk': raw(CHUNKED, b'ffffffffffffffffffff\r\nwhat\r\n'),
    '/bad-gzip': raw(GZIP, FEED * 20),
    '/cut-gzip': raw(GZIP, gzip.compress(os.urandom(4096))[:2048]),
    '/bomb': bomb, '/bomb-twice': bomb_twice,
    '/huge-header': raw(head(200, [('X', 'y' * (1 << 20))]), FEED),
    '/many-headers': many_headers,
    '/inject': raw(b'HTTP/1.1 200 OK\r\nETag: "a\rX-Evil: 1"\r\n'
                   b'Last-Modified: a\x01b\r\nContent-Length: 3\r\n\r\nyes'),
    '/folded': raw(b'HTTP/1.1 200 OK\r\nETag: "a\r\n b"\r\n'
                   b'Content-Type: text/xml;\r\n\tcharset=utf-8\r\n'
                   b'Content-Length: 3\r\n\r\nyes'),
    '/trailer': raw(CHUNKED, b'3\r\nyes\r\n0\r\nETag: "late"\r\n\r\n'),
    '/early': raw(b'HTTP/1.1 103 Early Hints\r\nETag: "early"\r\n\r\n',
                  head(200, [('Content-Length', 3)]), b'yes'),
    '/http09': raw(FEED),
    '/junk': raw(bytes(range(256)) * 8),
}


def note(q, connection, host):
    with lock:
        line = {'at': int(time.monotonic() * 1000),
                'busy': busy.get(host, 0), 'connection': connection,
                'host': host, 'method': q.method, 'path': q.path,
                'headers': q.headers}
        busy[host] = busy.get(host, 0) + 1
        with open(folder / 'log', 'a') as log:
            print(json.dumps(line), file=log)


def act(sock, q):
    def alive():
        # A client that is gone, in the middle of nothing.
        sock.setblocking(False)
        try:
            if sock.recv(1) == b'':
                raise Close
        except (BlockingIOError, ssl.SSLWantReadError):
            pass
        finally:
            sock.setblocking(True)

    q.alive = alive
    if q.where.startswith('/www/') or q.where == '/robots.txt':
        return www(sock.sendall, q)
    if q.where.startswith('/hops/'):
        return hops(sock.sendall, q)
    lie = LIES.get(q.where)
    if lie:
        return lie(sock.sendall, q)
    answer(sock.sendall, 404, b'no such lie\n')


def serve(sock, number, tls):
    host = sock.getsockname()[0]
    try:
        if tls:
            sock = tls.wrap_socket(sock, server_side=True)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = sock.makefile('rb')
        while True:
            q = read_request(stream)
            note(q, number, host)
            try:
                act(sock, q)
            finally:
                with lock:
                    busy[host] -= 1
    except (Close, OSError, ValueError):
        pass
    finally:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        sock.close()


def listen(listener, tls):
    global connections
    while True:
        sock, _ = listener.accept()
        with lock:
            connections += 1
            number = connections
        threading.Thread(target=serve, args=(sock, number, tls),
                         daemon=True).start()


def bind_all():
    """One free port at all three addresses."""
    while True:
        made = []
        try:
            for i in (1, 2, 3):
                n = made[0].getsockname()[1] if made else 0
                made.append(socket.create_server((f'127.0.0.{i}', n),
                                                 backlog=128))
            return made
        except OSError:
            for s in made:
                s.close()


def main():
    global port
    tls = None
    if '--tls' in sys.argv:
        at = sys.argv.index('--tls')
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(sys.argv[at + 1], sys.argv[at + 2])
    listeners = bind_all()
    port = listeners[0].getsockname()[1]
    (folder / 'port.new').write_text(f'{port}\n')
    (folder / 'port.new').rename(folder / 'port')
    threads = [threading.Thread(target=listen, args=(s, tls), daemon=True)
               for s in listeners]
    for t in threads:
        t.start()
    if '--stdin' in sys.argv:
        sys.stdin.read()
    else:
        threads[0].join()


main()
