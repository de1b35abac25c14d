"""Overlays: what a site keeps to itself is published in place of what its course has openly."""

import json

import pytest

from tests.conftest import NOON
from tests.factories.catalogue import CourseVersionFactory, ExerciseFactory
from tests.unit.authoring.gate.planted import COURSE_YML, DOUBLE, FILES, MODULE_YML, QUIZ, SCRIPT
from tests.unit.authoring.gate.planted_overlays import OURS, OVERLAID, OVERLAY_YML, ours
from tests.unit.catalogue.small_course import COURSE, write_library
from tests.unit.catalogue.test_diagnostic_files import DIAGNOSTIC
from tests.unit.catalogue.test_paths import PATHS
from upskill.catalogue import licences, sync
from upskill.catalogue.course_files.certificate import content_sha256
from upskill.catalogue.course_files.library import read_library
from upskill.catalogue.course_files.mistakes import Mistake
from upskill.catalogue.course_files.shape import ExerciseContent
from upskill.catalogue.models import Course, ExerciseVersion, ItemVersion
from upskill.core import blobs

BARE = "The overlay over this course cannot be used, and without it the course is not loaded."
QUIZ_ALONE = {name: text for name, text in OVERLAID.items() if not name.startswith(f"{OURS}/modules/basics/double/")}


def exercise_in(root) -> ExerciseContent:
    """The exercise of the only course, as it would be published."""
    [course] = read_library([root]).courses
    [exercise] = [item.exercise for module in course.modules for item in module.items if item.exercise]
    return exercise


def refused(root) -> list[tuple[str, int, str]]:
    """The mistakes that keep a course or an overlay out."""
    errors = read_library([root]).refused.values()
    return [
        (str(mistake.file.relative_to(root)), mistake.line, mistake.problem)
        for error in errors
        for mistake in error.mistakes
    ]


def published(root) -> list[tuple[str, str]]:
    """(version, outcome) of what is loaded; anything refused fails."""
    report = sync.load(read_library([root]), by=None, now=NOON)
    assert report.mistakes == ()
    return [(loaded.version, str(loaded.outcome)) for loaded in report.loaded]


def test_overlay_is_read_in_place_of_what_the_course_has(tmp_path):
    root = write_library(tmp_path, files=OVERLAID)

    [course] = read_library([root]).courses

    assert course.version == "1.0.0.1"
    assert [(item.slug, item.is_overlaid) for module in course.modules for item in module.items] == [
        ("sharing", False),
        ("check", True),
        ("double", True),
    ]
    assert "double(9) == 18" in exercise_in(root).source
    assert "double(7)" not in exercise_in(root).source


def test_overlay_in_another_place_than_its_course_is_found_by_the_courses_id(tmp_path):
    open_ones = {name: text for name, text in OVERLAID.items() if not name.startswith(OURS)}
    own = {name: text for name, text in OVERLAID.items() if name.startswith(OURS)}
    places = [write_library(tmp_path / "own", files=own), write_library(tmp_path / "open", files=open_ones)]

    library = read_library(places)

    assert ([course.version for course in library.courses], library.refused) == (["1.0.0.1"], {})


def test_overlay_of_one_quiz_leaves_the_rest_as_it_is(tmp_path):
    root = write_library(tmp_path, files=QUIZ_ALONE)

    [course] = read_library([root]).courses

    items = {item.slug: item for module in course.modules for item in module.items}
    assert "Five cups, six people." in items["check"].page["questions"][0]["html"]
    assert {slug: item.is_overlaid for slug, item in items.items()} == {
        "sharing": False,
        "check": True,
        "double": False,
    }


REFUSED = {
    "a lesson": (f"{OURS}/modules/basics/sharing.md", "Other words.\n", "basics/sharing.md"),
    "a quiz that the course has not": (f"{OURS}/modules/basics/more.quiz.md", FILES[QUIZ], "basics/more"),
    "an exercise that is a quiz in the course": (f"{OURS}/modules/basics/check/exercise.py", "", "basics/check"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_overlay_replaces_only_quizzes_and_exercises_of_its_course(tmp_path, what):
    name, text, said = REFUSED[what]

    found = refused(write_library(tmp_path, files={**OVERLAID, name: text}))

    at = name.removesuffix("/exercise.py")
    assert (at, 1, f"The course has no such quiz or exercise: {said}.") in found


def test_overlay_that_replaces_nothing_is_told(tmp_path):
    found = refused(write_library(tmp_path, files={**FILES, OVERLAY_YML: OVERLAID[OVERLAY_YML]}))

    assert found == [(OVERLAY_YML, 1, "The overlay replaces nothing.")]


def test_two_overlays_over_one_course_are_one_too_many(tmp_path):
    second = {name.replace(OURS, "their-tea"): text for name, text in OVERLAID.items() if name.startswith(OURS)}

    found = refused(write_library(tmp_path, files={**OVERLAID, **second}))

    assert found == [("their-tea/overlay.yml", 1, f"'{COURSE}' has two overlays."), (COURSE_YML, 1, BARE)]


TYPOS = {
    "a key": ("edition: 1", "editon: 1"),
    "YAML": ("over: 1.0.0", "over: [1.0.0"),
    "quotes": (f"course: {COURSE}", f'course: "{COURSE}" '),
}


@pytest.mark.parametrize("what", TYPOS)
def test_course_is_not_read_without_an_overlay_that_cannot_be_read(tmp_path, what):
    text = OVERLAID[OVERLAY_YML].replace(*TYPOS[what]).replace("edition: 1", "editon: 1")

    library = read_library([write_library(tmp_path, files={**OVERLAID, OVERLAY_YML: text})])

    assert (library.courses, sorted(library.refused)) == ((), [tmp_path / OURS, tmp_path / COURSE])
    assert library.refused[tmp_path / COURSE].mistakes == (
        Mistake(
            tmp_path / COURSE_YML, 1, BARE, f"Correct it, or take its folder away: {tmp_path / OVERLAY_YML}."
        ),
    )  # fmt: skip


def test_folder_of_a_broken_overlay_is_no_course_that_a_path_could_take(tmp_path):
    broken = {OVERLAY_YML: "edition: 1\n", "paths.yml": PATHS.replace("take: tea-for-teams\n", f"take: {OURS}\n")}

    found = refused(write_library(tmp_path, files={**FILES, **broken}))

    assert ("paths.yml", 7, f"There is no course '{OURS}'.") in found


START = f"{COURSE}/modules/basics/start.quiz.md"
PASSED = DIAGNOSTIC[: DIAGNOSTIC.index("diagnostic:")] + "skills: [fairness@awareness]\npass: 0.8\n"
PASSED += DIAGNOSTIC[DIAGNOSTIC.index("---\n\n##") :]
OF_ANOTHER_KIND = {
    "a quiz over a diagnostic": (DIAGNOSTIC, PASSED, "0.8, not none, as a diagnostic."),
    "a diagnostic over a quiz": (PASSED, DIAGNOSTIC, "none, as a diagnostic, not 0.8."),
}


def with_start(openly: str, *, own: str) -> dict[str, str]:
    """The course with one more quiz, and its overlay with this one in its place."""
    module = FILES[MODULE_YML].replace("double]", "double, start]")
    return {**OVERLAID, MODULE_YML: module, START: openly, ours(START): own}


@pytest.mark.parametrize("what", OF_ANOTHER_KIND)
def test_diagnostic_and_quiz_do_not_replace_each_other(tmp_path, what):
    openly, own, said = OF_ANOTHER_KIND[what]

    found = refused(write_library(tmp_path, files=with_start(openly, own=own)))

    assert (ours(START), 1, f"The overlay has other share to pass than the course: {said}") in found


def test_diagnostic_replaces_a_diagnostic(tmp_path):
    own = DIAGNOSTIC.replace("Three cups, four people.", "Five cups, six people.")

    [course] = read_library([write_library(tmp_path, files=with_start(DIAGNOSTIC, own=own))]).courses

    assert [item.is_overlaid for module in course.modules for item in module.items if item.slug == "start"] == [True]


def test_overlay_cannot_reach_out_of_its_folder(tmp_path):
    root = write_library(tmp_path, files=QUIZ_ALONE)
    (root / ours(QUIZ)).unlink()
    (root / ours(QUIZ)).symlink_to(root / QUIZ)

    assert refused(root) == [(ours(QUIZ), 1, "This file is a link that leads out of the course folder.")]


@pytest.mark.django_db
def test_overlay_is_published_under_a_version_of_its_own_and_marks_with_its_own_tests(tmp_path):
    assert published(write_library(tmp_path / "open", files=FILES)) == [("1.0.0", "published")]

    assert published(write_library(tmp_path / "own", files=OVERLAID)) == [("1.0.0.1", "published")]

    openly, own = ExerciseVersion.objects.order_by("pk")
    assert (openly.is_overlaid, own.is_overlaid) == (False, True)
    assert "double(9) == 18" in json.dumps(json.loads(blobs.read(own.source_sha256)))
    assert ItemVersion.objects.filter(item__key="basics/check").values("item").distinct().count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("version", ["1.0.0", "1.1.0", "2.0.0"])
def test_course_does_not_fall_back_to_what_is_open_when_its_overlay_is_gone(tmp_path, version):
    published(write_library(tmp_path / "own", files=OVERLAID))
    openly = {**FILES, COURSE_YML: FILES[COURSE_YML].replace("version: 1.0.0", f"version: {version}")}

    report = sync.load(read_library([write_library(tmp_path / "open", files=openly)]), by=None, now=NOON)

    assert report.mistakes == (
        Mistake(
            tmp_path / "open" / COURSE_YML, 4,
            "Version 1.0.0.1 was published with an overlay, which is not here or cannot be read.",
            f"Name its folder in COURSE_DIRS too, and write over: {version} in it.",
        ),
    )  # fmt: skip
    current = Course.objects.get().current_version
    assert current is not None
    assert current.version == "1.0.0.1"


@pytest.mark.django_db
def test_changed_overlay_of_the_same_edition_is_refused_with_the_line_of_the_edition(tmp_path):
    published(write_library(tmp_path / "own", files=OVERLAID))
    changed = {**OVERLAID, ours(SCRIPT): OVERLAID[ours(SCRIPT)].replace("double(9) == 18", "double(8) == 16")}
    root = write_library(tmp_path / "changed", files=changed)

    [mistake] = sync.load(read_library([root]), by=None, now=NOON).mistakes
    write_library(root, files={**changed, OVERLAY_YML: OVERLAID[OVERLAY_YML].replace("edition: 1", "edition: 2")})

    assert (mistake.file, mistake.line) == (root / OVERLAY_YML, 3)
    assert mistake.cure == "Raise edition, so that it is above 1.0.0.1."
    assert published(root) == [("1.0.0.2", "published")]


@pytest.mark.django_db
def test_overlay_goes_back_to_what_it_was_under_a_new_edition(tmp_path):
    changed = {**OVERLAID, ours(SCRIPT): OVERLAID[ours(SCRIPT)].replace("double(9) == 18", "double(8) == 16")}
    editions = [(1, OVERLAID), (2, changed), (3, OVERLAID)]
    roots = [
        write_library(
            tmp_path / str(number),
            files={**files, OVERLAY_YML: OVERLAID[OVERLAY_YML].replace("edition: 1", f"edition: {number}")},
        )
        for number, files in editions
    ]

    loaded = [published(root) for root in roots]

    assert loaded == [[(f"1.0.0.{number}", "published")] for number, _ in editions]
    assert published(roots[2]) == [("1.0.0.3", "unchanged")]


def test_overlay_has_a_certificate_of_its_own(tmp_path):
    root = write_library(tmp_path, files=OVERLAID)
    sums = [content_sha256(exercise_in(root), folder=root / folder) for folder in (DOUBLE, ours(DOUBLE))]
    openly = exercise_in(write_library(tmp_path / "open", files=FILES))

    assert sums[0] == sums[1] != content_sha256(openly, folder=tmp_path / "open" / DOUBLE)


@pytest.mark.parametrize("licence", ["CC-BY-4.0", "cc0-1.0", "OGL-UK-3.0", "Open Government Licence v3.0", "MIT"])
def test_licences_by_which_everybody_may_read_are_open(licence):
    assert licences.is_open(licence)


@pytest.mark.parametrize("licence", ["Internal use only", "All rights reserved", "Crown copyright", "none"])
def test_other_licences_are_not(licence):
    assert not licences.is_open(licence)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("licence", "is_overlaid", "is_open"),
    [("CC-BY-4.0", False, True), ("CC-BY-4.0", True, False), ("Internal", False, False)],
)
def test_exercise_is_open_where_its_course_is_and_nothing_lies_over_it(licence, is_overlaid, is_open):
    version = CourseVersionFactory(licence=licence)

    exercise = ExerciseFactory(item_version__module__course_version=version, is_overlaid=is_overlaid)

    assert exercise.is_open_exercise is is_open
