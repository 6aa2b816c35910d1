#!/usr/bin/python3
"""abuse.py PORT... -- what strangers do to a tcp port: random bytes, clients of
old protocols and without keys, a header that announces 2^62 bytes, and 1,000
connections that say nothing and stay. Says "begun" when all of them are there,
and goes on until its standard input ends."""
import os
import random
import select
import socket
import sys
import time

SILENT = 1000
# ZMTP 3.0: signature, version, mechanism, as-server, filler.
GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00"


def greeting(mechanism):
    return GREETING + mechanism.ljust(20, b"\0") + bytes(32)


def command(body, announced=None):
    size = len(body) if announced is None else announced
    return b"\x06" + size.to_bytes(8, "big") + body


def openings(chance):
    huge = 2**62
    yield chance.randbytes(64 << 10)
    yield b"\x01\x00" + b"\x04\x00abc" * 100  # ZMTP 1.0, and frames
    yield b"\xff" + huge.to_bytes(8, "big") + bytes(1 << 16)  # 1.0, long frame
    yield b"\xff" + bytes(8) + b"\x7f\x01\x05" + b"\x00\x00" * 100  # ZMTP 2.0
    yield greeting(b"NULL") + command(b"\x05READY")
    yield greeting(b"NULL") + b"\x02" + huge.to_bytes(8, "big") + bytes(1 << 16)
    yield greeting(b"PLAIN") + command(b"\x05HELLO\x05vigie\x05vigie")
    yield greeting(b"CURVE") + command(b"\x05HELLO" + chance.randbytes(194))
    yield greeting(b"CURVE") + command(bytes(1 << 16), huge)
    yield b"GET / HTTP/1.1\r\n\r\n" * 1000


def connect(port):
    s = socket.create_connection(("127.0.0.1", port), 10)
    s.settimeout(1)
    return s


def insult(port, opening):
    """Say it, and see that nothing but a greeting comes back."""
    s = connect(port)
    try:
        s.sendall(opening)
        while s.recv(4096):
            pass
    except OSError:
        pass
    s.close()


def main():
    ports = [int(p) for p in sys.argv[1:]]
    chance = random.Random(26)
    silent = [connect(ports[i % len(ports)]) for i in range(SILENT)]
    print("begun", flush=True)
    rounds = 0
    while not select.select([sys.stdin], [], [], 0)[0]:
        for opening in openings(chance):
            insult(chance.choice(ports), opening)
        rounds += 1
    cut, until = 0, time.monotonic() + 15
    for s in silent:
        s.settimeout(max(until - time.monotonic(), 0.001))
        try:
            while s.recv(4096):
                pass
            cut += 1
        except TimeoutError:
            pass
        except OSError:
            cut += 1
    print(f"{rounds} rounds, {cut} of {SILENT} silent ones cut off")


main()
