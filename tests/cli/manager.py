#!/usr/bin/python3
"""The part of systemd that a daemon of Type=notify sees: runs a command with a
notification socket and a watchdog, and writes down what is told.

    manager.py LOG WATCHDOG_USEC COMMAND…

LOG gets a line a message, "SECONDS WHO TEXT" with WHO "main" (NotifyAccess=main
would hear it) or "other", after a first one with the command's process. Signals
that it gets are passed on; it ends with the command's code.
"""
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time


def messages(listener):
    """Every datagram that comes within a moment: (process, text)."""
    try:
        data, extra, _, _ = listener.recvmsg(
            4096, socket.CMSG_SPACE(struct.calcsize("3i")))
    except TimeoutError:
        return
    process = struct.unpack("3i", extra[0][2])[0]
    yield process, data.decode()


def main():
    path, patience, command = sys.argv[1], sys.argv[2], sys.argv[3:]
    folder = tempfile.TemporaryDirectory()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    listener.bind(folder.name + "/notify")
    listener.settimeout(0.05)
    environment = dict(os.environ, NOTIFY_SOCKET=folder.name + "/notify",
                       WATCHDOG_USEC=patience)
    child = subprocess.Popen(command, env=environment)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, lambda n, frame: child.send_signal(n))
    begun = time.monotonic()
    with open(path, "w", buffering=1) as log:
        log.write(f"{child.pid}\n")
        while True:
            ended = child.poll() is not None
            heard = list(messages(listener))
            for process, text in heard:
                who = "main" if process == child.pid else "other"
                log.write(f"{time.monotonic() - begun:.2f} {who} "
                          + text.replace("\n", " ") + "\n")
            if ended and not heard:
                break
    sys.exit(child.returncode if child.returncode >= 0 else 200)


main()
