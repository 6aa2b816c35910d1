#!/usr/bin/python3
"""Count what is lost, repeated and invalid among records.

check.py FILE COUNT [--part] [--dead LETTERS]: FILE, and the file of dead
letters, shall hold each of the COUNT articles of generate.py once between them;
with --part, each once at most. Ends with 1 when they do not.
"""
import base64
import collections
import json
import os
import re
import sys

CRC = re.compile(rb',"crc":"[0-9a-f]{8}"}$')


RAW_ID = re.compile(rb'a[0-9]{6}')
LINE = re.compile(r':([0-9]+)$')


def id_of(record):
    """The article's id; of a piece that was refused, what looks like one, and
    of a line that was too long to be kept that of its number."""
    if "dead" not in record:
        return record["input"]["id"]
    if "raw" not in record:
        return record["article"]["input"]["id"]
    found = RAW_ID.search(base64.b64decode(record["raw"]))
    if found:
        return found.group().decode()
    line = LINE.search(record["article"]["place"])
    return f"a{int(line.group(1)) - 1:06}"


def read(path, ids, keys):
    invalid = 0
    with open(path, "rb") as lines:
        for line in lines:
            try:
                record = json.loads(line)
                ids[id_of(record)] += 1
                keys[record["origin"], record["seq"]] += 1
                if not line.endswith(b"\n") or not CRC.search(line[:-1]):
                    invalid += 1
            except (ValueError, KeyError, TypeError, AttributeError):
                invalid += 1
    return invalid


def main():
    path, count, part = sys.argv[1], int(sys.argv[2]), "--part" in sys.argv
    ids, keys = collections.Counter(), collections.Counter()
    invalid = read(path, ids, keys)
    if "--dead" in sys.argv:
        letters = sys.argv[sys.argv.index("--dead") + 1]
        before = sum(ids.values())
        if os.path.exists(letters):
            invalid += read(letters, ids, keys)
        print(f"{sum(ids.values()) - before} dead letters, ", end="")
    wanted = {f"a{number:06}" for number in range(count)}
    lost = len(wanted - ids.keys())
    strange = len(ids.keys() - wanted)
    repeated = (sum(ids.values()) - len(ids)) + (sum(keys.values()) - len(keys))
    print(f"{sum(ids.values())} records: {lost} lost, {repeated} repeated, "
          f"{invalid} invalid, {strange} strange")
    return bool(repeated or invalid or strange or (lost and not part))


sys.exit(main())
