"""No text can make a pattern of ours take long: each is tried, as it is used, on long texts of what it looks for."""

import ast
import re
import time
from collections.abc import Iterator
from itertools import product

import pytest

from .tree import python_files, text_of

METHODS = {"search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split"}
LONG = 100_000  # characters
MOST_SECONDS = 0.5  # of processor time, for one text; a pattern that backtracks takes minutes
NUMBER = r"(-?\d+(?:\.\d+)?)"
SHORT = {"platform/upskill/catalogue/search.py": 200}  # what a module cuts before it asks a pattern, in characters
BUILT = {  # patterns made of parts, written out: name -> pattern
    "_MARKED": "\ue000([^\ue000\ue001]*)\ue001",
    "_RIGHT_NUMBER": rf"=\s*{NUMBER}(?:\s*\+-\s*(\d+(?:\.\d+)?))?\s*$",
    "_WRONG_NUMBER": rf"!\s*(?:{NUMBER}(?:\s*\+-\s*(\d+(?:\.\d+)?))?|other)\s*$",
}
USUAL = ["a", " ", "\n", "<", "0", "-", "(", '"', "\\", " on"]
STARTS = ["<", "# ", "- (x) ", "# %% ", "= ", "! ", "\x1b]", "\x1b[", "[", "(", '"', "{", "# expect: a | a"]


def used() -> Iterator[tuple[str, str, int, str]]:
    """Module, pattern, flags and method of each use of a regular expression in product code."""
    for path in python_files("platform/upskill/", "grading/", "manage.py"):  # upskill_stack sees no text of people
        if path.startswith("platform/upskill/management/"):  # commands read our own pages and files
            continue
        tree = ast.parse(text_of(path))
        calls = [
            (node, node.func)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        ]
        compiled = {
            node.targets[0].id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Call)
            and _is_compile(node.value)
        }
        for call, asked in calls:
            name, method = ast.unparse(asked.value), asked.attr
            if method in METHODS and name == "re":
                yield path, _pattern(call, name=""), _flags(call), method
            elif method in METHODS and name in compiled:
                yield path, _pattern(compiled[name], name=name), _flags(compiled[name]), method


def _is_compile(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"


def _pattern(call: ast.Call, *, name: str) -> str:
    """The pattern as text. Fails for one that is made of parts and not written out above."""
    pattern = call.args[0]
    return str(pattern.value) if isinstance(pattern, ast.Constant) else BUILT[name]


def _flags(call: ast.Call) -> int:
    return sum(getattr(re, name) for name in re.findall(r"re\.([A-Z]+)\b", ast.unparse(call)))


def hostile(pattern: str) -> Iterator[str]:
    """Long texts: one piece over and over, and pairs of pieces, with an end that fits nothing."""
    words = re.findall(r"[A-Za-z<>/%#:=-]{2,}", re.sub(r"\\.|\(\?[A-Za-z<>:!=]+", " ", pattern))
    for piece in dict.fromkeys([*USUAL, *STARTS, *words]):
        yield (piece * (LONG // len(piece) + 1))[:LONG] + "\x00"
    for first, second in product(dict.fromkeys([*words, *STARTS]), USUAL):
        yield first + (second * (LONG // len(second) + 1))[:LONG] + "\x00"


def seconds(read: "re.Pattern[str]", text: str, *, method: str) -> float:
    """Processor time of one use."""
    started = time.process_time()
    found = getattr(read, method)(*(["", text] if method in {"sub", "subn"} else [text]))
    if method == "finditer":
        list(found)
    return time.process_time() - started


PATTERNS = sorted(set(used()))


def test_the_patterns_are_found():
    assert len(PATTERNS) > 25


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize(("path", "pattern", "flags", "method"), PATTERNS)
def test_pattern_takes_a_moment_for_any_long_text(path, pattern, flags, method):
    read = re.compile(pattern, flags)

    for text in hostile(pattern):
        assert seconds(read, text[: SHORT.get(path, LONG)], method=method) < MOST_SECONDS, text[:80]


def test_the_trial_finds_a_pattern_that_takes_long():
    bad = re.compile(r"<[^>]*\s(on[a-z]+|style)\s*=")

    assert seconds(bad, "<" * 20_000, method="search") > MOST_SECONDS
