#!/usr/bin/python3
"""Reads Prometheus text format 0.0.4 as strictly as its documentation says, from
standard input, and prints the samples as JSON: {"name{labels}": number}.

Names a fault by its line and ends with 1: a type or help after a sample of that
name, rows of a name in two places, a sample twice, a histogram whose buckets
fall, lack +Inf or disagree with _count.
"""
import json
import math
import re
import sys

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)?\}})? (\S+)\Z")
COMMENT = re.compile(rf"# (HELP|TYPE) ({NAME}) (.*)\Z")
NUMBER = re.compile(r"[+-]Inf|NaN|-?\d+(\.\d+)?(e[+-]\d+)?\Z")


class Page:
    def __init__(self):
        self.types, self.helps, self.order, self.samples = {}, set(), [], {}

    def comment(self, line):
        match = COMMENT.match(line)
        assert match, "no HELP or TYPE"
        what, name, rest = match.groups()
        assert name not in self.order, "comes after samples of its name"
        if what == "HELP":
            assert name not in self.helps, "a second HELP"
            assert not re.search(r"\\[^\\n]", rest.replace("\\\\", "")), \
                "an escape that is none"
            self.helps.add(name)
        else:
            assert name not in self.types, "a second TYPE"
            assert rest in ("counter", "gauge", "histogram"), "no type"
            self.types[name] = rest

    def sample(self, line):
        match = SAMPLE.match(line)
        assert match, "no sample"
        name, labels, number = match.groups()
        assert NUMBER.match(number), "no number"
        base = re.sub(r"_(bucket|sum|count)\Z", "", name)
        family = base if self.types.get(base) == "histogram" else name
        assert family in self.types and family in self.helps, \
            "no TYPE or no HELP"
        if not self.order or self.order[-1] != family:
            assert family not in self.order, "its rows are in two places"
            self.order.append(family)
        key = f"{name}{{{labels}}}" if labels else name
        assert key not in self.samples, "a sample twice"
        keys = re.findall(r'(\w+)="', labels or "")
        assert len(keys) == len(set(keys)), "a label twice"
        self.samples[key] = float(number)
        if self.types[family] == "counter":
            assert float(number) >= 0, "a counter below zero"
            assert name.endswith("_total"), "a counter that is no _total"

    def histograms(self):
        buckets = {}
        for key, number in self.samples.items():
            match = re.match(r'(.*)_bucket\{(.*?),?le="([^"]*)"\}\Z', key)
            if match:
                name, labels, bound = match.groups()
                rest = f"{{{labels}}}" if labels else ""
                buckets.setdefault((name, rest), []).append(
                    (float(bound), number))
        for (name, rest), rows in buckets.items():
            assert rows == sorted(rows), f"{name}: buckets out of order"
            assert [n for _, n in rows] == sorted(n for _, n in rows), \
                f"{name}: buckets fall"
            assert rows[-1][0] == math.inf, f"{name}: no +Inf"
            assert rows[-1][1] == self.samples[f"{name}_count{rest}"], \
                f"{name}: +Inf is not the count"
            assert f"{name}_sum{rest}" in self.samples, f"{name}: no sum"


def main():
    text = sys.stdin.buffer.read().decode("utf-8")
    page = Page()
    try:
        assert text.endswith("\n"), "does not end in a line break"
        for number, line in enumerate(text[:-1].split("\n"), 1):
            try:
                (page.comment if line.startswith("#") else page.sample)(line)
            except AssertionError as why:
                raise AssertionError(f"line {number}: {why}: {line}") from why
        page.histograms()
    except AssertionError as why:
        sys.exit(str(why))
    json.dump(page.samples, sys.stdout, indent=1)


main()
