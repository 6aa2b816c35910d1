#!/usr/bin/python3
"""Count what is lost, repeated and invalid among records.

check.py FILE COUNT [--part]: FILE shall hold each of the COUNT articles of
generate.py once; with --part, each once at most. Ends with 1 when it does not.
"""
import collections
import json
import re
import sys

CRC = re.compile(rb',"crc":"[0-9a-f]{8}"}$')


def read(path):
    ids, keys, invalid = collections.Counter(), collections.Counter(), 0
    with open(path, "rb") as lines:
        for line in lines:
            try:
                record = json.loads(line)
                ids[record["input"]["id"]] += 1
                keys[record["origin"], record["seq"]] += 1
                if not line.endswith(b"\n") or not CRC.search(line[:-1]):
                    invalid += 1
            except (ValueError, KeyError, TypeError):
                invalid += 1
    return ids, keys, invalid


def main():
    path, count, part = sys.argv[1], int(sys.argv[2]), "--part" in sys.argv
    ids, keys, invalid = read(path)
    wanted = {f"a{number:06}" for number in range(count)}
    lost = len(wanted - ids.keys())
    strange = len(ids.keys() - wanted)
    repeated = (sum(ids.values()) - len(ids)) + (sum(keys.values()) - len(keys))
    print(f"{sum(ids.values())} records: {lost} lost, {repeated} repeated, "
          f"{invalid} invalid, {strange} strange")
    return bool(repeated or invalid or strange or (lost and not part))


sys.exit(main())
