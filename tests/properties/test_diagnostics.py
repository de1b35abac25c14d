"""Whatever is answered, a diagnostic says one sentence about each skill and makes one suggestion."""

from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.content.library import library
from upskill.catalogue.course_files.diagnostic import check_rules, drawn_rules
from upskill.catalogue.course_files.mistakes import Notes
from upskill.catalogue.course_files.yaml_files import YamlText
from upskill.learning import diagnostics, quizzes

SHIPPED = [
    item
    for course in library().courses
    for module in course.modules
    for item in module.items
    if diagnostics.is_diagnostic(item.page)
]
SKILLS = ["tables", "chance", "fairness"]
asked = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 3), min_size=1)
rules = st.lists(
    st.fixed_dictionaries(
        {"skill": st.sampled_from(SKILLS), "because": st.just("So.")},
        optional={"at_least": st.integers(0, 4), "to": st.just("analyst")},
    ),
    min_size=1,
    max_size=8,
)


def content_of(questions: dict[str, int], listed: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "questions": [{"skill": skill} for skill, count in questions.items() for _ in range(count)],
        "diagnostic": drawn_rules(listed),
    }


def every_combination(questions: dict[str, int]) -> list[dict[str, int]]:
    """How many answers may be right, by skill."""
    found: list[dict[str, int]] = [{}]
    for skill, count in questions.items():
        found = [before | {skill: right} for before in found for right in range(count + 1)]
    return found


@given(questions=asked, listed=rules)
def test_rules_are_refused_or_lead_to_a_sentence_for_each_skill_and_a_suggestion(questions, listed):
    for rule in listed:
        if rule.pop("to", None):
            rule |= {"path": "analyst", "start": "python-and-data"}
    notes = Notes()

    check_rules(YamlText(Path("a.quiz.md"), {"diagnostic": listed}, {}), asked=questions, notes=notes)

    content = content_of(questions, listed)
    spoke = set()
    for right in every_combination(questions) if not notes.mistakes else []:
        said = diagnostics.by_skill(content, right=right)
        assert {each.skill: (each.right, each.asked) for each in said} == {
            skill: (right[skill], count) for skill, count in questions.items()
        }
        assert diagnostics.suggestion(said).path == "analyst"
        spoke |= {
            (each.skill, max(least for least in leasts(listed, each.skill) if least <= each.right)) for each in said
        }
    assert notes.mistakes or spoke == {(rule["skill"], rule.get("at_least", 0)) for rule in listed}


def leasts(listed: list[dict[str, Any]], skill: str) -> list[int]:
    return [rule.get("at_least", 0) for rule in listed if rule["skill"] == skill]


@given(data=st.data())
def test_every_answer_to_a_diagnostic_that_ships_leads_to_a_suggestion(data):
    item = data.draw(st.sampled_from(SHIPPED))
    answers = {each["id"]: data.draw(answer_to(each)) for each in item.page["questions"]}

    right = Counter(each["skill"] for each in quizzes.right_questions(item.page, answers=answers))

    said = diagnostics.by_skill(item.page, right=dict(right))
    assert [each for each in said if not each.because] == []
    suggested = diagnostics.suggestion(said)
    [path] = [path for path in library().paths if path.id == suggested.path]
    assert path.takes(suggested.course, module=suggested.module)


def answer_to(question: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Something that the form lets through."""
    options = [option["id"] for option in question["options"]]
    if question["type"] == "number":
        return st.one_of(st.just(str(question["answer"]["number"])), st.integers(-5, 500).map(str))
    if question["type"] == "order":
        return st.permutations(options)
    most = 1 if question["type"] == "single" else len(options)
    return st.lists(st.sampled_from(options), min_size=1, max_size=most, unique=True)
