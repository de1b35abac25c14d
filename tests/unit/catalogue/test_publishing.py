"""Publishing a course: whole or not at all, never the same version twice, and items keep who they are."""

import dataclasses
import json
import random
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOON
from tests.factories.people import PersonFactory
from tests.unit.catalogue.certificates import write_certified
from tests.unit.catalogue.small_course import BASICS, COURSE, DATA, FILES, with_change, write_library
from upskill.catalogue import sync
from upskill.catalogue.course_files.library import read_library
from upskill.catalogue.course_files.mistakes import CourseError, Mistake
from upskill.catalogue.course_files.shape import CourseContent
from upskill.catalogue.models import Check, Course, CourseVersion, ExerciseVersion, Item, ItemVersion, Module
from upskill.catalogue.services import Outcome, publish_course
from upskill.core import blobs
from upskill.core.models import AuditEntry, Blob

pytestmark = pytest.mark.django_db

COURSE_YML, MODULE_YML = f"{COURSE}/course.yml", f"{BASICS}/module.yml"
EVERY_TABLE = [Course, CourseVersion, Module, Item, ItemVersion, ExerciseVersion, Check, Blob, AuditEntry]


def read(root, files=None) -> CourseContent:
    """The course in these files."""
    return read_library([write_library(root, files=files)]).courses[0]


def publish(content: CourseContent) -> Outcome:
    """Publish at noon, by the service itself."""
    return publish_course(content, by=None, now=NOON)


def raised(files: dict[str, str], *, version: str) -> dict[str, str]:
    """The files with another version."""
    text = files[COURSE_YML].replace("version: 1.0.0", f"version: {version}")
    return {**files, COURSE_YML: text}


def everything() -> dict[str, list[dict]]:
    """Every row of every table that publishing writes to."""
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in EVERY_TABLE}


def current_version() -> CourseVersion:
    """The current version of the only course."""
    version = Course.objects.get().current_version
    assert version is not None
    return version


def current_keys() -> list[str]:
    """Keys of the items in the current version, in their order."""
    rows = ItemVersion.objects.filter(module__course_version=current_version()).order_by("position")
    return list(rows.values_list("item__key", flat=True))


def test_publishing_stores_the_course_and_makes_it_current(tmp_path):
    content = read(tmp_path)

    outcome = publish(content)

    version = CourseVersion.objects.get()
    assert outcome == Outcome.PUBLISHED
    assert Course.objects.get().current_version == version
    assert (version.course_id, version.version, version.content_sha256) == (COURSE, "1.0.0", content.sha256)
    assert (version.title, version.summary, version.published_at) == ("Tea for teams", "Share a pot fairly.", NOON)
    assert (version.language, version.licence, version.audience) == ("en-GB", "CC-BY-4.0", ["new-recruit"])
    assert version.skills == [{"skill": "fairness", "level": 2}]


def test_publishing_stores_modules_and_items_in_their_order(tmp_path):
    publish(read(tmp_path))

    module = Module.objects.get()
    assert (module.slug, module.position, module.title) == ("basics", 0, "The basics")
    assert (module.summary, module.objectives) == ("One pot, many cups.", ["You can share a pot."])
    rows = ItemVersion.objects.select_related("item").order_by("position")
    assert [(row.item.key, row.item.kind, row.title, row.minutes, row.skills) for row in rows] == [
        ("basics/sharing", "lesson", "Sharing a pot", 5, []),
        ("basics/check", "quiz", "Check: sharing", 3, [{"skill": "fairness", "level": 1}]),
        ("basics/double", "exercise", "Double the pots", 15, [{"skill": "fairness", "level": 2}]),
    ]


def test_publishing_stores_principles_and_prerequisites_as_the_author_put_them(tmp_path):
    files = with_change(f"{COURSE}/course.yml", old="skills:", new="principles: [10, 2]\nskills:")
    helps = "prerequisites: [brewing@working, fairness@awareness]\nitems:"
    files |= {f"{BASICS}/module.yml": FILES[f"{BASICS}/module.yml"].replace("items:", helps)}

    publish(read(tmp_path, files))

    assert current_version().principles == [10, 2]
    assert Module.objects.get().prerequisites == [{"skill": "brewing", "level": 2}, {"skill": "fairness", "level": 1}]


def test_course_without_principles_and_prerequisites_has_none(tmp_path):
    publish(read(tmp_path))

    assert (current_version().principles, Module.objects.get().prerequisites) == ([], [])


def test_publishing_stores_what_pages_show(tmp_path):
    content = read(tmp_path)

    publish(content)

    stored = list(ItemVersion.objects.order_by("position").values_list("content", "content_sha256"))
    assert stored == [(item.page, item.sha256) for item in content.modules[0].items]


def test_publishing_stores_what_marking_needs(tmp_path):
    content = read(tmp_path)

    publish(content)

    stored, exercise = ExerciseVersion.objects.get(), content.modules[0].items[2].exercise
    assert exercise is not None
    assert blobs.read(stored.source_sha256).decode() == exercise.source
    assert blobs.read(stored.release_sha256).decode() == exercise.release
    assert blobs.read_all(stored.files) == {"pots.csv": DATA.encode()}
    assert (stored.limits, stored.filename, stored.pass_share) == ({"cell_seconds": 5}, "double.ipynb", Decimal("0.80"))
    assert stored.hidden_messages == {"test_double": "It must work for every number of cups."}


def test_publishing_stores_each_check_with_its_rubric(tmp_path):
    publish(read(tmp_path))

    automatic, advice = Check.objects.order_by("position")
    assert (automatic.slug, automatic.title, automatic.max_points) == ("test_double", "Double the pots", Decimal(4))
    assert (automatic.by_person, automatic.rubric, automatic.model_answer) == (False, [], "")
    assert (advice.slug, advice.title, advice.max_points) == ("advice", "Advise the host", Decimal(2))
    assert (advice.by_person, advice.model_answer) == (True, "Buy a bigger pot.")
    assert advice.rubric == [
        {
            "id": "useful",
            "title": "The advice helps",
            "points": 2,
            "levels": ["None", "A little", "Some", "Much", "All"],
        }
    ]


def test_publishing_is_audited_with_who_did_it(tmp_path, audit_trail):
    content, operator = read(tmp_path), PersonFactory()

    publish_course(content, by=operator, now=NOON)

    assert audit_trail() == [("course.published", operator, {"version": "1.0.0", "sha256": content.sha256})]


def test_publishing_again_writes_nothing(tmp_path):
    content = read(tmp_path)
    publish(content)
    before = everything()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        outcome = publish(content)

    assert outcome == Outcome.UNCHANGED
    assert everything() == before
    assert [query["sql"].split()[0] for query in queries if query["sql"].split()[0] in {"INSERT", "UPDATE"}] == []


def test_publishing_from_shuffled_files_writes_nothing(tmp_path):
    publish(read(tmp_path / "first"))
    before = everything()
    names = list(FILES)
    random.Random(5).shuffle(names)

    outcome = publish(read_library([write_library(tmp_path / "second", order=names)]).courses[0])

    assert (outcome, everything()) == (Outcome.UNCHANGED, before)


def test_changed_content_under_a_published_version_is_refused(tmp_path):
    publish(read(tmp_path / "first"))
    before = everything()
    changed = with_change(f"{BASICS}/sharing.md", old="Four people", new="Five people")

    with pytest.raises(CourseError) as refused:
        publish(read(tmp_path / "second", changed))

    problem = "The course has changed, but version 1.0.0 is already published and stays as it is."
    file = tmp_path / "second" / COURSE_YML
    assert refused.value.mistakes == (Mistake(file, 4, problem, "Raise the version above 1.0.0."),)
    assert everything() == before


@pytest.mark.parametrize("version", ["0.9.9", "1.9.0", "1.10.0"])
def test_version_that_does_not_go_up_is_refused(tmp_path, version):
    publish(read(tmp_path / "first", raised(FILES, version="1.10.1")))

    with pytest.raises(CourseError) as refused:
        publish(read(tmp_path / "second", raised(FILES, version=version)))

    problem = f"Version {version} is lower than version 1.10.1, which is already published."
    file = tmp_path / "second" / COURSE_YML
    assert refused.value.mistakes == (Mistake(file, 4, problem, "Raise the version above 1.10.1."),)


def test_version_ten_is_above_version_nine(tmp_path):
    publish(read(tmp_path / "first", raised(FILES, version="1.9.0")))

    outcome = publish(read(tmp_path / "second", raised(FILES, version="1.10.0")))

    assert (outcome, current_version().version) == (Outcome.PUBLISHED, "1.10.0")


def test_new_version_stands_beside_the_old_one_with_the_same_items(tmp_path):
    publish(read(tmp_path / "first"))
    old = current_version()
    before = {item.key: item.pk for item in Item.objects.all()}
    changed = raised(with_change(f"{BASICS}/sharing.md", old="Four people", new="Five people"), version="1.1.0")

    publish(read(tmp_path / "second", changed))

    versions = list(CourseVersion.objects.order_by("pk").values_list("version", flat=True))
    assert versions == ["1.0.0", "1.1.0"]
    assert current_version().version == "1.1.0"
    assert {item.key: item.pk for item in Item.objects.all()} == before
    lessons = ItemVersion.objects.filter(item__key="basics/sharing").order_by("pk")
    assert ["Five people" in lesson.content["html"] for lesson in lessons] == [False, True]
    assert CourseVersion.objects.get(pk=old.pk).content_sha256 == old.content_sha256


def test_item_that_is_gone_stays_as_history_and_leaves_the_current_version(tmp_path):
    publish(read(tmp_path / "first"))
    fewer = {name: text for name, text in FILES.items() if not name.endswith("check.quiz.md")}
    fewer[MODULE_YML] = fewer[MODULE_YML].replace("[sharing, check, double]", "[sharing, double]")

    publish(read(tmp_path / "second", raised(fewer, version="1.1.0")))

    assert current_keys() == ["basics/sharing", "basics/double"]
    assert ItemVersion.objects.filter(item__key="basics/check").count() == 1


def test_item_that_comes_back_is_the_same_item(tmp_path):
    publish(read(tmp_path / "first"))
    quiz = Item.objects.get(key="basics/check")
    fewer = {name: text for name, text in FILES.items() if not name.endswith("check.quiz.md")}
    fewer[MODULE_YML] = fewer[MODULE_YML].replace("[sharing, check, double]", "[sharing, double]")
    publish(read(tmp_path / "second", raised(fewer, version="1.1.0")))

    publish(read(tmp_path / "third", raised(FILES, version="1.2.0")))

    assert Item.objects.get(key="basics/check") == quiz
    assert current_keys() == ["basics/sharing", "basics/check", "basics/double"]


def test_other_order_of_items_is_a_new_version_of_the_same_items(tmp_path):
    publish(read(tmp_path / "first"))
    before = set(Item.objects.values_list("pk", flat=True))
    turned = with_change(MODULE_YML, old="[sharing, check, double]", new="[double, check, sharing]")

    publish(read(tmp_path / "second", raised(turned, version="1.0.1")))

    assert current_keys() == ["basics/double", "basics/check", "basics/sharing"]
    assert set(Item.objects.values_list("pk", flat=True)) == before


def test_item_that_turns_into_another_kind_is_refused(tmp_path):
    publish(read(tmp_path / "first"))
    before = everything()
    lesson = FILES[f"{BASICS}/sharing.md"]
    turned = {name: text for name, text in FILES.items() if not name.endswith("check.quiz.md")}
    turned[f"{BASICS}/check.md"] = lesson

    with pytest.raises(CourseError) as refused:
        publish(read(tmp_path / "second", raised(turned, version="2.0.0")))

    cure = "Give the new one another name: what learners did refers to the old one."
    file = tmp_path / "second" / BASICS / "check.md"
    assert refused.value.mistakes == (Mistake(file, 1, "'check' is a lesson now, but was a quiz.", cure),)
    assert everything() == before


def test_course_that_breaks_half_way_leaves_nothing(tmp_path):
    content = read(tmp_path)
    lesson, quiz, exercise = content.modules[0].items
    too_long = dataclasses.replace(exercise, title="x" * 201)  # the database refuses the last row of the course
    module = dataclasses.replace(content.modules[0], items=(lesson, quiz, too_long))
    before = everything()

    with pytest.raises(DatabaseError):
        publish(dataclasses.replace(content, modules=(module,)))

    assert everything() == before


@pytest.mark.parametrize("model", [CourseVersion, Module, ItemVersion, ExerciseVersion, Check])
def test_database_refuses_to_change_or_delete_what_is_published(tmp_path, model):
    publish(read(tmp_path))
    row = model.objects.order_by("pk").first()

    with pytest.raises(DatabaseError, match="Cannot update or delete rows"):
        row.save()


@pytest.mark.parametrize("model", [Check, ExerciseVersion])
def test_database_refuses_to_delete_what_is_published(tmp_path, model):
    publish(read(tmp_path))

    with pytest.raises(DatabaseError):
        model.objects.all().delete()


def test_equal_notebooks_and_data_are_stored_once(tmp_path):
    publish(read(tmp_path / "first"))
    before = Blob.objects.count()
    changed = raised(with_change(f"{BASICS}/sharing.md", old="Four people", new="Five people"), version="1.1.0")

    publish(read(tmp_path / "second", changed))

    assert Blob.objects.count() == before == 3


def test_loading_a_library_reports_each_course(tmp_path):
    library = read_library([write_certified(tmp_path)])

    first = sync.load(library, by=None, now=NOON)
    second = sync.load(library, by=None, now=NOON)

    assert first == sync.SyncReport((sync.Loaded(COURSE, "1.0.0", Outcome.PUBLISHED, items=3),), ())
    assert second == sync.SyncReport((sync.Loaded(COURSE, "1.0.0", Outcome.UNCHANGED, items=3),), ())


def test_loading_a_library_publishes_good_courses_and_reports_the_mistakes_of_the_others(tmp_path):
    others = {name.replace(COURSE, "coffee"): text.replace(COURSE, "coffee") for name, text in FILES.items()}
    others["coffee/course.yml"] = others["coffee/course.yml"].replace("version: 1.0.0", "version: one")
    write_certified(tmp_path, FILES)
    library = read_library([write_library(tmp_path, files={**others, **FILES})])

    report = sync.load(library, by=None, now=NOON)

    cure = "Write three numbers with dots, such as 1.0.0."
    mistake = Mistake(tmp_path / "coffee/course.yml", 4, "The value of 'version' does not fit.", cure)
    assert report == sync.SyncReport((sync.Loaded(COURSE, "1.0.0", Outcome.PUBLISHED, items=3),), (mistake,))
    assert list(Course.objects.values_list("pk", flat=True)) == [COURSE]


def test_loading_a_library_goes_on_after_a_course_that_cannot_be_published(tmp_path):
    coffee = {name.replace(COURSE, "coffee"): text.replace(COURSE, "coffee") for name, text in FILES.items()}
    sync.load(read_library([write_library(tmp_path / "a", files={**FILES, **coffee})]), by=None, now=NOON)
    changed = {**FILES, **coffee, "coffee/course.yml": coffee["coffee/course.yml"].replace("Tea", "Coffee")}
    library = read_library([write_library(tmp_path / "b", files=raised(changed, version="1.1.0"))])

    report = sync.load(library, by=None, now=NOON, opens_unchecked=True)

    assert report.loaded == (sync.Loaded(COURSE, "1.1.0", Outcome.PUBLISHED, items=3),)
    assert [mistake.file for mistake in report.mistakes] == [tmp_path / "b/coffee/course.yml"]


def test_release_that_learners_download_names_its_exercise(tmp_path):
    publish(read(tmp_path))

    release = json.loads(blobs.read(ExerciseVersion.objects.get().release_sha256))

    assert release["metadata"]["upskill"]["exercise"] == f"{COURSE}/basics/double"


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_publish_once(tmp_path):
    content = read(tmp_path)

    def load() -> Outcome:
        try:
            return publish(content)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = [future.result() for future in [pool.submit(load), pool.submit(load)]]

    assert sorted(outcomes) == [Outcome.PUBLISHED, Outcome.UNCHANGED]
    assert (CourseVersion.objects.count(), Item.objects.count(), ItemVersion.objects.count()) == (1, 3, 3)
    assert AuditEntry.objects.count() == 1
