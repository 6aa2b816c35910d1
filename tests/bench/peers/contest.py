"""Who is measured, round by round in turn, and what comes out of it. A goal is
that many times as fast as a contestant; it is one on the public sets only."""
import statistics

from peers.material import say


class Contestant:
    """once() judges `docs` documents and returns the seconds that took."""

    def __init__(self, name, docs, once, goal=None):
        self.name, self.docs, self.once, self.goal = name, docs, once, goal
        self.rates = []

    def rate(self):
        return statistics.median(self.rates)

    def spread(self):
        return (max(self.rates) - min(self.rates)) / self.rate()


class Row:
    """A setting; ours are the contestants that the others are held against."""

    def __init__(self, number, material, what, agreed, ours, others, note=''):
        self.number, self.agreed, self.note = number, agreed, note
        self.title = (f'{what}: {material.source} x {material.times}, '
                      f'{material.count:,} documents of {material.bytes} bytes')
        self.ours, self.others = ours, others
        for c in others:
            c.goal = c.goal if material.public else None

    def run(self, rounds):
        """In turn, so that what drifts hits all alike."""
        for i in range(rounds):
            for c in self.ours + self.others:
                say(f'row {self.number}, round {i + 1} of {rounds}: {c.name}')
                c.rates.append(c.docs / c.once())
        say()

    def ratios(self, our, other):
        return [a / b for a, b in zip(our.rates, other.rates)]

    def as_json(self):
        def one(c):
            return {'name': c.name, 'documents': c.docs,
                    'median': c.rate(), 'spread': c.spread(),
                    'rates': c.rates}
        return {'row': self.number, 'title': self.title, 'note': self.note,
                'agreed': self.agreed, 'vigie': [one(c) for c in self.ours],
                'peers': [dict(one(c), goal=c.goal, ratios={
                    our.name: {'median': statistics.median(
                        self.ratios(our, c)), 'rounds': self.ratios(our, c)}
                    for our in self.ours}) for c in self.others]}

    def lines(self):
        """Cells: name, documents, rate, spread, ratios, goal, reached."""
        for c in self.ours:
            yield [c.name, f'{c.docs:,}', number(c.rate()),
                   f'{c.spread():.0%}', '', '', '']
        for c in self.others:
            ratios = [statistics.median(self.ratios(our, c))
                      for our in self.ours]
            reached = c.goal and ('yes' if ratios[0] >= c.goal else 'no')
            yield [c.name, f'{c.docs:,}', number(c.rate()),
                   f'{c.spread():.0%}',
                   ' / '.join(factor(r) for r in ratios),
                   f'{c.goal:g} x' if c.goal else '', reached or '']


def number(x):
    return f'{x:,.0f}'


def factor(r):
    return f'{r:,.0f} x' if r >= 100 else f'{r:.3g} x'


HEAD = ['', 'documents', 'documents/s', 'spread', 'vigie is', 'goal', 'reached']


def as_text(rows):
    """For people: a table, columns aligned."""
    cells = [(r, list(r.lines())) for r in rows]
    every = [HEAD] + [line for _, lines in cells for line in lines]
    wide = [max(len(line[i]) for line in every) for i in range(len(HEAD))]
    out = ['   '.join([HEAD[0].ljust(wide[0])] + [
        h.rjust(w) for h, w in zip(HEAD[1:], wide[1:])])]
    for row, lines in cells:
        out += ['', f'{row.number}. {row.title}']
        out += ['   '.join([line[0].ljust(wide[0])] + [
            c.rjust(w) for c, w in zip(line[1:], wide[1:])]).rstrip()
            for line in lines]
        out += ['   agreed: ' + a for a in row.agreed]
        if row.note:
            out.append('   ' + row.note)
    return '\n'.join(out)


def as_markdown(rows):
    out = ['| ' + ' | '.join(HEAD) + ' |', '|---|' + '---:|' * (len(HEAD) - 1)]
    for row in rows:
        out.append(f'| **{row.number}. {row.title}** |' + ' |' *
                   (len(HEAD) - 1))
        out += ['| ' + ' | '.join(line) + ' |' for line in row.lines()]
    out += ['', 'What agreed, by row:', '']
    out += [f'- {row.number}: {a}' for row in rows for a in row.agreed]
    return '\n'.join(out)
