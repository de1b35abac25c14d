"""Tasks as authors set them and answers as people give them, from which whole notebooks are put together."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """One answer cell and its test cell. `answers` are what people hand in besides the solution."""

    name: str
    given: str  # above the solution, in the same cell
    solution: str
    test: str
    hidden: str
    answers: tuple[str, ...]
    setup: str = ""  # a locked cell above


@dataclass(frozen=True)
class Scored:
    """The same, where the value of the test cell is the score out of 4."""

    name: str
    given: str  # above the solution, in the same cell
    solution: str
    test: str
    answers: tuple[str, ...]


TASKS = (
    Task(
        name="evens",
        given="def evens(numbers):",
        solution="    return [n for n in numbers if n % 2 == 0]",
        test="assert evens([1, 2, 3, 4]) == [2, 4], 'Keep the even ones.'",
        hidden="assert evens([]) == []\nassert evens([-2, 7]) == [-2]",
        answers=(
            "    return [n for n in numbers if n % 2]",
            "    return (n for n in numbers if n % 2 == 0)",
            "    return [2, 4]",
            "    return numbers[1::2]",
            "    numbers.sort()\n    return [n for n in numbers if n % 2 == 0]",
        ),
    ),
    Task(
        name="initials",
        given="def initials(name):",
        solution="    return ''.join(part[0].upper() for part in name.split())",
        test="assert initials('ada lovelace') == 'AL'",
        hidden="assert initials('') == ''\nassert initials('  grace   hopper ') == 'GH'",
        answers=(
            "    return name[0].upper() + name[name.index(' ') + 1].upper()",
            "    return ''.join(part[0] for part in name.split(' '))",
            "    print(name)\n    return 'AL'",
            "    first, last = name.split()\n    return (first[0] + last[0]).upper()",
        ),
    ),
    Task(
        name="share",
        given="def share(part, whole):",
        solution="    return round(part / whole, 2) if whole else 0.0",
        test="assert share(1, 4) == 0.25",
        hidden="assert share(1, 3) == 0.33, 'Round to two places.'\nassert share(1, 0) == 0.0",
        answers=(
            "    return part / whole",
            "    return f'{part / whole:.2f}'",
            "    try:\n        return round(part / whole, 2)\n    except ZeroDivisionError:\n        return 0.0",
            "    import warnings\n    warnings.warn('rounded')\n    return round(part / whole, 2) if whole else 0.0",
        ),
    ),
    Task(
        name="counts",
        given="def counts(words):",
        solution=(
            "    found = {}\n    for word in words:\n        found[word] = found.get(word, 0) + 1\n    return found"
        ),
        test="assert counts(['a', 'b', 'a']) == {'a': 2, 'b': 1}",
        hidden="assert counts([]) == {}\nassert list(counts(['z', 'a'])) == ['z', 'a'], 'Keep their order.'",
        answers=(
            "    from collections import Counter\n    return Counter(words)",
            "    return {word: words.count(word) for word in sorted(set(words))}",
            "    return {word: 1 for word in words}",
            "    global seen\n    seen = {}\n    for word in words:\n        seen[word] = seen.get(word, 0) + 1\n"
            "    return seen",
        ),
    ),
    Task(
        name="account",
        given="class Account:",
        solution=(
            "    def __init__(self, balance=0):\n        self.balance = balance\n\n    def pay(self, amount):\n"
            "        if amount > self.balance:\n            raise ValueError('not enough')\n"
            "        self.balance -= amount\n        return self"
        ),
        test="assert Account(5).pay(2).balance == 3",
        hidden=(
            "try:\n    Account(1).pay(2)\nexcept ValueError as problem:\n    assert 'enough' in str(problem)\n"
            "else:\n    raise AssertionError('Refuse what is not there.')\n"
            "first, second = Account(), Account(3)\nassert (first.balance, second.balance) == (0, 3)"
        ),
        answers=(
            "    balance = 0\n\n    def pay(self, amount):\n        self.balance -= amount\n        return self",
            "    def __init__(self, balance=0):\n        self.balance = balance\n\n    def pay(self, amount):\n"
            "        self.balance -= amount\n        return self",
            "    def __init__(self, balance=0):\n        self.balance = balance\n\n    def pay(self, amount):\n"
            "        assert amount <= self.balance, 'not enough'\n        self.balance -= amount\n        return self",
        ),
    ),
    Task(
        name="fib",
        given="def fib(n):",
        solution="    a, b = 0, 1\n    for _ in range(n):\n        a, b = b, a + b\n    return a",
        test="assert [fib(n) for n in range(6)] == [0, 1, 1, 2, 3, 5]",
        hidden="assert fib(90) == 2880067194370816120",
        answers=(
            "    return n if n < 2 else fib(n - 1) + fib(n - 2) if n < 15 else 0",
            "    return fib(n - 1) + fib(n - 2)",
            "    return [0, 1, 1, 2, 3, 5][n]",
            "    return round(1.618033988749895 ** n / 5 ** 0.5)",
        ),
    ),
    Task(
        name="mean_of",
        setup="import numpy as np",
        given="def mean_of(table):",
        solution="    return np.nanmean(np.asarray(table, dtype=float), axis=0)",
        test="assert np.allclose(mean_of([[1, 2], [3, 4]]), [2, 3])",
        hidden="assert np.allclose(mean_of([[1, np.nan], [3, 4]]), [2, 4])\nassert mean_of([[1]]).shape == (1,)",
        answers=(
            "    return np.mean(table, axis=0)",
            "    return np.mean(table, axis=1)",
            "    return [sum(column) / len(column) for column in zip(*table)]",
            "    return np.nanmean(table)",
        ),
    ),
    Task(
        name="late",
        setup=("import pandas as pd\n\nclaims = pd.DataFrame({'office': list('aabbc'), 'days': [3, 40, 5, 6, None]})"),
        given="def late(table, limit=30):",
        solution="    return table.loc[table['days'] > limit].reset_index(drop=True)",
        test="assert late(claims)['office'].tolist() == ['a']",
        hidden=(
            "assert list(late(claims, 4).index) == [0, 1, 2]\nassert len(claims) == 5, 'Leave the table as it is.'\n"
            "assert late(claims, 100).columns.tolist() == ['office', 'days']"
        ),
        answers=(
            "    return table[table['days'] > limit]",
            "    return table.query('days >= @limit').reset_index(drop=True)",
            "    table.dropna(inplace=True)\n    return table.loc[table['days'] > limit].reset_index(drop=True)",
            "    return table.drop(table[table.days <= limit].index)",
            "    return table[table.dys > limit]",
        ),
    ),
    Task(
        name="by_office",
        setup="import pandas as pd\n\nvisits = pd.DataFrame({'office': list('abab'), 'hours': [1.0, 2.0, 3.0, 5.0]})",
        given="by_office = None",
        solution="by_office = visits.groupby('office')['hours'].sum()",
        test="assert by_office['a'] == 4",
        hidden="assert by_office.name == 'hours'\nassert by_office.sort_index().tolist() == [4.0, 7.0]",
        answers=(
            "by_office = visits.groupby('office').sum()",
            "by_office = {'a': 4.0, 'b': 7.0}",
            "by_office = visits.groupby('office')['hours'].mean()",
            "by_office = pd.Series([4, 7], index=['a', 'b'])",
        ),
    ),
    Task(
        name="apply_all",
        given="def apply_all(functions, value):",
        solution="    for function in functions:\n        value = function(value)\n    return value",
        test="assert apply_all([abs, str], -3) == '3'",
        hidden="calls = []\napply_all([calls.append], 4)\nassert calls == [4]\nassert apply_all([], 7) == 7",
        answers=(
            "    return [function(value) for function in functions]",
            "    return functions[-1](functions[0](value))",
            "    from functools import reduce\n    return reduce(lambda held, each: each(held), functions, value)",
        ),
    ),
    Task(
        name="grow",
        given="def grow(items, more=[]):",
        solution="    return [*items, *more]",
        test="box = [1]\nassert grow(box, [2]) == [1, 2]",
        hidden="assert box == [1], 'Make a new list.'\nassert grow([]) == []",
        answers=(
            "    items += more\n    return items",
            "    more.extend(items)\n    return more",
            "    return items + list(more)",
        ),
    ),
    Task(
        name="shout",
        given="def shout(words):",
        solution="    for word in words:\n        print(word.upper())",
        test=(
            "import contextlib, io\n\nheard = io.StringIO()\n"
            "with contextlib.redirect_stdout(heard):\n    shout(['a', 'b'])\n"
            "assert heard.getvalue() == 'A\\nB\\n'"
        ),
        hidden="assert shout([]) is None",
        answers=(
            "    print(*words)",
            "    return '\\n'.join(words).upper()",
            "    print('\\n'.join(words).upper())",
        ),
    ),
    Task(
        name="parse",
        given="def parse(text):",
        solution="    key, _, value = text.partition('=')\n    return key.strip(), int(value)",
        test="assert parse('a = 4') == ('a', 4)",
        hidden=(
            "try:\n    parse('a')\nexcept ValueError:\n    pass\n"
            "else:\n    assert False, 'A text without a number is an error.'"
        ),
        answers=(
            "    key, value = text.split(' = ')\n    return key, int(value)",
            "    return text[0], int(text[-1])",
            "    key, _, value = text.partition('=')\n    return [key.strip(), int(value)]",
            "    import re\n    return re.match(r'(\\w+) = (\\d+)', text).groups()",
        ),
    ),
)
SCORED = (
    Scored(
        name="double",
        given="def double(x):",
        solution="    return 2 * x",
        test=(
            "points = 0\nfor given, wanted in ((1, 2), (0, 0), (-3, -6), ('a', 'aa')):\n"
            "    points += double(given) == wanted\npoints"
        ),
        answers=("    return x + 2", "    return int(2 * x)", "    return x ** 2", "    return abs(x) * 2"),
    ),
    Scored(
        name="letters",
        given="def letters(text):",
        solution="    return sorted(set(text.lower()) - {' '})",
        test=(
            "right = [letters('b A'), letters(''), letters('cc'), letters('Z z')]\n"
            "sum(one == two for one, two in zip(right, (['a', 'b'], [], ['c'], ['z'])))"
        ),
        answers=(
            "    return sorted(text)",
            "    return sorted(set(text))",
            "    return set(text.lower())",
            "    return list('ab')",
        ),
    ),
)
