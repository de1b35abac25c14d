"""More often than anybody needs to: a page in words with the time to wait, and nothing typed is lost."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory

from tests.factories.catalogue import CourseVersionFactory
from tests.factories.marking import MarkFactory, ReviewFactory, SubmissionFactory
from tests.factories.people import PersonFactory, trainer_of
from tests.web.learner.pages import errors, learner_of, main, taught, title, words
from upskill.core import allowances, blobs
from upskill.core.models import Allowance
from upskill.learning.models import Enrolment, QuizAttempt, Submission
from upskill.marking import jobs
from upskill.marking.models import Mark, Review, ReviewDecision
from upskill.people.models import AccessToken, Feedback
from upskill.web import downloads
from upskill.web.account import feedback, tokens
from upskill.web.allowed import UsedUp, allowed, wait
from upskill.web.learner import items, reviews, search
from upskill.web.trainer import submissions

pytestmark = pytest.mark.django_db
SAID = "You have done this too often. Nothing was saved. Try again in 1 hour."


def used_up(what: str, *, person, most: int) -> None:
    """This person has done it as often as they may."""
    for _ in range(most):
        allowances.spend(what, who=f"person {person.pk}", most=10_000, seconds=3600)


# --- The piece itself ---


@allowed("wave", most=2, seconds=60)
def waving(request):
    return HttpResponse("waved")


@allowed("look", most=2, seconds=60, reading=True)
def looking(request):
    return HttpResponse("seen")


def ask(view, *, method="POST", person=None, remote="192.0.2.1") -> str:
    request = RequestFactory().generic(method, "/", REMOTE_ADDR=remote)
    if person:
        request.user = person
    try:
        return view(request).content.decode()
    except UsedUp as refusal:
        return f"wait {refusal.seconds}"


def test_one_more_than_allowed_is_refused_with_the_seconds_to_wait():
    alice = PersonFactory()

    assert [ask(waving, person=alice) for _ in range(3)] == ["waved", "waved", "wait 60"]


def test_looking_at_a_form_counts_nothing():
    alice = PersonFactory()

    for method in ("GET", "HEAD"):
        assert [ask(waving, method=method, person=alice) for _ in range(3)] == ["waved"] * 3
    assert Allowance.objects.count() == 0


def test_looking_counts_where_the_look_is_the_act():
    alice = PersonFactory()

    assert [ask(looking, method="GET", person=alice) for _ in range(3)] == ["seen", "seen", "wait 60"]


def test_a_classroom_behind_one_address_is_counted_person_by_person():
    asked = [ask(waving, person=person) for person in PersonFactory.create_batch(10) for _ in range(2)]

    assert set(asked) == {"waved"}


def test_visitors_are_counted_by_the_network_they_come_from():
    asked = [ask(waving, remote=remote) for remote in ("192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2")]

    assert asked == ["waved", "waved", "wait 60", "waved"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 minute"), (60, "1 minute"), (61, "2 minutes"), (3600, "1 hour"), (3601, "1 hour 1 minute")],
)
def test_time_to_wait_is_said_in_words_and_never_too_short(seconds, words):
    assert wait(UsedUp(seconds)) == words


# --- Pages without a form ---


def test_starting_courses_too_often_gives_a_page_that_says_when(signed_in):
    person, course = PersonFactory(), CourseVersionFactory()
    used_up("start course", person=person, most=60)

    page = signed_in(person).post(f"/courses/{course.course_id}/enrol/")

    assert (page.status_code, page["Retry-After"], Enrolment.objects.count()) == (429, "3600", 0)
    assert title(page) == "You have done this too often – AI skills for government"
    assert "Go back and try again in 1 hour." in words(main(page))


@pytest.mark.parametrize("kind", ["notebook", "file", "answer"])
def test_downloads_are_counted_together(signed_in, kind):
    course = taught(exercise={"files": {"data.csv": blobs.store(b"a,b")}})
    person = learner_of(course)
    sent = SubmissionFactory(learner=person, exercise=course.exercise)
    client, address = signed_in(person), {
        "notebook": f"{course.exercise_url}notebook.ipynb",
        "file": f"{course.exercise_url}files/data.csv",
        "answer": f"/submissions/{sent.public_id}/notebook.ipynb",
    }[kind]  # fmt: skip
    before = client.get(address).status_code

    used_up("download", person=person, most=downloads.MOST_DOWNLOADS - 1)

    assert (before, client.get(address).status_code) == (200, 429)


# --- Forms keep what was typed ---


def test_quiz_sent_too_often_keeps_every_answer(signed_in):
    course = taught()
    person = learner_of(course)
    used_up("answer quiz", person=person, most=items.MOST_QUIZZES)

    page = signed_in(person).post(course.item_url(course.quiz, "answers/"), {"one-of-two": "that"})

    assert (page.status_code, page["Retry-After"], errors(page)) == (429, "3600", [("", SAID)])
    assert main(page).count("checked") == 1
    assert QuizAttempt.objects.count() == 0


def test_answer_handed_in_too_often_is_refused_beside_the_field(signed_in):
    course = taught()
    person = learner_of(course)
    used_up("hand in", person=person, most=jobs.MOST_AN_HOUR)

    page = signed_in(person).post(
        f"{course.exercise_url}submit/",
        {"idempotency_key": str(uuid.uuid4()), "notebook": SimpleUploadedFile("a.ipynb", b"{}")},
    )

    assert (page.status_code, page["Retry-After"], errors(page)) == (429, "3600", [("id_notebook", SAID)])
    assert Submission.objects.count() == 0


@pytest.mark.parametrize(
    ("more", "typed", "kept"),
    [
        ("points/", {"points-test_one": "2", "reason": "Half of it is right"}, "Half of it is right"),
        (
            "rubric/reflection/",
            {"level-finding": "3", "level-advice": "3", "level-limit": "3", "comment": "Say who decides"},
            "Say who decides",
        ),
    ],
)
def test_mark_changed_too_often_keeps_what_the_trainer_typed(signed_in, more, typed, kept):
    mark = MarkFactory()
    trainer = trainer_of(mark.submission.exercise.item_version.item.course_id)
    used_up("change mark", person=trainer, most=submissions.MOST_MARKS)

    page = signed_in(trainer).post(
        f"/trainer/submissions/{mark.submission.public_id}/{more}", {"mark": str(mark.pk), **typed}
    )

    assert (page.status_code, page["Retry-After"], errors(page)) == (429, "3600", [("", SAID)])
    assert kept in main(page)
    assert Mark.objects.count() == 1


def test_decision_sent_too_often_keeps_what_the_trainer_typed(signed_in):
    review = ReviewFactory()
    trainer = trainer_of(review.mark.submission.exercise.item_version.item.course_id)
    used_up("change mark", person=trainer, most=submissions.MOST_MARKS)

    page = signed_in(trainer).post(
        f"/trainer/submissions/{review.mark.submission.public_id}/review/",
        {"mark": review.mark_id, "outcome": "changed", "points-test_one": "3", "reason": "Ties are split as asked"},
    )

    assert (page.status_code, page["Retry-After"], errors(page)) == (429, "3600", [("", SAID)])
    assert "Ties are split as asked" in main(page)
    assert ReviewDecision.objects.count() == 0


def test_review_asked_for_too_often_keeps_what_the_learner_typed(signed_in):
    mark = MarkFactory()
    used_up("ask for review", person=mark.submission.learner, most=reviews.MOST_REVIEWS)

    page = signed_in(mark.submission.learner).post(
        f"/submissions/{mark.submission.public_id}/review/", {"mark": str(mark.pk), "reason": "My ties are right"}
    )

    assert (page.status_code, page["Retry-After"], errors(page)) == (429, "3600", [("", SAID)])
    assert "My ties are right" in main(page)
    assert Review.objects.count() == 0


def test_feedback_sent_too_often_keeps_what_was_typed(signed_in):
    person = PersonFactory()
    used_up("feedback", person=person, most=feedback.MOST_AN_HOUR)

    page = signed_in(person).post("/feedback/", {"text": "The table is too wide", "page": "/skills/"})

    assert (page.status_code, page["Retry-After"], errors(page)) == (429, "3600", [("", SAID)])
    assert "The table is too wide" in main(page)
    assert Feedback.objects.count() == 0


def test_token_made_too_often_keeps_what_was_typed(signed_in):
    person = PersonFactory()
    used_up("token", person=person, most=tokens.MOST_CHANGES)

    page = signed_in(person).post("/account/tokens/new/", {"name": "My laptop", "scopes": ["read"], "days": "5"})

    assert (page.status_code, page["Retry-After"], errors(page)) == (429, "3600", [("", SAID)])
    assert 'value="My laptop"' in main(page)
    assert AccessToken.objects.count() == 0


def test_search_too_often_says_when(signed_in):
    person = PersonFactory()
    used_up("search", person=person, most=search.MOST_SEARCHES)

    page = signed_in(person).get("/search/?q=audit")

    assert (page.status_code, page["Retry-After"]) == (429, "3600")


def test_too_many_sign_in_links_say_when_to_come_back(client, settings):
    settings.SIGNIN_LINKS_PER_QUARTER_HOUR = 1

    pages = [client.post("/sign-in/", {"email": "alice@example.gov.uk"}) for _ in range(2)]

    assert [(page.status_code, page.headers.get("Retry-After")) for page in pages] == [(302, None), (429, "900")]
    assert 'value="alice@example.gov.uk"' in main(pages[1])
