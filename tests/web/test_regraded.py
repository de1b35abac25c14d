"""What pages say of a mark that a regrade gave: that it was made again, why, and by whose tests."""

import pytest

from tests.factories.catalogue import ExerciseFactory, next_exercise_item
from tests.factories.marking import EvidenceFactory, MarkFactory
from tests.factories.people import trainer_of
from tests.web.learner.pages import listed, main, words
from upskill.marking.models import Mark

pytestmark = pytest.mark.django_db
AGAIN = (
    "Marked again automatically on 23 November 2026 at midday, as every answer to this exercise. "
    "What a trainer had decided stays."
)


@pytest.fixture
def mark() -> Mark:
    """The second mark of an answer, by the tests of a newer version than was answered."""
    first = MarkFactory(points=1)
    newest = ExerciseFactory(item_version=next_exercise_item(first.submission.exercise.item_version))
    version = newest.item_version.module.course_version.version
    new: Mark = MarkFactory(
        submission=first.submission,
        replaces=first,
        reason="The test asked for too much.",
        provenance={"exercise_version": newest.pk, "course_version": version},
    )
    return new


def test_learner_reads_that_the_mark_was_made_again_and_why(mark, signed_in):
    page = signed_in(mark.submission.learner).get(f"/submissions/{mark.submission.public_id}/")

    assert AGAIN in words(page)
    assert "Why it was marked again The test asked for too much." in words(page)
    assert ("No person has looked at it" in words(page), "What the trainer says" in words(page)) == (False, False)
    assert listed(page, css="app-attempt") == [
        "1 of 4 points marked automatically 23 November 2026 at midday Receipt of mark 1"
    ]


def test_mark_of_a_regrade_that_was_replaced_is_told_from_the_first(mark, signed_in):
    MarkFactory(submission=mark.submission, replaces=mark, points=2, reason="Once more.")

    page = signed_in(mark.submission.learner).get(f"/submissions/{mark.submission.public_id}/")

    assert [line.partition(" 23 ")[0] for line in listed(page, css="app-attempt")] == [
        "4 of 4 points marked again automatically",
        "1 of 4 points marked automatically",
    ]


def test_receipt_names_the_version_whose_tests_gave_the_mark(mark, signed_in):
    client = signed_in(mark.submission.learner)

    first, second = (
        words(main(client.get(f"/submissions/{mark.submission.public_id}/marks/{number}/"))) for number in (1, 2)
    )

    assert AGAIN in second
    assert "Why it was marked again The test asked for too much." in second
    assert ("Course version 1.0.0" in first, "Course version 1.1.0" in second) == (True, True)


def test_trainer_reads_it_too(mark, signed_in):
    trainer = trainer_of(mark.submission.exercise.item_version.item.course_id)

    text = words(main(signed_in(trainer).get(f"/trainer/submissions/{mark.submission.public_id}/")))

    assert f"{AGAIN} The test asked for too much." in text
    assert "Course version 1.1.0" in text


def test_skills_record_says_that_the_exercise_was_marked_again(mark, signed_in):
    EvidenceFactory(learner=mark.submission.learner, mark=mark)

    page = signed_in(mark.submission.learner).get("/skills/")

    assert ["exercise marked again automatically" in piece for piece in listed(page, css="app-evidence")] == [True]
