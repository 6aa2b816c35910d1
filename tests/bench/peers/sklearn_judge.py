#!/usr/bin/python3
"""scikit-learn, judging the documents that vigie judges.

  sklearn_judge.py train DOCS.jsonl MODEL [--chars]
  sklearn_judge.py tell MODEL DOCS.jsonl [--joined]
  sklearn_judge.py serve MODEL DOCS.jsonl COUNT BATCH

TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), with --chars char_wb 3-5
beside it, and LinearSVC(C=1), in a OneVsRestClassifier where documents have any
number of labels.

A model is learnt from title and text apart, so that no bigram runs over the seam,
as vigie does; judged is one string of both, by scikit-learn's own analyzer, which
is the faster way. `tell` prints labels and decision values, of the fields apart
unless told otherwise; `serve` loads all, then judges COUNT documents in batches
of BATCH for each line on standard input and says how many seconds it took: text
in, decision values and labels out."""
import json
import sys
import time

import joblib
import numpy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import FeatureUnion
from sklearn.preprocessing import MultiLabelBinarizer
from sklearn.svm import LinearSVC

WORDS = {'ngram_range': (1, 2)}
CHARS = {'analyzer': 'char_wb', 'ngram_range': (3, 5)}


def documents(path):
    with open(path, encoding='utf-8') as file:
        return [json.loads(line) for line in file]


def fields(document):
    return [document.get('title') or '', document['text']]


def joined(docs):
    return [' '.join(fields(d)) for d in docs]


class Apart:
    """An analyzer that sees title and text one after the other."""

    def __init__(self, kind):
        self.of_one = TfidfVectorizer(**kind).build_analyzer()

    def __call__(self, document):
        return [term for text in fields(document) for term in self.of_one(text)]


def vectorizer(kinds, learnt=None):
    """Of fields apart to learn; of joined text, with what was learnt."""
    parts = []
    for i, kind in enumerate(kinds):
        if learnt is None:
            v = TfidfVectorizer(analyzer=Apart(kind), sublinear_tf=True)
        else:
            v = TfidfVectorizer(**kind, sublinear_tf=True,
                                vocabulary=learnt[i].vocabulary_)
            v.idf_ = learnt[i].idf_
        parts.append((str(i), v))
    return parts[0][1] if len(parts) == 1 else FeatureUnion(parts)


def parts_of(v):
    return [v] if hasattr(v, 'idf_') else [p for _, p in v.transformer_list]


def train(path, out, chars):
    docs = documents(path)
    kinds = [WORDS, CHARS] if chars else [WORDS]
    apart = vectorizer(kinds)
    x = apart.fit_transform(docs)
    if 'labels' in docs[0]:
        names = MultiLabelBinarizer()
        y = names.fit_transform([d['labels'] for d in docs])
        machine = OneVsRestClassifier(LinearSVC(C=1)).fit(x, y)
        classes = names.classes_
    else:
        machine = LinearSVC(C=1).fit(x, [d['label'] for d in docs])
        classes = machine.classes_
    joblib.dump((apart, vectorizer(kinds, parts_of(apart)), machine,
                 list(classes), 'labels' not in docs[0]), out)


def labels(decision, one_of):
    """The column of the largest value, or all above zero, of each row."""
    return decision.argmax(axis=1) if one_of else decision > 0


def tell(model, path, as_joined):
    apart, fast, machine, classes, one_of = joblib.load(model)
    docs = documents(path)
    x = fast.transform(joined(docs)) if as_joined else apart.transform(docs)
    decision = machine.decision_function(x)
    given = labels(decision, one_of)
    for i, document in enumerate(docs):
        names = ([classes[given[i]]] if one_of else
                 [classes[k] for k in numpy.flatnonzero(given[i])])
        print(json.dumps({'id': document['id'], 'labels': names,
                          'scores': dict(zip(classes, decision[i]))}))


def serve(model, path, count, batch):
    _, fast, machine, _, one_of = joblib.load(model)
    texts = joined(documents(path)[:count])

    def judge(some):
        return labels(machine.decision_function(fast.transform(some)), one_of)

    judge(texts[:batch])
    print('ready', flush=True)
    for _ in sys.stdin:
        begin = time.perf_counter()
        for i in range(0, count, batch):
            judge(texts[i:i + batch])
        print(time.perf_counter() - begin, flush=True)


def main():
    what, rest = sys.argv[1], sys.argv[2:]
    if what == 'train':
        train(rest[0], rest[1], '--chars' in rest)
    elif what == 'tell':
        tell(rest[0], rest[1], '--joined' in rest)
    else:
        serve(rest[0], rest[1], int(rest[2]), int(rest[3]))


if __name__ == '__main__':
    # Under its own name, so that what is saved here can be loaded elsewhere.
    import sklearn_judge
    sklearn_judge.main()
