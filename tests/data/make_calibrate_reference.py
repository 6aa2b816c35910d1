#!/usr/bin/python3
"""Writes calibrate_reference.json beside itself: what scikit-learn and SciPy
make of small samples, for tests/test_calibrate.c, tests/test_curves.c and
tests/test_compare.c.

    apt install python3-sklearn
    /usr/bin/python3 tests/data/make_calibrate_reference.py
"""
import json
import os

import numpy
import scipy
import sklearn
from scipy.stats import binomtest, chi2
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import average_precision_score, brier_score_loss

HERE = os.path.dirname(os.path.abspath(__file__))


def sample(seed, n, noise, ties):
    """Decisions of n cases and which are positive."""
    rng = numpy.random.default_rng(seed)
    d = rng.normal(size=n)
    y = d + noise * rng.normal(size=n) > 0.3
    return (numpy.round(d, 1) if ties else d), y.astype(int)


def case(name, d, y):
    n = len(y)
    fit = IsotonicRegression(y_min=1 / (n + 2), y_max=1 - 1 / (n + 2),
                             out_of_bounds="clip").fit(d, y)
    ends = numpy.sort(numpy.unique(d))
    at = numpy.concatenate([[ends[0] - 1], ends,
                            (ends[:-1] + ends[1:]) / 2, [ends[-1] + 1]])
    p = fit.predict(d)
    tenth = numpy.minimum((p * 10).astype(int), 9)
    ece = sum(abs(p[tenth == k].sum() - y[tenth == k].sum())
              for k in range(10)) / n
    return dict(name=name, decisions=d.tolist(), y=y.tolist(),
                at=at.tolist(), isotonic=fit.predict(at).tolist(),
                brier=brier_score_loss(y, p), ece=ece,
                average_precision=average_precision_score(y, d))


def mcnemar(only_a, only_b):
    n = only_a + only_b
    if n < 25:
        p = binomtest(only_a, n).pvalue
    else:
        p = chi2.sf(max(abs(only_a - only_b) - 1, 0) ** 2 / n, 1)
    return dict(only_a=only_a, only_b=only_b, p=float(p))


CASES = [
    case("overlapping", *sample(1, 40, 1.0, False)),
    case("with ties", *sample(2, 50, 0.8, True)),
    case("nearly apart", *sample(3, 30, 0.1, False)),
    case("reversed", numpy.arange(8.0), numpy.array([1, 1, 1, 1, 0, 0, 0, 0])),
    case("apart", numpy.arange(6.0), numpy.array([0, 0, 0, 1, 1, 1])),
    case("two", numpy.array([-1.0, 2.0]), numpy.array([0, 1])),
]
PAIRS = [mcnemar(*p) for p in
         [(10, 2), (2, 10), (5, 5), (0, 1), (12, 12), (24, 0), (13, 12),
          (25, 0), (30, 15), (15, 30), (20, 20), (200, 150)]]

with open(os.path.join(HERE, "calibrate_reference.json"), "w") as f:
    json.dump(dict(sklearn=sklearn.__version__, scipy=scipy.__version__,
                   cases=CASES, mcnemar=PAIRS), f, indent=1)
    f.write("\n")
