# ruff: noqa: E501 (cells as they stand in notebooks)
"""Test cells about Python itself: names, identity, classes, exceptions, iterators."""

from tests.grading.link.corpus import Case

SQUARES = "def squares(n):\n    return [i * i for i in range(1, n + 1)]\ndef total(n):\n    return sum(squares(n))"
STACK = """
class Stack:
    def __init__(self):
        self.items = []
    def push(self, x):
        self.items.append(x)
        return self
    def pop(self):
        if not self.items:
            raise IndexError("empty stack")
        return self.items.pop()
    def __len__(self):
        return len(self.items)
    def __contains__(self, x):
        return x in self.items
    def __iter__(self):
        return iter(list(self.items))
    def __bool__(self):
        return bool(self.items)
    def __getitem__(self, i):
        return self.items[i]
"""
VECTOR = """
class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)
    def __mul__(self, k):
        return Vector(self.x * k, self.y * k)
    __rmul__ = __mul__
    def __eq__(self, other):
        return isinstance(other, Vector) and (self.x, self.y) == (other.x, other.y)
    def __hash__(self):
        return hash((self.x, self.y))
    def __abs__(self):
        return (self.x ** 2 + self.y ** 2) ** 0.5
    def __neg__(self):
        return Vector(-self.x, -self.y)
    def __repr__(self):
        return f"Vector({self.x}, {self.y})"
    def __bool__(self):
        return self.x != 0 or self.y != 0
"""
ANIMALS = """
from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self): ...
    def describe(self): return f"{type(self).__name__} of {self.area()}"
class Square(Shape):
    def __init__(self, side): self.side = side
    def area(self): return self.side ** 2
class Ring(Shape):
    def area(self): return 3
"""
FUNDS = """
class NoFunds(Exception):
    code = 7
    def __init__(self, need, have):
        super().__init__(f"need {need}, have {have}")
        self.need, self.have = need, have
    def gap(self): return self.need - self.have
def pay(need, have):
    if need > have: raise NoFunds(need, have)
    return have - need
"""

CASES = [
    Case(
        "deleted_helper_is_missed",
        SQUARES,
        SQUARES.replace("sum(squares(n))", "n * (n + 1) * (2 * n + 1) // 6"),
        "assert total(3) == 14\nkept = squares\ndel squares\ntry:\n    total(2)\nexcept NameError:\n    pass\nelse:\n"
        "    raise AssertionError('total has to call squares')\nfinally:\n    squares = kept\nassert total(4) == 30",
    ),
    Case(
        "replaced_helper_is_called",
        SQUARES,
        SQUARES.replace("sum(squares(n))", "sum(i * i for i in range(1, n + 1))"),
        "kept = squares\nsquares = lambda n: [10, 20]\ntry:\n    assert total(9) == 30\nfinally:\n    squares = kept\n"
        "assert total(2) == 5",
    ),
    Case(
        "patched_global_of_main",
        "def rate():\n    return 2\ndef price(x):\n    return x * rate()",
        "def rate():\n    return 2\ndef price(x):\n    return x * 2",
        "from unittest.mock import patch\nwith patch('__main__.rate', return_value=5) as fake:\n    assert price(3) == 15\n"
        "fake.assert_called_once_with()\nassert price(3) == 6",
    ),
    Case(
        "constant_set_by_the_test",
        "LIMIT = 10\ndef over(x):\n    return x > LIMIT",
        "LIMIT = 10\ndef over(x):\n    return x > 10",
        "assert over(11) and not over(10)\nLIMIT = 100\nassert not over(50)",
    ),
    Case(
        "same_list_comes_back",
        "def add(x, xs):\n    xs.append(x)\n    return xs",
        "def add(x, xs):\n    return xs + [x]",
        "a = [1]\nb = add(2, a)\nassert b is a and id(b) == id(a)\nassert a == [1, 2]",
    ),
    Case(
        "copy_is_another_list",
        "def sorted_copy(xs):\n    return sorted(xs)",
        "def sorted_copy(xs):\n    xs.sort()\n    return xs",
        "a = [3, 1]\nb = sorted_copy(a)\nassert b == [1, 3]\nassert b is not a and a == [3, 1]",
    ),
    Case(
        "default_list_is_not_shared",
        "def push(x, xs=None):\n    xs = [] if xs is None else xs\n    xs.append(x)\n    return xs",
        "def push(x, xs=[]):\n    xs.append(x)\n    return xs",
        "first = push(1)\nsecond = push(2)\nassert first == [1]\nassert second == [2]\nassert first is not second",
    ),
    Case(
        "instances_do_not_share_a_list",
        "class Cart:\n    def __init__(self):\n        self.items = []\n    def add(self, x):\n        self.items.append(x)",
        "class Cart:\n    items = []\n    def add(self, x):\n        self.items.append(x)",
        "a, b = Cart(), Cart()\na.add('x')\nassert a.items == ['x']\nassert a.items is not b.items\nassert b.items == []",
    ),
    Case(
        "rows_of_a_grid_are_their_own",
        "def grid(n):\n    return [[0] * n for _ in range(n)]",
        "def grid(n):\n    return [[0] * n] * n",
        "g = grid(3)\ng[0][0] = 9\nassert g[1][0] == 0 and g[0] is not g[1]",
    ),
    Case(
        "nested_list_is_changed_in_place",
        "def clear_diagonal(m):\n    for i, row in enumerate(m):\n        row[i] = 0",
        "def clear_diagonal(m):\n    m = [list(r) for r in m]\n    for i, row in enumerate(m):\n        row[i] = 0",
        "row = [1, 2]\nm = [row, [3, 4]]\nclear_diagonal(m)\nassert m == [[0, 2], [3, 0]]\nassert m[0] is row and row == [0, 2]",
    ),
    Case(
        "constructor_copies_its_argument",
        "class Bag:\n    def __init__(self, xs):\n        self.xs = list(xs)",
        "class Bag:\n    def __init__(self, xs):\n        self.xs = xs",
        "mine = [1, 2]\nb = Bag(mine)\nmine.append(3)\nassert b.xs == [1, 2], 'copy the list'",
    ),
    Case(
        "attribute_changed_from_outside",
        "class Shop:\n    def __init__(self):\n        self.stock = {}\n    def total(self):\n        return sum(self.stock.values())",
        "class Shop:\n    def __init__(self):\n        self.stock = {}\n    def total(self):\n        return 0",
        "s = Shop()\ns.stock['tea'] = 3\ns.stock['jam'] = 4\nassert s.total() == 7",
    ),
    Case(
        "global_dict_filled_by_calls",
        "book = {}\ndef enter(k, v):\n    book[k] = v",
        "book = {}\ndef enter(k, v):\n    book = {k: v}",
        "seen = book\nenter('a', 1)\nenter('b', 2)\nassert book == {'a': 1, 'b': 2}\nassert seen is book",
    ),
    Case(
        "dir_and_globals",
        "alpha = 1\ndef beta():\n    return 2",
        "alfa = 1",
        "assert 'alpha' in dir() and 'beta' in dir()\nassert 'alpha' in globals() and callable(globals()['beta'])\n"
        "assert 'gamma' not in globals()\nassert sorted(n for n in dir() if n in ('alpha', 'beta')) == ['alpha', 'beta']",
    ),
    Case(
        "vars_of_an_object",
        "class P:\n    def __init__(self, name, age):\n        self.name, self.age = name, age",
        "class P:\n    def __init__(self, name, age):\n        self.n = name",
        "p = P('Ann', 30)\nassert vars(p) == {'name': 'Ann', 'age': 30}\nassert p.__dict__['age'] == 30\n"
        "assert 'name' in dir(p)",
    ),
    Case(
        "value_kept_for_a_later_test",
        "class Counter_:\n    def __init__(self):\n        self.n = 0\n    def tick(self):\n        self.n += 1\n        return self.n",
        "class Counter_:\n    def __init__(self):\n        self.n = 0\n    def tick(self):\n        return 1",
        "assert first == 1\nassert c.tick() == 2 and c.n == 2",
        before="c = Counter_()\nfirst = c.tick()",
    ),
    Case(
        "stack_protocols",
        STACK,
        STACK.replace("return bool(self.items)", "return True"),
        "from collections.abc import Iterable, Sized, Container\ns = Stack()\nassert not s and len(s) == 0\n"
        "s.push(1).push(2)\nassert s and len(s) == 2 and 2 in s and 5 not in s\nassert list(s) == [1, 2] and s[0] == 1\n"
        "assert isinstance(s, Iterable) and isinstance(s, Sized) and isinstance(s, Container)\nassert s.pop() == 2\n"
        "s.pop()\ntry:\n    s.pop()\n    assert False\nexcept IndexError as e:\n    assert 'empty' in str(e)",
    ),
    Case(
        "vector_operators",
        VECTOR,
        VECTOR.replace("self.y * k", "self.y"),
        "v = Vector(1, 2)\nassert v + Vector(3, 4) == Vector(4, 6)\nassert v * 3 == Vector(3, 6) and 2 * v == Vector(2, 4)\n"
        "assert abs(Vector(3, 4)) == 5 and -v == Vector(-1, -2)\nassert v != Vector(2, 1) and not (v == 5)\n"
        "assert len({Vector(1, 1), Vector(1, 1)}) == 1\nassert repr(v) == 'Vector(1, 2)' and f'{v}' == 'Vector(1, 2)'\n"
        "assert bool(Vector(0, 0)) is False",
    ),
    Case(
        "money_sums_up",
        "class Money:\n    def __init__(self, p):\n        self.p = p\n    def __add__(self, o):\n"
        "        return Money(self.p + (o.p if isinstance(o, Money) else o))\n    __radd__ = __add__\n"
        "    def __lt__(self, o):\n        return self.p < o.p",
        "class Money:\n    def __init__(self, p):\n        self.p = p\n    def __add__(self, o):\n        return Money(self.p)\n"
        "    __radd__ = __add__\n    def __lt__(self, o):\n        return self.p > o.p",
        "assert sum([Money(1), Money(2), Money(3)]).p == 6\nassert max([Money(4), Money(9)]).p == 9\n"
        "assert [m.p for m in sorted([Money(3), Money(1)])] == [1, 3]",
    ),
    Case(
        "in_place_operator",
        "class Tally:\n    def __init__(self, n=0):\n        self.n = n\n    def __iadd__(self, k):\n        self.n += k\n        return self",
        "class Tally:\n    def __init__(self, n=0):\n        self.n = n\n    def __iadd__(self, k):\n        return Tally(self.n + k)",
        "t = Tally()\nsame = t\nt += 5\nassert t is same and t.n == 5",
    ),
    Case(
        "abstract_base_class",
        ANIMALS,
        ANIMALS.replace("@abstractmethod", ""),
        "import inspect, pytest\nassert issubclass(Square, Shape) and isinstance(Square(2), Shape)\n"
        "assert Square(3).area() == 9 and Ring().describe() == 'Ring of 3'\nwith pytest.raises(TypeError):\n    Shape()\n"
        "assert inspect.isabstract(Shape) and not inspect.isabstract(Square)\nfrom abc import ABC\nassert issubclass(Shape, ABC)",
    ),
    Case(
        "inheritance_and_types",
        "class A:\n    kind = 'a'\n    def who(self): return self.kind\nclass B(A):\n    kind = 'b'",
        "class A:\n    kind = 'a'\n    def who(self): return self.kind\nclass B:\n    kind = 'b'\n    def who(self): return 'b'",
        "b = B()\nassert b.who() == 'b' and A().who() == 'a'\nassert isinstance(b, A) and issubclass(B, A) and not issubclass(A, B)\n"
        "assert type(b) is B and type(b) != A and type(b).__name__ == 'B' and b.__class__.__name__ == 'B'\n"
        "assert B.__bases__ == (A,) and B.__mro__[1] is A and B.kind == 'b'",
    ),
    Case(
        "private_by_convention",
        "class Acc:\n    def __init__(self, b):\n        self._balance = b\n    @property\n    def balance(self):\n        return self._balance",
        "class Acc:\n    def __init__(self, b):\n        self.balance = b",
        "a = Acc(5)\nassert a.balance == 5 and a._balance == 5\ntry:\n    a.balance = 9\nexcept AttributeError:\n    pass\n"
        "else:\n    assert False, 'balance must be read-only'\nassert isinstance(type(a).__dict__['balance'], property)",
    ),
    Case(
        "property_setter_checks",
        "class T:\n    def __init__(self, c):\n        self.c = c\n    @property\n    def c(self):\n        return self._c\n    @c.setter\n"
        "    def c(self, v):\n        if v < -273: raise ValueError('too cold')\n        self._c = v",
        "class T:\n    def __init__(self, c):\n        self.c = c",
        "t = T(20)\nt.c = 5\nassert t.c == 5\ntry:\n    t.c = -300\nexcept ValueError as e:\n    assert 'cold' in str(e)\nelse:\n    assert False\nassert t.c == 5",
    ),
    Case(
        "class_and_static_methods",
        "class D:\n    made = 0\n    def __init__(self, y):\n        self.y = y\n        D.made += 1\n    @classmethod\n"
        "    def parse(cls, s):\n        return cls(int(s))\n    @staticmethod\n    def ok(s):\n        return s.isdigit()",
        "class D:\n    made = 0\n    def __init__(self, y):\n        self.y = y\n    @classmethod\n    def parse(cls, s):\n        return cls(int(s))\n"
        "    @staticmethod\n    def ok(s):\n        return s.isdigit()",
        "before = D.made\nd = D.parse('7')\nassert isinstance(d, D) and d.y == 7 and D.ok('12') and not D.ok('x')\nassert D.made == before + 1",
    ),
    Case(
        "dataclass_fields",
        "from dataclasses import dataclass, field\n@dataclass(order=True)\nclass Job:\n    rank: int\n    name: str = 'x'\n    tags: list = field(default_factory=list)",
        "class Job:\n    def __init__(self, rank, name='x'):\n        self.rank, self.name, self.tags = rank, name, []",
        "from dataclasses import asdict, fields, is_dataclass, replace\nj = Job(2, 'tea')\nassert is_dataclass(Job) and [f.name for f in fields(Job)] == ['rank', 'name', 'tags']\n"
        "assert asdict(j) == {'rank': 2, 'name': 'tea', 'tags': []}\nassert Job(1) < Job(2) and Job(1) == Job(1)\nassert Job(1).tags is not Job(1).tags\n"
        "assert repr(Job(1)) == \"Job(rank=1, name='x', tags=[])\"",
    ),
    Case(
        "frozen_dataclass",
        "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Pt:\n    x: int\n    y: int = 0",
        "from dataclasses import dataclass\n@dataclass\nclass Pt:\n    x: int\n    y: int = 0",
        "import dataclasses\np = Pt(1)\nassert (p.x, p.y) == (1, 0) and hash(p) == hash(Pt(1, 0))\ntry:\n    p.x = 5\nexcept dataclasses.FrozenInstanceError:\n    pass\n"
        "else:\n    raise AssertionError('not frozen')",
    ),
    Case(
        "enumeration",
        "from enum import Enum\nclass Light(Enum):\n    RED = 1\n    GREEN = 2\n    def next(self):\n        return Light.GREEN if self is Light.RED else Light.RED",
        "class Light:\n    RED = 1\n    GREEN = 2",
        "from enum import Enum\nassert issubclass(Light, Enum) and isinstance(Light.RED, Enum)\nassert [l.name for l in Light] == ['RED', 'GREEN'] and len(Light) == 2\n"
        "assert Light(2) is Light.GREEN and Light['RED'] is Light.RED\nassert Light.RED.next() is Light.GREEN and Light.RED == Light.RED and Light.RED != Light.GREEN\n"
        "assert Light.RED in Light",
    ),
    Case(
        "own_exception_with_attributes",
        FUNDS,
        FUNDS.replace("self.need, self.have = need, have", "self.need, self.have = have, need"),
        "import pytest\nassert pay(2, 5) == 3 and issubclass(NoFunds, Exception) and NoFunds.code == 7\nwith pytest.raises(NoFunds, match='need 9') as caught:\n    pay(9, 4)\n"
        "assert caught.value.need == 9 and caught.value.have == 4 and caught.value.gap() == 5\nassert str(caught.value) == 'need 9, have 4'\n"
        "e = NoFunds(3, 1)\nassert e.gap() == 2 and isinstance(e, NoFunds)",
    ),
    Case(
        "exception_hierarchy_and_cause",
        "class AppError(Exception): pass\nclass BadInput(AppError): pass\ndef parse(s):\n    try:\n        return int(s)\n    except ValueError as e:\n        raise BadInput('no number') from e",
        "class AppError(Exception): pass\nclass BadInput(AppError): pass\ndef parse(s):\n    return int(s)",
        "assert parse('4') == 4\ntry:\n    parse('x')\nexcept AppError as e:\n    assert isinstance(e, BadInput) and isinstance(e.__cause__, ValueError)\nelse:\n    assert False",
    ),
    Case(
        "context_manager_class",
        "class Log:\n    def __init__(self): self.events = []\n    def __enter__(self):\n        self.events.append('in')\n        return self\n"
        "    def __exit__(self, kind, e, tb):\n        self.events.append('out' if kind is None else kind.__name__)\n        return kind is KeyError",
        "class Log:\n    def __init__(self): self.events = []\n    def __enter__(self): return self\n    def __exit__(self, *a): return False",
        "log = Log()\nwith log as l:\n    assert l is log\nassert log.events == ['in', 'out']\nwith log:\n    raise KeyError('x')\nassert log.events[-1] == 'KeyError'\n"
        "try:\n    with log:\n        raise ValueError('y')\nexcept ValueError:\n    pass\nelse:\n    assert False\nassert log.events[-1] == 'ValueError'",
    ),
    Case(
        "contextmanager_function",
        "from contextlib import contextmanager\nsteps = []\n@contextmanager\ndef step(n):\n    steps.append(f'start {n}')\n    try:\n        yield n * 2\n    finally:\n        steps.append(f'end {n}')",
        "from contextlib import contextmanager\nsteps = []\n@contextmanager\ndef step(n):\n    steps.append(f'start {n}')\n    yield n * 2\n    steps.append('end')",
        "with step(4) as got:\n    assert got == 8 and steps == ['start 4']\nassert steps == ['start 4', 'end 4']\ntry:\n    with step(5):\n        raise RuntimeError('x')\nexcept RuntimeError:\n    pass\nassert steps[-1] == 'end 5'",
    ),
    Case(
        "generator_is_lazy",
        "def nat():\n    n = 0\n    while True:\n        got = yield n\n        n = got if got is not None else n + 1",
        "def nat():\n    return iter([0, 1, 2])",
        "import types\nfrom itertools import islice, takewhile\ng = nat()\nassert isinstance(g, types.GeneratorType)\nassert list(islice(g, 3)) == [0, 1, 2] and next(g) == 3\n"
        "assert g.send(10) == 10 and next(g) == 11\nassert list(takewhile(lambda x: x < 3, nat())) == [0, 1, 2]",
    ),
    Case(
        "iterator_ends",
        "class Down:\n    def __init__(self, n): self.n = n\n    def __iter__(self): return self\n    def __next__(self):\n        if self.n == 0: raise StopIteration\n        self.n -= 1\n        return self.n + 1",
        "class Down:\n    def __init__(self, n): self.n = n\n    def __iter__(self): return iter(range(self.n))",
        "from collections.abc import Iterator\nd = Down(3)\nassert isinstance(d, Iterator) and iter(d) is d\nassert list(d) == [3, 2, 1]\ntry:\n    next(d)\nexcept StopIteration:\n    pass\nelse:\n    assert False",
    ),
    Case(
        "decorator_keeps_the_name",
        "import functools\ndef twice(f):\n    @functools.wraps(f)\n    def inner(*a, **k):\n        return 2 * f(*a, **k)\n    return inner",
        "def twice(f):\n    def inner(*a, **k):\n        return 2 * f(*a, **k)\n    return inner",
        "@twice\ndef area(a, b=1):\n    'Area of a box.'\n    return a * b\nassert area(3, b=2) == 12 and area(4) == 8\nassert area.__name__ == 'area' and area.__doc__ == 'Area of a box.'",
    ),
    Case(
        "decorator_with_arguments",
        "def repeat(n):\n    def outer(f):\n        def inner(*a):\n            return [f(*a) for _ in range(n)]\n        return inner\n    return outer",
        "def repeat(n):\n    def outer(f):\n        def inner(*a):\n            return [f(*a)]\n        return inner\n    return outer",
        "calls = []\n@repeat(3)\ndef hi(x):\n    calls.append(x)\n    return x.upper()\nassert hi('a') == ['A'] * 3 and calls == ['a'] * 3",
    ),
    Case(
        "closures_count",
        "def counter():\n    n = 0\n    def step(by=1):\n        nonlocal n\n        n += by\n        return n\n    return step",
        "n = 0\ndef counter():\n    def step(by=1):\n        global n\n        n += by\n        return n\n    return step",
        "a, b = counter(), counter()\nassert a() == 1 and a(by=4) == 5\nassert b() == 1, 'each counter counts for itself'\nassert a is not b",
    ),
    Case(
        "signature_and_annotations",
        "def f(a: int, b: str = 'x', *rest, key: float = 1.5, **more) -> bool:\n    'Doc.'\n    return True",
        "def f(a, b='x'):\n    'Doc.'\n    return True",
        "import inspect\ns = inspect.signature(f)\nassert list(s.parameters) == ['a', 'b', 'rest', 'key', 'more']\nassert s.parameters['b'].default == 'x' and s.parameters['key'].kind is inspect.Parameter.KEYWORD_ONLY\n"
        "assert s.return_annotation is bool and f.__annotations__['a'] is int\nassert f.__defaults__ == ('x',) and f.__code__.co_argcount == 2",
    ),
    Case(
        "source_has_no_loop",
        "def evens(xs):\n    return [x for x in xs if x % 2 == 0]",
        "def evens(xs):\n    out = []\n    for x in xs:\n        if x % 2 == 0: out.append(x)\n    return out",
        "import ast, inspect\ntree = ast.parse(inspect.getsource(evens))\nassert not any(isinstance(n, (ast.For, ast.While)) for n in ast.walk(tree))\nassert any(isinstance(n, ast.ListComp) for n in ast.walk(tree))\nassert evens([1, 2, 4]) == [2, 4]",
    ),
    Case(
        "recursion_seen_in_source",
        "def fact(n):\n    return 1 if n < 2 else n * fact(n - 1)",
        "import math\ndef fact(n):\n    return math.factorial(n)",
        "assert 'fact' in fact.__code__.co_names\nassert fact(20) == 2432902008176640000",
    ),
    Case(
        "copies_of_objects",
        "class Node:\n    def __init__(self, v, kids=()):\n        self.v, self.kids = v, list(kids)",
        "class Node:\n    kids = []\n    def __init__(self, v, kids=()):\n        self.v = v",
        "import copy\na = Node(1, [Node(2)])\nb = copy.deepcopy(a)\nc = copy.copy(a)\nassert b is not a and b.v == 1 and b.kids[0] is not a.kids[0]\nassert c.kids is a.kids and a.kids[0].v == 2",
    ),
    Case(
        "attributes_set_and_deleted",
        "class Box: pass\ndef fill(b):\n    b.size = 3\n    return b",
        "class Box: pass\ndef fill(b):\n    return b",
        "b = Box()\nassert not hasattr(b, 'size')\nassert fill(b) is b and hasattr(b, 'size') and getattr(b, 'size') == 3\nsetattr(b, 'size', 8)\nassert b.size == 8\ndel b.size\nassert getattr(b, 'size', None) is None",
    ),
    Case(
        "subclass_of_list",
        "class Path(list):\n    def length(self):\n        return sum(self)",
        "class Path:\n    def length(self):\n        return 0",
        "p = Path([1, 2])\np.append(3)\nassert isinstance(p, list) and issubclass(Path, list)\nassert p.length() == 6 and list(p) == [1, 2, 3] and len(p) == 3",
    ),
    Case(
        "default_dict_and_counter",
        "from collections import defaultdict, Counter\ndef groups(ws):\n    d = defaultdict(list)\n    for w in ws: d[w[0]].append(w)\n    return d\ndef lazy():\n    return defaultdict(lambda: 7)\ndef tally(s): return Counter(s)",
        "def groups(ws): return {w[0]: w for w in ws}\ndef lazy(): return {}\ndef tally(s): return {}",
        "g = groups(['ab', 'ac', 'b'])\nassert g == {'a': ['ab', 'ac'], 'b': ['b']} and dict(g)['b'] == ['b']\nassert lazy()['nope'] == 7\nassert tally('aab').most_common(1) == [('a', 2)]",
    ),
    Case(
        "several_values",
        "def stats(xs):\n    return min(xs), max(xs), {'n': len(xs)}",
        "def stats(xs):\n    return [min(xs), max(xs), {'n': len(xs)}]",
        "r = stats([3, 1])\nassert isinstance(r, tuple) and len(r) == 3\nlo, hi, more = r\nassert (lo, hi) == (1, 3) and more['n'] == 2",
    ),
    Case(
        "bool_is_not_int",
        "def even(n):\n    return n % 2 == 0",
        "def even(n):\n    return 1 - n % 2",
        "assert even(4) is True and even(3) is False\nassert type(even(2)) == bool",
    ),
    Case(
        "nan_and_signs",
        "def first(xs):\n    return xs[0]",
        "def first(xs):\n    return abs(xs[0])",
        "import math\nassert math.isnan(first([float('nan')]))\nassert math.copysign(1, first([-0.0])) == -1 and first([float('-inf')]) < 0",
    ),
    Case(
        "sorted_by_learners_key",
        "def by_last(name):\n    return name.split()[-1]",
        "def by_last(name):\n    return name",
        "assert sorted(['Al Z', 'Zoe A'], key=by_last) == ['Zoe A', 'Al Z']\nassert list(map(by_last, ['x y'])) == ['y']\nassert max(['a b', 'b a'], key=by_last) == 'a b'",
    ),
    Case(
        "linked_list_of_the_authors",
        "def reverse(node):\n    new = None\n    while node is not None:\n        new = Node(node.value, new)\n        node = node.next\n    return new",
        "def reverse(node):\n    return node",
        "r = reverse(build([1, 2, 3]))\nassert isinstance(r, Node)\nassert listed(r) == [3, 2, 1] and reverse(None) is None",
        setup="class Node:\n    def __init__(self, value, next=None):\n        self.value, self.next = value, next\n"
        "def build(xs):\n    n = None\n    for x in reversed(xs):\n        n = Node(x, n)\n    return n\n"
        "def listed(n):\n    out = []\n    while n is not None:\n        out.append(n.value)\n        n = n.next\n    return out",
    ),
    Case(
        "queue_of_exceptions_in_loop",
        "def safe_div(a, b):\n    if b == 0: raise ZeroDivisionError('b is 0')\n    if not isinstance(b, (int, float)): raise TypeError('numbers only')\n    return a / b",
        "def safe_div(a, b):\n    return 0",
        "for bad, kind in [((1, 0), ZeroDivisionError), ((1, 'x'), TypeError)]:\n    try:\n        safe_div(*bad)\n    except kind as e:\n        assert e.args and str(e)\n    else:\n        raise AssertionError(f'{bad} should raise {kind.__name__}')\nassert safe_div(6, 3) == 2",
    ),
]
