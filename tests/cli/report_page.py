"""report_page.py PAGE FIGURES: the page of `vigie evaluate --html`, held to the
JSON of `vigie evaluate --json`. Whatever a picture shows is measured by its own
axes."""
import html.parser
import json
import re
import sys
import xml.etree.ElementTree as tree

XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
VOID = {"meta"}


def text(e):
    return "".join(e.itertext())


class Tags(html.parser.HTMLParser):
    """A browser's view: the elements in their order."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)


def check_shape(path):
    """The same page to a parser of XML and to one of HTML; no script, nothing
    fetched; every picture told in words."""
    root = tree.parse(path).getroot()
    tags = Tags()
    tags.feed(open(path, encoding="utf-8").read())
    mine = [e.tag.split("}")[1].lower() for e in root.iter()]
    assert mine == tags.seen, "HTML and XML differ"
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids)), "an id twice"
    for e in root.iter():
        assert not e.tag.endswith(("}script", "}link", "}img", "}iframe"))
        for name, value in e.attrib.items():
            assert not name.startswith("on"), name
            assert name not in ("src", "srcset", "data"), name
            assert name != "href" or value.startswith("#"), value
            assert "url(" not in value, value
    assert "url(" not in text(root.find(f".//{XHTML}style"))
    for svg in root.iter(SVG + "svg"):
        for child, attribute in (("title", "aria-labelledby"),
                                 ("desc", "aria-describedby")):
            told = svg.find(SVG + child)
            assert told.get("id") == svg.get(attribute)
            assert len(told.text.strip()) > 10, told.text
    return root


def section(root, name):
    for s in root.iter(XHTML + "section"):
        if s.find(XHTML + "h3") is not None and text(s[0]) == name:
            return s
    return None


def near(a, b, by, what):
    assert abs(a - b) <= by, f"{what}: {a}, not {b}"


class Picture:
    """Places on a picture as the values that its ticks stand for."""

    def __init__(self, figure):
        self.svg = figure.find(SVG + "svg")
        self.x = self.scale("x", "x")
        self.y = self.scale("y", "y", -4)

    def scale(self, kind, axis, shift=0):
        ticks = [(float(t.get(axis)) + shift, float(t.text))
                 for t in self.svg.iter(SVG + "text") if t.get("class") == kind]
        (p, v), (q, w) = ticks[0], ticks[-1]
        for at, value in ticks:
            near(v + (at - p) * (w - v) / (q - p), value, 1e-9, "tick")
        return lambda at: v + (at - p) * (w - v) / (q - p)

    def dots(self, kinds):
        return [(self.x(float(c.get("cx"))), self.y(float(c.get("cy"))),
                 c.find(SVG + "title").text)
                for c in self.svg.iter(SVG + "circle")
                if c.get("class") in kinds]

    def line(self):
        points = self.svg.find(SVG + "polyline").get("points").split()
        return [(self.x(float(x)), self.y(float(y)))
                for x, y in (p.split(",") for p in points)]


def figures(s):
    return {text(f[0]): f for f in s.iter(XHTML + "figure")}


def check_labels(s, group):
    table = next(t for t in s.iter(XHTML + "table")
                 if t.get("class") == "labels")
    body = table.find(XHTML + "tbody")
    seen = []
    for row in body:
        name, *cells = [text(c) for c in row]
        label = group["labels"][name]
        seen.append(name)
        for cell, key in zip(cells, ("precision", "recall", "f1", "support",
                                     "brier", "ece")):
            if key == "support":
                assert cell == str(label[key]), (name, cell)
            elif cell != "–":
                assert cell == "%.3f" % label[key], (name, key, cell)
            else:
                assert label[key] == 0
    supports = [group["labels"][n]["support"] for n in seen]
    assert supports == sorted(supports, reverse=True) and min(supports) > 0
    assert len(seen) == sum(v["support"] > 0
                            for v in group["labels"].values())
    means = [text(c) for c in table.find(XHTML + "tfoot").iter(XHTML + "td")]
    for got, wanted in zip(means, (group["micro"]["precision"],
                                   group["micro"]["recall"],
                                   group["micro"]["f1"])):
        assert got == "%.3f" % wanted


def check_reliability(figure, group):
    bins = [b for b in group["reliability"] if b["n"] > 0]
    picture = Picture(figure)
    dots = picture.dots({"dot", "dot few"})
    assert len(dots) == len(bins)
    for (x, y, said), b in zip(dots, bins):
        near(x, b["probability"], 1e-4, "told")
        near(y, b["positive"], 1e-4, "so")
        assert said.endswith("%.0f times" % b["n"]), said
        told = text(picture.svg.find(SVG + "desc"))
        assert "%.0f times, told %.3f on average, really so %.3f" % (
            b["n"], b["probability"], b["positive"]) in told


def check_coverage(figure, group):
    picture = Picture(figure)
    for kind, key in (("dot", "accuracy"), ("dot b", "macro_f1")):
        dots = picture.dots({kind})
        steps = [c for c in group["coverage"] if key in c]
        assert len(dots) == len(steps)
        for (x, y, said), c in zip(dots, steps):
            near(x, 100 * c["coverage"], 0.05, "coverage")
            near(y, c[key], 1e-4, key)
            assert "%.3f" % c[key] in said
    marks = [p for p in picture.svg.iter(SVG + "path")
             if p.get("class") == "sure"]
    unsure = group.get("unsure", {"below": 0})
    assert len(marks) == (unsure["below"] > 0)
    for p in marks:
        x, y = p.get("d")[1:].split("l")[0].split()
        near(picture.x(float(x)), 100 * (1 - unsure["part"]), 0.05, "unsure")
        # the path begins at the top of the diamond
        near(picture.y(float(y) + 7), unsure["accuracy_of_others"], 1e-4,
             "sure")


def check_curve(figure, label):
    picture = Picture(figure)
    points = picture.line()[1:]
    assert len(points) == len(label["curve"])
    for (x, y), p in zip(points, label["curve"]):
        near(x, p["recall"], 1e-4, "recall")
        near(y, p["precision"], 1e-4, "precision")
    for x, y, _ in picture.dots({"dot now"}):
        near(x, label["recall"], 1e-4, "recall now")
        near(y, label["precision"], 1e-4, "precision now")
    assert "AP %.3f" % label["average_precision"] in text(figure)


def check_micro(figure, group):
    """Of all decisions above 0.9, 0.8, …: precision and recall."""
    n = found = 0
    expected = []
    for b in reversed(group["reliability"]):
        n += b["n"]
        found += b["n"] * b["positive"]
        if n:
            expected.append((found, found / n))
    points = Picture(figure).line()
    assert len(points) == len(expected)
    for (x, y), (recall, precision) in zip(points, expected):
        near(x, recall / found, 1e-4, "micro recall")
        near(y, precision, 1e-4, "micro precision")


def check_matrix(table, order, matrix):
    head = [text(c) for c in table.iter(XHTML + "th")
            if c.get("scope") == "col"][:-1]
    rows = list(table.find(XHTML + "tbody"))
    assert [text(r[0]) for r in rows] == head
    for row in rows:
        gold = matrix[order.index(text(row[0]))]
        for told, cell in zip(head, row[1:-1]):
            got = 0 if text(cell) == "·" else int(text(cell))
            assert got == gold[order.index(told)], (text(row[0]), told)
        assert int(text(row[-1])) == sum(gold)


def check_counts(table, confusion):
    for row in table.find(XHTML + "tbody"):
        name, _, right, missed, wrong = [text(c) for c in row]
        (tp, fn), (fp, _) = confusion[name]
        assert [int(right), int(missed), int(wrong)] == [tp, fn, fp], name


def check_confusion(s, group):
    tables = [t for t in s.iter(XHTML + "table")
              if t.get("class") != "labels"]
    if isinstance(group["confusion"], dict):
        check_counts(tables[0], group["confusion"])
        return
    check_matrix(tables[0], group["order"], group["confusion"])
    names = [text(d.find(f".//{XHTML}bdi")) for d in s.iter(XHTML + "details")
             if d.get("class") == "topic"]
    for name, table in zip(names, tables[1:]):
        check_matrix(table, group["order"],
                     group["confusion_by_topic"][name])


def check_group(s, group):
    if not group["asked"]:
        assert not list(s.iter(XHTML + "table"))
        return
    shown = figures(s)
    check_labels(s, group)
    check_confusion(s, group)
    check_reliability(shown.pop("Can the probabilities be believed?"), group)
    check_coverage(shown.pop("How right is the surest part?"), group)
    check_micro(shown.pop("micro average"), group)
    assert len(shown) == min(12, sum(v["support"] > 0
                                     for v in group["labels"].values()))
    for name, figure in shown.items():
        check_curve(figure, group["labels"][name])


def main():
    root = check_shape(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8") as f:
        figures_of = json.load(f)
    for name in ("topics", "stances"):
        s = section(root, name.capitalize())
        assert (s is not None) == (name in figures_of), name
        if s is not None:
            check_group(s, figures_of[name])
    assert "%.3f" % figures_of["metric"]["value"] in re.sub(
        r"\s+", " ", text(root.find(f".//{XHTML}main")))


main()
