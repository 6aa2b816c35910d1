"""explain_page.py <PAGE: the page of `vigie explain --html`, its shape checked,
as JSON: of each article its name, its place and its sections; of a section its
name, the numbers it gives, the texts it tints and the words it lists."""
import html.parser
import json
import sys

VOID = {"meta", "br"}
ELEMENTS = VOID | {
    "html", "head", "title", "style", "body", "header", "main", "h1", "h2",
    "h3", "p", "ol", "li", "a", "b", "span", "article", "section", "details",
    "summary", "dl", "dt", "dd", "div", "table", "caption", "tr", "th", "td"}
ATTRIBUTES = {"lang", "charset", "name", "content", "http-equiv", "class",
              "dir", "href", "id", "style", "title"}


class Element:
    def __init__(self, tag, attributes):
        self.tag = tag
        self.attributes = attributes
        self.classes = (attributes.get("class") or "").split()
        self.inside = []  # elements and texts in their order

    def text(self):
        return "".join(c if isinstance(c, str) else c.text()
                       for c in self.inside)

    def all(self, tag, *classes):
        for c in self.inside:
            if isinstance(c, str):
                continue
            if c.tag == tag and set(classes) <= set(c.classes):
                yield c
            yield from c.all(tag, *classes)

    def one(self, tag, *classes):
        found = list(self.all(tag, *classes))
        assert len(found) == 1, (self.tag, tag, classes, len(found))
        return found[0]


class Page(html.parser.HTMLParser):
    """A tree of what is opened, and closed in its order."""

    def __init__(self):
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]
        self.ids, self.links = [], []

    def handle_decl(self, decl):
        assert decl == "DOCTYPE html" and not self.root.inside, decl

    def handle_comment(self, data):
        raise AssertionError("a comment: " + data)

    def handle_pi(self, data):
        raise AssertionError("an instruction: " + data)

    def unknown_decl(self, data):
        raise AssertionError("a declaration: " + data)

    def handle_startendtag(self, tag, attrs):
        raise AssertionError(f"<{tag}/>")

    def handle_starttag(self, tag, attrs):
        assert tag in ELEMENTS, tag
        e = Element(tag, dict(attrs))
        assert len(e.attributes) == len(attrs), (tag, attrs)
        for name, value in attrs:
            assert name in ATTRIBUTES and value, (tag, name, value)
        if "id" in e.attributes:
            self.ids.append(e.attributes["id"])
        if "href" in e.attributes:
            self.links.append(e.attributes["href"])
        self.open[-1].inside.append(e)
        if tag not in VOID:
            self.open.append(e)

    def handle_endtag(self, tag):
        assert self.open.pop().tag == tag, f"</{tag}>"

    def handle_data(self, data):
        self.open[-1].inside.append(data)


def read(page):
    parser = Page()
    parser.feed(page)
    parser.close()
    assert parser.open == [parser.root], parser.open[-1].tag + " stays open"
    assert len(parser.ids) == len(set(parser.ids)), "an id twice"
    assert parser.links == ["#" + i for i in parser.ids], "the index"
    return parser.root


def check_shape(page):
    root = page.one("html")
    assert root.attributes["lang"]
    assert root.one("title").text().strip() and root.one("h1").text().strip()
    metas = [m.attributes for m in root.all("meta")]
    assert any(m.get("charset") == "utf-8" for m in metas)
    assert any("default-src 'none'" in m["content"] for m in metas
               if m.get("http-equiv") == "Content-Security-Policy")
    style = root.one("style").text()
    assert style.count("{") == style.count("}") > 10
    assert "url(" not in style and "@import" not in style
    for table in root.all("table"):
        widths = {len([c for c in row.inside if not isinstance(c, str)])
                  for row in table.all("tr")}
        assert len(widths) <= 1, widths


def number(e):
    return float(e.text())


def shares(section):
    """What each tinted word adds, as its title says; its tint fits that."""
    found = []
    for p in section.all("p", "read"):
        for span in p.all("span"):
            share = float(span.attributes["title"])
            name, tint = span.attributes["style"].split(":")
            assert name == "--a" and 0 <= float(tint) <= 0.75, tint
            assert span.classes == ["u" if share > 0 else "d"], span.classes
            assert span.text(), "nothing is tinted"
            found.append((share, float(tint)))
    heaviest = max((abs(s) for s, _ in found), default=0)
    for share, tint in found:
        assert abs(tint - 0.75 * abs(share) / heaviest) < 0.006, (share, tint)
    return [s for s, _ in found]


def field(section, name):
    return "".join(p.text() for p in section.all("p", "read", name))


def listed(section, side):
    """The numbers of a table of words, the heaviest first."""
    rows = list(section.one("table", side).all("tr"))
    assert all(next(row.all("td")).text() for row in rows)
    v = [number(row.one("td", "n")) for row in rows]
    assert v == sorted(v, key=abs, reverse=True), v
    return v


def tell(name, section):
    return {"name": name,
            "decision": number(section.one("dd", "decision")),
            "intercept": number(section.one("dd", "intercept")),
            "shares": shares(section),
            "title": field(section, "title"),
            "text": field(section, "text"),
            "for": listed(section, "for"),
            "against": listed(section, "against")}


def sections(article):
    """A topic and its stance are headed; behind a summary the other stances."""
    for e in article.inside:
        if isinstance(e, str):
            continue
        if e.tag == "section":
            yield tell(e.one("h3").text(), e)
        elif e.tag == "details":
            yield tell(e.one("summary").text(), e.one("section"))


def main():
    page = read(sys.stdin.buffer.read().decode())
    check_shape(page)
    articles = list(page.one("main").all("article"))
    names = [a.one("h2").text() for a in articles]
    assert names == [a.text() for a in page.one("ol").all("a")]
    told = []
    for name, a in zip(names, articles):
        place = next(a.all("p", "small"))
        assert place.inside[1].tag == "br"
        told.append({"name": name, "place": place.inside[0],
                     "sections": list(sections(a))})
    json.dump(told, sys.stdout, ensure_ascii=False)


main()
