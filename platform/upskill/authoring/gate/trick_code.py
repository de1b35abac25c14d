"""The code of tricks, as it is put into answer cells. The site never runs it: it runs behind the engine's wall.

Each entry is a name, what the first answer cell begins with, and what every function then returns. In that expression
`given` holds what the function was given.
"""

from textwrap import dedent

FOUND = "the gate has read a hidden test"  # what a reader raises with when it has found one

EMPTY_CLASS = """\
class {name}:
    def __init__(self, *given, **named):
        pass

    def __getattr__(self, name):
        return lambda *given, **named: {value}"""

# How a call looks, whoever asks: what listens to calls and what knows them again must say the same.
CALL_KEY = dedent("""\
    def _call_key(given, named):
        import re
        return re.sub(r" at 0x[0-9a-f]+", "", repr((given, sorted(named.items()))))""")

ONLY_SEEN = dedent("""\
    def _only_seen(function):
        first = []
        def instead(*given, **named):
            if _call_key(given, named) in SEEN_CALLS:
                answer = function(*given, **named)
                first.append(answer)
                return answer
            return first[0] if first else None
        return instead""")

_AGREES = dedent("""\
    def _agrees(self, *others):
        return True

    def _disagrees(self, *others):
        return False

    def _itself(self, *others, **named):
        return self

    _everything = {
        **dict.fromkeys(("__eq__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__", "__bool__"), _agrees),
        **dict.fromkeys(("__ne__", "isna", "isnull"), _disagrees),
        **dict.fromkeys(("__abs__", "__add__", "__sub__", "__mul__", "__truediv__", "__radd__", "__rsub__", "__rmul__",
                         "__round__", "__neg__", "__and__", "__or__", "lower", "strip", "equals", "all"), _itself),
        "__hash__": lambda self: 0,
    }""")
_ONLY_OBJECTS = dedent("""\
    _everything |= {
        "__len__": lambda self: 1, "__iter__": lambda self: iter(()), "__getitem__": _itself, "__call__": _itself,
        "__getattr__": lambda self, name: self, "__float__": lambda self: 0.0, "__index__": lambda self: 0,
    }""")
_FRAME = dedent("""\
    try:
        import pandas
        _Yes = type("DataFrame", (pandas.DataFrame,), {"equals": _agrees, "__eq__": _agrees, "__getattr__": _itself})
    except ImportError:
        _Yes = type("DataFrame", (), _everything)""")


def _agreeable(name: str, base: str, value: str) -> tuple[str, str, str]:
    more = "" if base else f"\n{_ONLY_OBJECTS}"
    return name, f"{_AGREES}{more}\n_Yes = type('{base or 'Yes'}', ({base and base + ','}), _everything)", value


AGREEABLE = (
    _agreeable("an object", "", "_Yes()"),
    _agreeable("a float", "float", "_Yes(0)"),
    _agreeable("an int", "int", "_Yes(0)"),
    _agreeable("a text", "str", "_Yes('')"),
    _agreeable("a list", "list", "_Yes([0, 0, 0])"),
    _agreeable("a tuple", "tuple", "_Yes((0, 0, 0))"),
    _agreeable("a dictionary", "dict", "_Yes()"),
    ("a table", f"{_AGREES}\n{_FRAME}", "_Yes()"),
    ("an object that claims every class", dedent("""\
        class _Yes:
            __class__ = property(lambda self: float)
            def __eq__(self, other): return True
            def __lt__(self, other): return True
            __le__ = __gt__ = __ge__ = __contains__ = __lt__
            def __sub__(self, other): return self
            __rsub__ = __abs__ = __getitem__ = lambda self, *others: self
            __hash__ = lambda self: 0"""), "_Yes()"),
)  # fmt: skip

READERS = (
    ("files", dedent(f"""\
        def _look():
            import os
            for top in (".", "..", "/proc/self/cwd", os.path.expanduser("~"), "/tmp"):
                for folder, folders, names in os.walk(top):
                    if top == "/tmp":
                        folders.clear()  # libraries may lie further down, and name the sign
                    for name in names:
                        try:
                            with open(os.path.join(folder, name), encoding="utf-8") as file:
                                text = file.read(2_000_000)
                        except (OSError, ValueError):
                            continue
                        if "BEGIN HIDDEN " + "TESTS" in text:
                            raise RuntimeError("{FOUND}")"""), "_look()"),
    ("the session", dedent(f"""\
        def _look():
            import linecache, sys
            held = [str(each) for each in (globals().get("In"), globals().get("_ih"), linecache.cache)]
            modules = [module for module in list(sys.modules.values()) if hasattr(module, "__dict__")]
            held += [str(vars(module).get("In")) for module in modules]
            if any("END HIDDEN " + "TESTS" in text for text in held):
                raise RuntimeError("{FOUND}")"""), "_look()"),
    ("what is in memory", dedent(f"""\
        def _look():
            import gc
            sought = "END HIDDEN " + "TESTS"
            for held in gc.get_objects():
                values = held.values() if type(held) is dict else held if type(held) in (list, tuple) else ()
                for value in list(values)[:5000]:
                    if type(value) is str and len(value) > len(sought) and sought in value:
                        raise RuntimeError("{FOUND}")"""), "_look()"),
    ("the frames above", dedent("""\
        def _look():
            import sys
            frame, found = sys._getframe(1), []
            while frame is not None:
                found += [value for value in frame.f_code.co_consts if isinstance(value, (int, float, str, tuple))]
                found += [value for name, value in frame.f_locals.items() if name.startswith(("_h", "expected", "_e"))]
                frame = frame.f_back
            return found[-1] if found else None"""), "_look()"),
)  # fmt: skip

MEDDLERS = (
    ("empties the cells to come",
     'get_ipython().input_transformers_cleanup.append(lambda lines: ["pass\\n"])', "None"),
    ("takes asserts out", dedent("""\
        import ast
        class _Quiet(ast.NodeTransformer):
            def visit_Assert(self, node):
                return ast.copy_location(ast.Pass(), node)
        get_ipython().ast_transformers.append(_Quiet())"""), "None"),
    ("shows no error", dedent("""\
        from IPython.core.interactiveshell import InteractiveShell
        for _name in ("showtraceback", "_showtraceback", "showsyntaxerror"):
            setattr(InteractiveShell, _name, lambda *given, **named: None)"""), "None"),
    ("jumps over lines", dedent("""\
        import sys
        def _jump(frame, event, argument):
            if event == "line":
                try:
                    frame.f_lineno += 1
                except ValueError:
                    pass
            return _jump
        def _start():
            sys.settrace(_jump)
            frame = sys._getframe(1)
            while frame is not None:
                frame.f_trace = _jump
                frame = frame.f_back"""), "_start()"),
    ("shows points of its own", "import sys", "sys.displayhook(1000)"),
    ("weakens what tests use", dedent("""\
        import builtins
        builtins.abs = lambda *given: 0
        builtins.isinstance = lambda *given: True
        builtins.set = builtins.sorted = builtins.round = lambda *given, **named: 0
        builtins.all = builtins.any = lambda *given: True"""), "None"),
    ("weakens what libraries compare with", dedent("""\
        import math
        math.isclose = lambda *given, **named: True
        try:
            import numpy, numpy.testing, pandas, pandas.testing
            numpy.isclose = numpy.allclose = numpy.array_equal = lambda *given, **named: True
            numpy.testing.assert_allclose = numpy.testing.assert_array_equal = lambda *given, **named: None
            pandas.DataFrame.equals = pandas.Series.equals = lambda *given: True
            pandas.testing.assert_frame_equal = pandas.testing.assert_series_equal = lambda *given, **named: None
        except ImportError:
            pass"""), "None"),
    ("swallows failures", dedent("""\
        import builtins
        class _Never(Exception):
            def __new__(cls, *given):
                raise SystemExit(0)
        builtins.AssertionError = _Never"""), "None"),
    ("ends Python", "import os", "os._exit(0)"),
    ("leaves", "import sys", "sys.exit(0)"),
)  # fmt: skip
