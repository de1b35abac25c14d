"""A trainer's courses, and what was handed in there: what waits for them first."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.factories.catalogue import ExerciseFactory
from tests.factories.marking import DoneJobFactory, JobFactory, MarkFactory, SubmissionFactory
from tests.factories.people import (
    NOON,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
    operator,
    trainer_of,
    viewer_of,
)
from tests.web.learner.pages import links, main, title, words
from tests.web.tables import rows
from upskill.learning.pseudonyms import pseudonym
from upskill.marking import services
from upskill.marking.models import Job
from upskill.marking.services import RubricMark
from upskill.people.models import User
from upskill.people.roles import Role

pytestmark = pytest.mark.django_db
HEADINGS = ["Learner", "State", "Points", "Exercise", "Attempt", "Handed in"]


@pytest.fixture
def exercise():
    return ExerciseFactory(
        item_version__title="Audit a model",
        item_version__module__course_version__course__id="ethics",
        item_version__module__course_version__title="Ethics in practice",
    )


@pytest.fixture
def trainer(exercise):
    return trainer_of("ethics", person__full_name="Terry Trainer")


def sent(exercise, name, *, minutes=0, **fields):
    return SubmissionFactory(
        exercise=exercise,
        learner=PersonFactory(full_name=name),
        submitted_at=NOON + dt.timedelta(minutes=minutes),
        **fields,
    )


def code(name):
    """What a trainer who has opened nothing of theirs reads in place of the name."""
    return words(pseudonym(User.objects.get(full_name=name), course="ethics"))


def judged(mark):
    judgement = RubricMark(check="reflection", levels={"finding": 4, "advice": 4, "limit": 4}, comment="Good.")
    return services.mark_by_rubric(mark, rubric_mark=judgement, by=PersonFactory(), now=NOON)


# --- the courses -----------------------------------------------------------------------------------------------------


def test_trainer_of_one_course_goes_straight_to_it(signed_in, trainer):
    page = signed_in(trainer).get("/trainer/")

    assert (page.status_code, page.url) == (302, "/trainer/ethics/")


def test_trainer_of_several_courses_chooses_and_sees_where_work_waits(signed_in, exercise, trainer):
    RoleGrantFactory(person=trainer, role=Role.TRAINER, course="not-published-yet")
    for name in ("Alice", "Bob"):
        MarkFactory(submission=sent(exercise, name))

    page = signed_in(trainer).get("/trainer/")

    assert links(page) == [
        ("/trainer/ethics/", "Ethics in practice"),
        ("/trainer/not-published-yet/", "not-published-yet"),
        ("/trainer/kits/", "Workshop kits of your courses"),
    ]
    assert "Ethics in practice 2 answers wait for you" in words(main(page))
    assert "not-published-yet Nothing waits for you" in words(main(page))


def test_people_who_train_nothing_are_refused(signed_in, exercise):
    elsewhere = trainer_of("another-course")
    for person in (PersonFactory(), operator(), viewer_of(OrganisationFactory())):
        assert signed_in(person).get("/trainer/").status_code == 403
    for person in (PersonFactory(), operator(), viewer_of(OrganisationFactory()), elsewhere):
        assert signed_in(person).get("/trainer/ethics/").status_code == 404


def test_nobody_sees_it_without_signing_in(client, exercise):
    page = client.get("/trainer/ethics/")

    assert (page.status_code, page.url) == (302, "/sign-in/?next=/trainer/ethics/")


def test_former_trainer_is_refused(signed_in, exercise):
    former = trainer_of("ethics", ended_at=NOON)

    assert signed_in(former).get("/trainer/").status_code == 403
    assert signed_in(former).get("/trainer/ethics/").status_code == 404


# --- the answers -----------------------------------------------------------------------------------------------------


def test_answers_are_listed_with_who_what_when_and_how_far(signed_in, exercise, trainer):
    MarkFactory(submission=sent(exercise, "Alice", attempt=2), points=Decimal("2.5"))
    judged(MarkFactory(submission=sent(exercise, "Bob", minutes=5)))
    JobFactory(submission=sent(exercise, "Cleo", minutes=4))
    DoneJobFactory(submission=sent(exercise, "Dan", minutes=3), state=Job.State.REFUSED, reason="No notebook.")
    DoneJobFactory(submission=sent(exercise, "Eve", minutes=2), state=Job.State.FAILED_OURS, reason="Disk full.")
    failed = judged(MarkFactory(submission=sent(exercise, "Fay", minutes=1), points=0))
    services.mark_by_rubric(
        failed,
        rubric_mark=RubricMark(check="reflection", levels={"finding": 0, "advice": 0, "limit": 0}, comment="No."),
        by=PersonFactory(),
        now=NOON,
    )

    page = signed_in(trainer).get("/trainer/ethics/")

    assert rows(page) == [
        HEADINGS,
        [
            code("Alice"), "Waiting for you", "2.5 of 4 by tests, 6 points wait for you",
            "Audit a model", "2", "23 November 2026 at midday",
        ],
        [code("Bob"), "Passed", "10 of 10", "Audit a model", "1", "23 November 2026 at 12:05pm"],
        [code("Cleo"), "In the queue", "– none yet", "Audit a model", "1", "23 November 2026 at 12:04pm"],
        [code("Dan"), "Not readable", "– none yet", "Audit a model", "1", "23 November 2026 at 12:03pm"],
        [code("Eve"), "Our fault", "– none yet", "Audit a model", "1", "23 November 2026 at 12:02pm"],
        [code("Fay"), "Not passed", "0 of 10", "Audit a model", "1", "23 November 2026 at 12:01pm"],
    ]  # fmt: skip
    assert title(page) == "Answers: Ethics in practice – AI skills for government"
    assert "1 answer waits for you." in words(main(page))


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ({"max_points": 0, "points": 0, "waiting_points": 1}, "1 point waits for you"),
        ({"waiting_points": Decimal("1.5")}, "4 of 4 by tests, 1.5 points wait for you"),
        ({"given_by": True, "reason": "The text is missing."}, "4 of 4 so far, 6 points wait for you"),
    ],
)
def test_points_say_how_much_waits_beside_what_is_decided(signed_in, exercise, trainer, mark, said):
    if mark.get("given_by"):
        mark = mark | {"given_by": PersonFactory()}
    MarkFactory(submission=sent(exercise, "Alice"), **mark)

    page = signed_in(trainer).get("/trainer/ethics/")

    assert rows(page)[1][2] == said


def test_learners_have_a_code_until_an_answer_of_theirs_is_opened(signed_in, exercise, trainer):
    alice = MarkFactory(submission=sent(exercise, "Alice Adams")).submission
    MarkFactory(submission=sent(exercise, "Bob Brown"))
    again = MarkFactory(submission=SubmissionFactory(exercise=exercise, learner=alice.learner, attempt=2)).submission
    client = signed_in(trainer)
    before = client.get("/trainer/ethics/")

    client.get(f"/trainer/submissions/{again.public_id}/")
    after = client.get("/trainer/ethics/")

    codes = [code("Alice Adams"), code("Bob Brown"), code("Alice Adams")]
    assert [line[0] for line in rows(before)[1:]] == codes
    assert [line[0] for line in rows(after)[1:]] == ["Alice Adams", codes[1], "Alice Adams"]
    assert "Adams" not in before.content.decode()
    assert "Bob" not in after.content.decode()
    assert "You see a learner’s name once you have opened an answer of theirs." in words(main(before))


def test_only_what_waits_can_be_asked_for(signed_in, exercise, trainer):
    MarkFactory(submission=sent(exercise, "Alice"))
    judged(MarkFactory(submission=sent(exercise, "Bob")))
    MarkFactory(submission=SubmissionFactory(exercise=exercise, learner=trainer))

    page = signed_in(trainer).get("/trainer/ethics/?show=waiting")

    assert [line[0] for line in rows(page)] == ["Learner", code("Alice")]


def test_own_work_is_listed_for_another_trainer(signed_in, exercise, trainer):
    MarkFactory(submission=SubmissionFactory(exercise=exercise, learner=trainer))

    page = signed_in(trainer).get("/trainer/ethics/")

    waits = "4 of 4 by tests, 6 points wait for another trainer"
    assert [line[:3] for line in rows(page)] == [HEADINGS[:3], ["Terry Trainer", "For another trainer", waits]]
    assert "Nothing waits for you." in words(main(page))


def test_answers_of_another_course_are_not_there(signed_in, exercise, trainer):
    MarkFactory(submission=sent(exercise, "Alice"))
    MarkFactory(submission__learner__full_name="Stranger Elsewhere")

    page = signed_in(trainer).get("/trainer/ethics/")

    assert [line[0] for line in rows(page)] == ["Learner", code("Alice")]
    assert "Stranger" not in page.content.decode()


def test_nothing_handed_in_says_so(signed_in, exercise, trainer):
    client = signed_in(trainer)

    assert "Nobody has handed anything in yet." in words(client.get("/trainer/ethics/"))
    assert "and tests that no machine could decide." in words(client.get("/trainer/ethics/?show=waiting"))


def test_long_lists_come_in_pages_of_25_that_keep_the_choice(signed_in, exercise, trainer):
    for number in range(26):
        MarkFactory(submission=sent(exercise, f"Learner {number:02d}", minutes=number))
    client = signed_in(trainer)

    first, second = client.get("/trainer/ethics/?show=waiting"), client.get("/trainer/ethics/?show=waiting&page=2")

    assert (len(rows(first)), rows(first)[1][0]) == (26, code("Learner 25"))
    assert [line[0] for line in rows(second)] == ["Learner", code("Learner 00")]
    assert ("?show=waiting&page=2", "2") in links(first)


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", ""])
def test_a_page_that_does_not_exist_is_the_nearest_that_does(signed_in, exercise, trainer, page):
    MarkFactory(submission=sent(exercise, "Alice"))

    answer = signed_in(trainer).get(f"/trainer/ethics/?page={page}")

    assert [line[0] for line in rows(answer)] == ["Learner", code("Alice")]


def test_list_costs_the_same_with_one_answer_and_with_three(
    signed_in, exercise, trainer, django_assert_max_num_queries
):
    client, spent = signed_in(trainer), []
    for more in (1, 2):
        for number in range(more):
            MarkFactory(submission=sent(exercise, f"Learner {more}{number}"))
        with django_assert_max_num_queries(20) as queries:
            client.get("/trainer/ethics/")
        spent.append(len(queries))

    assert spent[0] == spent[1]


@pytest.mark.parametrize("address", ["/trainer/", "/trainer/ethics/"])
def test_lists_are_only_read(signed_in, trainer, address):
    assert signed_in(trainer).post(address).status_code == 405


def test_a_name_is_shown_as_text(signed_in, exercise, trainer):
    submission = MarkFactory(submission=sent(exercise, "<script>alert(1)</script>")).submission
    services.record_view(submission, by=trainer, now=NOON)

    page = signed_in(trainer).get("/trainer/ethics/").content.decode()

    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize(("most", "said"), [(1, True), (2, False)])
def test_list_that_ends_before_the_oldest_answer_says_so(signed_in, trainer, exercise, monkeypatch, most, said):
    monkeypatch.setattr("upskill.web.trainer.courses.MOST_LISTED", most)
    monkeypatch.setattr("upskill.marking.queries.MOST_LISTED", most)
    for name in ("Alice", "Bob"):
        judged(MarkFactory(submission=sent(exercise, name)))
    sentence = "Everything that waits is listed, and the newest"

    pages = [signed_in(trainer).get("/trainer/ethics/", query) for query in ({}, {"show": "waiting"})]

    assert [sentence in words(page) for page in pages] == [said, False]
