"""Names and titles as a new author may give them: each refusal is one sentence with the cure."""

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from upskill.catalogue.course_files.schemas import COURSE, LEVELS, SKILLS

_SLUG = COURSE["properties"]["id"]
_TITLE = COURSE["properties"]["title"]
_UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}


class BadName(Exception):
    """A name, title or place that a course cannot have. The message says which to give instead."""


def check_name(name: str) -> None:
    """Raises BadName where a folder or file of a course cannot have this name."""
    if not Draft202012Validator(_SLUG).is_valid(name):
        near = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50].strip("-") or "my-first"
        raise BadName(f"'{name}' cannot be the name of a folder here. {_SLUG['cure']} Try: {near}")


def check_title(title: str) -> None:
    """Raises BadName where a page cannot have this title."""
    if (
        not Draft202012Validator(_TITLE).is_valid(title)
        or {unicodedata.category(sign) for sign in title} & _UNPRINTABLE
    ):
        raise BadName(f"This cannot be a title. {_TITLE['cure']}")


def as_yaml(text: str) -> str:
    """The text as a value in YAML, in quotes only where it needs them."""
    try:
        plain = yaml.safe_load(f"key: {text}")
    except yaml.YAMLError:
        plain = None
    return text if plain == {"key": text} else json.dumps(text, ensure_ascii=False)


def as_heading(text: str) -> str:
    """The text in a line of Markdown, with its signs taken as they are."""
    return re.sub(r"([\\`*_\[\]<>#|~&])", r"\\\1", text)


def skills_of(file: Path) -> list[str]:
    """The ids in a skills.yml. Raises BadName where it cannot be read."""
    data = read(file)
    if not Draft202012Validator(SKILLS).is_valid(data):
        raise BadName(f"{file} has a mistake. Run manage.py check_course, and mend what it says of that file.")
    return [skill["id"] for skill in data["skills"]]


def skill_named(wanted: str, *, known: list[str], file: Path) -> str:
    """`wanted` where it is known; left empty, the first that is. Raises BadName."""
    if wanted and wanted.partition("@")[2] in LEVELS:
        raise BadName(f"Give the skill without its level: --skill {wanted.partition('@')[0]}")
    if wanted and wanted not in known:
        raise BadName(f"There is no skill '{wanted}' in {file}. Use one of {', '.join(known)}, or add it there.")
    return wanted or known[0]


def read(file: Path) -> Any:
    """The YAML of a file. Raises BadName."""
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as problem:
        raise BadName(f"{file} cannot be read. Run manage.py check_course, and mend what it says of it.") from problem
