"""A quiz: its questions as a form, what is missing said in words, and a word on every answer afterwards."""

import re

import pytest

from tests.factories.catalogue import QUESTION, CourseVersionFactory, ModuleFactory, QuizFactory
from tests.factories.marking import SkillFactory
from tests.factories.people import NOON
from tests.web.learner.pages import Taught, errors, learner_of, links, listed, main, taught, title, words
from upskill import pipeline
from upskill.learning import queries
from upskill.learning.models import QuizAttempt
from upskill.skills import queries as skills

pytestmark = pytest.mark.django_db


def option(name: str, *, right: bool) -> dict:
    return {"id": name, "html": f"<em>{name}</em>", "right": right, "feedback": f"About {name}.", "misconception": ""}


SEVERAL = {
    "id": "several", "type": "multiple", "skill": "fairness", "level": 1, "html": "<p>Which two?</p>", "hints": [],
    "options": [option("red", right=True), option("blue", right=True), option("green", right=False)],
    "answer": ["red", "blue"],
}  # fmt: skip
NUMBER = {
    "id": "rate", "type": "number", "skill": "fairness", "level": 1, "html": "<p>What rate?</p>", "hints": ["Divide."],
    "options": [],
    "answer": {"number": 10.0, "tolerance": 0.05, "feedback": "Yes, ten.", "misconception": ""},
    "wrong": [{"number": 9.6, "tolerance": 0.05, "feedback": "You divided by everyone.", "misconception": "everyone"}],
    "otherwise": {"feedback": "Work it out again.", "misconception": ""},
}  # fmt: skip
ORDER = {
    "id": "steps", "type": "order", "skill": "fairness", "level": 1, "html": "<p>In which order?</p>", "hints": [],
    "options": [
        {"id": name, "html": name, "feedback": f"Why {name}."} for name in ("second", "third", "first")
    ],
    "answer": ["first", "second", "third"],
}  # fmt: skip
RIGHT = {
    "one-of-two": "this",
    "several": ["red", "blue"],
    "rate": "10",
    "steps.first": "1",
    "steps.second": "2",
    "steps.third": "3",
}


def quiz_of(*questions: dict, pass_share: float = 0.75) -> Taught:
    """A course whose quiz has these questions."""
    course = taught()
    newer = CourseVersionFactory(course=course.version.course, version="2.0.0")
    module = ModuleFactory(course_version=newer, slug="audits", title="Audits")
    content = {"pass_share": pass_share, "questions": list(questions)}
    quiz = QuizFactory(module=module, slug="check", title="Check", content=content)
    return Taught(version=newer, lesson=quiz, quiz=quiz, exercise=course.exercise)


@pytest.fixture
def course() -> Taught:
    return quiz_of(QUESTION, SEVERAL, NUMBER, ORDER)


def answer(client, course: Taught, **changes):
    """What the quiz answers to the right answers with these changes; None leaves a field out."""
    sent = RIGHT | {name.replace("__", ".").replace("_", "-"): value for name, value in changes.items()}
    return client.post(course.item_url(course.quiz, "answers/"), {k: v for k, v in sent.items() if v is not None})


def test_form_asks_every_question_with_a_control_for_every_answer(signed_in, course):
    page = signed_in(learner_of(course)).get(course.item_url(course.quiz))

    controls = re.findall(r"<(?:input|select)[^>]*? name=\"([^\"]+)\"(?:[^>]*? value=\"([^\"]*)\")?", main(page))
    assert [control for control in controls if control[0] != "csrfmiddlewaretoken"] == [
        ("one-of-two", "this"),
        ("one-of-two", "that"),
        ("several", "red"),
        ("several", "blue"),
        ("several", "green"),
        ("rate", ""),
        ("steps.second", ""),
        ("steps.third", ""),
        ("steps.first", ""),
    ]


def test_form_gives_nothing_away(signed_in, course):
    page = signed_in(learner_of(course)).get(course.item_url(course.quiz))

    told = ("About red.", "Yes, ten.", "Why first.", "No: this.", "that-for-this", "everyone")
    assert [words_ for words_ in told if words_ in page.content.decode()] == []


def test_questions_are_named_by_their_words_and_drawn_as_html(signed_in, course):
    page = signed_in(learner_of(course)).get(course.item_url(course.quiz))

    groups = re.findall(r'role="group" aria-labelledby="([\w-]+) ([\w-]+)"', main(page))
    assert groups == [(f"{name}-number", f"{name}-text") for name in ("one-of-two", "several", "rate", "steps")]
    assert listed(page, css="app-question__text") == ["Which one?", "Which two?", "What rate?", "In which order?"]
    assert "<em>red</em>" in main(page)


def test_hints_wait_behind_a_click(signed_in, course):
    page = signed_in(learner_of(course)).get(course.item_url(course.quiz))

    assert listed(page, css="govuk-details") == ["Hint 1 for question 1 The first.", "Hint 1 for question 3 Divide."]


def test_right_answers_pass_and_give_evidence(signed_in, course):
    person = learner_of(course)

    page = answer(signed_in(person), course)

    assert (page.status_code, page["Location"]) == (302, course.item_url(course.quiz))
    attempt = QuizAttempt.objects.get(learner=person)
    assert (attempt.right, attempt.questions, attempt.passed) == (4, 4, True)
    assert attempt.answers == {
        "one-of-two": ["this"],
        "several": ["red", "blue"],
        "rate": "10",
        "steps": ["first", "second", "third"],
    }
    assert skills.levels([person.pk], on=NOON.date()) == {(person.pk, "fairness"): 1}
    assert queries.completed_items(person, courses=[course.version.course_id]) == {course.quiz.item_id}


def test_result_of_a_pass_says_what_it_gave(signed_in, course):
    client = signed_in(learner_of(course))
    answer(client, course)

    page = client.get(course.item_url(course.quiz))

    assert listed(page, css="app-result__score") == ["4 of 4 right"]
    assert listed(page, css="app-result__line") == [
        "You have passed this quiz.",
        "Evidence in your skills record: Fairness, level Awareness",
        "Back to the course",
    ]
    assert re.findall(r"Marked automatically on \d+ \w+ \d{4} at [\d:apm]+\.", words(page)) != []


def test_result_of_a_miss_says_how_many_right_answers_pass(signed_in, course):
    client = signed_in(learner_of(course))
    answer(client, course, one_of_two="that", rate="9.6")

    page = client.get(course.item_url(course.quiz))

    assert "2 of 4 right" in words(page)
    assert listed(page, css="app-result__line") == [
        "You need 3 right answers to pass. Read what is said about your answers, then try again. "
        "Right answers are shown once you have passed, or after your next try.",
        "Try again",
    ]
    assert [line.split(": ")[1] for line in listed(page, css="app-question__number")] == [
        "Not right yet",
        "Right",
        "Not right yet",
        "Right",
    ]


def test_result_of_a_pass_leads_on_to_what_comes_next(signed_in):
    course = taught()
    client = signed_in(learner_of(course))
    client.post(course.item_url(course.quiz, "answers/"), {"one-of-two": "this"})

    page = client.get(course.item_url(course.quiz))

    assert listed(page, css="app-result__line")[-1] == "Next: Audit a model"
    assert links(page)[0] == (course.exercise_url, "Audit a model")


MISSES = {"one_of_two": "that", "several": ["red", "green"], "rate": "9.6", "steps__first": "2", "steps__second": "1"}
ON_MISSES = [
    "That Your answer Not right No: this.",
    "red Your answer Right About red.",
    "green Your answer Not right About green.",
    "Your answer: 9.6 You divided by everyone.",
    "1. second Its place is another one.",
    "2. first Its place is another one.",
    "3. third You put it in the right place. Why third.",
]


def test_first_miss_has_a_word_on_what_was_answered_and_keeps_what_is_right_back(signed_in, course):
    client = signed_in(learner_of(course))
    answer(client, course, **MISSES)

    page = client.get(course.item_url(course.quiz))

    assert listed(page, css="app-option") == ON_MISSES
    assert "The right order:" not in words(page)


def test_second_miss_has_a_word_on_every_option_chosen_or_not(signed_in, course):
    client = signed_in(learner_of(course))
    for _ in range(2):
        answer(client, course, **MISSES)

    page = client.get(course.item_url(course.quiz))

    assert listed(page, css="app-result__line")[0] == (
        "You need 3 right answers to pass. Read what went wrong, then try again."
    )
    assert listed(page, css="app-option") == [
        "This Right Yes.",
        "That Your answer Not right No: this.",
        "red Your answer Right About red.",
        "blue Right About blue.",
        "green Your answer Not right About green.",
        "Your answer: 9.6 Right answer: 10 You divided by everyone.",
        "1. first You put it at number 2. Why first.",
        "2. second You put it at number 1. Why second.",
        "3. third You put it in the right place. Why third.",
    ]


def test_miss_of_somebody_who_had_passed_keeps_nothing_back(signed_in, course):
    client = signed_in(learner_of(course))
    answer(client, course)
    answer(client, course, **MISSES)

    page = client.get(course.item_url(course.quiz))

    assert "This Right Yes." in listed(page, css="app-option")


def test_pass_has_a_word_on_every_option_also_of_a_question_that_was_missed(signed_in, course):
    client = signed_in(learner_of(course))
    answer(client, course, one_of_two="that")

    page = client.get(course.item_url(course.quiz))

    assert "You have passed this quiz." in words(page)
    assert listed(page, css="app-option")[:2] == ["This Right Yes.", "That Your answer Not right No: this."]


def test_first_miss_has_a_word_on_every_option_of_what_is_right(signed_in, course):
    client = signed_in(learner_of(course))
    answer(client, course, **(MISSES | {"one_of_two": "this"}))

    page = client.get(course.item_url(course.quiz))

    assert listed(page, css="app-option")[:2] == ["This Your answer Right Yes.", "That Not right No: this."]


def test_first_miss_of_several_says_that_something_is_missing_where_only_that_is_wrong(signed_in):
    course = quiz_of(SEVERAL)
    client = signed_in(learner_of(course))
    client.post(course.item_url(course.quiz, "answers/"), {"several": ["red"]})

    page = client.get(course.item_url(course.quiz))

    assert "All that you chose is right, and something is missing." in words(page)
    assert listed(page, css="app-option") == ["red Your answer Right About red."]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("10", "Your answer: 10 Yes, ten."),
        ("9.6", "Your answer: 9.6 You divided by everyone."),
        ("77%", "Your answer: 77% Work it out again."),
    ],
)
def test_result_of_a_number_names_the_mistake(signed_in, typed, said):
    course = quiz_of(NUMBER)
    client = signed_in(learner_of(course))
    client.post(course.item_url(course.quiz, "answers/"), {"rate": typed})

    page = client.get(course.item_url(course.quiz))

    assert listed(page, css="app-option") == [said]


def test_every_missing_answer_is_named_and_linked_to_its_first_control(signed_in, course):
    person = learner_of(course)

    page = signed_in(person).post(course.item_url(course.quiz, "answers/"), {})

    assert (page.status_code, title(page)) == (422, "Error: Check – AI skills for government")
    assert errors(page) == [
        ("id_one-of-two_0", "Answer question 1"),
        ("id_several_0", "Answer question 2"),
        ("id_rate", "Answer question 3"),
        ("id_steps.second", "Answer question 4"),
    ]
    assert listed(page, css="govuk-error-message") == [f"Error: Answer question {n}" for n in (1, 2, 3, 4)]
    assert not QuizAttempt.objects.filter(learner=person).exists()


def test_what_was_answered_stays_when_something_is_missing(signed_in, course):
    page = answer(signed_in(learner_of(course)), course, one_of_two=None)

    kept = re.findall(r'<(?:input|option)[^>]*? value="([^"]+)"[^>]*? (?:checked|selected)', main(page))
    assert errors(page) == [("id_one-of-two_0", "Answer question 1")]
    assert kept == ["red", "blue", "2", "3", "1"]
    assert re.findall(r'name="rate" value="(\d+)"', main(page)) == ["10"]


def test_two_steps_in_one_place_are_refused_in_words(signed_in, course):
    page = answer(signed_in(learner_of(course)), course, steps__first="2")

    assert (page.status_code, errors(page)) == (
        422,
        [("id_steps.second", "Question 4: give each step a different number")],
    )


def test_a_step_without_a_place_is_asked_for_where_it_stands(signed_in, course):
    page = answer(signed_in(learner_of(course)), course, steps__third="")

    assert errors(page) == [("id_steps.third", "Question 4: give every step a number")]


def test_words_in_place_of_a_number_are_refused_and_not_marked_wrong(signed_in, course):
    person = learner_of(course)

    page = answer(signed_in(person), course, rate="about ten")

    assert (page.status_code, errors(page)) == (422, [("id_rate", "Question 3: enter a number, such as 12.5")])
    assert not QuizAttempt.objects.filter(learner=person).exists()


@pytest.mark.parametrize(
    "forged", [{"one_of_two": "neither"}, {"several": ["red", "pink"]}, {"steps__first": "7"}, {"rate": "1" * 41}]
)
def test_forged_answers_are_refused_and_keep_nothing(signed_in, course, forged):
    person = learner_of(course)

    page = answer(signed_in(person), course, **forged)

    assert (page.status_code, len(errors(page))) == (422, 1)
    assert not QuizAttempt.objects.filter(learner=person).exists()


def test_try_again_asks_the_questions_without_the_earlier_answers(signed_in, course):
    client = signed_in(learner_of(course))
    answer(client, course, one_of_two="that")

    page = client.get(f"{course.item_url(course.quiz)}?again")

    assert "Send answers" in words(page)
    assert re.findall(r" checked>", main(page)) == []


def test_the_newest_attempt_is_the_one_that_shows(signed_in, course):
    client = signed_in(learner_of(course))
    answer(client, course, one_of_two="that", rate="0")
    answer(client, course)

    page = client.get(course.item_url(course.quiz))

    assert "4 of 4 right" in words(page)


def test_a_quiz_that_changed_since_is_asked_anew(signed_in):
    course = quiz_of(QUESTION)
    person = learner_of(course)
    pipeline.answer_quiz(course.quiz, answers={"one-of-two": ["this"]}, by=person, now=NOON)
    newer = CourseVersionFactory(course=course.version.course, version="3.0.0")
    QuizFactory(
        module=ModuleFactory(course_version=newer, slug="audits"),
        slug="check",
        content={"pass_share": 0.8, "questions": [NUMBER]},
    )

    page = signed_in(person).get(course.item_url(course.quiz))

    assert listed(page, css="app-question__text") == ["What rate?"]


def test_nobody_sees_the_attempt_of_somebody_else(signed_in, course):
    SkillFactory(slug="fairness")
    answers = {"one-of-two": ["that"], "several": ["red"], "rate": "31415", "steps": ["third", "second", "first"]}
    pipeline.answer_quiz(course.quiz, answers=answers, by=learner_of(course), now=NOON)

    page = signed_in(learner_of(course)).get(course.item_url(course.quiz))

    assert ("31415" in page.content.decode(), "Send answers" in words(page)) == (False, True)
