#!/usr/bin/env python3
"""A receiver of posts that does as it is told, for the tests of webhooks.

  receiver.py FOLDER

Listens on loopback; FOLDER/port holds the number once it does. Each request
takes the first line of FOLDER/plan away and does that; without one: 200.

  200, 503, …          this status
  503 Retry-After: 1   with this header
  422 if "seq":3,      only for a body that holds these bytes, else 200
  close                no answer
  late                 take it, and answer after a second
  307 Location: URL    with this header ({port}: our own)

FOLDER/got: the bodies that were answered with 2xx, one behind the other.
FOLDER/log: a line a request: status, path, content type, key, authorization,
number of lines.
"""
import http.server
import pathlib
import sys
import time

folder = pathlib.Path(sys.argv[1])


def next_of_plan():
    plan = folder / 'plan'
    lines = plan.read_text().splitlines() if plan.exists() else []
    if lines and not lines[0].endswith(' always'):
        plan.write_text(''.join(line + '\n' for line in lines[1:]))
    return lines[0].removesuffix(' always') if lines else '200'


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def note(self, status, body):
        fields = [status, self.path, self.headers.get('Content-Type'),
                  self.headers.get('Idempotency-Key'),
                  self.headers.get('Authorization'), body.count(b'\n')]
        with open(folder / 'log', 'a') as log:
            print(*fields, sep='\t', file=log)

    def answer(self, status, header, body):
        self.note(status, body)
        if 200 <= status < 300:
            with open(folder / 'got', 'ab') as got:
                got.write(body)
        said = b'so it is\n'
        self.send_response(status)
        if header:
            name, value = header.split(': ', 1)
            value = value.replace('{port}', str(self.server.server_port))
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        what, _, rest = next_of_plan().partition(' ')
        if what == 'close':
            self.note('close', body)
            self.close_connection = True
            return
        if what == 'late':
            time.sleep(1)
            what = '200'
        if rest.startswith('if '):
            what = what if rest[3:].encode() in body else '200'
            rest = ''
        self.answer(int(what), rest, body)

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Receiver)
(folder / 'port.new').write_text(f'{server.server_port}\n')
(folder / 'port.new').rename(folder / 'port')
server.serve_forever()
