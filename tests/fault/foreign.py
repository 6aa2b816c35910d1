#!/usr/bin/env python3
"""foreign.py KIND ENDPOINT COUNT [KEYS SERVER_KEY] -- a client that is not
ours: sends so many messages, each of a few bytes that make no sense, over a
"push" or "dealer" socket; and again so many for each line of its standard
input. KEYS is the folder with its pair, SERVER_KEY the public key that it
expects there; without them it comes without keys."""
import re
import sys

import zmq


def key(folder, which):
    with open(f"{folder}/secret.key") as f:
        return re.search(rf"^{which} (.*)$", f.read(), re.M)[1].encode()


def main():
    kind, endpoint, count, *keys = sys.argv[1:]
    context = zmq.Context()
    s = context.socket({"push": zmq.PUSH, "dealer": zmq.DEALER}[kind])
    s.linger = 2000
    s.sndhwm = 0  # what cannot be delivered yet waits in the queue
    if keys:
        s.curve_publickey = key(keys[0], "public")
        s.curve_secretkey = key(keys[0], "secret")
        s.curve_serverkey = keys[1].encode()
    s.connect(endpoint)
    while True:
        for i in range(int(count)):
            s.send(b"no batch %d" % i)
        print(count, flush=True)
        if not sys.stdin.readline():
            break
    s.close()
    context.term()


main()
