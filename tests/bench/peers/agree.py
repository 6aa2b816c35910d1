"""Do they say the same? Asked before anything is timed; who differs ends it."""
import csv
import json
import subprocess
import sys
import tempfile

from peers.material import HERE, call, say

# Two solvers stop when they are near enough; a document that is that near to the
# border they may tell apart. Other features would differ by more than VALUES.
SAME_MODEL, NEARLY, VALUES = 0.999, 0.99, 1e-3


def records(vigie, bundle, path, *options):
    """What vigie writes of each document: labels, and scores when asked."""
    with tempfile.NamedTemporaryFile(suffix='.jsonl') as out:
        call(vigie, 'run', '--quiet', *options, '--model', bundle, '--output',
             out.name, path)
        found = {}
        for line in open(out.name, encoding='utf-8'):
            r = json.loads(line)
            found[r['input']['id']] = (sorted(t['topic'] for t in r['topics']),
                                       r.get('scores'))
        return found


def explained(vigie, bundle, path):
    """The same by the path that keeps all that it has seen."""
    found = {}
    for line in call(vigie, 'explain', '--all', '--json', '--model', bundle,
                     path).splitlines():
        r = json.loads(line)
        found[r['input']['id']] = (
            sorted(t['topic'] for t in r['topics'] if t['given']),
            {t['topic']: t['evidence']['decision'] for t in r['topics']})
    return found


def must(holds, sentence):
    if not holds:
        sys.exit(f'The answers do not agree: {sentence}')
    return sentence


def paths(vigie, bundle, material):
    """vigie with itself: with and without scores, and as it explains. Its labels
    and scores by document, and the sentence."""
    say(f'{material.name}: vigie beside itself')
    quick = records(vigie, bundle, material.once)
    full = records(vigie, bundle, material.once, '--scores')
    same = sum(quick[k][0] == full[k][0] for k in full)
    some = material.head(300 if material.one_of else 50)
    slow = explained(vigie, bundle, some)
    bits = sum(full[k.rsplit('.', 1)[0]] == slow[k] for k in slow)
    return full, must(
        same == len(full) == len(quick) == material.unique and
        bits == len(slow),
        f'vigie with and without scores, {same} of {material.unique} '
        f'documents have the same labels; as it explains them, {bits} of '
        f'{len(slow)} the same labels and decision values to the bit')


def sklearn(model, material, ours):
    say(f'{material.name}: scikit-learn beside vigie')

    def told(*options):
        return {d['id']: (sorted(d['labels']), d['scores']) for d in map(
            json.loads, call(sys.executable, HERE / 'sklearn_judge.py', 'tell',
                             model, material.once, *options).splitlines())}

    def share(theirs):
        return sum(theirs[k][0] == ours[k][0] for k in ours) / len(ours)

    apart, joined = told(), told('--joined')
    worst = max(abs(apart[k][1][label] - value) for k in ours
                for label, value in ours[k][1].items())
    return must(
        share(apart) >= SAME_MODEL and share(joined) >= NEARLY and
        worst <= VALUES,
        f'scikit-learn, which learnt from the same terms by itself, has the '
        f'same labels in {share(apart):.3%} of {len(ours)} documents (decision '
        f'values differ by {worst:.1g} at most); where it reads title and text '
        f'as one, which is timed, in {share(joined):.3%}')


def svm(folder, material, ours, count):
    """svm-predict by vigie's own machines, as `vigie model export` wrote."""
    say(f'{material.name}: svm-predict beside vigie')
    with open(folder / 'labels.tsv', encoding='utf-8') as rows:
        names = {r['label']: r['topic'] for r in csv.DictReader(
            rows, delimiter='\t', quoting=csv.QUOTE_NONE)
            if r['file'] == 'topics'}
    with open(folder / 'topics.svm', encoding='utf-8') as file:
        vectors = [line for line, _ in zip(file, range(count))]
    with open(folder / 'documents.tsv', encoding='utf-8') as file:
        ids = [line.rstrip('\n').split('\t')[1] for line in file][1:]
    with tempfile.NamedTemporaryFile('w') as some, \
            tempfile.NamedTemporaryFile('r') as out:
        some.writelines(vectors)
        some.flush()
        subprocess.run(['svm-predict', '-q', some.name,
                        folder / 'topics.model', out.name], check=True)
        got = out.read().split()
    same = sum([names[a]] == ours[k][0] for a, k in zip(got, ids))
    return must(same == len(got) == len(vectors),
                f"svm-predict by vigie's exported machines has the same label "
                f'in {same} of {len(vectors)} documents')
