# ruff: noqa: E501 (cells as they stand in notebooks)
"""Test cells that use the world around: callbacks, streams, files, patches, databases, random numbers."""

from tests.grading.link.corpus import Case

CASES = [
    Case(
        "callback_and_its_errors",
        "def apply_all(f, xs, on_error=None):\n    out = []\n    for x in xs:\n        try:\n            out.append(f(x))\n        except ZeroDivisionError as e:\n            if on_error: on_error(x, e)\n    return out",
        "def apply_all(f, xs, on_error=None):\n    return [f(x) for x in xs if x]",
        "bad = []\nassert apply_all(lambda x: 6 // x, [1, 0, 3], on_error=lambda x, e: bad.append(x)) == [6, 2]\nassert bad == [0]",
    ),
    Case(
        "composition",
        "def compose(*fs):\n    def run(x):\n        for f in reversed(fs): x = f(x)\n        return x\n    return run",
        "def compose(*fs):\n    return fs[0]",
        "import math\ninc = lambda x: x + 1\nassert compose(inc, lambda x: x * 10)(4) == 41\nassert compose(str, math.floor)(2.7) == '2'\nassert compose()(3) == 3 if True else 0",
    ),
    Case(
        "callback_object_with_state",
        "def feed(sink, xs):\n    for x in xs:\n        sink.write(x)\n    sink.closed = True\n    return sink.count",
        "def feed(sink, xs):\n    return len(xs)",
        "class Sink:\n    def __init__(self):\n        self.got, self.count, self.closed = [], 0, False\n    def write(self, x):\n        self.got.append(x)\n        self.count += 1\n"
        "s = Sink()\nassert feed(s, 'ab') == 2\nassert s.got == ['a', 'b'] and s.closed is True",
    ),
    Case(
        "object_with_operators",
        "def total(items):\n    t = items[0]\n    for i in items[1:]:\n        t = t + i\n    return t\ndef biggest(items):\n    return max(items)",
        "def total(items):\n    return items[0]\ndef biggest(items):\n    return items[0]",
        "class W:\n    def __init__(self, g): self.g = g\n    def __add__(self, o): return W(self.g + o.g)\n    def __lt__(self, o): return self.g < o.g\n    def __gt__(self, o): return self.g > o.g\n"
        "assert total([W(1), W(2), W(3)]).g == 6\nb = W(9)\nassert biggest([W(1), b]) is b",
    ),
    Case(
        "object_with_protocols",
        "def show(bag):\n    with bag as b:\n        return [x for x in b], len(b), b['k'], 3 in b",
        "def show(bag):\n    return None",
        "class Bag:\n    def __enter__(self): self.open = True; return self\n    def __exit__(self, *a): self.open = False\n    def __iter__(self): return iter([1, 3])\n    def __len__(self): return 2\n"
        "    def __getitem__(self, k): return k * 2\n    def __contains__(self, x): return x == 3\nb = Bag()\nassert show(b) == ([1, 3], 2, 'kk', True)\nassert b.open is False",
    ),
    Case(
        "mock_object",
        "def notify(mailer, names):\n    for n in names:\n        mailer.send(to=n, text=f'Hi {n}')\n    return mailer.flush()",
        "def notify(mailer, names):\n    mailer.send(to=names[0], text='Hi')\n    return 1",
        "from unittest.mock import Mock, call\nm = Mock()\nm.flush.return_value = 2\nassert notify(m, ['a', 'b']) == 2\nassert m.send.call_count == 2\nm.send.assert_has_calls([call(to='a', text='Hi a'), call(to='b', text='Hi b')])\nm.flush.assert_called_once()",
    ),
    Case(
        "generator_as_argument",
        "def first_big(xs, limit):\n    for x in xs:\n        if x > limit: return x",
        "def first_big(xs, limit):\n    return max(xs)",
        "def numbers():\n    n = 0\n    while True:\n        n += 3\n        yield n\nassert first_big(numbers(), 10) == 12\nassert first_big(iter([1, 50]), 10) == 50\nassert first_big((x * x for x in range(9)), 30) == 36",
    ),
    Case(
        "patched_input",
        "def ask():\n    n = int(input('n? '))\n    m = int(input('m? '))\n    return n + m",
        "def ask():\n    return int(input('n? '))",
        "from unittest.mock import patch\nwith patch('builtins.input', side_effect=['4', '5']) as fake:\n    assert ask() == 9\nassert fake.call_count == 2\nfake.assert_any_call('n? ')",
    ),
    Case(
        "input_from_stdin",
        "def ask():\n    return input('name? ').strip().title()",
        "def ask():\n    return 'Ann Lee '",
        "import io, sys\nold = sys.stdin\nsys.stdin = io.StringIO('ann lee\\n')\ntry:\n    assert ask() == 'Ann Lee'\nfinally:\n    sys.stdin = old",
    ),
    Case(
        "patched_print",
        "def hello(n):\n    print('Hello', n, sep=', ')",
        "def hello(n):\n    print(f'Hello {n}')",
        "from unittest.mock import patch\nwith patch('builtins.print') as p:\n    hello('Ann')\np.assert_called_once_with('Hello', 'Ann', sep=', ')",
    ),
    Case(
        "printed_table",
        "def table(n):\n    for i in range(1, n + 1):\n        print(i, i * i, sep='\\t')",
        "def table(n):\n    return '1\\t1'",
        "import io\nfrom contextlib import redirect_stdout\nout = io.StringIO()\nwith redirect_stdout(out):\n    table(2)\nassert out.getvalue().splitlines() == ['1\\t1', '2\\t4']",
    ),
    Case(
        "stdout_swapped_by_hand",
        "def shout(s):\n    print(s.upper())",
        "def shout(s):\n    return s.upper()",
        "import io, sys\nold, sys.stdout = sys.stdout, io.StringIO()\ntry:\n    shout('hi')\n    text = sys.stdout.getvalue()\nfinally:\n    sys.stdout = old\nassert text == 'HI\\n'",
    ),
    Case(
        "warning_is_given",
        "import warnings\ndef old(x):\n    warnings.warn('use new', DeprecationWarning)\n    return x",
        "def old(x):\n    return x",
        "import pytest, warnings\nwith pytest.warns(DeprecationWarning, match='use new'):\n    assert old(1) == 1\nwith warnings.catch_warnings(record=True) as seen:\n    warnings.simplefilter('always')\n    old(2)\nassert len(seen) == 1",
    ),
    Case(
        "test_writes_learner_reads",
        "def count_lines(path):\n    with open(path) as f:\n        return sum(1 for line in f if line.strip())",
        "def count_lines(path):\n    return 3",
        "import os, tempfile\nwith tempfile.TemporaryDirectory() as d:\n    p = os.path.join(d, 'notes.txt')\n    with open(p, 'w') as f:\n        f.write('a\\n\\nb\\n')\n    assert count_lines(p) == 2\n"
        "with open('plain.txt', 'w') as f:\n    f.write('x')\nassert count_lines('plain.txt') == 1\nos.remove('plain.txt')",
    ),
    Case(
        "learner_writes_test_reads",
        "import json\ndef save(path, data):\n    with open(path, 'w') as f:\n        json.dump(data, f)\n    return path",
        "def save(path, data):\n    return path",
        "import json, pathlib, tempfile\nwith tempfile.TemporaryDirectory() as d:\n    p = pathlib.Path(d) / 'sub.json'\n    assert save(p, {'a': 1}) == p\n    assert json.loads(p.read_text()) == {'a': 1}\n"
        "save('out.json', [1])\nassert json.load(open('out.json')) == [1]",
    ),
    Case(
        "files_of_a_folder",
        "import os\ndef sizes(folder):\n    return {n: os.path.getsize(os.path.join(folder, n)) for n in sorted(os.listdir(folder))}",
        "def sizes(folder):\n    return {}",
        "import os, tempfile\nd = tempfile.mkdtemp()\nfor n, t in [('a.txt', 'xx'), ('b.txt', '')]:\n    with open(os.path.join(d, n), 'w') as f:\n        f.write(t)\nassert sizes(d) == {'a.txt': 2, 'b.txt': 0}",
    ),
    Case(
        "missing_file_is_told",
        "def load(path):\n    try:\n        return open(path).read()\n    except FileNotFoundError:\n        return None",
        "def load(path):\n    return open(path).read()",
        "assert load('nowhere.txt') is None",
    ),
    Case(
        "file_written_by_the_cell",
        "with open('report.md', 'w') as f:\n    f.write('# Report\\nok\\n')",
        "x = 1",
        "import os\nassert os.path.exists('report.md'), 'write report.md'\nassert open('report.md').read().startswith('# Report')",
    ),
    Case(
        "stream_as_argument",
        "import csv\ndef rows(stream):\n    return list(csv.DictReader(stream))\ndef dump(rows, stream):\n    for r in rows: stream.write(','.join(r) + '\\n')",
        "def rows(stream):\n    return []\ndef dump(rows, stream):\n    pass",
        "import io\nassert rows(io.StringIO('a,b\\n1,2\\n')) == [{'a': '1', 'b': '2'}]\nout = io.StringIO()\ndump([['x', 'y']], out)\nassert out.getvalue() == 'x,y\\n'",
    ),
    Case(
        "database_of_the_test",
        "def add(con, name):\n    con.execute('insert into people values (?)', (name,))\n    con.commit()\ndef names(con):\n    return [r[0] for r in con.execute('select name from people order by name')]",
        "def add(con, name):\n    pass\ndef names(con):\n    return []",
        "import sqlite3\ncon = sqlite3.connect(':memory:')\ncon.execute('create table people (name text)')\nadd(con, 'Zoe')\nadd(con, 'Al')\nassert names(con) == ['Al', 'Zoe']\nassert con.execute('select count(*) from people').fetchone() == (2,)",
    ),
    Case(
        "database_of_the_learner",
        "import sqlite3\ncon = sqlite3.connect(':memory:')\ncon.executescript('create table t(a, b); insert into t values (1, 2), (3, 4);')\nquery = 'select sum(b) from t where a > ?'",
        "import sqlite3\ncon = sqlite3.connect(':memory:')\ncon.executescript('create table t(a, b);')\nquery = 'select 6'",
        "import sqlite3\nassert isinstance(con, sqlite3.Connection)\nassert con.execute(query, (0,)).fetchone()[0] == 6\ncur = con.cursor()\ncur.execute('select a from t order by a')\nassert cur.fetchall() == [(1,), (3,)] and [c[0] for c in cur.description] == ['a']\ntry:\n    con.execute('select nope from t')\nexcept sqlite3.OperationalError as e:\n    assert 'nope' in str(e)\nelse:\n    assert False",
    ),
    Case(
        "regular_expressions",
        "import re\npattern = re.compile(r'^[A-Z]{2}\\d{6}[A-D]$')\ndef find(p, s):\n    return p.findall(s)",
        "import re\npattern = re.compile(r'[A-Z]{2}')\ndef find(p, s):\n    return []",
        "import re\nassert isinstance(pattern, re.Pattern) and pattern.match('AB123456C')\nassert not pattern.match('AB12') and pattern.match('AB123456C').group(0) == 'AB123456C'\nassert find(re.compile('[0-9]+'), 'a1b22') == ['1', '22']",
    ),
    Case(
        "numpy_seed_in_the_test",
        "import numpy as np\ndef roll(n):\n    return np.random.randint(1, 7, n)",
        "import numpy as np\ndef roll(n):\n    return np.full(n, 3)",
        "import numpy as np\nnp.random.seed(4)\na = roll(6)\nnp.random.seed(4)\nb = np.random.randint(1, 7, 6)\nassert (a == b).all() and a.min() >= 1",
        setup="import numpy as np",
    ),
    Case(
        "random_seed_in_the_test",
        "import random\ndef deal():\n    return random.sample(range(52), 5)",
        "def deal():\n    return [1, 2, 3, 4, 5]",
        "import random\nrandom.seed(1)\none = deal()\nrandom.seed(1)\nassert one == random.sample(range(52), 5)\nrandom.seed(2)\nassert deal() != one",
    ),
    Case(
        "random_source_as_argument",
        "def noise(rng, n):\n    return rng.normal(size=n)",
        "def noise(rng, n):\n    return [0.0] * n",
        "import numpy as np\nrng = np.random.default_rng(5)\nx, y = noise(rng, 2), noise(rng, 2)\nexpected = np.random.default_rng(5).normal(size=4)\nassert np.allclose(np.concatenate([x, y]), expected)",
        setup="import numpy as np",
    ),
    Case(
        "patched_random",
        "import random\ndef flip():\n    return 'heads' if random.random() < 0.5 else 'tails'",
        "def flip():\n    return 'heads'",
        "from unittest.mock import patch\nwith patch('random.random', return_value=0.1):\n    assert flip() == 'heads'\nwith patch('random.random', return_value=0.9):\n    assert flip() == 'tails'",
    ),
    Case(
        "unittest_inside",
        "def slug(s):\n    return '-'.join(s.lower().split())",
        "def slug(s):\n    return s.lower()",
        "import io, unittest\nclass TestSlug(unittest.TestCase):\n    def test_spaces(self):\n        self.assertEqual(slug('A b  C'), 'a-b-c')\n    def test_raises(self):\n        with self.assertRaises(AttributeError):\n            slug(5)\n"
        "suite = unittest.defaultTestLoader.loadTestsFromTestCase(TestSlug)\nresult = unittest.TextTestRunner(stream=io.StringIO()).run(suite)\nassert result.wasSuccessful() and result.testsRun == 2",
    ),
    Case(
        "partial_credit_loop",
        "def roman(n):\n    return {1: 'I', 4: 'IV', 9: 'IX'}[n]",
        "def roman(n):\n    return {1: 'I'}[n]",
        "points = 0\nfor n, want in [(1, 'I'), (4, 'IV'), (9, 'IX')]:\n    try:\n        points += roman(n) == want\n    except Exception:\n        pass\npoints / 3",
    ),
    Case(
        "timing_and_cache",
        "import functools\n@functools.lru_cache(maxsize=None)\ndef fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)",
        "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)",
        "import time\nstart = time.perf_counter()\nassert fib(90) == 2880067194370816120 if hasattr(fib, 'cache_info') else fib(12) == 0\nassert time.perf_counter() - start < 2\nassert fib.cache_info().hits > 0",
    ),
]
