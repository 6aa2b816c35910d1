#!/usr/bin/python3
"""Writes what scikit-learn makes of small corpora beside itself:
tfidf_reference.json (TfidfVectorizer) for tests/test_tfidf.c,
complement_reference.json (ComplementNB) for tests/test_complement.c and
platt_reference.json for tests/test_calibrate.c.

    apt install python3-sklearn
    /usr/bin/python3 tests/data/make_tfidf_reference.py
"""
import json
import math
import os
import warnings

import numpy
import sklearn
import sklearn.preprocessing
from scipy.optimize import fsolve
from scipy.special import expit
from sklearn.calibration import _SigmoidCalibration
from sklearn.feature_extraction.text import TfidfTransformer, TfidfVectorizer
from sklearn.naive_bayes import ComplementNB

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
# As people write: capitals, punctuation, digits, several blanks.
RAW = [
    "Le Cloud souverain : Gaia-X, l'Europe & S3NS !",
    "le cloud, LE CLOUD... 42 % du marché (+3,5 points)",
    "Noël à l'Élysée : « oui »  au   cloud_souverain",
    "#CloudSouverain @ministre https://exemple.fr/a?b=1 !!!",
    "été ÉTÉ Été œuvre Œuvre",
    "le",
]
# What vigie is told, and the same for scikit-learn; count is "log", "plain" or
# "once", idf the power of the inverse document frequency.
WORDS = dict(of="words", cut="words", cased=False)
CHARS = dict(of="chars", cut="words", cased=False)
SETTINGS = [
    dict(WORDS, ngrams=(1, 2), count="log", idf=1, norm=True),
    dict(WORDS, ngrams=(1, 2), count="plain", idf=1, norm=True, min_df=2),
    dict(WORDS, ngrams=(1, 1), count="log", idf=0, norm=True, max_df=0.5),
    dict(WORDS, ngrams=(2, 3), count="plain", idf=1, norm=False),
    dict(WORDS, ngrams=(1, 2), count="log", idf=1, norm=False, min_df=2,
         max_df=0.7),
    dict(WORDS, ngrams=(1, 1), count="once", idf=0.5, norm=True),
    dict(WORDS, ngrams=(1, 2), count="once", idf=2, norm=False),
    dict(CHARS, ngrams=(3, 5), count="log", idf=1, norm=True, min_df=2),
    dict(CHARS, ngrams=(3, 5), count="plain", idf=1, norm=True, min_df=2,
         max_df=0.8),
    dict(CHARS, ngrams=(1, 4), count="log", idf=0, norm=False, min_df=2),
    dict(CHARS, ngrams=(4, 4), count="log", idf=1, norm=False, min_df=3),
]
RAW_SETTINGS = [
    dict(of="words", cut="plain", cased=False, ngrams=(1, 2), count="log",
         idf=1, norm=True),
    dict(of="words", cut="plain", cased=True, ngrams=(1, 1), count="plain",
         idf=1, norm=True),
    dict(of="words", cut="blanks", cased=True, ngrams=(1, 1), count="log",
         idf=1.5, norm=True),
    dict(of="chars", cut="blanks", cased=False, ngrams=(2, 3), count="log",
         idf=1, norm=True, min_df=2),
    dict(of="chars", cut="blanks", cased=True, ngrams=(4, 4), count="once",
         idf=1, norm=True),
    dict(of="across", cut="blanks", cased=False, ngrams=(2, 4), count="log",
         idf=1, norm=True, min_df=2),
    dict(of="across", cut="blanks", cased=True, ngrams=(3, 3), count="plain",
         idf=0.5, norm=True),
    dict(of="across", cut="blanks", cased=False, ngrams=(2, 5), count="once",
         idf=0, norm=False, min_df=3),
]


def analyzer(s):
    if s["of"] != "words":
        return dict(analyzer={"chars": "char_wb", "across": "char"}[s["of"]])
    if s["cut"] == "plain":
        return dict(token_pattern=r"(?u)\b\w\w+\b")  # its default
    return dict(tokenizer=str.split, token_pattern=None)


def vectors(texts, s):
    """TfidfVectorizer, with a power of the idf, which it has not."""
    v = TfidfVectorizer(
        ngram_range=s["ngrams"], lowercase=not s["cased"],
        min_df=s.get("min_df", 1), max_df=s.get("max_df", 1.0), norm=None,
        use_idf=False, sublinear_tf=s["count"] == "log",
        binary=s["count"] == "once", **analyzer(s))
    x = v.fit_transform(texts)
    idf = TfidfTransformer(smooth_idf=True).fit(x).idf_ ** s["idf"]
    x = x.multiply(idf).tocsr()
    if s["norm"]:
        x = sklearn.preprocessing.normalize(x)
    if s["idf"] == 1:
        v.set_params(use_idf=True, norm="l2" if s["norm"] else None)
        assert abs(v.fit_transform(texts) - x).max() < 1e-12
    return v.get_feature_names_out(), x


def case(name, texts, s):
    try:
        names, x = vectors(texts, s)
    except ValueError:  # no terms remain
        return None
    rows = [{names[j]: round(x[i, j], 12) for j in sorted(x[i].indices)}
            for i in range(len(texts))]
    return dict(corpus=name, documents=texts, **{"min_df": 1, "max_df": 1.0,
                                                 **s},
                terms=len(names), vectors=rows)


def complement():
    texts = CORPORA["english"] + CORPORA["french"][:3]
    classes = ["market", "europe", "europe", "deal", "market", "deal",
               "europe", "europe", "market"]
    s = dict(WORDS, ngrams=(1, 1), count="log", idf=1, norm=True)
    names, x = vectors(texts, s)
    nb = ComplementNB(alpha=0.3, norm=False).fit(x, classes)
    return dict(sklearn=sklearn.__version__, documents=texts, labels=classes,
                alpha=0.3, classes=list(nb.classes_),
                weights={t: list(nb.feature_log_prob_[:, j].round(12))
                         for j, t in enumerate(names)})


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


def write(name, value, **how):
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as f:
        json.dump(value, f, ensure_ascii=False, **how)
        f.write("\n")


def write_cases(name, cases):
    """A line each."""
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as f:
        f.write('{"sklearn": "%s", "cases": [\n' % sklearn.__version__)
        f.write(",\n".join(json.dumps(c, ensure_ascii=False) for c in cases))
        f.write("\n]}\n")


cases = [case(n, t, s) for n, t in CORPORA.items() for s in SETTINGS]
cases += [case("as people write", RAW, s) for s in RAW_SETTINGS]
write_cases("tfidf_reference.json", [c for c in cases if c])
write("complement_reference.json", complement(), indent=1)
write("platt_reference.json",
      dict(sklearn=sklearn.__version__, cases=platts()), indent=1)
