"""Exercises as JSON: what to do and the files for it; no solution, no hidden test, for those who take the course."""

import hashlib

import pytest

from tests.factories.catalogue import ExerciseFactory
from tests.factories.exercises import real_exercise
from tests.factories.people import NOON, PersonFactory
from tests.web.learner.pages import learner_of, taught
from upskill.catalogue.models import ExerciseVersion
from upskill.core import blobs
from upskill.learning.models import Enrolment

from .problems import NOT_FOUND, problem, told

pytestmark = pytest.mark.django_db
NOT_ENROLLED = problem(409, "Start this course to open what is in it.", kind="not-enrolled")
TABLE = b"a,b\n1,2\n"


@pytest.fixture
def exercise():
    return real_exercise(files={"table.csv": blobs.store(TABLE)})


def url(exercise, more: str = "") -> str:
    return f"/api/v1/exercises/{exercise.item_version.item.course_id}/{exercise.item_version.item.key}/{more}"


def taker(exercise):
    person = PersonFactory()
    Enrolment.objects.create(learner=person, course=exercise.item_version.item.course, enrolled_at=NOON)
    return person


def test_exercises_are_those_of_published_courses_in_the_order_of_teaching(signed_in):
    first, second = taught(), taught()
    more = ExerciseFactory(item_version__module=first.lesson.module, item_version__slug="more")

    answer = signed_in(PersonFactory()).get("/api/v1/exercises/")

    expected: list[ExerciseVersion] = [first.exercise, more, second.exercise]
    assert answer.json() == {
        "count": 3,
        "next": None,
        "previous": None,
        "results": [
            {
                "course": each.item_version.item.course_id,
                "item": each.item_version.item.key,
                "title": each.item_version.title,
                "minutes": each.item_version.minutes,
                "url": url(each),
            }
            for each in expected
        ],
    }


@pytest.mark.parametrize(("course", "found"), [("wanted", 1), ("nothing", 0), (None, 2)])
def test_exercises_of_one_course(signed_in, course, found):
    taught(course__id="wanted"), taught(course__id="other")

    asked = f"?course={course}" if course else ""
    answer = signed_in(PersonFactory()).get(f"/api/v1/exercises/{asked}")

    assert (answer.status_code, answer.json()["count"]) == (200, found)


@pytest.mark.parametrize("course", ["", "%00", "a/b", "%F0%9F%92%A9", "x" * 51])
def test_course_that_is_no_name_is_refused_beside_its_field(signed_in, course):
    answer = signed_in(PersonFactory()).get(f"/api/v1/exercises/?course={course}")

    status, _type, said = told(answer)
    assert (status, said["type"], list(said["errors"])) == (400, "urn:upskill:problem:invalid", ["course"])


def test_exercises_cost_the_same_for_one_and_for_three(signed_in, django_assert_num_queries):
    client = signed_in(PersonFactory())
    for courses in (1, 2):
        for _ in range(courses):
            taught()
        with django_assert_num_queries(5):
            answer = client.get("/api/v1/exercises/")

    assert answer.json()["count"] == 3


def test_exercise_names_its_checks_and_files(signed_in, exercise):
    answer = signed_in(taker(exercise)).get(url(exercise))

    version = exercise.item_version
    assert answer.json() == {
        "course": version.item.course_id,
        "item": version.item.key,
        "title": version.title,
        "minutes": 10,
        "url": url(exercise),
        "pass_share": 0.8,
        "skills": [{"skill": "fairness", "level": 2}],
        "checks": [
            {"check": "test_double", "title": "Double it", "max_points": 4.0, "by_person": False},
            {"check": "reflection", "title": "Say why", "max_points": 6.0, "by_person": True},
        ],
        "notebook": {"name": "double.ipynb", "sha256": exercise.release_sha256, "url": url(exercise, "notebook/")},
        "files": [
            {
                "name": "table.csv",
                "sha256": hashlib.sha256(TABLE).hexdigest(),
                "url": url(exercise, "files/table.csv"),
            }
        ],
        "draft_url": url(exercise, "draft/"),
        "submissions_url": url(exercise, "submissions/"),
    }


def test_exercise_costs_the_same_with_one_file_and_check_and_with_three(signed_in, django_assert_num_queries):
    for files in (1, 3):
        exercise = ExerciseFactory(files={f"{number}.csv": blobs.store(TABLE) for number in range(files)})
        for number in range(files):
            exercise.checks.create(slug=f"more-{number}", position=9, title="More", max_points=1)
        client = signed_in(taker(exercise))
        with django_assert_num_queries(6):
            answer = client.get(url(exercise))

    assert (len(answer.json()["files"]), len(answer.json()["checks"])) == (3, 5)


def test_notebook_is_the_release_to_keep_and_never_to_show(signed_in, exercise):
    answer = signed_in(taker(exercise)).get(url(exercise, "notebook/"))

    assert hashlib.sha256(answer.content).hexdigest() == exercise.release_sha256
    assert answer["Content-Type"] == "application/x-ipynb+json"
    assert answer["Content-Disposition"] == 'attachment; filename="double.ipynb"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert (answer["X-Content-Type-Options"], "no-store" in answer["Cache-Control"]) == ("nosniff", True)


def test_file_is_the_file(signed_in, exercise):
    answer = signed_in(taker(exercise)).get(url(exercise, "files/table.csv"))

    assert (answer.content, answer["Content-Type"]) == (TABLE, "application/octet-stream")
    assert answer["Content-Disposition"] == 'attachment; filename="table.csv"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_nothing_of_an_exercise_gives_its_solution_or_hidden_tests_away(signed_in, exercise):
    client = signed_in(taker(exercise))

    said = [client.get(url(exercise, more)).content.decode() for more in ("", "notebook/", "files/table.csv")]

    source = blobs.read(exercise.source_sha256).decode()
    secrets = ["return 2 * x", "double(-7)", "It saves adding.", "It must hold for every number."]
    assert [secret for secret in secrets[:2] if secret not in source] == []
    assert [secret for secret in [*secrets, exercise.source_sha256] if secret in "".join(said)] == []


@pytest.mark.parametrize("more", ["", "notebook/", "files/table.csv"])
def test_course_must_be_taken_first(signed_in, exercise, more):
    assert told(signed_in(PersonFactory()).get(url(exercise, more))) == NOT_ENROLLED


@pytest.mark.parametrize("more", ["files/other.csv", "files/..%2Ftable.csv", "files/%00", "files/"])
def test_file_that_is_none_of_the_exercise_is_not_there(signed_in, exercise, more):
    assert told(signed_in(taker(exercise)).get(url(exercise, more))) == NOT_FOUND


def test_lesson_and_quiz_are_no_exercises(signed_in):
    course = taught()
    client = signed_in(learner_of(course))

    answers = [client.get(f"/api/v1/exercises{course.item_url(item)[8:]}") for item in (course.lesson, course.quiz)]

    assert [told(answer) for answer in answers] == [NOT_FOUND] * 2
