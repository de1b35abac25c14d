"""`manage.py fetch_browser_runtime`: what it says, and where what it brings is seen."""

import fcntl
import io

import pytest
from django.core.management import CommandError, call_command

from tests.unit.browser_runtime import shelf
from upskill.browser_runtime import manifest, places
from upskill.browser_runtime.places import State

MANIFEST = shelf.manifest()


@pytest.fixture(autouse=True)
def small(tmp_path, settings, monkeypatch):
    """A site whose Python for the browser is three small files."""
    settings.BROWSER_RUNTIME_DIR = tmp_path / "runtime"
    monkeypatch.setattr(manifest, "read", lambda: MANIFEST)


def said(*arguments: str) -> list[str]:
    output = io.StringIO()
    call_command("fetch_browser_runtime", *arguments, stdout=output)
    return output.getvalue().splitlines()


def test_it_asks_the_index_of_the_settings_and_says_where_all_is(settings):
    with shelf.running(shelf.Index()) as index:
        settings.PACKAGE_INDEX = index.address
        before, first, after = places.state(), said(), places.state()
        second = said()

    title, done = "Python for the browser: Pyodide 1.0, 3 files, 0 MB", f"in {places.folder()}"
    assert (first[0], first[-1], len(first)) == (title, f"It is complete {done}", 5)
    assert second == [title, f"It was complete already {done}"]
    assert (before, after) == (State.MISSING, State.THERE)


def test_what_did_not_come_ends_it_and_is_missing(settings):
    with shelf.running(shelf.Index(own={})) as index:
        settings.PACKAGE_INDEX = index.address
        with pytest.raises(CommandError, match="is not complete: words"):
            said()

    assert places.state() == State.MISSING


def test_while_somebody_fetches_it_it_is_coming(settings):
    settings.BROWSER_RUNTIME_DIR.mkdir()
    with places.lock_of(settings.BROWSER_RUNTIME_DIR).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        assert places.state() == State.COMING


def test_files_that_somebody_has_are_taken_without_the_index(tmp_path, settings):
    settings.PACKAGE_INDEX = "http://127.0.0.1:9/simple/"
    (tmp_path / "release").mkdir()
    for name, content in shelf.ALL.items():
        (tmp_path / "release" / name).write_bytes(content)

    said("--from", str(tmp_path / "release"))

    assert places.state() == State.THERE


def test_a_path_with_nothing_at_it_is_told(tmp_path):
    with pytest.raises(CommandError, match=r"There is nothing at .*gone\. Give --from a folder or an archive"):
        said("--from", str(tmp_path / "gone"))


def test_a_site_that_does_without_says_so(settings):
    settings.BROWSER_RUNTIME_DIR = None

    assert places.state() == State.OFF
    with pytest.raises(CommandError, match="UPSKILL_BROWSER_RUNTIME is off"):
        said()
