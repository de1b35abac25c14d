"""The locks: complete, each package once, nothing about where packages come from."""

import re
import tomllib
from collections import Counter

import pytest

from tests.running import ROOT

LOCKS = {"site": None, "embedded": "embedded", "test": "test"}


def text(lock: str) -> str:
    return (ROOT / "requirements" / f"{lock}.txt").read_text()


def packages(lock: str) -> list[str]:
    """The packages that a lock names; one that differs between Pythons is named once for each."""
    return re.findall(r"^([a-z0-9._-]+)==", text(lock), flags=re.MULTILINE)


def wanted(extra: str | None) -> set[str]:
    """What pyproject.toml asks for, by the names that locks use."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = project["optional-dependencies"][extra] if extra else project["dependencies"]
    names = {re.split(r"[\[<>=;! ]", line, maxsplit=1)[0] for line in asked}
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


@pytest.mark.parametrize(("lock", "extra"), LOCKS.items())
def test_every_package_that_we_ask_for_is_locked(lock: str, extra: str | None):
    assert wanted(extra) - {name for other in LOCKS for name in packages(other)} == set()
    assert wanted(extra) & set(packages(lock)) != set()


def test_no_package_is_in_two_locks():
    counted = Counter(name for lock in LOCKS for name in set(packages(lock)))

    assert [name for name, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_hashes(lock: str):
    entries = re.split(r"\n(?=\S)", text(lock).strip())

    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_says_where_packages_come_from(lock: str):
    assert re.findall(r"https?://\S+|^--\S+|file:\S+|@ \S+", text(lock), flags=re.MULTILINE) == []


def test_the_slow_parser_stays_out():
    assert {"lark", "rfc3987-syntax"} & set(packages("site")) == set()
