# ruff: noqa: E501 (cells as they stand in notebooks)
"""Learners' ends that lie, and learners' code that does. None of them may pass the tests that it is given."""

import time

from grading.channel import link_learner
from grading.channel.frames import FrameSocket
from grading.channel.link_learner import LearnerEnd

SQUARE = "assert f(3) == 9 and f(4) == 16"


def raw(*replies, sequence=None, echo=True):
    """An end that answers its requests with these heads, one after another, the last one for ever."""

    def serve(sock, namespace):
        link = FrameSocket(sock)
        number, token = 0, None
        while True:
            head = link.receive().head
            token = head.get("re", token)
            reply = replies[min(number, len(replies) - 1)]
            number += 1
            reply = reply(head) if callable(reply) else dict(reply)
            if echo:
                reply.setdefault("re", token)
            link.send(reply)

    return serve


def thing(number=0, *, kind=("builtins", "function"), traits=()):
    """A claim that there is an object."""
    described = (
        {"library": list(kind)}
        if isinstance(kind, tuple)
        else {"number": 77, "name": kind, "bases": [], "of_class": []}
    )
    return {"link.object": [number, {"traits": list(traits), **described}]}


FUNCTION = {"value": thing()}


def after_function(*replies, **options):
    """An end that has a function f, and then answers like this."""
    return raw(FUNCTION, *replies, **options)


def silent(sock, namespace):
    """Reads and closes."""
    FrameSocket(sock).receive()
    sock.close()


def bytes_only(sock, namespace):
    """No frame at all."""
    sock.recv(1000)
    sock.sendall(b"\xff" * 400)
    time.sleep(0.2)


def replayed(sock, namespace):
    """The same frame twice: its sequence number is old."""
    link = FrameSocket(sock)
    while True:
        head = link.receive().head
        link.send({**FUNCTION, "re": head["re"]})
        link._sent = 0


def two_replies(sock, namespace):
    """Answers the next question before it is asked."""
    link = FrameSocket(sock)
    link.send({"value": 9, "re": link.receive().head["re"]})
    link.send({"value": 9, "re": "00"})
    while True:
        link.receive()


def reply_and_hang_up(sock, namespace):
    """Gives a function and is gone."""
    link = FrameSocket(sock)
    link.send({**FUNCTION, "re": link.receive().head["re"]})
    sock.close()


def huge(sock, namespace):
    """A header that says it is larger than any frame."""
    sock.recv(1000)
    sock.sendall((1 << 31).to_bytes(4, "little") * 3)
    time.sleep(0.2)


class Watching(LearnerEnd):
    """Sees every argument and answers with any number among them."""

    def _operate(self, frame, out):
        seen = [tree for tree in frame.head.get("args", []) if isinstance(tree, int | float)]
        self.namespace.setdefault("seen", []).extend(seen)
        reply = super()._operate(frame, out)
        if frame.head["op"] == "call" and self.namespace["seen"]:
            reply["value"] = self.namespace["seen"][-1]
        return reply


class Late(LearnerEnd):
    """A thread of the learner's answers while the main one does."""

    def _send(self, head, out):
        import threading

        super()._send(head, out)
        threading.Thread(target=lambda: self._link.send({"value": 9, "re": head["re"]})).start()
        time.sleep(0.05)


RAW = {
    "closes": (silent, SQUARE),
    "sends_noise": (bytes_only, SQUARE),
    "sends_a_huge_header": (huge, SQUARE),
    "repeats_a_frame": (replayed, SQUARE),
    "answers_ahead": (two_replies, SQUARE),
    "hangs_up_after_the_name": (reply_and_hang_up, SQUARE),
    "no_token": (raw({"value": 9}, echo=False), SQUARE),
    "wrong_token": (after_function({"value": 9, "re": "ffff"}), SQUARE),
    "unknown_tag": (after_function({"value": {"link.evil": 1}}), SQUARE),
    "codec_tag_nonsense": (after_function({"value": {"int": [0, 8]}}), SQUARE),
    "two_tags": (after_function({"value": {"link.object": 1, "link.class": 2}}), SQUARE),
    "no_value": (after_function({}), SQUARE),
    "number_as_handle": (after_function({"value": thing(5, kind=("builtins", "int"), traits=["__eq__"])}), SQUARE),
    "list_as_handle": (after_function({"value": thing(5, kind=("builtins", "list"))}), SQUARE),
    "series_as_handle": (after_function({"value": thing(5, kind=("pandas", "Series"))}), "import pandas as pd\nassert isinstance(f(3), pd.Series)"),
    "array_as_handle": (after_function({"value": thing(5, kind=("numpy", "ndarray"))}), "import numpy as np\nassert isinstance(f(3), np.ndarray)"),
    "class_that_is_no_class": (after_function({"value": thing(5, kind=("math", "sqrt"))}), SQUARE),
    "mock_any_as_class": (after_function({"value": thing(5, kind=("unittest.mock", "_ANY"))}), SQUARE),
    "exec_as_function": (raw({"value": {"link.library": ["builtins", "exec"]}}), "assert f('x = 1') is None"),
    "any_of_mock_as_function": (raw({"value": {"link.library": ["unittest.mock", "_ANY"]}}), "assert f() == 9"),
    "approx_as_function": (raw({"value": {"link.library": ["pytest", "approx"]}}), SQUARE),
    "private_library_name": (raw({"value": {"link.library": ["os", "_exit"]}}), "f(0)"),
    "module_of_no_library": (raw({"value": {"link.module": "os"}}), "assert f.getcwd()"),
    "traits_of_no_trait": (after_function({"value": thing(5, kind="Evil", traits=["__class__", "__eq__"])}, {"value": True}), SQUARE),
    "equal_object_by_raw": (after_function({"value": thing(5, kind="Evil", traits=["__eq__"])}, {"value": True}), "assert f(3) == f(4)"),
    "negative_handle": (after_function({"value": thing(-1)}), SQUARE),
    "handle_number_is_text": (after_function({"value": thing("x")}), SQUARE),
    "argument_never_lent": (after_function({"value": {"link.argument": 1}}), SQUARE),
    "negative_argument": (after_function({"value": {"link.argument": -1}}), SQUARE),
    "changes_a_number": (after_function({"value": 9, "changed": [[1, 9]]}), SQUARE),
    "changes_an_array_into_text": (after_function({"value": None, "changed": [[1, "x"]]}), "import numpy as np\na = np.zeros(2)\nf(a)\nassert a.sum() == 0"),
    "container_of_ours_never_sent": (after_function({"value": {"link.twin": "t9"}}), SQUARE),
    "container_with_our_number": (after_function({"value": 9, "twins": [["t5", "list", None, [1]]]}), SQUARE),
    "container_of_another_type": (after_function(lambda head: {"value": None, "twins": [[head["twins"][0][0], "dict", None, {"dict": []}]]}), "a = [1]\nf(a)\nassert a == [1]"),
    "container_of_no_kind": (after_function({"value": {"link.twin": "s1"}, "twins": [["s1", "object", None, [1]]]}), SQUARE),
    "asks_for_no_callback": (after_function({"ask": "method", "of": 0, "name": "__call__", "args": [], "kwargs": []}), SQUARE),
    "asks_by_negative_number": (after_function({"ask": "method", "of": -1, "name": "__call__", "args": [], "kwargs": []}), "f(lambda: 1)\nassert False"),
    "asks_private_attribute": (after_function({"ask": "attribute", "of": 0, "name": "__globals__", "args": [], "kwargs": []}), "f(lambda: 1)\nassert True"),
    "asks_unpatched_input": (after_function({"ask": "patched", "of": 0, "name": "__call__", "args": [], "kwargs": []}), SQUARE),
    "asks_out_of_turn": (raw({"ask": "method", "of": 0, "name": "__call__", "args": [], "kwargs": []}), SQUARE),
    "calls_back_without_end": (after_function({"ask": "method", "of": 0, "name": "__call__", "args": [], "kwargs": []}), "f(lambda: 1)\nassert True"),
    "iterator_gives_too_much": (after_function({"value": thing(5, kind="It", traits=["__iter__"])}, {"value": 4}, {"value": [3, 3, 3]}), "assert list(f(3)) == [3, 3, 3]"),
    "endless_iterator": (after_function({"value": thing(5, kind="It", traits=["__iter__"])}, {"value": 4}, lambda head: {"value": [1] * head.get("count", 1)}), "assert sum(f(3)) > 0"),
    "length_is_text": (after_function({"value": thing(5, kind="It", traits=["__len__"])}, {"value": "9"}), "assert len(f(3)) == 9"),
    "raises_no_exception": (after_function({"raised": {"class": {"library": ["builtins", "int"]}, "args": [], "text": ""}}), "try:\n    f(3)\nexcept Exception:\n    pass"),
    "raises_nonsense": (after_function({"raised": 5}), "try:\n    f(3)\nexcept Exception:\n    pass"),
    "raises_keyboard_interrupt": (after_function({"raised": {"class": {"library": ["builtins", "KeyboardInterrupt"]}, "args": [], "text": ""}}), "try:\n    f(3)\nexcept BaseException:\n    pass"),
    "file_outside": (after_function({"value": 9, "files": [["../../x.txt", None]]}), SQUARE),
    "file_not_asked_for": (after_function({"value": 9, "files": [["conftest.py", "x"]]}), SQUARE),
    "path_outside": (after_function({"value": {"link.path": ["../../etc", "str", True]}}), "assert f(3)"),
    "estimator_of_no_table": (after_function({"value": {"link.estimator": ["sklearn.ensemble._forest", "RandomForestClassifier", [["estimators_", []]], 5]}}), "assert f(3)"),
    "estimator_with_a_handle": (after_function({"value": {"link.estimator": ["sklearn.linear_model._base", "LinearRegression", [["coef_", thing(5)]], 5]}}), "assert f(3)"),
    "estimator_that_caches": (after_function({"value": {"link.estimator": ["sklearn.pipeline", "Pipeline", [["memory", "/anywhere"], ["steps", []]], 5]}}), "assert f(3)"),
    "estimator_that_is_none": (after_function({"value": {"link.estimator": ["collections", "OrderedDict", [["a", 1]], 5]}}), "assert f(3)"),
    "signature_is_nonsense": (after_function({"value": [[["x", 99, [], []]], []]}), "import inspect\ninspect.signature(f)"),
    "warning_of_no_kind": (after_function({"value": 9, "warned": [[{"library": ["builtins", "int"]}, "x"]]}), SQUARE),
    "stdout_is_a_list": (after_function({"value": 9, "out": [1]}), SQUARE),
}  # fmt: skip

EVIL = """
class Evil:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __gt__ = __le__ = __ge__ = __lt__
    def __sub__(self, other): return 0
    __rsub__ = __add__ = __radd__ = __mul__ = __sub__
    def __abs__(self): return 0
    def __float__(self): return 9.0
    def __int__(self): return 9
    def __index__(self): return 9
    def __bool__(self): return True
    def __hash__(self): return hash(9)
    def __contains__(self, x): return True
    def __len__(self): return 2
    def __iter__(self): return iter([9, 16])
    def __array__(self, *a, **k):
        import numpy as np
        return np.array(9)
"""
CODE = {
    "equal_to_everything": (f"{EVIL}\ndef f(x): return Evil()", SQUARE),
    "close_to_everything": (f"{EVIL}\ndef f(x): return Evil()", "assert abs(f(3) - 9) < 1e-9"),
    "greater_than_everything": (f"{EVIL}\ndef f(x): return Evil()", "assert f(3) > 8"),
    "isclose_to_everything": (f"{EVIL}\ndef f(x): return Evil()", "import math\nassert math.isclose(f(3), 9)"),
    "allclose_to_everything": (f"{EVIL}\ndef f(x): return Evil()", "import numpy as np\nassert np.allclose(f(3), 9.5)"),
    "array_equal_to_everything": (f"{EVIL}\ndef f(x): return Evil()", "import numpy as np\nnp.testing.assert_array_equal(f(3), np.array([9]))"),
    "in_everything": (f"{EVIL}\ndef f(x): return Evil()", "assert f(3) in [9]"),
    "in_a_set": (f"{EVIL}\ndef f(x): return Evil()", "assert f(3) in {9}"),
    "contains_everything": (f"{EVIL}\ndef f(x): return Evil()", "assert 'needle' in f(3)"),
    "true_by_itself": (f"{EVIL}\ndef f(x): return Evil()", "assert f(3)"),
    "sums_up": (f"{EVIL}\ndef f(x): return Evil()", "assert sum([f(3), f(4)]) == 25"),
    "as_an_index": (f"{EVIL}\ndef f(x): return Evil()", "assert list(range(20))[f(3)] == 9"),
    "as_a_number": (f"{EVIL}\ndef f(x): return Evil()", "assert int(f(3)) == 9"),
    "list_of_equals": (f"{EVIL}\ndef f(x): return [Evil()]", "assert f(3) == [9]"),
    "dict_of_equals": (f"{EVIL}\ndef f(x): return {{'a': Evil()}}", "assert f(3) == {'a': 9}"),
    "two_equal_to_everything": (f"{EVIL}\ndef f(x): return Evil()", "assert f(3) == f(4)"),
    "subclass_of_int": ("class Int(int):\n    def __eq__(self, o): return True\n    __hash__ = int.__hash__\ndef f(x): return Int(1)", "assert isinstance(f(3), int) and f(3) == 9"),
    "subclass_of_str": ("class Str(str):\n    def __eq__(self, o): return True\n    __hash__ = str.__hash__\ndef f(x): return Str('a')", "assert f(3) == 'nine'"),
    "subclass_of_list": ("class L(list):\n    def __eq__(self, o): return True\ndef f(x): return L()", "assert f(3) == [9]"),
    "subclass_of_frame": ("import pandas as pd\nclass D(pd.DataFrame):\n    def equals(self, o): return True\ndef f(x): return D({'a': [1]})", "import pandas as pd\npd.testing.assert_frame_equal(f(3), pd.DataFrame({'a': [2]}))"),
    "class_lies": ("class C:\n    @property\n    def __class__(self): return int\n    def __eq__(self, o): return True\ndef f(x): return C()", "assert isinstance(f(3), int) and f(3) == 9"),
    "nan_everywhere": ("def f(x): return float('nan')", "assert not (f(3) != 9)"),
    "patched_numpy": ("import numpy as np\nnp.allclose = lambda *a, **k: True\nnp.testing.assert_allclose = lambda *a, **k: None\ndef f(x): return 0", "import numpy as np\nnp.testing.assert_allclose(f(3), 9)\nassert np.allclose(f(3), 9)"),
    "patched_builtins": ("import builtins\nbuiltins.all = lambda *a: True\nbuiltins.isinstance = lambda *a: True\nbuiltins.len = lambda *a: 9\ndef f(x): return 0", "assert all([f(3) == 9]) and len([f(3)]) == 1"),
    "shadowed_builtin": ("def abs(x): return 0\ndef f(x): return 0", "assert abs(f(3) - 9) < 1e-9"),
    "shadowed_assert_error": ("class AssertionError(BaseException): pass\ndef f(x): return 0", SQUARE),
    "raises_assertion": ("def f(x): raise AssertionError('all good')", SQUARE),
    "raises_system_exit": ("import sys\ndef f(x): sys.exit(0)", SQUARE),
    "raises_system_exit_swallowed": ("import os\ndef f(x): os._exit(0)", "try:\n    f(3)\nexcept BaseException:\n    pass"),
    "raises_generator_exit": ("def f(x): raise GeneratorExit", "try:\n    f(3)\nexcept BaseException:\n    pass"),
    "exception_with_hostile_text": ("class E(Exception):\n    def __str__(self): raise SystemExit\n    def __eq__(self, o): return True\ndef f(x): raise E(E())", SQUARE),
    "exception_class_lies": ("class M(type):\n    def __subclasscheck__(c, k): return True\n    def __instancecheck__(c, k): return True\nclass E(Exception, metaclass=M): pass\ndef f(x): raise E()", SQUARE),
    "score_of_its_own": ("from sklearn.base import ClassifierMixin, BaseEstimator\nclass M(ClassifierMixin, BaseEstimator):\n    def predict(self, X): return [7] * len(X)\n    def score(self, X, y): return 1.0\ndef f(x): return M()", "assert f(3).score([[1], [2]], [0, 1]) > 0.9"),
    "score_of_a_forest": ("from sklearn.ensemble import RandomForestClassifier\nclass F(RandomForestClassifier):\n    def score(self, X, y): return 1.0\ndef f(x): return F(3).fit([[0], [1]], [0, 0])", "assert f(3).score([[1], [2]], [1, 1]) > 0.9"),
    "suppresses_assertions": ("class f:\n    def __init__(self, x): pass\n    def __enter__(self): return self\n    def __exit__(self, *a): return True", "with f(3):\n    assert 1 == 2"),
    "sees_the_stack": ("import sys\ndef f(x):\n    g = sys._getframe(1).f_locals\n    return g.get('expected', 0)", "expected = 9\nassert f(3) == expected"),
    "looks_for_expected_globals": ("def f(x): return globals().get('expected', globals().get('want', 0))", "expected = want = 9\nassert f(3) == expected"),
    "reads_loop_variable": ("b = 0\ndef f(x): return b", "for a, b in [(3, 9), (4, 16)]:\n    assert f(a) == b"),
    "changes_the_cases": ("def f(x):\n    if isinstance(x, list): x.clear()\n    return x", "cases = [3, 4]\nassert f(tuple(cases)) == [9, 16]"),
    "keeps_callback_for_later": ("kept = []\ndef f(x, cb=None):\n    if cb: kept.append(cb)\n    return kept[0](9) if not cb and kept else 0", "f(1, lambda v: v)\nassert f(3) == 10"),
    "pickled_reply": ("import pickle\ndef f(x): return pickle.dumps(9)", "import pickle\nassert pickle.loads(f(3)) == 9"),
    "endless_generator": ("def f(x):\n    while True: yield 1", "assert sum(f(3)) == 9"),
    "endless_recursion": ("def f(x): return f(x)", SQUARE),
    "enormous_answer": ("def f(x): return b'x' * (80 << 20)", "assert f(3)"),
    "enormous_print": ("def f(x):\n    for i in range(300): print('x' * 100000)\n    return 0", SQUARE),
    "cyclic_answer": ("def f(x):\n    a = []\n    a.append(a)\n    return a", SQUARE),
    "deep_answer": ("def f(x):\n    a = 9\n    for i in range(5000): a = (a,)\n    return a", SQUARE),
    "library_function_as_answer": ("f = abs", SQUARE),
    "class_as_function": (f"{EVIL}\nclass f(Evil):\n    def __init__(self, x): pass", SQUARE),
}  # fmt: skip
ENDS = {
    "watches_every_argument": (Watching, "def f(x): return 0", SQUARE),
    "answers_from_a_thread": (Late, "def f(x): return 9", SQUARE),
}
HONEST = {
    "plain": ("def f(x): return x * x", SQUARE),
    "object": ("class P:\n    def __init__(self, x): self.x = x\ndef f(x): return P(x * x)", "assert f(3).x == 9"),
    "array": (
        "import numpy as np\ndef f(x): return np.array([x, x])",
        "import numpy as np\nnp.testing.assert_array_equal(f(3), [3, 3])",
    ),
    "callback": ("def f(g): return g(3)", "assert f(lambda x: x * x) == 9"),
}
assert link_learner.LearnerEnd is LearnerEnd
