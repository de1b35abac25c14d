"""docs/course-format.md tells authors the truth: its examples load, and it names every key."""

import re
from pathlib import Path
from typing import Any

import pytest

from upskill.catalogue.course_files import schemas
from upskill.catalogue.course_files.lesson import read_lesson
from upskill.catalogue.course_files.levels import Skills
from upskill.catalogue.course_files.mistakes import Notes
from upskill.catalogue.course_files.quiz import read_quiz
from upskill.catalogue.course_files.shape import SkillContent
from upskill.catalogue.course_files.wrong_answers import read_wrong_answer
from upskill.catalogue.course_files.yaml_files import read_yaml

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "course-format.md").read_text()
FAIRNESS = Skills({"fairness": SkillContent("fairness", "Fairness", {})})
SCHEMAS = {
    "skills": schemas.SKILLS,
    "course": schemas.COURSE,
    "module": schemas.MODULE,
    "reflection rubric": schemas.REFLECTION_RUBRIC,
    "exercise": schemas.EXERCISE,
    "rubric": schemas.RUBRIC,
    "overlay": schemas.OVERLAY,
    "paths": schemas.PATHS,
}


def examples(language: str) -> list[str]:
    """The examples of this language on the page, from first to last."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def keys_of(schema: dict[str, Any]) -> set[str]:
    """Every key that a schema lets an author write."""
    found = set(schema.get("properties", {}))
    for inner in [*schema.get("properties", {}).values(), schema.get("items"), schema.get("additionalProperties")]:
        found |= keys_of(inner) if isinstance(inner, dict) else set()
    return found


@pytest.mark.parametrize(("name", "number"), [(name, number) for number, name in enumerate(SCHEMAS)])
def test_yaml_example_has_no_mistake(name, number):
    notes = Notes()

    read_yaml(examples("yaml")[number], file=Path(name), schema=SCHEMAS[name], notes=notes)

    assert notes.mistakes == []


def test_lesson_example_has_no_mistake():
    notes = Notes()

    lesson = read_lesson(examples("markdown")[0], file=Path("lesson.md"), slug="lesson", figures={}, notes=notes)

    assert notes.mistakes == []
    assert lesson is not None
    assert lesson.page["html"].count("<section") == 3


def test_quiz_example_has_no_mistake_and_shows_every_kind_of_question():
    notes = Notes()

    quiz = read_quiz(examples("markdown")[1], file=Path("a.quiz.md"), slug="a", skills=FAIRNESS, notes=notes)

    assert notes.mistakes == []
    assert quiz is not None
    assert [question["type"] for question in quiz.page["questions"]] == ["single", "multiple", "number", "order"]


def test_diagnostic_example_has_no_mistake_and_shows_every_key():
    notes, text = Notes(), examples("markdown")[2]
    skills = Skills(FAIRNESS.by_slug | {"data-handling": SkillContent("data-handling", "Data handling", {})})

    quiz = read_quiz(text, file=Path("start.quiz.md"), slug="start", skills=skills, notes=notes)

    assert notes.mistakes == []
    assert quiz is not None
    assert len(quiz.page["diagnostic"]) == 3
    assert {key for key in keys_of(schemas.DIAGNOSTIC) if f"{key}:" not in text} == set()


def test_wrong_answer_example_has_no_mistake():
    notes = Notes()

    answer = read_wrong_answer(examples("python")[0], file=Path("wrong.py"), notes=notes)

    assert notes.mistakes == []
    assert answer is not None
    assert (answer.check, answer.points, list(answer.tasks)) == ("test_gap", 10, ["gap"])


@pytest.mark.parametrize("name", SCHEMAS)
def test_examples_show_every_key(name):
    example = examples("yaml")[list(SCHEMAS).index(name)]

    assert {key for key in keys_of(SCHEMAS[name]) if not re.search(rf"\b{key}:", example)} == set()
