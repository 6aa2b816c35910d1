#!/usr/bin/python3
"""A line of the same shape as vigie's, written as one writes it in Python.

  line.py ingest FOLDER ARTICLES.jsonl BATCH
  line.py classify FOLDER MODEL BATCH
  line.py sink FOLDER

Three processes over ZeroMQ ipc sockets in FOLDER: ingest reads JSON lines, keeps
them in FOLDER/journal, synced before a batch goes on; classify judges with
scikit-learn, a batch (or, with BATCH 1, an article) at a time; sink writes
FOLDER/out.jsonl, syncs it a batch and acknowledges. Ingest ends when all is
acknowledged; the others run until they are ended. Nothing here survives a crash:
it is the least that such a line does."""
import hashlib
import json
import os
import sys

import zmq


def endpoint(folder, name):
    return f'ipc://{folder}/{name}'


def pull(context, folder, name):
    socket = context.socket(zmq.PULL)
    socket.bind(endpoint(folder, name))
    return socket


def push(context, folder, name):
    socket = context.socket(zmq.PUSH)
    socket.connect(endpoint(folder, name))
    return socket


def synced(file, data):
    file.write(data)
    file.flush()
    os.fdatasync(file.fileno())


def article(line, seq):
    d = json.loads(line)
    whole = (d.get('title') or '') + '\0' + d['text']
    return {'seq': seq, 'id': hashlib.md5(whole.encode()).hexdigest(),
            'title': d.get('title'), 'text': d['text'],
            'input': {k: v for k, v in d.items() if k not in ('title', 'text')}}


def ingest(folder, path, batch):
    context = zmq.Context()
    out = push(context, folder, 'articles')
    acks = pull(context, folder, 'acks')
    sent = done = 0

    def give(articles):
        data = json.dumps(articles).encode()
        synced(journal, data + b'\n')
        out.send(data)

    with open(path, encoding='utf-8') as lines, \
            open(folder + '/journal', 'wb') as journal:
        group = []
        for line in lines:
            group.append(article(line, sent))
            sent += 1
            if len(group) == batch:
                give(group)
                group = []
        if group:
            give(group)
        while done < sent:
            done += int(acks.recv())


def classify(folder, model, batch):
    import joblib
    import sklearn_judge
    _, fast, machine, classes, one_of = joblib.load(model)
    context = zmq.Context()
    articles = pull(context, folder, 'articles')
    out = push(context, folder, 'verdicts')
    print('ready', flush=True)
    while True:
        group = json.loads(articles.recv())
        for i in range(0, len(group), batch):
            some = group[i:i + batch]
            decision = machine.decision_function(
                fast.transform(sklearn_judge.joined(some)))
            given = sklearn_judge.labels(decision, one_of)
            for k, a in enumerate(some):
                chosen = [given[k]] if one_of else given[k].nonzero()[0]
                a['topics'] = [{'topic': classes[c],
                                'decision': float(decision[k, c])}
                               for c in chosen]
                del a['text']
        out.send_json(group)


def sink(folder):
    context = zmq.Context()
    verdicts = pull(context, folder, 'verdicts')
    acks = push(context, folder, 'acks')
    print('ready', flush=True)
    with open(folder + '/out.jsonl', 'wb') as out:
        while True:
            group = verdicts.recv_json()
            synced(out, b''.join(json.dumps(a).encode() + b'\n' for a in group))
            acks.send(str(len(group)).encode())


def main():
    what, folder, *rest = sys.argv[1:]
    if what == 'ingest':
        ingest(folder, rest[0], int(rest[1]))
    elif what == 'classify':
        classify(folder, rest[0], int(rest[1]))
    else:
        sink(folder)


if __name__ == '__main__':
    main()
