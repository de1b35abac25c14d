"""Settings from environment variables: what is missing or odd stops the start with the cure."""

import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from upskill.core import environment


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    monkeypatch.delenv("A_SETTING", raising=False)


def stop(read) -> str:
    """The sentence with which reading stops the start."""
    with pytest.raises(ImproperlyConfigured) as refusal:
        read()
    return str(refusal.value)


@pytest.mark.parametrize("value", [None, ""])
def test_required_value_that_is_missing_stops_the_start_with_the_cure(monkeypatch, value):
    if value is not None:
        monkeypatch.setenv("A_SETTING", value)

    assert stop(lambda: environment.required("A_SETTING", cure="Write it.")) == "A_SETTING is not set. Write it."


def test_required_value_is_read_as_it_is(monkeypatch):
    monkeypatch.setenv("A_SETTING", " with spaces ")

    assert environment.required("A_SETTING", cure="") == " with spaces "


@pytest.mark.parametrize(("value", "read"), [(None, "default"), ("", "default"), ("x", "x")])
def test_text_falls_back_when_missing_or_empty(monkeypatch, value, read):
    if value is not None:
        monkeypatch.setenv("A_SETTING", value)

    assert environment.text("A_SETTING", "default") == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        *[(word, True) for word in ("true", "1", "Yes", " ON ", "")],
        *[(word, False) for word in ("false", "0", "no", "OFF", " False")],
    ],
)
def test_flag_knows_the_usual_words(monkeypatch, value, read):
    monkeypatch.setenv("A_SETTING", value)

    assert environment.flag("A_SETTING", default=True) is read


@pytest.mark.parametrize("value", ["ture", "2", "none", "[]"])
def test_flag_that_is_neither_stops_the_start(monkeypatch, value):
    monkeypatch.setenv("A_SETTING", value)

    assert stop(lambda: environment.flag("A_SETTING", default=False)) == (
        f"A_SETTING is {value!r}. Set it to true or false."
    )


@pytest.mark.parametrize(("value", "read"), [("", 7), (" 12 ", 12), ("0", 0)])
def test_number_is_whole(monkeypatch, value, read):
    monkeypatch.setenv("A_SETTING", value)

    assert environment.number("A_SETTING", default=7) == read


@pytest.mark.parametrize("value", ["1.5", "-1", "ten", "1e3"])
def test_number_that_is_none_stops_the_start(monkeypatch, value):
    monkeypatch.setenv("A_SETTING", value)

    assert stop(lambda: environment.number("A_SETTING", default=7)) == (
        f"A_SETTING is {value!r}. Set it to a whole number."
    )


@pytest.mark.parametrize(("value", "read"), [("", ["x"]), (" , ", ["x"]), ("a", ["a"]), ("a, b ,,c", ["a", "b", "c"])])
def test_words_stand_between_commas(monkeypatch, value, read):
    monkeypatch.setenv("A_SETTING", value)

    assert environment.words("A_SETTING", default=["x"]) == read


def test_folders_stand_between_path_separators_and_are_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("A_SETTING", os.pathsep.join(["courses", "", "/srv/overlay with space"]))

    assert environment.folders("A_SETTING", default=[]) == [tmp_path / "courses", Path("/srv/overlay with space")]


def test_folders_fall_back_when_missing():
    assert environment.folders("A_SETTING", default=[Path("/srv")]) == [Path("/srv")]


@pytest.mark.parametrize(
    ("url", "host", "port", "name"),
    [
        ("postgresql://skills:pw@db.internal:5433/skills", "db.internal", 5433, "skills"),
        ("postgres://skills@/skills?host=/var/run/pg", "/var/run/pg", "", "skills"),
        ("postgres://skills@/skills?host=%2Fa%20folder%2Fpg", "/a folder/pg", "", "skills"),
    ],
)
def test_database_is_read_from_a_postgresql_url(monkeypatch, url, host, port, name):
    monkeypatch.setenv("A_SETTING", url)

    read = environment.database("A_SETTING")

    assert (read["ENGINE"], read["USER"]) == ("django.db.backends.postgresql", "skills")
    assert (read["HOST"], read["PORT"], read["NAME"]) == (host, port, name)
    assert "host" not in read["OPTIONS"]


@pytest.mark.parametrize("url", ["sqlite:///db.sqlite3", "mysql://u@h/d"])
def test_database_of_another_kind_stops_the_start(monkeypatch, url):
    monkeypatch.setenv("A_SETTING", url)

    assert stop(lambda: environment.database("A_SETTING")) == (
        "A_SETTING is not a PostgreSQL URL. Upskill runs on PostgreSQL only."
    )


def test_database_that_is_missing_stops_the_start_with_the_cure():
    assert stop(lambda: environment.database("A_SETTING")) == (
        "A_SETTING is not set. Give a PostgreSQL URL, "
        "or start with ./run or manage.py, which bring their own PostgreSQL."
    )
