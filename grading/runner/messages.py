"""What a learner reads about one check: plain text, bounded, and never a word out of a hidden test."""

import ast
import re
import textwrap
from dataclasses import dataclass

from grading.protocol import Cause, Limits

MAX_CHARACTERS = 600
HIDDEN = "Your work passes the check you can see, but not one on cases you have not seen."
NO_ANSWER = "You have not written an answer yet. Write it, then submit again."
TOO_LONG = "A person will look at this check, because it took too long to decide."
HELD = "A person will look at this check, because your answer is not a plain value that can be marked by itself."
STOPPED_EARLIER = "This check did not run, because your code stopped earlier. Correct that first, then submit again."
_ADVICE = {
    "NameError": "Check the spelling of the name, and that an earlier cell defines it.",
    "SyntaxError": "Python cannot read this line. Look for a missing bracket, quote or colon.",
    "IndentationError": "Check the spaces at the start of the lines.",
    "TypeError": "A value has another type than the code expects. Check what you pass in and what you return.",
    "KeyError": "This name is not in the table or dictionary. Check its spelling.",
    "IndexError": "The code asks for a position that does not exist. Check the length first.",
    "AttributeError": "This value does not have that property. Check what type it is.",
    "ValueError": "A value is not what the code can work with. Check the values you pass in.",
    "ZeroDivisionError": "Check for zero before you divide.",
    "FileNotFoundError": "Read the data file by its plain name, without a folder.",
    "ModuleNotFoundError": "Use only the packages that this exercise names.",
    "RecursionError": "A function calls itself without end. Check when it should stop.",
    "NotImplementedError": "Write this part, then submit again.",
}
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])")


@dataclass(frozen=True, kw_only=True)
class Failure:
    """An exception that ended a cell."""

    name: str
    value: str


def plain(text: str, *, limit: int = MAX_CHARACTERS) -> str:
    """Text without colours and control characters, cut to `limit` characters."""
    text = _ANSI.sub("", text[: limit * 20]).encode("utf-8", "replace").decode("utf-8")
    text = "".join(letter for letter in text if letter.isprintable() or letter in "\n\t").strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


def assertion(failure: Failure, *, source: str, line: int | None) -> str:
    """The author's own words for a failed assertion, or else the assertion itself."""
    if words := plain(failure.value):
        return words
    statement = _statement_at(source, line=line)
    return plain(f"This did not hold: {statement}" if statement else "A check on your answer did not hold.")


def exception(failure: Failure) -> str:
    """What went wrong in Python's words, and in plain ones."""
    name = plain(failure.name, limit=80) or "Error"
    if name == "MemoryError":
        return "Your code used more memory than it may. Work with less data at a time, then submit again."
    advice = _ADVICE.get(name, "Run the cell yourself to see where it happens.")
    value = re.sub(r"\((?:\w+\.py|<[^<>]*>), line", "(line", failure.value)  # the kernel's name for the cell
    words = plain(value, limit=MAX_CHARACTERS - len(advice) - len(name) - 4).rstrip(".")
    return f"{name}: {words}. {advice}" if words else f"{name}. {advice}"


def cause_of(failure: Failure) -> Cause:
    """The kind of a failure."""
    return {"AssertionError": Cause.ASSERTION, "MemoryError": Cause.MEMORY}.get(failure.name, Cause.EXCEPTION)


def too_slow(seconds: float) -> str:
    """For a cell that was stopped for its time."""
    return f"Your code did not finish within {seconds:g} seconds. Look for a loop that never ends."


def python_ended(limits: Limits) -> str:
    """For a cell in which Python ended."""
    return (
        "Your code stopped Python itself. Look for exit() or quit(), or for a table or list that grows beyond "
        f"{limits.memory_mb:,} MB."
    )


def untouched(stub: str) -> str:
    """For a check whose answer cell the learner has not changed."""
    try:
        kinds = {type(node) for node in ast.parse(stub).body}
    except (SyntaxError, ValueError):
        kinds = set()
    if ast.FunctionDef in kinds:
        return "Write this function, then submit again."
    if ast.ClassDef in kinds:
        return "Write this class, then submit again."
    return "Write the code for this question, then submit again."


def _statement_at(source: str, *, line: int | None) -> str:
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return ""
    found = (node for node in body if line is not None and node.lineno <= line <= (node.end_lineno or node.lineno))
    statement = next(found, None)
    return textwrap.shorten(ast.get_source_segment(source, statement) or "", 200) if statement else ""
