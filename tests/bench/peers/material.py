"""What is judged, and by which models: made once, kept for the next time."""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
RECIPES = HERE.parent / 'recipes'
CORPUS = ROOT / 'models' / 'cloud' / 'corpus'
# Up when documents are cut or written otherwise, so that all is made anew.
SHAPE = 1
TOKEN = re.compile(r'(?u)\b\w\w+\b')

# The file, the field of its labels, and how often it is judged over.
SETS = {'short': ('agnews.train.jsonl', 'label', 16),
        'long': ('reuters.train.jsonl', 'labels', 7)}


def say(*words):
    if sys.stderr.isatty():
        print('\r\033[K' + ' '.join(words), end='', file=sys.stderr, flush=True)


def call(*command, **more):
    """What it writes; if it fails, what it complained of, and the end."""
    done = subprocess.run([str(c) for c in command], capture_output=True,
                          text=True, **more)
    if done.returncode:
        sys.exit(f'{command[0]} failed: {done.stderr.strip()[-2000:]}')
    return done.stdout


def sha(*parts):
    h = hashlib.sha256()
    for part in parts:
        h.update(part if isinstance(part, bytes) else str(part).encode())
    return h.hexdigest()[:16]


def read(path):
    with open(path, encoding='utf-8') as file:
        return [json.loads(line) for line in file]


def write(path, docs):
    with open(path, 'w', encoding='utf-8') as file:
        for d in docs:
            file.write(json.dumps(d, ensure_ascii=False) + '\n')


def head(path, out, count):
    """So many lines of a file, from the first on."""
    with open(path, 'rb') as file, open(out, 'wb') as copy:
        copy.writelines(line for line, _ in zip(file, range(count)))


def shipped(name):
    """The corpus of the shipped model in the shape of a set: one label and the
    first 200 letters, or all labels and the whole text."""
    for d in (d for path in sorted(CORPUS.glob('*.jsonl')) for d in read(path)):
        topics = sorted(d['topics'])
        new = {'id': d['id'], 'title': d.get('title'), 'text': d['text']}
        if name == 'short':
            new.update(text=d['text'][:200], label=(topics or ['none'])[0])
        else:
            new['labels'] = topics
        yield new


def plain(d):
    """A document as fastText reads it: the words that the others see."""
    text = f"{d.get('title') or ''} {d['text']}"
    return ' '.join(TOKEN.findall(text.lower()))


class Material:
    """A set: its documents once and many times over, and models of them. All
    is in a folder of its own that is named after what it was made of."""

    def __init__(self, name, data, cache, quick):
        file, field, self.times = SETS[name]
        path = data / file if data else None
        self.name, self.field, self.one_of = name, field, field == 'label'
        self.public = bool(path and path.exists())
        docs = read(path) if self.public else list(shipped(name))
        self.source = file if self.public else 'models/cloud/corpus'
        if not self.public:
            self.times = 10
        elif quick:
            self.times = max(2, self.times // 4)
        self.unique = len(docs)
        self.count = self.unique * self.times
        self.of = sha(json.dumps(docs), SHAPE)
        self.folder = cache / f'{name}-{self.of}'
        self.folder.mkdir(parents=True, exist_ok=True)
        self.once = self.made('once.jsonl', lambda p: write(p, docs))
        self.many = self.made(f'x{self.times}.jsonl', lambda p: write(p, (
            dict(d, id=f"{d['id']}.{i}") for i in range(self.times)
            for d in docs)))
        self.bytes = sum(len((d.get('title') or '').encode()) +
                         len(d['text'].encode()) for d in docs) // len(docs)

    def made(self, name, make, key=''):
        """The file of this name; made first unless it is there."""
        stem, dot, ending = name.partition('.')
        path = self.folder / f"{stem}{'-' + key if key else ''}{dot}{ending}"
        if not path.exists():
            say(f'{self.name}: making {name}')
            new = path.with_name('new-' + path.name)
            make(new)
            os.replace(new, path)
        return path

    def head(self, count):
        """So many of the documents, from the first on."""
        return self.made(f'first{count}.jsonl',
                         lambda path: head(self.many, path, count))

    def text(self):
        """What fastText judges."""
        def make(path):
            with open(path, 'w', encoding='utf-8') as out:
                lines = [plain(d) + '\n' for d in read(self.once)]
                for _ in range(self.times):
                    out.writelines(lines)
        return self.made(f'x{self.times}.txt', make)

    def kept(self, vigie, recipe):
        """Where a model by a recipe is kept, and whether one is there that
        this vigie will judge by."""
        key = sha((RECIPES / (recipe + '.yaml')).read_bytes())
        path = self.folder / f'{recipe}-{key}.vigie'
        return path, path.exists() and subprocess.run(
            [vigie, 'run', '--quiet', '--model', path, self.head(1)],
            check=False, capture_output=True).returncode == 0

    def bundle(self, vigie, recipe):
        path, good = self.kept(vigie, recipe)
        if not good:
            say(f'{self.name}: training by {recipe}.yaml')
            new = path.with_name('new-' + path.name)
            call(vigie, 'train', RECIPES / (recipe + '.yaml'), '--data',
                 self.once, '--output', new)
            os.replace(new, path)
        return path

    def exported(self, vigie, bundle):
        """A folder: the bundle and the documents as files of LIBSVM's."""
        key = sha(bundle.read_bytes(), call(vigie, '--version'))

        def make(new):
            shutil.rmtree(new, ignore_errors=True)
            call(vigie, 'model', 'export', '--libsvm', bundle, '--output', new,
                 '--data', self.once)
        return self.made(bundle.stem + '.libsvm', make, key)

    def fasttext(self):
        """A model of fastText's: dim 10, words 1-2."""
        def make(new):
            lines = new.with_suffix('.labelled')
            with open(lines, 'w', encoding='utf-8') as out:
                for d in read(self.once):
                    names = d['labels'] if 'labels' in d else [d['label']]
                    marks = ' '.join('__label__' + n.replace(' ', '-')
                                     for n in names)
                    if marks:
                        out.write(f'{marks} {plain(d)}\n')
            call('fasttext', 'supervised', '-input', lines, '-output',
                 new.with_suffix(''), '-dim', 10, '-wordNgrams', 2)
            lines.unlink()
            new.with_suffix('.vec').unlink()
        return self.made('fasttext.bin', make)

    def sklearn(self, chars=False):
        script = HERE / 'sklearn_judge.py'
        key = sha(script.read_bytes(), call(
            sys.executable, '-c', 'import sklearn; print(sklearn.__version__)'))
        return self.made(
            'sklearn-chars.joblib' if chars else 'sklearn.joblib',
            lambda new: call(sys.executable, script, 'train', self.once, new,
                             *(['--chars'] if chars else [])), key)

    def svm(self, vectors, kernel):
        """A model of svm-train's on exported vectors; 0 linear, 2 RBF."""
        name = {0: 'linear', 2: 'rbf'}[kernel]
        key = sha(vectors.read_bytes())
        return self.made(
            f'svm-train-{name}.model',
            lambda new: call('svm-train', '-q', '-t', kernel, '-g', 1, '-c', 1,
                             '-m', 1000, vectors, new), key)
