"""Files that lie beside a notebook, and that it speaks of: they become the data of the exercise."""

import re
from pathlib import Path

from grading.notebooks import MOST_DATA_MB

_NOT_DATA = {".py", ".md", ".ipynb"}
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_MOST_LOOKED_AT = 1000


def data_of(file: Path, *, text: str) -> tuple[dict[str, bytes], list[str]]:
    """The files that the text names, with a sentence for each that cannot be taken along. Links are not followed."""
    data: dict[str, bytes] = {}
    remarks: list[str] = []
    for path in sorted(file.resolve().parent.iterdir())[:_MOST_LOOKED_AT]:
        if path.suffix in _NOT_DATA or not _is_named(path.name, text=text):
            continue
        if path.is_symlink() or not path.is_file():
            remarks.append(f"{path.name} is not a plain file and was left behind. Put the file itself into data/.")
        elif not _NAME.fullmatch(path.name):
            remarks.append(f"{path.name} was left behind. Name it with letters, numbers, dots, hyphens and _ only.")
        elif path.stat().st_size + sum(map(len, data.values())) > MOST_DATA_MB << 20:
            remarks.append(f"{path.name} was left behind: data may have {MOST_DATA_MB} MB together. Make it smaller.")
        else:
            data[path.name] = path.read_bytes()
    return data, remarks


def _is_named(name: str, *, text: str) -> bool:
    """Whether the text has the name, not as a part of a longer one."""
    at = text.find(name)
    while at >= 0:
        around = text[max(0, at - 1) : at] + text[at + len(name) : at + len(name) + 1]
        if not any(sign.isalnum() or sign in "_-" for sign in around):
            return True
        at = text.find(name, at + 1)
    return False
