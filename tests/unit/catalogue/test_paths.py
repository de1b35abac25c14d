"""paths.yml: what an author did wrong is told with its line and its cure; what is right is loaded once, never lost."""

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.conftest import NOON
from tests.factories.people import PersonFactory
from tests.unit.catalogue.certificates import write_certified
from tests.unit.catalogue.small_course import BASICS, COURSE, FILES, write_library
from upskill.catalogue import paths, sync
from upskill.catalogue.course_files.library import read_library
from upskill.catalogue.course_files.paths import PathContent, StepContent
from upskill.catalogue.models import LearningPath
from upskill.core.models import AuditEntry
from upskill.learning import paths as learning

PATHS = """\
paths:
  - id: host
    title: Host
    summary: Share tea with others.
    for: [new-recruit]
    steps:
      - take: tea-for-teams
        why: It has one pot.
  - id: guest
    title: Guest
    summary: Drink tea.
    for: [new-recruit, manager]
    steps:
      - take: tea-for-teams/basics
"""
HOST = PathContent(
    "host", "Host", "Share tea with others.", ("new-recruit",), (StepContent(COURSE, "", "It has one pot."),)
)
GUEST = PathContent("guest", "Guest", "Drink tea.", ("new-recruit", "manager"), (StepContent(COURSE, "basics", ""),))
LATER = NOON + dt.timedelta(hours=1)


def library(root: Path, text: str = PATHS, **more: str):
    return read_library([write_library(root, files={**FILES, "paths.yml": text, **more})])


def run(*places: Path) -> tuple[str, str]:
    """What sync_courses prints and what it complains of."""
    out, err = StringIO(), StringIO()
    try:
        call_command("sync_courses", *map(str, places), stdout=out, stderr=err)
    except CommandError as error:
        err.write(f"CommandError: {error}\n")
    return out.getvalue(), err.getvalue()


def stored() -> list[tuple[str, bool, list[dict[str, str]]]]:
    return [(path.pk, path.is_offered, path.steps) for path in LearningPath.objects.all()]


# --- the file --------------------------------------------------------------------------------------------------------


def test_paths_are_read_in_their_order(tmp_path):
    found = library(tmp_path)

    assert (found.paths, found.refused) == ((HOST, GUEST), {})


# (old passage, new passage, [(line, problem, cure)])
ONE_CHANGE = {
    "unknown course": (
        "take: tea-for-teams\n", "take: tea-for-team\n",
        [(7, "There is no course 'tea-for-team'.", "Did you mean 'tea-for-teams'?")],
    ),
    "course with no near name": (
        "take: tea-for-teams\n", "take: zebra\n",
        [(7, "There is no course 'zebra'.",
          "Use one of tea-for-teams, or load the folder that has the course with this one.")],
    ),
    "unknown module": (
        "tea-for-teams/basics", "tea-for-teams/basic",
        [(14, "The course 'tea-for-teams' has no module 'basic'.", "Did you mean 'basics'?")],
    ),
    "step that names an item": (
        "tea-for-teams/basics", "tea-for-teams/basics/check",
        [(14, "The value of number 1 'take' does not fit.", "Write the id of a course, or course/module.")],
    ),
    "unknown key": (
        "why: It has", "because: It has",
        [(8, "The key 'because' is not known here.", "Use only these keys: take, why.")],
    ),
    "unknown key of a path": (
        "title: Guest", "titel: Guest", [
            (9, "A key is missing: 'title'.", "Add it."),
            (10, "The key 'titel' is not known here.", "Did you mean 'title'?"),
        ],
    ),
    "path twice": (
        "id: guest", "id: host", [(9, "The path 'host' is there twice.", "Give one of them another id.")],
    ),
    "step twice": (
        "      - take: tea-for-teams/basics\n", "      - take: tea-for-teams/basics\n      - take: tea-for-teams\n",
        [(15, "The path takes 'tea-for-teams' twice.", "Keep one of the steps.")],
    ),
    "part of what it takes already": (
        "        why: It has one pot.\n", "      - take: tea-for-teams/basics\n",
        [(8, "The path takes 'tea-for-teams/basics' twice.", "Keep one of the steps.")],
    ),
    "no step": (
        "    steps:\n      - take: tea-for-teams/basics\n", "    steps: []\n",
        [(13, "Number 2 'steps' has the wrong number of entries: 0.", "Give 1 to 20.")],
    ),
    "reasons of two lines": (
        "why: It has one pot.", 'why: "It has\\none pot."',
        [(8, "The value of number 1 'why' does not fit.", "Write one sentence of up to 300 characters.")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", ONE_CHANGE)
def test_mistake_is_told_with_line_and_cure_and_keeps_the_paths_out_but_no_course(tmp_path, what):
    old, new, expected = ONE_CHANGE[what]
    assert PATHS.count(old) == 1

    found = library(tmp_path, PATHS.replace(old, new))

    mistakes = found.refused[tmp_path / "paths.yml"].mistakes
    assert [(each.line, each.problem, each.cure) for each in mistakes] == expected
    assert {each.file for each in mistakes} == {tmp_path / "paths.yml"}
    assert (found.paths, [course.id for course in found.courses]) == ((), [COURSE])


def test_path_may_name_a_course_that_has_a_mistake_of_its_own(tmp_path):
    bad = FILES[f"{BASICS}/sharing.md"].replace("## A pot", "# A pot")

    found = library(tmp_path, **{f"{BASICS}/sharing.md": bad})

    assert (found.paths, list(found.refused)) == ((HOST, GUEST), [tmp_path / COURSE])


def test_course_alone_is_read_without_the_paths_beside_it(tmp_path):
    library(tmp_path)

    assert read_library([tmp_path / COURSE]).paths == ()


def test_second_folder_has_paths_of_its_own_that_name_courses_of_the_first(tmp_path):
    write_library(tmp_path / "shipped", files={**FILES, "paths.yml": PATHS})
    ours = PATHS.replace("id: guest", "id: our-guest").replace("id: host", "id: our-host")
    write_library(tmp_path / "ours", files={"paths.yml": ours})

    found = read_library([tmp_path / "shipped", tmp_path / "ours"])

    assert ([path.id for path in found.paths], found.refused) == (["host", "guest", "our-host", "our-guest"], {})


def test_two_folders_cannot_have_the_same_path(tmp_path):
    write_library(tmp_path / "shipped", files={**FILES, "paths.yml": PATHS})
    write_library(tmp_path / "ours", files={"paths.yml": PATHS})

    found = read_library([tmp_path / "shipped", tmp_path / "ours"])

    assert [path.id for path in found.paths] == ["host", "guest"]
    assert [each.line for each in found.refused[tmp_path / "ours" / "paths.yml"].mistakes] == [2, 9]


# --- loading ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_loading_twice_writes_once(tmp_path, settings, audit_trail):
    settings.COURSE_DIRS = [write_certified(tmp_path, {**FILES, "paths.yml": PATHS})]

    first, again = run(), run()

    host = [{"course": COURSE, "module": "", "why": "It has one pot."}]
    guest = [{"course": COURSE, "module": "basics", "why": ""}]
    assert first == (f"{COURSE} 1.0.0: published, items: 3\npaths: 2, changed: 2\n", "")
    assert again == (f"{COURSE} 1.0.0: unchanged, items: 3\n", "")
    assert stored() == [("host", True, host), ("guest", True, guest)]
    assert [entry for entry in audit_trail() if entry[0].startswith("path.")] == [
        ("path.added", None, {"title": "Host", "steps": host}),
        ("path.added", None, {"title": "Guest", "steps": guest}),
    ]


@pytest.mark.django_db
def test_path_that_is_gone_is_offered_no_more_and_who_follows_it_still_does(tmp_path, settings):
    settings.COURSE_DIRS = [write_certified(tmp_path, {**FILES, "paths.yml": PATHS})]
    run()
    learner, guest = PersonFactory(), LearningPath.objects.get(pk="guest")
    learning.follow(learner, path=guest, now=NOON)
    write_library(tmp_path, files={"paths.yml": PATHS.partition("  - id: guest")[0]})

    out, _ = run()

    assert out.splitlines()[-1] == "paths: 1, changed: 1"
    assert [path.pk for path in paths.offered()] == ["host"]
    assert learning.followed(learner) == guest
    assert AuditEntry.objects.filter(event="path.withdrawn").count() == 1
    assert run()[0] == f"{COURSE} 1.0.0: unchanged, items: 3\n"


@pytest.mark.django_db
def test_paths_file_that_is_gone_takes_its_paths_along(tmp_path, settings):
    settings.COURSE_DIRS = [write_certified(tmp_path, {**FILES, "paths.yml": PATHS})]
    run()
    (tmp_path / "paths.yml").unlink()

    run()

    assert paths.offered() == []


@pytest.mark.django_db
def test_path_that_comes_back_is_offered_again(tmp_path, settings):
    settings.COURSE_DIRS = [write_certified(tmp_path, {**FILES, "paths.yml": PATHS})]
    run()
    write_library(tmp_path, files={"paths.yml": PATHS.partition("  - id: guest")[0]})
    run()
    write_library(tmp_path, files={"paths.yml": PATHS})

    run()

    assert [path.pk for path in paths.offered()] == ["host", "guest"]


@pytest.mark.django_db
def test_paths_with_a_mistake_change_nothing(tmp_path, settings):
    settings.COURSE_DIRS = [write_certified(tmp_path, {**FILES, "paths.yml": PATHS})]
    run()
    before = stored()
    write_library(tmp_path, files={"paths.yml": PATHS.partition("  - id: guest")[0].replace("why:", "wy:")})

    _, err = run()

    assert err.splitlines()[0] == f"{tmp_path}/paths.yml:8: The key 'wy' is not known here. Did you mean 'why'?"
    assert stored() == before


@pytest.mark.django_db
def test_loading_a_folder_by_name_withdraws_nothing(tmp_path):
    run(write_library(tmp_path, files={**FILES, "paths.yml": PATHS}))
    write_library(tmp_path, files={"paths.yml": PATHS.partition("  - id: guest")[0]})

    run(tmp_path)

    assert [path.pk for path in paths.offered()] == ["host", "guest"]


@pytest.mark.django_db
def test_minutes_of_parts_are_those_of_the_published_version(tmp_path):
    sync.load(library(tmp_path), by=None, now=NOON)

    assert paths.minutes_of_parts([COURSE, "no-such-course"]) == {(COURSE, "basics"): 5 + 3 + 15}


# --- following -------------------------------------------------------------------------------------------------------


@pytest.fixture
def both(tmp_path, db) -> tuple[LearningPath, LearningPath]:
    sync.load(library(tmp_path), by=None, now=NOON)
    host, guest = paths.offered()
    return host, guest


def test_follow_twice_keeps_the_first_moment_and_audits_it_once(both, audit_trail):
    learner, (host, _) = PersonFactory(), both

    first = learning.follow(learner, path=host, now=NOON)
    again = learning.follow(learner, path=host, now=LATER)

    assert (again, again.followed_at) == (first, NOON)
    assert audit_trail()[-1] == ("path.followed", learner, {})
    assert AuditEntry.objects.filter(event="path.followed", about=learner, subject_id="host").count() == 1


def test_one_path_at_a_time(both):
    learner, (host, guest) = PersonFactory(), both
    learning.follow(learner, path=host, now=NOON)

    row = learning.follow(learner, path=guest, now=LATER)

    assert (learning.followed(learner), row.followed_at) == (guest, LATER)


def test_stop_following_forgets_the_choice_and_the_persons_own_trail_keeps_it(both):
    learner, (host, _) = PersonFactory(), both
    learning.follow(learner, path=host, now=NOON)

    assert learning.stop_following(learner, path=host, now=LATER)
    assert not learning.stop_following(learner, path=host, now=LATER)

    assert learning.followed(learner) is None
    trail = AuditEntry.objects.filter(about=learner).order_by("at").values_list("event", "subject_id")
    assert list(trail) == [("path.followed", "host"), ("path.left", "host")]


def test_stopping_one_path_leaves_another_that_is_followed_since(both):
    learner, (host, guest) = PersonFactory(), both
    learning.follow(learner, path=guest, now=NOON)

    assert not learning.stop_following(learner, path=host, now=LATER)
    assert learning.followed(learner) == guest
