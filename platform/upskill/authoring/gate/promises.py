"""What a course promises, held against its items: each objective is taught and checked, each skill is earned."""

import re
from collections.abc import Iterable

from upskill.authoring.places import line_of_key, line_with
from upskill.catalogue.course_files.library import Library
from upskill.catalogue.course_files.shape import CourseContent, ItemContent, ModuleContent

from .reading_age import prose_of
from .remarks import Remarks

LEAST_SHARE = 0.8  # of a quiz's questions: the level rule of awareness
_WORD = re.compile(r"[a-z]+")
_SHORTEST, _STEM = 5, 4  # letters: words that say what an objective is about, and what inflection leaves of them
_SAID = 0.4  # of an objective's words
_USUAL = {
    "which",
    "their",
    "there",
    "other",
    "about",
    "every",
    "where",
    "without",
    "including",
    "people",
    "could",
    "explain",
    "means",
}


def check_module(module: ModuleContent, *, remarks: Remarks) -> None:
    """Note a module in which nothing is taught, or nothing checked; and objectives that no text of it speaks of."""
    file = module.file
    line = line_of_key(file, "objectives")
    taught = [item for item in module.items if item.kind == "lesson"]
    checked = [item for item in module.items if item.kind not in {"lesson", "workshop"}]
    if not taught:
        problem = "The module has objectives, but no lesson that teaches them."
        remarks.mistakes.add(file, line=line, problem=problem, cure="Add a lesson to items.")
    if not checked:
        problem = "The module has objectives, but no quiz, exercise or reflection that checks them."
        remarks.mistakes.add(file, line=line, problem=problem, cure="Add one of them to items.")
    for objective in module.objectives:
        for items, what in ((taught, "lesson"), (checked, "quiz, exercise or reflection")):
            if items and not _speak_of(objective, items=items):
                problem = f"No {what} of the module seems to be about: {objective}"
                cure = "Teach and check it in the words of the objective, or change the objective."
                at = line_with(file, objective[:40])
                remarks.advice.add(file, line=at, problem=problem, cure=cure)


def check_quiz(quiz: ItemContent, *, remarks: Remarks) -> None:
    """Note a skill that a quiz claims to show without a question about it, or to whoever gets too few of them right."""
    share = quiz.page.get("pass_share", 1)  # a diagnostic has none, and earns nothing
    if quiz.skills and share < LEAST_SHARE:
        problem = f"The quiz earns a skill, and {share} of its questions are enough to pass."
        cure = f"Raise pass to {LEAST_SHARE} or more: awareness takes four in five right answers."
        line = line_of_key(quiz.file, "pass")
        remarks.mistakes.add(quiz.file, line=line, problem=problem, cure=cure)
    asked = {question["skill"] for question in quiz.page["questions"]}
    for claimed in quiz.skills:
        if claimed.skill not in asked:
            problem = f"The quiz earns {claimed.skill}, but none of its questions is about it."
            cure = f"Ask a question with {{skill={claimed.skill}@awareness}}, or take the skill out of skills."
            line = line_of_key(quiz.file, "skills")
            remarks.mistakes.add(quiz.file, line=line, problem=problem, cure=cure)


def check_skills(library: Library, *, remarks: Remarks) -> None:
    """Note each skill of a skills.yml that no item earns, where every course beside that file was read."""
    earned = {level.skill for course in library.courses for item in _items(course) for level in item.skills}
    read = {course.file.parent for course in library.courses}
    for file in sorted({course.file.parent.parent / "skills.yml" for course in library.courses}):
        if not {each.parent for each in file.parent.glob("*/course.yml")} <= read:
            continue
        for skill in sorted(library.skills.by_slug.keys() - earned):
            line = line_with(file, f"id: {skill}")
            cure = "Add it to the skills of a quiz, an exercise or a reflection, or take it out here."
            remarks.mistakes.add(file, line=line, problem=f"Nothing earns the skill '{skill}'.", cure=cure)


def _items(course: CourseContent) -> Iterable[ItemContent]:
    return (item for module in course.modules for item in module.items)


def _speak_of(objective: str, *, items: list[ItemContent]) -> bool:
    """Whether enough of the words that say what an objective is about (`_SAID`) come up in these items."""
    wanted = _stems(objective.removeprefix("You can"))
    if not wanted:
        return True
    found = set().union(*(_stems(_text(item)) for item in items))
    return len(wanted & found) >= _SAID * len(wanted)


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(text.lower()) if len(word) >= _SHORTEST and word not in _USUAL}


def _text(item: ItemContent) -> str:
    """What learners read of an item."""
    if item.kind != "quiz":
        return item.title + " " + prose_of(item.page["html"])
    asked = item.page["questions"]
    options = " ".join(option["html"] + " " + option["feedback"] for each in asked for option in each["options"])
    return item.title + " " + prose_of(" ".join(each["html"] for each in asked) + options)
