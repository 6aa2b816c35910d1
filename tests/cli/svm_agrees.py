"""Do svm-predict, on what `vigie model export --libsvm` wrote, and vigie agree?

svm_agrees.py FOLDER EXPLAINED: the folder that was written, and what
`vigie explain --all --json` says of the same documents.
"""
import csv
import json
import subprocess
import sys

folder, explained = sys.argv[1:]
truth = []
for line in open(explained, encoding="utf-8"):
    article = json.loads(line)
    truth.append({t["topic"]: t for t in article["topics"]})
files = {}
with open(f"{folder}/labels.tsv", encoding="utf-8") as rows:
    for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
        files.setdefault(row["file"], []).append(
            (row["label"], row["topic"], row["stance"]))


def predict(name, *options):
    out = f"{folder}/{name}.out"
    subprocess.run(["svm-predict", "-q", *options, f"{folder}/{name}.svm",
                    f"{folder}/{name}.model", out], check=True)
    return open(out).read().splitlines()


def column(article, topic, stance):
    return article[topic]["stances"][stance] if stance else article[topic]["evidence"]


def label(article, labels):
    """What vigie says, as the file would."""
    if len(labels) > 1:
        return max(labels, key=lambda l: column(article, l[1], l[2])["decision"])[0]
    _, topic, stance = labels[0]
    if stance:
        return "1" if column(article, topic, stance)["decision"] > 0 else "-1"
    return "1" if article[topic]["given"] else "-1"


compared = 0
for name, labels in files.items():
    got = predict(name)
    assert len(got) == len(truth), name
    for line, article in zip(got, truth):
        assert line == label(article, labels), (name, line, article)
        compared += 1
    if "probA" in open(f"{folder}/{name}.model").read():
        _, topic, stance = labels[0]
        for line, article in zip(predict(name, "-b", "1")[1:], truth):
            wanted = column(article, topic, stance)["probability"]
            assert abs(float(line.split()[1]) - wanted) < 1e-5, (name, line, wanted)
print(len(files), "files,", compared, "labels")
