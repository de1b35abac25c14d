"""A learner doubts a mark: the button on the mark page, the form, what happens next, and what became of it."""

from decimal import Decimal

import pytest
from django.test import Client

from tests.factories.catalogue import ExerciseFactory
from tests.factories.marking import JobFactory, MarkFactory, ReviewDecisionFactory, ReviewFactory, SubmissionFactory
from tests.factories.people import NOON, PersonFactory, operator, trainer_of
from tests.web.learner.pages import errors, links, listed, main, title, words
from upskill.marking import services
from upskill.marking.models import Mark, Review

pytestmark = pytest.mark.django_db
WHY = "My rounding is the one\nthat the task names."
BUTTON = "Ask a person to review this mark"


@pytest.fixture
def mark():
    return MarkFactory(points=2, submission__attempt=2, submission__exercise__item_version__title="Audit a model")


@pytest.fixture
def trainer(mark):
    return trainer_of(mark.submission.exercise.item_version.item.course_id, person__full_name="Rita Reviewer")


def url(mark: Mark, more: str = "review/") -> str:
    return f"/submissions/{mark.submission.public_id}/{more}"


def sent(mark: Mark, **changes) -> dict:
    return {"mark": mark.pk, "reason": WHY} | changes


def mark_page(signed_in, mark: Mark):
    return signed_in(mark.submission.learner).get(url(mark, ""))


def overridden(mark: Mark, *, points: int = 3) -> Mark:
    return services.override_mark(
        mark, points={"test_one": Decimal(points)}, reason="Right.", by=PersonFactory(), now=NOON
    )


# --- the mark page ---------------------------------------------------------------------------------------------------


def test_mark_page_offers_a_review_by_a_person(signed_in, mark, trainer):
    page = mark_page(signed_in, mark)

    assert (url(mark), BUTTON) in links(page)
    assert "Do you doubt this mark? A trainer who did not mark it can look at it." in words(main(page))
    assert "Your review" not in words(main(page))


def test_mark_page_leads_to_the_receipt(signed_in, mark):
    new = overridden(mark)

    page = mark_page(signed_in, new)

    assert [link for link in links(page) if "/marks/" in link[0]] == [
        (url(mark, "marks/2/"), "Receipt of this mark"),
        (url(mark, "marks/1/"), "Receipt of mark 1"),
    ]


def test_mark_page_of_an_open_review_says_when_and_who_will_look_at_it(signed_in, mark, trainer):
    ReviewFactory(mark=mark, reason=WHY)

    page = mark_page(signed_in, mark)

    assert (
        "Your review You asked on 23 November 2026 at midday for a person to look at your mark. A trainer who did not "
        "mark it will look at it. We email you when it is decided. What you wrote My rounding is the one that the task "
        "names." in words(main(page))
    )
    assert BUTTON not in words(main(page))


def test_mark_page_of_a_review_that_nobody_can_decide_says_so(signed_in, mark):
    ReviewFactory(mark=mark)

    text = words(main(mark_page(signed_in, mark)))

    assert "At the moment there is no trainer who can decide: nobody else trains this course." in text
    assert "A trainer who did not mark it will look at it." not in text


def test_mark_page_of_a_mark_that_was_upheld_says_who_looked_at_it_and_why(signed_in, mark, trainer):
    review = ReviewFactory(mark=mark)
    ReviewDecisionFactory(review=review, decided_by=trainer, reason="The task names another rounding.")

    text = words(main(mark_page(signed_in, mark)))

    assert (
        "Your review Decided by Rita Reviewer, a trainer who had not marked it, on 23 November 2026 at midday. "
        "The mark stays. The task names another rounding." in text
    )
    assert "Marked automatically on 23 November 2026 at midday. Rita Reviewer, a trainer, has reviewed it." in text
    assert ("No person has looked at it" in text, BUTTON in text) == (False, False)


def test_mark_page_of_a_mark_that_was_changed_says_the_reason_once(signed_in, mark, trainer):
    review = ReviewFactory(mark=mark)
    new = overridden(mark)
    ReviewDecisionFactory(review=review, decided_by=trainer, reason="Right.", outcome="changed", new_mark=new)

    text = words(main(mark_page(signed_in, mark)))

    assert "on 23 November 2026 at midday. The mark was changed. What you wrote" in text
    assert text.count("Right.") == 1
    assert BUTTON not in text


def test_mark_page_of_a_mark_given_after_a_decision_still_tells_of_it(signed_in, mark, trainer):
    ReviewDecisionFactory(review__mark=mark, decided_by=trainer, reason="The task names another rounding.")
    newest = overridden(mark)

    text = words(main(mark_page(signed_in, newest)))

    assert "The mark stays. The task names another rounding." in text
    assert BUTTON in text


@pytest.mark.parametrize("before", [0, 3])
def test_mark_page_costs_the_same_however_many_reviews_there_were(
    signed_in, mark, trainer, before, django_assert_num_queries
):
    for points in (3, 4, 3)[:before]:
        ReviewDecisionFactory(review__mark=mark)
        mark = overridden(mark, points=points)
    overridden(mark, points=1)
    ReviewFactory(mark=mark.submission.marks.get(replaced_by=None))
    client = signed_in(mark.submission.learner)

    with django_assert_num_queries(14):
        client.get(url(mark, ""))


# --- asking ----------------------------------------------------------------------------------------------------------


def test_form_says_what_a_review_can_do_and_shows_the_checks(signed_in, mark, trainer):
    page = signed_in(mark.submission.learner).get(url(mark))

    text = words(main(page))
    assert title(page) == "Ask for a review: Audit a model – AI skills for government"
    assert "Audit a model, attempt 2 Ask a person to review this mark Your mark is 2 of 4 points." in text
    assert "They can keep the mark, or change it up or down. Both marks stay in your record." in text
    assert listed(page, css="app-check__title") == ["One", "Reflection"]
    assert f'name="mark" value="{mark.pk}"' in main(page)


def test_asking_leads_to_a_page_that_says_what_happens_next(signed_in, mark, trainer):
    client = signed_in(mark.submission.learner)

    answer = client.post(url(mark), sent(mark))

    review = Review.objects.get()
    assert (answer.status_code, answer.url) == (302, url(mark, "review/asked/"))
    assert (review.mark, review.asked_by, review.reason) == (mark, mark.submission.learner, WHY)
    page = client.get(answer.url)
    assert title(page) == "Review asked for: Audit a model – AI skills for government"
    assert listed(page, css="govuk-panel__title") == ["Review asked for"]
    assert "We have told the trainers of the course who did not mark your answer." in words(main(page))
    assert links(page)[-1] == (url(mark, ""), "Back to your answer")


def test_asking_where_nobody_can_decide_says_so_honestly(signed_in, mark):
    client = signed_in(mark.submission.learner)

    page = client.get(client.post(url(mark), sent(mark)).url)

    text = words(main(page))
    assert "At the moment there is no trainer who can decide: nobody else trains this course." in text
    assert "We have told the trainers" not in text


def test_the_page_of_what_happens_next_knows_that_it_has_been_decided(signed_in, mark, trainer):
    ReviewDecisionFactory(review__mark=mark)

    page = signed_in(mark.submission.learner).get(url(mark, "review/asked/"))

    assert "Your review has been decided." in words(main(page))


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Say why you doubt this mark. The trainer reads it."),
        (" \n ", "Say why you doubt this mark. The trainer reads it."),
        ("x" * 4001, "Write 4,000 characters or fewer"),
    ],
)
def test_a_reason_that_cannot_be_read_is_refused_beside_the_field(signed_in, mark, trainer, reason, sentence):
    page = signed_in(mark.submission.learner).post(url(mark), sent(mark, reason=reason))

    assert (page.status_code, errors(page)) == (422, [("id_reason", sentence)])
    assert title(page).startswith("Error: ")
    assert reason.strip() in main(page)
    assert Review.objects.count() == 0


def test_no_browser_cuts_a_long_reason_off(signed_in, mark, trainer):
    assert "maxlength" not in main(signed_in(mark.submission.learner).get(url(mark)))


def test_a_mark_that_changed_meanwhile_is_shown_and_the_words_are_kept(signed_in, mark, trainer):
    new = overridden(mark)
    client = signed_in(mark.submission.learner)

    page = client.post(url(mark), sent(mark))

    sentence = "Your mark has changed since you opened this page. Look at it, then send your reason again."
    assert (page.status_code, errors(page)) == (422, [("", sentence)])
    assert "Your mark is 3 of 4 points." in words(main(page))
    assert "My rounding is the one\nthat the task names." in main(page)
    assert f'name="mark" value="{new.pk}"' in main(page)
    assert client.post(url(mark), sent(new)).status_code == 302
    assert Review.objects.get().mark == new


def test_asking_twice_is_refused_with_the_reason(signed_in, mark, trainer):
    client = signed_in(mark.submission.learner)
    client.post(url(mark), sent(mark))

    pages = [client.get(url(mark)), client.post(url(mark), sent(mark))]

    assert [page.status_code for page in pages] == [409, 409]
    assert "You have asked for a review of this answer already." in words(pages[1])
    assert Review.objects.count() == 1


@pytest.mark.parametrize("seen", ["0", "999999999", "9" * 40])
def test_a_form_about_a_mark_that_does_not_exist_is_not_found(signed_in, mark, seen):
    assert signed_in(mark.submission.learner).post(url(mark), sent(mark) | {"mark": seen}).status_code == 404
    assert Review.objects.count() == 0


@pytest.mark.parametrize("seen", ["", "x"])
def test_a_form_without_the_mark_it_is_about_changes_nothing(signed_in, mark, seen):
    assert signed_in(mark.submission.learner).post(url(mark), sent(mark) | {"mark": seen}).status_code == 422
    assert Review.objects.count() == 0


def test_the_mark_of_another_answer_of_ones_own_is_not_found(signed_in, mark):
    other = MarkFactory(submission__learner=mark.submission.learner)

    assert signed_in(mark.submission.learner).post(url(mark), sent(other)).status_code == 404
    assert Review.objects.count() == 0


def test_an_answer_without_a_mark_has_nothing_to_review(signed_in):
    submission = JobFactory().submission

    page = signed_in(submission.learner).get(f"/submissions/{submission.public_id}/review/")

    assert page.status_code == 404


def test_there_is_no_page_of_what_happens_next_before_asking(signed_in, mark):
    assert signed_in(mark.submission.learner).get(url(mark, "review/asked/")).status_code == 404


# --- who -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", ["review/", "review/asked/"])
def test_nobody_else_can_tell_that_the_answer_is_there(signed_in, more):
    exercise = ExerciseFactory(item_version__title="Secret exercise")
    mark = ReviewFactory(mark__submission=SubmissionFactory(exercise=exercise), reason="SECRET-REASON").mark
    others = [PersonFactory(), trainer_of(exercise.item_version.item.course_id), operator()]

    for person in others:
        for page in (signed_in(person).get(url(mark, more)), signed_in(person).post(url(mark), sent(mark))):
            assert page.status_code == 404
            assert [word for word in ("Secret exercise", "SECRET-REASON") if word in page.content.decode()] == []
    assert Review.objects.count() == 1


@pytest.mark.parametrize("more", ["review/", "review/asked/"])
def test_a_visitor_is_asked_to_sign_in(client, mark, more):
    page = client.get(url(mark, more))

    assert (page.status_code, page["Location"]) == (302, f"/sign-in/?next={url(mark, more)}")


def test_asking_needs_the_token_of_its_form(mark):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(mark.submission.learner)

    assert strict.post(url(mark), sent(mark)).status_code == 403
    assert Review.objects.count() == 0


def test_looking_writes_nothing(signed_in, mark, audit_trail):
    client = signed_in(mark.submission.learner)

    client.get(url(mark))
    code = client.post(url(mark, "review/asked/")).status_code

    assert (code, audit_trail()) == (405, [])
