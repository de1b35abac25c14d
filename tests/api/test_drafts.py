"""Drafts: what is written is kept, on top of what was seen, for its learner alone."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.factories import exercises
from tests.factories.catalogue import ItemVersionFactory, next_exercise_item
from tests.factories.people import NOON, PersonFactory
from upskill.core.models import AuditEntry
from upskill.learning.models import Draft, Enrolment
from upskill.marking.answers import MAX_CELL_CHARACTERS
from upskill.people.models import TokenScope

from .problems import NOT_FOUND, problem, told

pytestmark = pytest.mark.django_db
NOTHING: dict[str, object] = {"revision": 0, "saved_at": None, "cells": {}, "earlier_cells": {}}
ELSEWHERE = problem(
    409,
    "This exercise was saved in another window since. Load what was saved there, then choose which text to keep.",
    kind="saved-elsewhere",
)
FOREIGN = problem(
    409, "Some of these cells are not for your text. Load the exercise again, then save it.", kind="other-cells"
)


@pytest.fixture
def exercise():
    return exercises.real_exercise()


@pytest.fixture
def alice(exercise):
    return learner_of(exercise)


@pytest.fixture
def client(program, alice) -> Client:
    return program(alice)


def learner_of(exercise):
    person = PersonFactory()
    Enrolment.objects.create(learner=person, course=exercise.item_version.item.course, enrolled_at=NOON)
    return person


def url(exercise) -> str:
    item = exercise.item_version.item
    return f"/api/v1/exercises/{item.course_id}/{item.key}/draft/"


def ids(*, are_answers: bool = True, script: str = exercises.SCRIPT) -> list[str]:
    """Of the cells of the exercise that a learner writes, or of the others."""
    cells = json.loads(exercises.notebooks(script)[1])["cells"]
    return [cell["id"] for cell in cells if bool(cell["metadata"].get("nbgrader", {}).get("solution")) is are_answers]


CODE, WORDS = ids()


def save(client: Client, exercise, cells: object, *, revision: object = 0, **more):
    body = json.dumps({"revision": revision, "cells": cells}, **more)
    return client.put(url(exercise), body, content_type="application/json")


def load(client: Client, exercise) -> dict:
    return client.get(url(exercise)).json()


def test_before_the_first_save_there_is_nothing(client, exercise):
    assert load(client, exercise) == NOTHING


def test_what_was_saved_last_is_there_with_its_revision_and_its_moment(client, exercise):
    began = timezone.now()
    save(client, exercise, {CODE: "x = 1"})
    answer = save(client, exercise, {CODE: "x = 2", WORDS: " Because.\n"}, revision=1)

    assert answer.status_code == 200
    assert {**answer.json(), "saved_at": ""} == {
        "revision": 2, "saved_at": "", "cells": {CODE: "x = 2", WORDS: " Because.\n"}, "earlier_cells": {},
    }  # fmt: skip
    assert load(client, exercise) == answer.json()
    assert began < Draft.objects.get().saved_at < timezone.now()


def test_a_cell_that_is_left_out_stays_and_null_takes_its_text_away(client, exercise):
    save(client, exercise, {CODE: "x = 1", WORDS: "Because."})

    assert save(client, exercise, {WORDS: "So."}, revision=1).json()["cells"] == {CODE: "x = 1", WORDS: "So."}
    assert save(client, exercise, {CODE: None, "none": None}, revision=2).json()["cells"] == {WORDS: "So."}


@pytest.mark.parametrize("revision", [0, 2, 7])
def test_a_save_on_top_of_another_revision_is_refused_and_nothing_is_lost(client, exercise, revision):
    for number, text in enumerate(["a", "b", "c"]):
        kept = save(client, exercise, {CODE: text}, revision=number).json()

    assert told(save(client, exercise, {CODE: "other"}, revision=revision)) == ELSEWHERE
    assert load(client, exercise) == kept


def test_a_first_save_that_knows_a_revision_is_refused(client, exercise):
    assert told(save(client, exercise, {CODE: "x"}, revision=1)) == ELSEWHERE


def test_the_same_save_again_is_answered_as_it_was(client, exercise):
    """Its answer was lost on the way, so the page sends it once more."""
    first = save(client, exercise, {CODE: "x"})

    assert (save(client, exercise, {CODE: "x"}).json(), Draft.objects.get().revision) == (first.json(), 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("begun", [False, True])
def test_of_two_windows_at_once_one_saves_and_the_other_is_told(program, begun):
    exercise = exercises.real_exercise()
    client = program(learner_of(exercise))
    if begun:
        save(client, exercise, {CODE: "begun"})

    def one(text: str):
        try:
            return save(client, exercise, {CODE: text}, revision=int(begun))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as windows:
        answers = list(windows.map(one, ["a", "b", "c", "d"]))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert [told(answer) for answer in answers if answer.status_code == 409] == [ELSEWHERE] * 3
    (saved,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert load(client, exercise) == saved


@pytest.mark.django_db(transaction=True)
def test_the_same_first_save_at_once_is_one(program):
    exercise = exercises.real_exercise()
    client = program(learner_of(exercise))

    def one(_number: int):
        try:
            return save(client, exercise, {CODE: "same"})
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as windows:
        answers = list(windows.map(one, range(4)))

    assert ([answer.status_code for answer in answers], Draft.objects.get().revision) == ([200] * 4, 1)


# --- what may be in it ---


@pytest.mark.parametrize("cell", [*ids(are_answers=False), "none", "", "constructor"])
def test_only_cells_that_learners_write_are_kept(client, exercise, cell):
    assert told(save(client, exercise, {CODE: "x", cell: "assert True"})) == FOREIGN
    assert load(client, exercise) == NOTHING


def test_text_that_no_database_takes_is_kept_without_that(client, exercise):
    answer = save(client, exercise, {CODE: "a\0b\ud83d", WORDS: "é 🙂"})

    assert answer.json()["cells"] == {CODE: "ab?", WORDS: "é 🙂"}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"revision", "cells"}),
        ({"revision": -1, "cells": {}}, {"revision"}),
        ({"revision": 2**31, "cells": {}}, {"revision"}),
        ({"revision": 0, "cells": []}, {"cells"}),
        ({"revision": 0, "cells": {CODE: 5.5, WORDS: {}}}, {f"cells.{WORDS}"}),
        ({"revision": 0, "cells": {CODE: "x" * (MAX_CELL_CHARACTERS + 1)}}, {f"cells.{CODE}"}),
        ({"revision": 0, "cells": {str(number): "" for number in range(501)}}, {"cells"}),
    ],
)
def test_what_cannot_be_a_draft_is_refused_by_name(client, exercise, body, fields):
    answer = client.put(url(exercise), json.dumps(body), content_type="application/json")

    assert (answer.status_code, answer.json()["errors"].keys()) == (400, fields)
    assert Draft.objects.count() == 0


def test_more_than_two_megabytes_are_not_read(client, exercise):
    assert save(client, exercise, {CODE: "x" * 2_000_000}).status_code == 413


def test_saves_have_an_allowance_of_their_own(client, exercise, settings):
    settings.API_WRITES_PER_MINUTE, settings.API_SAVES_PER_MINUTE = 1, 3
    answers = [save(client, exercise, {CODE: str(number)}, revision=number).status_code for number in range(4)]

    assert answers == [200, 200, 200, 429]
    assert client.post("/api/v1/courses/none/enrolment/").status_code == 404


# --- whose it is ---


def test_each_learner_has_a_draft_of_their_own(client, exercise, program):
    save(client, exercise, {CODE: "mine"})
    other = program(learner_of(exercise))

    assert load(other, exercise) == NOTHING
    assert save(other, exercise, {CODE: "theirs"}).json()["revision"] == 1
    assert load(client, exercise)["cells"] == {CODE: "mine"}


def test_whoever_does_not_take_the_course_has_none(program, exercise):
    answer = program(PersonFactory()).get(url(exercise))

    assert told(answer) == problem(409, "Start this course to open what is in it.", kind="not-enrolled")


def test_a_lesson_has_none(client, exercise):
    lesson = ItemVersionFactory(module=exercise.item_version.module).item

    assert told(client.get(f"/api/v1/exercises/{lesson.course_id}/{lesson.key}/draft/")) == NOT_FOUND


def test_a_token_that_only_reads_neither_sees_nor_saves_it(program, alice, exercise):
    reader = program(alice, TokenScope.READ)

    assert [reader.get(url(exercise)).status_code, save(reader, exercise, {CODE: "x"}).status_code] == [403, 403]


def test_a_draft_is_in_no_audit_trail(client, exercise):
    before = AuditEntry.objects.count()

    save(client, exercise, {CODE: "x"})

    assert AuditEntry.objects.count() == before


# --- another version of the exercise ---


def test_text_of_cells_that_the_exercise_has_no_longer_is_kept(client, exercise):
    save(client, exercise, {CODE: "x = 1", WORDS: "Because."})
    script = exercises.SCRIPT.replace('"double"', '"twice"', 1)
    newer = exercises.real_exercise(item=next_exercise_item(exercise.item_version), script=script)

    seen = load(client, newer)
    new_code, _words = ids(script=script)
    again = save(client, newer, {new_code: "x = 2"}, revision=1).json()

    assert (seen["cells"], seen["earlier_cells"]) == ({WORDS: "Because."}, {CODE: "x = 1"})
    assert again["cells"] == {new_code: "x = 2", WORDS: "Because."}
    assert again["earlier_cells"] == {CODE: "x = 1"}
    assert save(client, newer, {CODE: None}, revision=2).json()["earlier_cells"] == {}
