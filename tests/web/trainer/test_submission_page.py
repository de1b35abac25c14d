"""One submission as its trainer sees it: checks, the learner's cells, every mark and who gave it."""

from decimal import Decimal

import pytest

from tests.factories import exercises
from tests.factories.catalogue import ExerciseFactory
from tests.factories.marking import DoneJobFactory, HeldMarkFactory, JobFactory, MarkFactory, SubmissionFactory
from tests.factories.people import NOON, PersonFactory, operator, trainer_of
from tests.web.learner.pages import links, listed, main, title, words
from upskill.core import blobs
from upskill.core.models import AuditEntry
from upskill.marking import services
from upskill.marking.models import Job
from upskill.marking.services import RubricMark

pytestmark = pytest.mark.django_db
PROVENANCE = {
    "tests_sha256": "3f2a9c0d" * 8,
    "engine_version": "1.4.2",
    "libraries": {"nbgrader": "0.9.6"},
    "python": "3.11.7",
    "isolation": "namespace",
    "seed": 4711,
}
LEVELS = {"finding": 3, "advice": 3, "limit": 3}


def url(submission, more: str = "") -> str:
    return f"/trainer/submissions/{submission.public_id}/{more}"


def trainer_for(submission, **person):
    course = submission.exercise.item_version.item.course_id
    return trainer_of(course, **{f"person__{name}": value for name, value in person.items()})


def seen(signed_in, submission):
    return signed_in(trainer_for(submission)).get(url(submission))


def test_page_says_whose_work_it_is_and_what_it_got(signed_in):
    mark = MarkFactory(
        points=Decimal("2.5"),
        submission__learner__full_name="Alice Adams",
        submission__attempt=3,
        submission__exercise__item_version__title="Audit a model",
    )

    page = seen(signed_in, mark.submission)

    text = words(main(page))
    assert title(page) == "Alice Adams: Audit a model – AI skills for government"
    assert "Attempt 3 Handed in 23 November 2026 at midday State Waiting for you" in text
    assert "2.5 of 4 points Not passed Up to 6 more points wait for a trainer." in text
    assert "Marked automatically on 23 November 2026 at midday." in text
    assert listed(page, css="app-check__status") == ["Not passed yet", "Waiting for a person to look at it"]
    assert listed(page, css="app-check__points") == ["2.5 of 4 points", "up to 6 points"]
    assert listed(page, css="app-check__message") == ["Not yet."]


def test_page_says_that_opening_it_shows_the_name_and_is_on_record(signed_in):
    submission = MarkFactory().submission
    trainer = trainer_for(submission)
    mine = MarkFactory(submission=SubmissionFactory(exercise=submission.exercise, learner=trainer)).submission
    client = signed_in(trainer)

    said = "You see this name because you opened this answer, and that you looked is on record for the learner."

    assert [said in words(main(client.get(url(each)))) for each in (submission, mine)] == [True, False]


def test_page_offers_the_rubric_first_and_other_points_second(signed_in):
    mark = MarkFactory()

    page = seen(signed_in, mark.submission)

    assert links(page)[-4:] == [
        (url(mark.submission, "rubric/reflection/"), "Mark “Reflection”"),
        (url(mark.submission, "points/"), "Change points of the tests"),
        (f"/submissions/{mark.submission.public_id}/notebook.ipynb", "Download the whole notebook"),
        (f"/submissions/{mark.submission.public_id}/marks/1/", "Receipt of mark 1"),
    ]


def test_page_of_an_answer_with_a_test_that_is_held_asks_for_a_decision(signed_in):
    mark = HeldMarkFactory()

    page = seen(signed_in, mark.submission)

    assert "Up to 10 more points wait for a trainer." in words(main(page))
    assert (url(mark.submission, "points/"), "Decide the tests that wait") in links(page)


def test_page_of_a_judged_answer_offers_a_correction(signed_in):
    mark = MarkFactory()
    judgement = RubricMark(check="reflection", levels=LEVELS, comment="Good.")
    services.mark_by_rubric(mark, rubric_mark=judgement, by=PersonFactory(), now=NOON)

    page = seen(signed_in, mark.submission)

    assert "Mark “Reflection” again" in [label for _url, label in links(page)]
    assert "State Passed" in words(main(page))


def test_page_shows_what_the_learner_wrote_as_text_only(signed_in):
    code = "def double(x):\n    return '<img src=x onerror=alert(1)>'"
    submission = SubmissionFactory(
        exercise=exercises.real_exercise(),
        blob_id=blobs.store(exercises.answer(code, reflection="It is <b>better</b>.", added="print('mine')")),
    )
    MarkFactory(submission=submission)

    page = seen(signed_in, submission)

    titles = dict(submission.exercise.checks.values_list("slug", "title"))
    assert listed(page, css="app-cell__label") == [
        titles["test_double"],
        titles["reflection"],
        "A cell that the learner added or changed",
    ]
    assert listed(page, css="app-code") == [" ".join(code.split()), "print('mine')"]
    assert listed(page, css="app-prose") == ["It is <b>better</b>."]
    assert "<img" not in page.content.decode()
    assert "<b>better" not in page.content.decode()


def test_page_of_a_file_that_cannot_be_read_says_so(signed_in):
    submission = DoneJobFactory(
        submission__exercise=exercises.real_exercise(),
        submission__blob_id=blobs.store(b"not a notebook"),
        state=Job.State.REFUSED,
        reason="Download the exercise again.",
    ).submission

    text = words(main(seen(signed_in, submission)))

    assert "Download the exercise again." in text
    assert "This file is not a notebook." in text


def test_page_keeps_every_mark_with_who_decided_and_why(signed_in):
    first = MarkFactory(points=2)
    trainer = PersonFactory(full_name="Terry Trainer")
    services.override_mark(first, points={"test_one": Decimal(4)}, reason="Rounding\nwas fine.", by=trainer, now=NOON)

    page = seen(signed_in, first.submission)

    assert listed(page, css="app-card__title") == ["4 of 4 points (in effect)", "2 of 4 points"]
    assert listed(page, css="app-card__text") == [
        "Decided by Terry Trainer on 23 November 2026 at midday. Rounding was fine.",
        "Receipt of mark 2",
        "Marked automatically on 23 November 2026 at midday.",
        "Receipt of mark 1",
    ]
    assert "A trainer changed this from 2 to 4 points." in listed(page, css="app-check__message")


def test_page_says_what_decided_the_mark(signed_in):
    mark = MarkFactory(provenance=PROVENANCE)

    text = words(main(seen(signed_in, mark.submission)))

    for fact in ("Marker 1.4.2", "Python 3.11.7", "nbgrader 0.9.6", "tests 3f2a9c0d3f2a9c0d…", "Seed 4711"):
        assert fact in text
    assert "Protection namespace Course version 1.0.0" in text


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (Job.State.QUEUED, "This answer is being marked. Reload the page in a few seconds."),
        (Job.State.FAILED_OURS, "A fault of ours stopped the marking."),
        (Job.State.REFUSED, "It was no notebook of this exercise."),
    ],
)
def test_page_without_a_mark_says_why_and_offers_nothing_to_judge(signed_in, state, sentence):
    reason = "It was no notebook of this exercise." if state == Job.State.REFUSED else "secret-reason"
    ended = None if state == Job.State.QUEUED else NOON
    submission = JobFactory(state=state, ended_at=ended, reason=reason).submission
    client = signed_in(trainer_for(submission))

    page = client.get(url(submission))

    assert sentence in words(main(page))
    assert "secret-reason" not in page.content.decode()
    assert "rubric" not in main(page)
    assert client.get(url(submission, "points/")).status_code == 404
    assert client.get(url(submission, "rubric/reflection/")).status_code == 404


def test_each_look_is_written_down_about_the_learner(signed_in):
    mark = MarkFactory()
    trainer = trainer_for(mark.submission)
    client = signed_in(trainer)

    for more in ("", "points/", "rubric/reflection/"):
        client.get(url(mark.submission, more))

    entries = AuditEntry.objects.filter(event="submission.viewed")
    assert [(entry.by, entry.about) for entry in entries] == [(trainer, mark.submission.learner)] * 3


@pytest.mark.parametrize("more", ["", "points/", "rubric/reflection/"])
def test_nobody_else_can_tell_that_the_submission_exists(signed_in, more):
    mark = MarkFactory(submission__learner__full_name="Alice Hidden")
    elsewhere = trainer_of("another-course")
    former = trainer_of(mark.submission.exercise.item_version.item.course_id, ended_at=NOON)

    for person in (elsewhere, former, mark.submission.learner, PersonFactory(), operator()):
        for page in (signed_in(person).get(url(mark.submission, more)), signed_in(person).get(url_of_nothing(more))):
            assert page.status_code == 404
            assert "Alice Hidden" not in page.content.decode().replace(person.full_name, "")
    assert AuditEntry.objects.filter(event="submission.viewed").count() == 0


def url_of_nothing(more: str) -> str:
    return f"/trainer/submissions/00000000-0000-4000-8000-000000000000/{more}"


def test_own_work_can_be_read_but_not_marked(signed_in):
    exercise = ExerciseFactory()
    trainer = trainer_of(exercise.item_version.item.course_id)
    mark = MarkFactory(submission__exercise=exercise, submission__learner=trainer)
    client = signed_in(trainer)

    page = client.get(url(mark.submission))

    assert "This is your own work. Another trainer of the course marks it." in words(main(page))
    assert "rubric" not in main(page)
    for more in ("points/", "rubric/reflection/"):
        assert client.get(url(mark.submission, more)).status_code == 403
        assert client.post(url(mark.submission, more), {"mark": mark.pk}).status_code == 403
    assert list(mark.submission.marks.all()) == [mark]
