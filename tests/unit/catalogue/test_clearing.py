"""Which exercises can be handed in: those with a certificate of their very content, and what was open before."""

from pathlib import Path

import pytest
from django.db.utils import IntegrityError

from tests.conftest import NOON
from tests.factories.catalogue import CERTIFICATE, ExerciseFactory
from tests.unit.catalogue.certificates import DOUBLE, certify, write_certified
from tests.unit.catalogue.small_course import BASICS, COURSE, FILES, with_change, write_library
from upskill.catalogue import sync
from upskill.catalogue.course_files.library import read_library
from upskill.catalogue.models import Clearance, ExerciseVersion
from upskill.catalogue.services import Outcome
from upskill.core.models import AuditEntry

pytestmark = pytest.mark.django_db
CURE = (
    "Run manage.py check_course and load the course again: until then it can be practised, and not be handed in. "
    "An operator may load it with --unchecked."
)


def load(root: Path, *, opens_unchecked: bool = False) -> list[str]:
    """Publish what is below `root`; why its exercise cannot be handed in."""
    report = sync.load(read_library([root]), by=None, now=NOON, opens_unchecked=opens_unchecked)
    assert report.mistakes == ()
    return [str(why).replace(f"{root}/", "") for loaded in report.loaded for why in loaded.closed]


def clearances() -> list[tuple[str, str, dict]]:
    """Of each version that is open for handing in, by version."""
    rows = Clearance.objects.order_by("pk")
    version = "exercise__item_version__module__course_version__version"
    return list(rows.values_list(version, "ground", "certificate"))


def as_version(version: str, *, changed: dict[str, str] | None = None) -> dict[str, str]:
    """The small course, or these files, with another version."""
    files = FILES if changed is None else changed
    name = f"{COURSE}/course.yml"
    return {**files, name: files[name].replace("version: 1.0.0", f"version: {version}")}


OTHER_LESSON = with_change(f"{BASICS}/sharing.md", old="Four people", new="Five people")
OTHER_EXERCISE = with_change(f"{DOUBLE}/exercise.py", old="Write a function.", new="Write one function.")


def test_certificate_of_the_content_opens_an_exercise(tmp_path):
    write_library(tmp_path)
    facts = certify(tmp_path)

    closed = load(tmp_path)

    assert closed == []
    assert clearances() == [("1.0.0", "certificate", facts)]
    assert Clearance.objects.get().given_at == NOON
    entry = AuditEntry.objects.get(event="exercise.cleared")
    exercise = ExerciseVersion.objects.get()
    assert (entry.subject_id, entry.details, entry.by) == (str(exercise.pk), {"ground": "certificate"}, None)


def test_certificate_by_another_engine_and_other_libraries_opens_it_too(tmp_path):
    write_certified(tmp_path, engine="0.0.1", libraries={"numpy": "1.0"}, edition=7)

    assert load(tmp_path) == []


WITHOUT = {
    "none": (None, "The exercise has no certificate."),
    "of other content": ({"sha256": "1" * 64}, "The certificate is of other content than the exercise has now."),
    "with an unknown key": ({"passed": True}, "This is no certificate as check_course writes it."),
    "with points that are no number": ({"answers": {"adds": {"points": "0"}}}, "This is no certificate"),
    "with a text that no database holds": ({"python": "3\0"}, "This is no certificate"),
    "with a number that no database holds": ({"tricks": {"a": float("nan")}}, "This is no certificate"),
    "with a number without end": ({"answers": {"adds": {"points": float("inf")}}}, "This is no certificate"),
    "that is very long": ({"python": "3" * 300_000}, "This is no certificate"),
}


@pytest.mark.parametrize("what", WITHOUT)
def test_exercise_without_a_certificate_that_fits_is_published_and_closed(tmp_path, what):
    other, problem = WITHOUT[what]
    write_library(tmp_path)
    if other is not None:
        certify(tmp_path, **other)

    [why] = load(tmp_path)

    assert why.startswith(f"{DOUBLE}/certificate.json:1: {problem}")
    assert why.endswith(f" {CURE}")
    assert (ExerciseVersion.objects.count(), clearances()) == (1, [])


@pytest.mark.parametrize("text", ["", "[]", "{", '{"exercise": 1}', "[" * 100_000, "\0"])
def test_file_that_holds_no_certificate_is_as_if_there_were_none(tmp_path, text):
    write_library(tmp_path)
    (tmp_path / DOUBLE / "certificate.json").write_text(text)

    [why] = load(tmp_path)

    assert "This is no certificate as check_course writes it." in why


def test_certificate_that_comes_later_opens_the_same_version(tmp_path):
    load(write_library(tmp_path))
    facts = certify(tmp_path)

    report = sync.load(read_library([tmp_path]), by=None, now=NOON)

    assert report.loaded == (sync.Loaded(COURSE, "1.0.0", Outcome.UNCHANGED, items=3),)
    assert clearances() == [("1.0.0", "certificate", facts)]


def test_newer_certificate_takes_the_place_of_an_older_one_and_loading_again_changes_nothing(tmp_path):
    load(write_certified(tmp_path))
    facts = certify(tmp_path, engine="0.2.0")

    load(tmp_path)
    load(tmp_path)

    assert clearances() == [("1.0.0", "certificate", facts)]
    assert AuditEntry.objects.filter(event="exercise.cleared").count() == 2


def test_what_is_open_stays_open_when_its_certificate_is_gone(tmp_path):
    load(write_certified(tmp_path))
    (tmp_path / DOUBLE / "certificate.json").unlink()

    assert load(tmp_path) == []
    assert [ground for _, ground, _ in clearances()] == ["certificate"]


def test_exercise_that_is_the_same_in_a_new_version_keeps_what_it_had(tmp_path):
    facts = certify(write_library(tmp_path / "old"))
    load(tmp_path / "old")

    closed = load(write_library(tmp_path / "new", files=as_version("1.1.0", changed=OTHER_LESSON)))

    assert closed == []
    assert clearances() == [("1.0.0", "certificate", facts), ("1.1.0", "certificate", facts)]


def test_exercise_that_changed_is_closed_until_it_is_checked(tmp_path):
    load(write_certified(tmp_path / "old"))
    files = as_version("1.1.0", changed=OTHER_EXERCISE)

    [why] = load(write_library(tmp_path / "new", files=files))
    facts = certify(tmp_path / "new")

    assert "The exercise has no certificate." in why
    assert load(tmp_path / "new") == []
    assert clearances()[1] == ("1.1.0", "certificate", facts)


def test_operator_opens_exercises_without_certificates_and_they_stay_so(tmp_path):
    write_library(tmp_path)

    opened = load(tmp_path, opens_unchecked=True)

    assert opened == load(tmp_path) == []
    assert clearances() == [("1.0.0", "operator", {})]


def test_certificate_counts_more_than_an_operators_word(tmp_path):
    load(write_library(tmp_path), opens_unchecked=True)
    facts = certify(tmp_path)

    load(tmp_path, opens_unchecked=True)

    assert clearances() == [("1.0.0", "certificate", facts)]


@pytest.mark.parametrize(("ground", "certificate"), [("certificate", {}), ("operator", CERTIFICATE)])
def test_database_holds_a_certificate_exactly_where_one_is_the_ground(ground, certificate):
    exercise = ExerciseFactory(clearance=False)

    with pytest.raises(IntegrityError, match="clearance_by_certificate_has_it"):
        Clearance.objects.create(exercise=exercise, ground=ground, certificate=certificate, given_at=NOON)
