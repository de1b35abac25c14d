"""An exercise that runs in its page: what the page gives its script, its headers, and the script of the thread."""

import json
import re
from html import unescape

import pytest

from tests.factories.exercises import SCRIPT, real_exercise
from tests.factories.people import NOON
from tests.web.learner.pages import learner_of, main, taught, words
from upskill.browser_runtime import manifest
from upskill.learning import drafts
from upskill.web.browser_python import worker_address
from upskill.web.learner.notebook_words import notebook_words

pytestmark = pytest.mark.django_db
POLICY = "Content-Security-Policy"


@pytest.fixture
def course():
    return taught()


@pytest.fixture
def there(settings, tmp_path):
    """This site has Python for the browser."""
    settings.BROWSER_RUNTIME_DIR = tmp_path
    (tmp_path / manifest.read().build).mkdir()


def about(page) -> dict:
    """What the page tells its script."""
    return json.loads(unescape(main(page).split('data-about="')[1].split('"')[0]))


def test_script_is_told_the_cells_and_what_was_saved(signed_in, course, there):
    person = learner_of(course)
    exercise = real_exercise(item=course.lesson)
    text = "</div><script>alert(1)</script>"
    course.lesson.item.kind = "exercise"
    course.lesson.item.save()
    drafts.save(person, item=course.lesson.item, cells={"double": text}, revision=0, now=NOON)

    told = about(signed_in(person).get(course.item_url(course.lesson)))

    assert [(cell["id"], cell["kind"], cell["name"]) for cell in told["cells"]] == [
        ("double", "answer", "Cell 1"),
        ("test_double", "check", "Double it"),
        ("reflection", "text", "Cell 2"),
    ]
    assert (told["draft"]["revision"], told["draft"]["cells"]) == (1, {"double": text})
    assert told["python"]["base"] == f"/browser-runtime/{manifest.read().build}/"
    assert told["filename"] == exercise.filename
    assert told["words"] == notebook_words()
    assert "BEGIN HIDDEN TESTS" in SCRIPT
    assert "double(-7)" not in json.dumps(told)  # of the hidden test


def test_page_is_isolated_and_its_policy_lets_the_editor_and_nothing_more(signed_in, course, there):
    page = signed_in(learner_of(course)).get(course.exercise_url)

    nonce = about(page)["nonce"]
    policy = page[POLICY]
    assert f"style-src 'self' 'nonce-{nonce}'" in policy
    assert "img-src 'self' data:" in policy
    assert "worker-src 'self'" in policy
    assert "script-src 'self';" in policy
    assert page["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert page["Cross-Origin-Opener-Policy"] == "same-origin"


def test_without_python_for_the_browser_the_page_is_as_every_other(signed_in, course, settings, tmp_path):
    client = signed_in(learner_of(course))

    off = client.get(course.exercise_url)
    settings.BROWSER_RUNTIME_DIR = tmp_path
    missing = client.get(course.exercise_url)

    assert "Python for your browser" not in words(main(off))
    assert "Python for your browser is not installed on this service yet." in words(main(missing))
    for page in (off, missing):
        assert "data-about" not in main(page)
        assert "Cross-Origin-Embedder-Policy" not in page
        assert "nonce" not in page[POLICY]


def test_script_of_the_thread_brings_a_policy_that_allows_the_files_of_python_alone(client, rf):
    script = client.get(worker_address(rf.get("/")))

    files = "http://testserver/browser-runtime/"
    assert script[POLICY] == (
        f"default-src 'none'; script-src {files} 'wasm-unsafe-eval'; connect-src {files}; worker-src 'none'"
    )
    assert script["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert script["Cache-Control"] == "public, max-age=31536000, immutable"
    assert script["Content-Type"] == "text/javascript; charset=utf-8"
    assert re.findall(rb'^const ([A-Z]{5,}) = "', script.content, re.MULTILINE) == [b"PRECOMPILED", b"ALONE", b"KERNEL"]


def test_script_of_another_version_is_not_kept(client, rf):
    kept = [
        client.get(address).headers["Cache-Control"]
        for address in ("/browser-python.js", "/browser-python.js?v=1", f"{worker_address(rf.get('/'))}0")
    ]

    assert kept == ["no-store"] * 3


def test_another_policy_is_another_version_of_the_script(rf, settings):
    settings.ALLOWED_HOSTS = ["*"]

    here, elsewhere = [worker_address(rf.get("/", headers={"host": host})) for host in ("testserver", "other.example")]

    assert here != elsewhere  # the policy names the host
