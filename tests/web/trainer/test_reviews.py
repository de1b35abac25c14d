"""Reviews on a trainer's pages: first in the list, on the answer, and the form that decides."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.test import Client

from tests.factories.catalogue import ExerciseFactory
from tests.factories.marking import MarkFactory, ReviewDecisionFactory, ReviewFactory, SkillFactory, SubmissionFactory
from tests.factories.people import NOON, PersonFactory, RoleGrantFactory, operator, trainer_of
from tests.web.learner.pages import errors, links, listed, main, title, words
from tests.web.tables import rows
from upskill.core.models import AuditEntry, OutboxMail
from upskill.learning.models import Submission
from upskill.marking import services
from upskill.marking.models import Mark, Review, ReviewDecision
from upskill.marking.services import RubricMark, record_view
from upskill.people.models import User
from upskill.people.roles import Role
from upskill.skills import queries as skills
from upskill.skills.models import Level
from upskill.web.trainer.review_form import DecideForm

pytestmark = pytest.mark.django_db
DECIDE = "Decide this review"
UNCHANGED = "You have not changed any points or levels. Change at least one, or uphold the mark."
LEVELS = {"finding": 1, "advice": 2, "limit": 2}


@pytest.fixture
def exercise():
    SkillFactory()
    return ExerciseFactory(
        item_version__title="Audit a model",
        item_version__module__course_version__course__id="ethics",
        item_version__module__course_version__title="Ethics in practice",
    )


@pytest.fixture
def rita(exercise):
    return trainer_of("ethics", person__full_name="Rita Reviewer")


@pytest.fixture
def terry(exercise):
    return trainer_of("ethics", person__full_name="Terry Trainer")


@pytest.fixture
def review(exercise):
    return asked(exercise, "Alice Adams")


def asked(exercise, name: str, *, mark=None, minutes: int = 0) -> Review:
    mark = mark or marked(exercise, name)
    return ReviewFactory(mark=mark, reason="Why?\nI rounded.", asked_at=NOON + dt.timedelta(minutes=minutes))


def marked(exercise, name: str) -> Mark:
    return MarkFactory(points=2, submission=SubmissionFactory(exercise=exercise, learner=PersonFactory(full_name=name)))


def judged(mark: Mark, *, by) -> Mark:
    judgement = RubricMark(check="reflection", levels=LEVELS, comment="Say who decides.")
    return services.mark_by_rubric(mark, rubric_mark=judgement, by=by, now=NOON)


def url(review: Review, more: str = "review/") -> str:
    return f"/trainer/submissions/{review.mark.submission.public_id}/{more}"


def sent(mark: Mark, **changes) -> dict:
    return {"mark": mark.pk, "outcome": "changed", "points-test_one": "4", "reason": "You are right."} | changes


def newest(review: Review) -> Mark:
    return review.mark.submission.marks.order_by("-pk")[0]


def looked_at(trainer: User) -> None:
    """The trainer has opened every answer, so that lists tell them the names."""
    for sent in Submission.objects.all():
        record_view(sent, by=trainer, now=NOON)


# --- the list --------------------------------------------------------------------------------------------------------


def test_list_begins_with_reviews_and_says_for_whom_each_is(signed_in, exercise, rita, terry):
    marked(exercise, "Waits")
    asked(exercise, "Doubts")
    asked(exercise, "Judged", mark=judged(marked(exercise, "Judged"), by=rita))
    looked_at(rita)

    page = signed_in(rita).get("/trainer/ethics/")

    assert [line[:2] for line in rows(page)[1:]] == [
        ["Doubts", "Review for you"],
        ["Judged", "Review for another"],
        ["Waits", "Waiting for you"],
    ]
    assert "1 learner asks for a review that you can decide." in words(main(page))
    assert ("?show=reviews", "Reviews for you (1)") in links(page)


def test_opened_answer_has_the_same_state_as_in_the_list(signed_in, exercise, rita, terry):
    asked(exercise, "Doubts")
    asked(exercise, "Judged", mark=judged(marked(exercise, "Judged"), by=rita))
    ReviewDecisionFactory(review=asked(exercise, "Decided"), decided_by=terry, new_mark=None)
    looked_at(rita)
    client = signed_in(rita)
    page = client.get("/trainer/ethics/")
    listed_as = dict(line[:2] for line in rows(page)[1:])

    answers = [(name, client.get(link)) for link, name in links(page) if link.startswith("/trainer/submissions/")]

    assert listed_as == {"Doubts": "Review for you", "Judged": "Review for another", "Decided": "Waiting for you"}
    assert {name: f"State {listed_as[name]}" in words(main(answer)) for name, answer in answers} == dict.fromkeys(
        listed_as, True
    )


def test_only_reviews_can_be_asked_for_the_longest_waiting_first(signed_in, exercise, rita, terry):
    marked(exercise, "Waits")
    asked(exercise, "Second", minutes=2)
    asked(exercise, "First", minutes=1)
    asked(exercise, "Judged", mark=judged(marked(exercise, "Judged"), by=rita))
    ReviewDecisionFactory(review=asked(exercise, "Decided"))
    looked_at(rita)

    page = signed_in(rita).get("/trainer/ethics/?show=reviews")

    assert [line[0] for line in rows(page)] == ["Learner", "First", "Second"]
    assert "2 learners ask for a review that you can decide." in words(main(page))
    assert "Reviews for you, the longest waiting first" in words(main(page))


def test_list_without_reviews_says_what_will_appear_there(signed_in, rita):
    page = signed_in(rita).get("/trainer/ethics/?show=reviews")

    assert "No review waits for you. When a learner doubts a mark that you did not give, it appears here." in words(
        main(page)
    )


def test_long_lists_of_reviews_come_in_pages_that_keep_the_choice(signed_in, exercise, rita):
    for number in range(26):
        asked(exercise, f"Learner {number:02d}", minutes=number)
    looked_at(rita)
    client = signed_in(rita)

    first, second = (client.get(f"/trainer/ethics/?show=reviews&page={number}") for number in (1, 2))

    assert (len(rows(first)), rows(first)[1][0]) == (26, "Learner 00")
    assert [line[0] for line in rows(second)] == ["Learner", "Learner 25"]
    assert ("?show=reviews&page=2", "2") in links(first)


@pytest.mark.parametrize("show", ["", "?show=reviews"])
def test_list_costs_the_same_with_one_review_and_with_three(
    signed_in, exercise, rita, show, django_assert_max_num_queries
):
    client, spent = signed_in(rita), []
    for more in (1, 2):
        for number in range(more):
            asked(exercise, f"Learner {more}{number}")
        with django_assert_max_num_queries(20) as queries:
            client.get(f"/trainer/ethics/{show}")
        spent.append(len(queries))

    assert spent[0] == spent[1]


def test_trainer_of_several_courses_sees_where_reviews_wait(signed_in, exercise, rita):
    RoleGrantFactory(person=rita, role=Role.TRAINER, course="another")
    asked(exercise, "Alice", mark=judged(marked(exercise, "Alice"), by=PersonFactory()))

    page = signed_in(rita).get("/trainer/")

    assert listed(page, css="app-card") == [
        "another Nothing waits for you",
        "Ethics in practice 1 review waits for you to decide it",
    ]


def test_a_review_in_another_course_is_not_there(signed_in, exercise, rita):
    ReviewFactory(mark__submission__learner__full_name="Stranger Elsewhere", reason="SECRET-REASON")

    page = signed_in(rita).get("/trainer/ethics/?show=reviews")

    assert [word for word in ("Stranger", "SECRET") if word in page.content.decode()] == []


# --- the answer ------------------------------------------------------------------------------------------------------


def test_answer_with_an_open_review_shows_the_reason_and_leads_to_the_form(signed_in, review, rita):
    page = signed_in(rita).get(url(review, ""))

    assert (
        "The learner asks for a review Alice Adams asked on 23 November 2026 at midday: Why? I rounded. Decide this "
        "review" in words(main(page))
    )
    assert (url(review), DECIDE) in links(page)


def test_whoever_marked_it_reads_why_they_may_not_decide(signed_in, exercise, rita, terry):
    review = asked(exercise, "Alice", mark=judged(marked(exercise, "Alice"), by=terry))
    client = signed_in(terry)

    page = client.get(url(review, ""))

    assert "You have marked this answer yourself. Another trainer of the course reviews it." in words(main(page))
    assert DECIDE not in words(main(page))
    for answer in (client.get(url(review)), client.post(url(review), sent(review.mark))):
        assert answer.status_code == 403
        assert "You have marked this answer yourself." in words(answer)
    assert ReviewDecision.objects.count() == 0


def test_answer_with_a_decided_review_says_who_decided_what_and_why(signed_in, review, rita, terry):
    ReviewDecisionFactory(review=review, decided_by=rita, reason="It is as the task says.")
    client = signed_in(terry)

    page = client.get(url(review, ""))

    assert "Decided by Rita Reviewer on 23 November 2026 at midday. The mark stays. It is as the task says." in words(
        main(page)
    )
    assert DECIDE not in words(main(page))
    assert [answer.status_code for answer in (client.get(url(review)), client.post(url(review)))] == [409, 409]


# --- the form --------------------------------------------------------------------------------------------------------


def test_form_shows_the_doubt_the_mark_and_the_points_as_they_are(signed_in, review, rita):
    page = signed_in(rita).get(url(review))

    text = words(main(page))
    assert title(page) == "Decide a review: Alice Adams – AI skills for government"
    assert "What the learner doubts Why? I rounded. Asked on 23 November 2026 at midday." in text
    assert "The mark: 2 of 4 points Marked automatically on 23 November 2026 at midday." in text
    assert listed(page, css="app-check__title") == ["One", "Reflection"]
    assert 'name="points-test_one" value="2"' in main(page)
    assert f'name="mark" value="{review.mark_id}"' in main(page)
    assert ("What the learner wrote" in text, "level-reflection" in main(page)) == (True, False)


def test_opening_the_form_is_written_down(signed_in, review, rita):
    signed_in(rita).get(url(review))

    entry = AuditEntry.objects.get(event="submission.viewed")
    assert (entry.by, entry.about) == (rita, review.mark.submission.learner)


def test_a_decision_that_changes_makes_a_new_mark_and_gives_the_level(signed_in, review, rita):
    client = signed_in(rita)

    answer = client.post(url(review), sent(review.mark))

    new, learner = newest(review), review.mark.submission.learner
    assert (answer.status_code, answer.url) == (302, url(review, ""))
    assert (new.points, new.given_by, new.replaces, new.reason) == (4, rita, review.mark, "You are right.")
    assert skills.levels([learner.pk], on=NOON.date()) == {(learner.pk, "fairness"): Level.WORKING}
    assert OutboxMail.objects.get().to == learner
    assert "Your decision is saved. Alice Adams is told by email." in words(client.get(url(review, "")))


def test_a_decision_that_upholds_leaves_the_mark(signed_in, review, rita):
    signed_in(rita).post(url(review), sent(review.mark, outcome="upheld", **{"points-test_one": "2"}))

    decision = ReviewDecision.objects.get()
    assert (decision.outcome, decision.new_mark, decision.reason) == ("upheld", None, "You are right.")
    assert newest(review) == review.mark


def test_levels_that_a_person_gave_are_changed_in_the_same_form(signed_in, exercise, rita, terry):
    review = asked(exercise, "Alice", mark=judged(marked(exercise, "Alice"), by=terry))
    client = signed_in(rita)
    page = client.get(url(review))
    levels = {f"level-reflection-{name}": "4" for name in LEVELS}

    client.post(url(review), sent(review.mark, **levels, **{"points-test_one": "2"}))

    assert listed(page, css="govuk-fieldset__legend")[1:] == ["The finding", "The advice", "The limit"]
    assert main(page).count("checked") == 3
    check = newest(review).checks.get(slug="reflection")
    assert (newest(review).points, check.rubric_levels) == (8, dict.fromkeys(LEVELS, 4))


@pytest.mark.parametrize(
    ("changes", "summary"),
    [
        ({"outcome": ""}, [("id_outcome_0", "Choose whether the mark stays or changes")]),
        ({"points-test_one": ""}, [("id_points-test_one", "Enter the points for “One”")]),
        ({"points-test_one": "5"}, [("id_points-test_one", "Points for “One” must be from 0 to 4")]),
        ({"points-test_one": "2"}, [("", UNCHANGED)]),
        (
            {"outcome": "upheld"},
            [("id_outcome_0", "You have changed points or levels. Choose “Change the mark”, or put them back.")],
        ),
        ({"reason": " "}, [("id_reason", "Say why you decide so. The learner reads it.")]),
        ({"reason": "x" * 4001}, [("id_reason", "Write 4,000 characters or fewer")]),
    ],
)
def test_a_decision_that_makes_no_sense_is_explained_and_changes_nothing(signed_in, review, rita, changes, summary):
    page = signed_in(rita).post(url(review), sent(review.mark, **changes))

    assert (page.status_code, errors(page)) == (422, summary)
    assert title(page).startswith("Error: ")
    assert (ReviewDecision.objects.count(), newest(review)) == (0, review.mark)


def test_nothing_that_was_entered_is_lost_on_an_error(signed_in, review, rita):
    page = signed_in(rita).post(url(review), sent(review.mark, **{"points-test_one": "7"}))

    html = main(page)
    assert re.findall(r'<input type="radio"[^>]*value="(\w+)"[^>]* checked', html) == ["changed"]
    assert 'value="7"' in html
    assert "You are right." in html


@pytest.mark.parametrize("outcome", ["changed", "upheld"])
def test_a_mark_that_changed_meanwhile_comes_back_with_its_points_and_the_reason(
    signed_in, review, rita, terry, outcome
):
    new = services.override_mark(review.mark, points={"test_one": Decimal(3)}, reason="Meanwhile.", by=terry, now=NOON)
    points = {"points-test_one": "2"} if outcome == "upheld" else {}
    client = signed_in(rita)

    page = client.post(url(review), sent(review.mark, outcome=outcome, **points))

    sentence = "Somebody changed this mark while you looked at it. Below are its points now: decide again."
    assert (page.status_code, errors(page)) == (422, [("", sentence)])
    assert "The mark: 3 of 4 points Decided by Terry Trainer" in words(main(page))
    assert 'name="points-test_one" value="3"' in main(page)
    assert "You are right." in main(page)
    assert client.post(url(review), sent(new)).status_code == 302
    assert ReviewDecision.objects.get().new_mark == newest(review)
    assert newest(review).replaces == new


def test_a_decision_about_the_mark_of_another_answer_is_not_found(signed_in, exercise, review, rita):
    other = marked(exercise, "Bob")

    assert signed_in(rita).post(url(review), sent(other)).status_code == 404
    assert ReviewDecision.objects.count() == 0


@pytest.mark.parametrize("show", ["get", "post"])
def test_an_answer_without_a_review_has_nothing_to_decide(signed_in, exercise, rita, show):
    mark = marked(exercise, "Alice")
    address = f"/trainer/submissions/{mark.submission.public_id}/review/"

    assert getattr(signed_in(rita), show)(address, sent(mark)).status_code == 404


def test_a_mark_with_nothing_that_a_review_changes_can_only_be_upheld(review):
    """Its only check is free text that was left empty: no tests, and no levels that a person gave."""
    form = DecideForm(mark=review.mark, tested=[], judged=[])

    assert [label for _value, label in form.fields["outcome"].widget.choices] == ["The mark stays"]
    assert list(form.fields) == ["mark", "outcome", "reason"]


# --- who -------------------------------------------------------------------------------------------------------------


def test_people_who_may_not_decide_cannot_tell_that_there_is_a_review(signed_in, review):
    former = trainer_of("ethics", ended_at=NOON)
    others = [trainer_of("another"), former, review.mark.submission.learner, PersonFactory(), operator()]

    for person in others:
        for page in (signed_in(person).get(url(review)), signed_in(person).post(url(review), sent(review.mark))):
            assert page.status_code == 404
            assert "rounded" not in page.content.decode()
    assert ReviewDecision.objects.count() == 0


def test_a_trainer_does_not_decide_about_their_own_answer(signed_in, exercise, rita):
    mark = MarkFactory(submission=SubmissionFactory(exercise=exercise, learner=rita))
    review = asked(exercise, "", mark=mark)
    client = signed_in(rita)

    page = client.get(url(review, ""))

    assert "This is your own work. Another trainer of the course marks it." in words(main(page))
    assert DECIDE not in words(main(page))
    assert [client.get(url(review)).status_code, client.post(url(review), sent(mark)).status_code] == [403, 403]


def test_deciding_needs_the_token_of_its_form(review, rita):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(rita)

    assert strict.post(url(review), sent(review.mark)).status_code == 403
    assert ReviewDecision.objects.count() == 0


def test_a_reason_is_shown_as_text(signed_in, exercise, rita):
    review = ReviewFactory(mark=marked(exercise, "Alice"), reason="<script>alert(1)</script>")
    client = signed_in(rita)

    pages = [client.get(url(review, more)).content.decode() for more in ("", "review/")]

    assert ["<script>alert(1)" in page for page in pages] == [False, False]
    assert ["&lt;script&gt;alert(1)" in page for page in pages] == [True, True]
