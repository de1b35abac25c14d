"""docs/course-format.md tells authors the truth: its examples load, and it names every key."""

import re
from pathlib import Path
from typing import Any

import pytest

from upskill.catalogue.course_files import schemas
from upskill.catalogue.course_files.lesson import read_lesson
from upskill.catalogue.course_files.levels import Skills
from upskill.catalogue.course_files.mistakes import Notes
from upskill.catalogue.course_files.profiles import read_profiles
from upskill.catalogue.course_files.quiz import read_quiz
from upskill.catalogue.course_files.shape import SkillContent
from upskill.catalogue.course_files.texts import Folder
from upskill.catalogue.course_files.welsh import with_welsh
from upskill.catalogue.course_files.workshop import read_workshop
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


def written_under(heading: str, *, number: int = 0) -> str:
    """The Markdown example of this number, from 0, below a heading of the page."""
    below = PAGE.split(f"\n## {heading}")[1]
    return list(re.findall(r"```markdown\n(.*?)```", below, re.DOTALL))[number]


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


def test_lesson_example_has_no_mistake(tmp_path):
    notes = Notes()

    lesson = read_lesson(written_under("Lessons"), file=Path("lesson.md"), slug="lesson", figures={}, notes=notes)

    assert notes.mistakes == []
    assert lesson is not None
    assert lesson.page["html"].count("<section") == 3


def test_profile_example_has_no_mistake(tmp_path):
    notes = Notes()
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "comfort.md").write_text(written_under("Learner profiles"))

    [profile] = read_profiles(Folder(tmp_path, notes))

    assert (notes.mistakes, profile.name) == ([], "Comfort Mensah")


def test_welsh_example_has_no_mistake(tmp_path):
    notes, english = Notes(), written_under("Lessons")
    (tmp_path / "lesson.cy.md").write_text(written_under("Welsh"))
    lesson = read_lesson(english, file=tmp_path / "lesson.md", slug="lesson", figures={}, notes=notes)
    assert lesson is not None

    both = with_welsh(lesson, english=english, folder=Folder(tmp_path, notes))

    assert (notes.mistakes, both.page["cy"]) == ([], {"is_stale": True})


def test_workshop_example_has_no_mistake_and_two_sides():
    notes = Notes()

    kit = read_workshop(written_under("Workshop kits"), file=Path("a.workshop.md"), slug="a", notes=notes)

    assert notes.mistakes == []
    assert kit is not None
    assert ("Who opens" in kit.trainer_html, "Who opens" in kit.page["html"]) == (True, False)


def test_quiz_example_has_no_mistake_and_shows_every_kind_of_question():
    notes = Notes()

    quiz = read_quiz(written_under("Quizzes"), file=Path("a.quiz.md"), slug="a", skills=FAIRNESS, notes=notes)

    assert notes.mistakes == []
    assert quiz is not None
    assert [question["type"] for question in quiz.page["questions"]] == ["single", "multiple", "number", "order"]


def test_diagnostic_example_has_no_mistake_and_shows_every_key():
    notes, text = Notes(), written_under("Quizzes", number=1)
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
