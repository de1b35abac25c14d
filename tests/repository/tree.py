"""The files of the repository, as git knows them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = (
    "static/vendor/",
    "frontend/licences/",
    "requirements/",
    "frontend/package-lock.json",
    "tests/grading/shell/nbclient/",
)


@cache
def tracked() -> tuple[str, ...]:
    """Paths of all tracked files that exist, and of new ones that git would not ignore."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return tuple(sorted({path for path in listed if path and (ROOT / path).is_file()}))


def python_files(*folders: str) -> list[str]:
    """Our Python modules below these folders, without migrations, which Django writes."""
    return [
        path for path in tracked() if path.endswith(".py") and path.startswith(folders) and "/migrations/" not in path
    ]


def text_of(path: str) -> str:
    """The text of a tracked file, "" for one that is not text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def functions(path: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method in a module."""
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines(paths: list[str]) -> int:
    """How many lines the files have together."""
    return sum(text_of(path).count("\n") for path in paths)
