#!/usr/bin/python3
"""Writes tfidf_reference.json beside itself: what scikit-learn's
TfidfVectorizer makes of small corpora, for tests/test_tfidf.c. And
platt_reference.json, for tests/test_calibrate.c.

    apt install python3-sklearn
    /usr/bin/python3 tests/data/make_tfidf_reference.py
"""
import json
import math
import os
import warnings

import numpy
import sklearn
from scipy.optimize import fsolve
from scipy.special import expit
from sklearn.calibration import _SigmoidCalibration
from sklearn.feature_extraction.text import TfidfVectorizer

HERE = os.path.dirname(os.path.abspath(__file__))

CORPORA = {
    "french": [
        "le cloud souverain avance en europe le cloud le cloud",
        "la souveraineté numérique en europe",
        "le partenariat avance et le marché du cloud aussi",
        "ouvrage été noël aïoli çà",
        "le le le le",
        "marché",
    ],
    "english": [
        "the cloud market grows and the market leads",
        "a sovereign cloud for europe",
        "partners sign a cloud deal in europe",
        "regulation of the cloud market",
        "security first",
        "a a a cloud cloud cloud cloud",
    ],
    "with an empty one": ["cloud cloud europe", "", "europe data", "data data"],
    "one document": ["cloud europe cloud x"],
}
SETTINGS = [
    dict(analyzer="word", ngrams=(1, 2), sublinear=True, idf=True, norm=True,
         min_df=1, max_df=1.0),
    dict(analyzer="word", ngrams=(1, 2), sublinear=False, idf=True, norm=True,
         min_df=2, max_df=1.0),
    dict(analyzer="word", ngrams=(1, 1), sublinear=True, idf=False, norm=True,
         min_df=1, max_df=0.5),
    dict(analyzer="word", ngrams=(2, 3), sublinear=False, idf=True, norm=False,
         min_df=1, max_df=1.0),
    dict(analyzer="word", ngrams=(1, 2), sublinear=True, idf=True, norm=False,
         min_df=2, max_df=0.7),
    dict(analyzer="char_wb", ngrams=(3, 5), sublinear=True, idf=True, norm=True,
         min_df=1, max_df=1.0),
    dict(analyzer="char_wb", ngrams=(3, 5), sublinear=False, idf=True,
         norm=True, min_df=2, max_df=0.8),
    dict(analyzer="char_wb", ngrams=(1, 4), sublinear=True, idf=False,
         norm=False, min_df=1, max_df=1.0),
    dict(analyzer="char_wb", ngrams=(4, 4), sublinear=True, idf=True,
         norm=False, min_df=3, max_df=1.0),
]


def case(name, texts, s):
    words = dict(tokenizer=str.split, token_pattern=None)
    v = TfidfVectorizer(
        analyzer=s["analyzer"], ngram_range=s["ngrams"], lowercase=False,
        min_df=s["min_df"], max_df=s["max_df"], norm="l2" if s["norm"] else None,
        use_idf=s["idf"], smooth_idf=True, sublinear_tf=s["sublinear"],
        **(words if s["analyzer"] == "word" else {}))
    try:
        x = v.fit_transform(texts)
    except ValueError:  # no terms remain
        return None
    names = v.get_feature_names_out()
    rows = [{names[j]: x[i, j] for j in x[i].indices} for i in range(len(texts))]
    return dict(corpus=name, documents=[t.split() for t in texts], **s,
                terms=sorted(names), vectors=rows)


def platt(name, d, y):
    """The root of the gradient of Platt's likelihood: what
    _SigmoidCalibration's BFGS nears to its own tolerance."""
    d, y = numpy.array(d, float), numpy.array(y)
    up, down = float((y > 0).sum()), float((y <= 0).sum())
    t = numpy.where(y > 0, (up + 1) / (up + 2), 1 / (down + 2))

    def slope(v):
        r = t - expit(-(v[0] * d + v[1]))
        return [float((d * r).sum()), float(r.sum())]

    s = _SigmoidCalibration().fit(d, y)
    with warnings.catch_warnings():  # xtol is as small as can be
        warnings.simplefilter("ignore")
        a, b = fsolve(slope, [s.a_, s.b_], xtol=1e-14)
    assert math.isclose(a, s.a_, rel_tol=1e-3, abs_tol=1e-3), (name, a, s.a_)
    assert math.isclose(b, s.b_, rel_tol=1e-3, abs_tol=1e-3), (name, b, s.b_)
    return dict(name=name, decisions=list(d), y=[int(v) for v in y], a=a, b=b)


def platts():
    r = numpy.random.RandomState(1)
    y = (r.rand(200) < 0.3).astype(int)
    rare = numpy.zeros(120, int)
    rare[:3] = 1
    return [
        platt("overlapping", r.randn(200) + 1.5 * y, y),
        platt("rare positives", r.randn(120) - 1 + 1.2 * rare, rare),
        platt("far from zero", r.randn(200) / 10 + 5 + y / 10, y),
        platt("separable", [-2, -1.5, -1, 1, 1.5, 2], [0, 0, 0, 1, 1, 1]),
        platt("the wrong way round", [2, 1, 0.5, -1, -2, -0.5],
              [0, 0, 1, 1, 1, 0]),
    ]


def write(name, value):
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as f:
        json.dump(value, f, ensure_ascii=False, indent=1)
        f.write("\n")


cases = [case(n, t, s) for n, t in CORPORA.items() for s in SETTINGS]
write("tfidf_reference.json",
      dict(sklearn=sklearn.__version__, cases=[c for c in cases if c]))
write("platt_reference.json", dict(sklearn=sklearn.__version__, cases=platts()))
