"""Questions of passed quizzes come back after 2, 7, 21 and 60 days: which, how many a day, what an answer changes."""

import datetime as dt

import pytest

from tests.factories.catalogue import QUESTION, CourseVersionFactory, ModuleFactory, QuizFactory
from tests.factories.people import NOON, PersonFactory
from tests.unit.refusing import refused_by
from upskill.catalogue.models import ItemVersion
from upskill.core.models import AuditEntry
from upskill.learning import recall, services
from upskill.learning.models import QuizAttempt, Recall
from upskill.people.models import User
from upskill.skills.models import Evidence

pytestmark = pytest.mark.django_db
DAY = NOON.date()


def question(name: str, **changes) -> dict:
    return QUESTION | {"id": name} | changes


def quiz_of(*questions: dict, after: ItemVersion | None = None) -> ItemVersion:
    """A quiz of a new course or, `after` another, the same quiz in the next version of its course."""
    course = {"course": after.item.course, "version": "2.0.0"} if after else {}
    module = ModuleFactory(course_version=CourseVersionFactory(**course), slug="module")
    return QuizFactory(module=module, slug="quiz", content={"pass_share": 0.5, "questions": list(questions)})


def taken(quiz: ItemVersion, *, by: User | None = None, right: bool = True, now: dt.datetime = NOON) -> User:
    """Somebody who takes the course of this quiz and has answered it at noon: all right, or all wrong."""
    learner = by or PersonFactory()
    services.enrol(learner, course=quiz.item.course, now=now)
    answers = {each["id"]: ["this" if right else "that"] for each in quiz.content["questions"]}
    services.record_quiz_attempt(learner, quiz=quiz, answers=answers, now=now)
    return learner


def due(learner: User, *, days: int) -> list[str]:
    """The questions that are due so many days after noon."""
    return [place.question for place in recall.today(learner, on=DAY + dt.timedelta(days=days)).due]


def answer(learner: User, *, days: int, right: bool) -> list[recall.Answered]:
    """Everything that is due then, answered."""
    on = DAY + dt.timedelta(days=days)
    asked = recall.asked(recall.today(learner, on=on).due)
    answers = {each.key: ["this" if right else "that"] for each in asked}
    return recall.answer(learner, answers=answers, asked=asked, on=on)


def test_questions_come_back_two_days_after_the_quiz_was_passed():
    learner = taken(quiz_of(question("one"), question("two")))

    assert [due(learner, days=days) for days in (0, 1, 2, 30)] == [[], [], ["one", "two"], ["one", "two"]]


def test_each_right_answer_leads_to_the_next_gap_and_the_last_one_to_the_end():
    learner = taken(quiz_of(question("one")))
    asked_on = []
    for days in range(100):
        if due(learner, days=days):
            answer(learner, days=days, right=True)
            asked_on.append(days)

    assert asked_on == [2, 2 + 7, 2 + 7 + 21, 2 + 7 + 21 + 60]
    assert recall.today(learner, on=DAY + dt.timedelta(days=5000)) == recall.Today(due=[], next_on=None)


def test_wrong_answer_begins_anew():
    learner = taken(quiz_of(question("one")))
    answer(learner, days=2, right=True)

    answer(learner, days=9, right=False)

    assert [due(learner, days=days) for days in (10, 11)] == [[], ["one"]]
    assert list(Recall.objects.values_list("question", "step", "answered_on")) == [("one", 0, DAY + dt.timedelta(9))]


def test_three_a_day_are_asked_those_that_wait_longest_first():
    learner = taken(quiz_of(question("old-1"), question("old-2")))
    taken(quiz_of(*(question(f"new-{n}") for n in range(3))), by=learner, now=NOON + dt.timedelta(days=1))

    first = due(learner, days=5)
    answer(learner, days=5, right=True)
    rest, tomorrow = recall.today(learner, on=DAY + dt.timedelta(days=5)), due(learner, days=6)

    assert first == ["old-1", "old-2", "new-0"]
    assert rest == recall.Today(due=[], next_on=DAY + dt.timedelta(days=6))
    assert tomorrow == ["new-1", "new-2"]


def test_nothing_comes_back_of_a_quiz_that_was_not_passed_or_of_a_course_that_is_not_taken():
    failed = taken(quiz_of(question("one")), right=False)
    stranger = PersonFactory()
    services.record_quiz_attempt(stranger, quiz=quiz_of(question("one")), answers={"one": ["this"]}, now=NOON)

    assert (due(failed, days=9), due(stranger, days=9)) == ([], [])


def test_nothing_comes_back_of_a_course_that_is_no_longer_published():
    quiz = quiz_of(question("one"))
    learner = taken(quiz)
    type(quiz.item.course).objects.filter(pk=quiz.item.course_id).update(current_version=None)

    assert due(learner, days=9) == []


def test_each_learner_has_places_of_their_own():
    quiz = quiz_of(question("one"))
    one, two = taken(quiz), taken(quiz)

    answer(one, days=2, right=True)

    assert (due(one, days=2), due(two, days=2)) == ([], ["one"])


def test_question_that_the_newest_version_has_no_longer_is_dropped():
    quiz = quiz_of(question("stays"), question("goes"))
    learner = taken(quiz)
    answer(learner, days=2, right=True)

    quiz_of(question("stays"), after=quiz)

    assert due(learner, days=9) == ["stays"]


def test_quiz_that_the_newest_version_has_no_longer_is_dropped():
    quiz = quiz_of(question("one"))
    learner = taken(quiz)

    CourseVersionFactory(course=quiz.item.course, version="2.0.0")

    assert due(learner, days=9) == []


def test_question_that_was_changed_is_asked_as_it_is_now_at_the_same_step():
    quiz = quiz_of(question("one"))
    learner = taken(quiz)
    answer(learner, days=2, right=True)
    changed = question("one", html="<p>Which one now?</p>", answer=["that"])

    quiz_of(changed, after=quiz)
    [asked] = recall.asked(recall.today(learner, on=DAY + dt.timedelta(days=9)).due)

    assert (asked.content, asked.place.step) == (changed, 1)
    assert [each.place.step for each in answer(learner, days=9, right=True)] == [0]  # "this" is wrong now


def test_question_that_is_new_in_a_quiz_is_not_asked_before_its_quiz_was_answered_with_it():
    quiz = quiz_of(question("old"))
    learner = taken(quiz)

    newer = quiz_of(question("old"), question("new"), after=quiz)
    before = due(learner, days=9)
    taken(newer, by=learner, now=NOON + dt.timedelta(days=9))

    assert (before, due(learner, days=11)) == (["old"], ["old", "new"])


def test_questions_with_one_name_in_two_quizzes_are_two():
    learner = taken(quiz_of(question("one")))
    taken(quiz_of(question("one")), by=learner)

    asked = recall.asked(recall.today(learner, on=DAY + dt.timedelta(days=2)).due)

    assert len({each.key for each in asked}) == 2
    assert len(answer(learner, days=2, right=True)) == 2


@pytest.mark.parametrize("days", [2, 9])
def test_of_two_windows_with_the_same_questions_the_first_counts(days):
    learner = taken(quiz_of(question("one")))
    if days == 9:
        answer(learner, days=2, right=True)
    on = DAY + dt.timedelta(days=days)
    asked = recall.asked(recall.today(learner, on=on).due)
    [key] = [each.key for each in asked]

    first = recall.answer(learner, answers={key: ["this"]}, asked=asked, on=on)
    second = recall.answer(learner, answers={key: ["that"]}, asked=asked, on=on)

    assert ([each.asked for each in first], second) == (asked, [])
    assert list(Recall.objects.values_list("step", "answered_on")) == [(1 if days == 2 else 2, on)]


def test_practice_is_evidence_of_nothing_and_leaves_no_trail():
    learner = taken(quiz_of(question("one")))
    before = (AuditEntry.objects.count(), QuizAttempt.objects.count(), Evidence.objects.count())

    answer(learner, days=2, right=True)

    assert (AuditEntry.objects.count(), QuizAttempt.objects.count(), Evidence.objects.count()) == before


def test_what_is_kept_of_an_answer_is_a_step_and_a_day():
    learner = taken(quiz_of(question("one")))

    answer(learner, days=2, right=True)

    kept = {name: value for name, value in Recall.objects.values().get().items() if name != "id"}
    assert kept == {
        "learner_id": learner.pk,
        "item_id": QuizAttempt.objects.get().quiz.item_id,
        "question": "one",
        "step": 1,
        "answered_on": DAY + dt.timedelta(days=2),
    }


@pytest.mark.parametrize("passed", [0, 1, 3])
def test_looking_for_what_is_due_costs_two_queries_however_much_there_is(passed, django_assert_num_queries):
    learner = PersonFactory()
    for number in range(passed):
        taken(quiz_of(*(question(f"{number}-{n}") for n in range(passed))), by=learner)
    answer(learner, days=2, right=True)

    with django_assert_num_queries(2 if passed else 1):
        recall.today(learner, on=DAY + dt.timedelta(days=9))


def test_postgresql_keeps_one_place_for_each_question():
    quiz, learner = quiz_of(question("one")), PersonFactory()
    fields = {"learner": learner, "item": quiz.item, "question": "one", "step": 0, "answered_on": DAY}
    Recall.objects.create(**fields)

    with refused_by("recall_once"):
        Recall.objects.create(**fields)
    with refused_by("recall_names_question"):
        Recall.objects.create(**fields | {"question": ""})
    with refused_by("recall_step_in_range"):
        Recall.objects.create(**fields | {"question": "two", "step": len(recall.GAPS) + 1})
