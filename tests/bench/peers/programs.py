"""The programs that are measured: each function returns seconds."""
import collections
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from peers.material import HERE, call

CONFIGURATION = """ingest:
  bind: ipc://{work}/articles
  journal: {{path: {work}/journal}}
  sources: [{{path: {articles}}}]
classify:
  connect: [ipc://{work}/articles]
  sink: ipc://{work}/verdicts
  model: {bundle}
  room: 1024
  room_bytes: 16M
sink:
  bind: ipc://{work}/verdicts
  connect: [ipc://{work}/articles]
  targets: [{{jsonl: {work}/out.jsonl}}]
"""


def pinned(cores):
    """The words before a command that keep it on so many cores."""
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    return ['taskset', '-c', ','.join(map(str, allowed))]


def timed(*command):
    begin = time.perf_counter()
    subprocess.run([str(c) for c in command], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def without_load(predict, work, nothing):
    """Seconds for the work, less those for nothing: what loading takes, the
    middle of three, since on short work it is much of the time."""
    load = statistics.median(timed(*predict, *nothing) for _ in range(3))
    return timed(*predict, *work) - load


def bench(program, bundle, path, documents):
    """A program of tests/bench that prints documents a second: three times
    over what it has loaded, the middle one."""
    out = call(*pinned(1), program, bundle, path, 3)
    return documents / statistics.median(map(float, re.findall(
        r'^(\d+) documents/s', out, re.M)))


def fasttext(model, text, empty, cores=1):
    predict = [*pinned(cores), 'fasttext', 'predict', model]
    return without_load(predict, [text], [empty])


def svm_predict(model, vectors, first):
    """Of nothing there is no file of vectors; first has one document."""
    return without_load([*pinned(1), 'svm-predict', '-q'],
                        [vectors, model, os.devnull],
                        [first, model, os.devnull])


class SklearnStep:
    """A process that has loaded all and waits to be asked."""

    def __init__(self, model, path, count, batch):
        self.command = [*pinned(1), sys.executable, HERE / 'sklearn_judge.py',
                        'serve', model, path, str(count), str(batch)]
        self.child = None

    def __call__(self):
        if not self.child:
            self.child = subprocess.Popen(self.command, text=True,
                                          stdin=subprocess.PIPE,
                                          stdout=subprocess.PIPE)
            self.child.stdout.readline()
        self.child.stdin.write('go\n')
        self.child.stdin.flush()
        return float(self.child.stdout.readline())

    def close(self):
        if self.child:
            self.child.communicate()
            self.child = None


class Daemons:
    """Processes of a line, in a folder of its own on a disk."""

    def __init__(self, temporary):
        self.work = tempfile.mkdtemp(prefix='vb-', dir=temporary)
        self.ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ready.bind(self.work + '/ready')
        self.ready.settimeout(60)
        self.children = []

    def start(self, *command, notifies=False):
        """Returns when it is ready: as sd_notify(3) tells, or by a line."""
        child = subprocess.Popen(
            [*pinned(2), *map(str, command)],
            stdout=None if notifies else subprocess.PIPE,
            env=dict(os.environ, NOTIFY_SOCKET=self.work + '/ready')
            if notifies else None)
        self.children.append(child)
        if notifies:
            while b'READY=1' not in self.ready.recv(4096):
                pass
        else:
            child.stdout.readline()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for child in self.children:
            child.terminate()
        for child in self.children:
            child.wait()
        self.ready.close()
        shutil.rmtree(self.work)


def arrived(work, articles):
    """Every article in one line, and none twice."""
    with open(articles, encoding='utf-8') as file:
        sent = collections.Counter(json.loads(line)['id'] for line in file)
    with open(work + '/out.jsonl', encoding='utf-8') as file:
        got = collections.Counter(json.loads(line)['input']['id']
                                  for line in file)
    if sent != got:
        sys.exit(f'{articles}: {sum(sent.values())} articles were sent and '
                 f'{sum(got.values())} arrived, {len(sent - got)} of them not')


def vigie_line(vigie, bundle, articles, temporary):
    with Daemons(temporary) as d:
        path = d.work + '/vigie.yaml'
        with open(path, 'w', encoding='utf-8') as out:
            out.write(CONFIGURATION.format(work=d.work, articles=articles,
                                           bundle=bundle))
        for room in ('sink', 'classify', 'classify'):
            d.start(vigie, room, '-c', path, notifies=True)
        seconds = timed(*pinned(2), vigie, 'ingest', '-c', path)
        arrived(d.work, articles)
        return seconds


def python_line(model, articles, batch, judged, temporary):
    script = [sys.executable, HERE / 'line.py']
    with Daemons(temporary) as d:
        d.start(*script, 'sink', d.work)
        d.start(*script, 'classify', d.work, model, judged)
        seconds = timed(*pinned(2), *script, 'ingest', d.work, articles, batch)
        arrived(d.work, articles)
        return seconds
