"""Changing points, and marking free text by its rubric: one form each, one new mark each, both marks kept."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client

from tests.factories.marking import HeldMarkFactory, MarkFactory, SkillFactory
from tests.factories.people import NOON, PersonFactory, trainer_of
from tests.web.learner.pages import errors, listed, main, title, words
from upskill.core.models import AuditEntry, OutboxMail
from upskill.marking import services
from upskill.marking.models import Mark
from upskill.skills import queries as skills
from upskill.skills.models import Level

pytestmark = pytest.mark.django_db
LEVELS = {"level-finding": "3", "level-advice": "2", "level-limit": "4"}


@pytest.fixture
def mark():
    SkillFactory()
    return MarkFactory(
        points=2,
        submission__learner__full_name="Alice Adams",
        submission__exercise__item_version__title="Audit a model",
    )


@pytest.fixture
def trainer(mark):
    return trainer_of(mark.submission.exercise.item_version.item.course_id, person__full_name="Terry Trainer")


def url(mark: Mark, more: str = "") -> str:
    return f"/trainer/submissions/{mark.submission.public_id}/{more}"


def points_sent(mark: Mark, **changes) -> dict:
    return {"mark": mark.pk, "points-test_one": "3.5", "reason": "Rounding was fine."} | changes


def rubric_sent(mark: Mark, **changes) -> dict:
    return {"mark": mark.pk, "comment": "Say who decides.", **LEVELS} | changes


def only(mark: Mark) -> bool:
    return list(mark.submission.marks.all()) == [mark]


def newest(mark: Mark) -> Mark:
    return mark.submission.marks.order_by("-pk")[0]


# --- points ----------------------------------------------------------------------------------------------------------


def test_points_form_begins_with_the_points_as_they_are(signed_in, mark, trainer):
    page = signed_in(trainer).get(url(mark, "points/"))

    html = main(page)
    assert title(page) == "Change points: Alice Adams – AI skills for government"
    assert listed(page, css="govuk-label") == ["One", "Why do you change this mark?"]
    assert 'name="points-test_one" value="2"' in html
    assert f'name="mark" value="{mark.pk}"' in html
    assert "reflection" not in html


def test_points_are_changed_and_the_trainer_is_told_that_the_learner_is(signed_in, mark, trainer):
    client = signed_in(trainer)

    answer = client.post(url(mark, "points/"), points_sent(mark))

    new = newest(mark)
    assert (answer.status_code, answer.url) == (302, url(mark))
    assert (new.points, new.given_by, new.reason, new.replaces) == (
        Decimal("3.5"),
        trainer,
        "Rounding was fine.",
        mark,
    )
    assert OutboxMail.objects.get().to == mark.submission.learner
    assert "The new mark is saved. Alice Adams is told by email." in words(client.get(url(mark)))


def test_points_that_pass_give_the_level_to_the_learner(signed_in, mark, trainer):
    signed_in(trainer).post(url(mark, "points/"), points_sent(mark, **{"points-test_one": "4"}))

    learner = mark.submission.learner_id
    assert skills.levels([learner], on=NOON.date()) == {(learner, "fairness"): Level.WORKING}


def test_a_test_that_is_held_shows_the_answer_and_gets_its_points_from_the_trainer(signed_in):
    SkillFactory()
    mark = HeldMarkFactory()
    client = signed_in(trainer_of(mark.submission.exercise.item_version.item.course_id))

    page = client.get(url(mark, "points/"))
    client.post(url(mark, "points/"), points_sent(mark, **{"points-test_one": "4"}))

    assert "give each of these its points: One" in words(main(page))
    assert "What the learner wrote" in main(page)
    assert 'name="points-test_one" value' not in main(page)
    new = newest(mark)
    one = new.checks.get(slug="test_one")
    assert (new.points, new.max_points, new.waiting_points, new.passed) == (4, 4, 6, True)
    assert (one.status, one.points, one.message) == ("passed", 4, "A trainer looked at this and gave 4 points.")


def test_a_test_that_is_held_is_not_decided_by_saying_nothing(signed_in):
    mark = HeldMarkFactory()
    client = signed_in(trainer_of(mark.submission.exercise.item_version.item.course_id))

    page = client.post(url(mark, "points/"), points_sent(mark, **{"points-test_one": ""}))

    assert (page.status_code, errors(page)) == (422, [("id_points-test_one", "Enter the points for “One”")])
    assert only(mark)


@pytest.mark.parametrize(
    ("changes", "summary"),
    [
        ({"points-test_one": ""}, [("id_points-test_one", "Enter the points for “One”")]),
        ({"points-test_one": "lots"}, [("id_points-test_one", "Points for “One” must be a number, such as 2.5")]),
        ({"points-test_one": "4.01"}, [("id_points-test_one", "Points for “One” must be from 0 to 4")]),
        ({"points-test_one": "-1"}, [("id_points-test_one", "Points for “One” must be from 0 to 4")]),
        ({"points-test_one": "NaN"}, [("id_points-test_one", "Points for “One” must be a number, such as 2.5")]),
        ({"points-test_one": "1.555"}, [("id_points-test_one", "Points for “One” may have at most 2 decimal places")]),
        ({"reason": "  "}, [("id_reason", "Say why you change this mark. The learner reads it.")]),
        ({"points-test_one": "2"}, [("", "You have not changed any points. Change at least one, or go back.")]),
    ],
)
def test_points_that_make_no_sense_are_explained_and_change_nothing(signed_in, mark, trainer, changes, summary):
    page = signed_in(trainer).post(url(mark, "points/"), points_sent(mark, **changes))

    assert (page.status_code, errors(page)) == (422, summary)
    assert title(page).startswith("Error: ")
    assert only(mark)


def test_a_form_that_is_sent_back_shows_the_answer_so_that_is_written_down(signed_in, mark, trainer):
    for more in ("points/", "rubric/reflection/"):
        assert "Alice Adams" in main(signed_in(trainer).post(url(mark, more), {"mark": mark.pk}))

    entries = AuditEntry.objects.filter(event="submission.viewed")
    assert [(entry.by, entry.about) for entry in entries] == [(trainer, mark.submission.learner)] * 2


def test_points_of_a_form_with_errors_are_still_in_the_form(signed_in, mark, trainer):
    page = signed_in(trainer).post(url(mark, "points/"), points_sent(mark, **{"points-test_one": "7"}))

    assert 'value="7"' in main(page)
    assert "Rounding was fine." in main(page)


def test_of_two_trainers_the_second_reads_one_clear_sentence_and_changes_nothing(signed_in, mark, trainer):
    first = services.override_mark(
        mark, points={"test_one": Decimal(4)}, reason="I was first.", by=PersonFactory(), now=mark.marked_at
    )

    page = signed_in(trainer).post(url(mark, "points/"), points_sent(mark))

    assert page.status_code == 422
    assert errors(page) == [("", "Somebody changed this mark while you looked at it. Go back to see the new one.")]
    assert newest(mark) == first


@pytest.mark.parametrize("seen", ["0", "999999999", "9" * 40])
def test_a_form_about_a_mark_that_does_not_exist_is_not_found(signed_in, mark, trainer, seen):
    assert signed_in(trainer).post(url(mark, "points/"), points_sent(mark) | {"mark": seen}).status_code == 404
    assert only(mark)


def test_a_form_about_the_mark_of_another_submission_is_not_found(signed_in, mark, trainer):
    other = MarkFactory(points=2)

    assert signed_in(trainer).post(url(mark, "points/"), points_sent(other)).status_code == 404
    assert only(mark)
    assert only(other)


@pytest.mark.parametrize("seen", ["", "x"])
def test_a_form_without_the_mark_it_is_about_changes_nothing(signed_in, mark, trainer, seen):
    assert signed_in(trainer).post(url(mark, "points/"), points_sent(mark) | {"mark": seen}).status_code == 422
    assert only(mark)


def test_points_are_not_taken_without_the_forms_own_token(mark, trainer):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(trainer)

    assert strict.post(url(mark, "points/"), points_sent(mark)).status_code == 403
    assert only(mark)


@pytest.mark.parametrize("more", ["points/", "rubric/reflection/"])
def test_people_who_may_not_mark_change_nothing(signed_in, mark, more):
    elsewhere = trainer_of("another-course")
    for person in (elsewhere, mark.submission.learner, PersonFactory()):
        for sent in (points_sent(mark), rubric_sent(mark)):
            assert signed_in(person).post(url(mark, more), sent).status_code == 404

    assert only(mark)


# --- rubric ----------------------------------------------------------------------------------------------------------


def test_rubric_page_shows_the_answer_the_criteria_and_a_model_answer(signed_in, mark, trainer):
    page = signed_in(trainer).get(url(mark, "rubric/reflection/"))

    text = words(main(page))
    assert title(page) == "Mark “Reflection”: Alice Adams – AI skills for government"
    assert listed(page, css="govuk-fieldset__legend") == ["The finding", "The advice", "The limit"]
    assert "What the learner wrote Reflection I recommend a pause." in text
    assert "Show the model answer A good answer." in text
    assert "Together they give up to 6 points." in text
    assert main(page).count('type="radio"') == 15
    assert "checked" not in main(page)


def test_rubric_page_shows_markdown_with_nothing_in_it_that_runs_or_loads(signed_in, trainer, mark):
    text = "A **bold** claim. <script>alert(1)</script> [x](javascript:alert(1)) <img src=https://elsewhere/x.png>"
    hostile = MarkFactory(submission__exercise=mark.submission.exercise, checks__answer=text)

    html = main(signed_in(trainer).get(url(hostile, "rubric/reflection/")))

    assert "<strong>bold</strong> claim." in html
    assert [danger for danger in ("<script>alert", 'href="javascript:', 'src="http') if danger in html] == []


@pytest.mark.timeout(30)
def test_an_answer_beyond_all_measure_is_shown_as_it_was_written(signed_in, trainer, mark):
    endless = MarkFactory(submission__exercise=mark.submission.exercise, checks__answer="<b>" + "![" * 1_000_000)

    html = main(signed_in(trainer).get(url(endless, "rubric/reflection/")))

    assert '<pre class="app-code app-code--wrap" tabindex="0">&lt;b&gt;![![' in html


def test_rubric_levels_become_points_and_a_comment(signed_in, mark, trainer):
    client = signed_in(trainer)

    answer = client.post(url(mark, "rubric/reflection/"), rubric_sent(mark))

    new, check = newest(mark), newest(mark).checks.get(slug="reflection")
    assert (answer.status_code, answer.url) == (302, url(mark))
    assert (new.given_by, new.reason, new.points, new.waiting_points) == (
        trainer,
        "Say who decides.",
        Decimal("6.5"),
        0,
    )
    assert (check.rubric_levels, check.points) == ({"finding": 3, "advice": 2, "limit": 4}, Decimal("4.5"))
    assert "The new mark is saved. Alice Adams is told by email." in words(client.get(url(mark)))


def test_rubric_of_an_answer_that_was_judged_begins_with_what_was_chosen(signed_in, mark, trainer):
    client = signed_in(trainer)
    client.post(url(mark, "rubric/reflection/"), rubric_sent(mark))

    page = client.get(url(mark, "rubric/reflection/"))

    assert main(page).count("checked") == 3
    assert "This was marked before." in words(main(page))
    assert "Say who decides." in main(page)


def test_rubric_with_gaps_names_each_and_links_to_its_first_choice(signed_in, mark, trainer):
    page = signed_in(trainer).post(url(mark, "rubric/reflection/"), {"mark": mark.pk, "level-advice": "2"})

    assert page.status_code == 422
    assert errors(page) == [
        ("id_level-finding_0", "Choose a level for “The finding”"),
        ("id_level-limit_0", "Choose a level for “The limit”"),
        ("id_comment", "Write a comment. The learner reads it beside the points."),
    ]
    assert only(mark)


@pytest.mark.parametrize("level", ["5", "-1", "x", "2.5"])
def test_rubric_level_that_does_not_exist_is_refused(signed_in, mark, trainer, level):
    page = signed_in(trainer).post(url(mark, "rubric/reflection/"), rubric_sent(mark, **{"level-advice": level}))

    assert (page.status_code, errors(page)) == (422, [("id_level-advice_0", "Choose one of the levels")])
    assert only(mark)


def test_rubric_of_a_mark_that_somebody_changed_meanwhile_is_refused_in_one_sentence(signed_in, mark, trainer):
    client = signed_in(trainer)
    client.post(url(mark, "rubric/reflection/"), rubric_sent(mark))

    page = client.post(url(mark, "rubric/reflection/"), rubric_sent(mark))

    assert page.status_code == 422
    assert errors(page) == [("", "Somebody changed this mark while you looked at it. Go back to see the new one.")]
    assert mark.submission.marks.count() == 2


@pytest.mark.parametrize("check", ["test_one", "never-heard-of"])
def test_there_is_a_rubric_only_for_free_text(signed_in, mark, trainer, check):
    assert signed_in(trainer).get(url(mark, f"rubric/{check}/")).status_code == 404


def test_marks_of_a_day_are_dated_by_the_clock_of_the_site(signed_in, mark, trainer):
    signed_in(trainer).post(url(mark, "points/"), points_sent(mark))

    assert abs(newest(mark).marked_at - dt.datetime.now(tz=dt.UTC)) < dt.timedelta(minutes=1)
