"""Overlays: exercises and quizzes that a site keeps to itself, read in place of those of a course published openly.

    overlay.yml                                        the course's id, the version it lies over, and its edition
    modules/bias-audits/check.quiz.md                  in place of the course's own
    modules/bias-audits/audit-referrals/exercise.py    the whole folder, with data, wrong answers and certificate

What is replaced stays the same to everybody but whoever looks up solutions: same title and time, same tasks, checks and
points, same names of data files, same questions.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat

from .exercise import read_exercise
from .fingerprint import fingerprint
from .levels import Skills
from .mistakes import CourseError, Mistake, Notes
from .quiz import read_quiz
from .schemas import LEVELS, OVERLAY
from .shape import CourseContent, ExerciseContent, ItemContent, ModuleContent
from .texts import Folder
from .yaml_files import YamlText, read_yaml

FILE = "overlay.yml"
_SUFFIX = ".quiz.md"
_COURSE = re.compile(r"^course:\s*[\"']?([a-z0-9-]+)", re.MULTILINE)
_LEVEL = {number: name for name, number in LEVELS.items()}


@dataclass(frozen=True)
class Overlay:
    """An overlay.yml, and the folder that it makes an overlay."""

    found: YamlText

    @property
    def course(self) -> str:
        """The id of the course that it lies over."""
        return str(self.found.data["course"])

    @property
    def root(self) -> Path:
        """Its folder."""
        return self.found.file.parent


def read_overlay(root: Path) -> Overlay:
    """The overlay in the folder `root`, its items still unread. Raises CourseError."""
    notes = Notes()
    file = root / FILE
    text = Folder(root, notes).text(file, why="It makes a folder an overlay.")
    found = read_yaml(text, file=file, schema=OVERLAY, notes=notes) if text is not None else None
    notes.stop_if_any()
    if found is None:
        raise AssertionError("an overlay.yml is read or a mistake is noted")
    return Overlay(found)


def course_named_in(root: Path) -> str:
    """The course that an overlay.yml names which cannot be read otherwise; "" where that is lost too."""
    found = _COURSE.search(Folder(root, Notes()).text(root / FILE, why="") or "")
    return found[1] if found else ""


def laid_over(course: CourseContent, *, overlay: Overlay, skills: Skills) -> CourseContent:
    """The course with what the overlay replaces. Its version gets the overlay's edition as a fourth number.

    Raises CourseError with every mistake of the overlay.
    """
    notes, found = Notes(), overlay.found
    if found.data["over"] != course.version:
        problem = f"The overlay lies over version {found.data['over']}, and the course is at {course.version}."
        cure = f"Hold what it replaces against the new version, then write over: {course.version}."
        notes.add(found.file, line=found.line("over"), problem=problem, cure=cure)
    items = _read_items(course, overlay=overlay, skills=skills, notes=notes)
    if not items and not notes.mistakes:
        cure = "Add modules/MODULE/NAME.quiz.md, or an exercise's folder modules/MODULE/NAME."
        notes.add(found.file, line=1, problem="The overlay replaces nothing.", cure=cure)
    notes.stop_if_any()
    modules = tuple(_with(module, items=items) for module in course.modules)
    return replace(
        course,
        version=f"{course.version}.{found.data['edition']}",
        modules=modules,
        sha256=fingerprint([course.sha256, found.data["edition"], {name: item.sha256 for name, item in items.items()}]),
        edition_at=(found.file, found.line("edition")),
    )


def _with(module: ModuleContent, *, items: dict[str, ItemContent]) -> ModuleContent:
    return replace(module, items=tuple(items.get(f"{module.slug}/{item.slug}", item) for item in module.items))


def _read_items(course: CourseContent, *, overlay: Overlay, skills: Skills, notes: Notes) -> dict[str, ItemContent]:
    """MODULE/ITEM -> what the overlay has in its place, where it fits."""
    there = {f"{module.slug}/{item.slug}": item for module in course.modules for item in module.items}
    folder = Folder(overlay.root, notes)
    items: dict[str, ItemContent] = {}
    for path in _paths(overlay.root):
        name = f"{path.parent.name}/{path.name.removesuffix(_SUFFIX)}"
        openly = there.get(name)
        if openly is None or openly.kind != _kind(path):
            problem, cure = f"The course has no such quiz or exercise: {name}.", "Name it as the course does."
            notes.add(path, line=1, problem=problem, cure=cure)
        elif item := _read(path, key=f"{course.id}/{name}", folder=folder, skills=skills):
            for problem, cure in _differences(item, openly=openly):
                notes.add(item.file, line=1, problem=problem, cure=cure)
            items[name] = replace(item, is_overlaid=True)
    return items


def _paths(root: Path) -> Iterator[Path]:
    """Everything that lies where items of a course lie, but for names that begin with a dot or an underscore."""
    found = sorted(root.glob("modules/*/*"))
    return (path for path in found if not path.name.startswith((".", "_")))


def _kind(path: Path) -> str:
    if path.is_dir():
        return "exercise"
    return "quiz" if path.name.endswith(_SUFFIX) else ""


def _read(path: Path, *, key: str, folder: Folder, skills: Skills) -> ItemContent | None:
    if path.is_dir():
        return read_exercise(path, key=key, folder=folder, skills=skills)
    text = folder.text(path, why="")
    if text is None:
        return None
    return read_quiz(text, file=path, slug=path.name.removesuffix(_SUFFIX), skills=skills, notes=folder.notes)


def _differences(item: ItemContent, *, openly: ItemContent) -> Iterator[tuple[str, str]]:
    """What is not as the course has it: problem and cure."""
    for word, of in _SAME.items():
        ours, theirs = of(item), of(openly)
        if ours != theirs:
            yield f"The overlay has other {word} than the course: {_shown(ours)}, not {_shown(theirs)}.", _CURE
    if item.exercise and openly.exercise:
        yield from _differences_of_exercise(item.exercise, openly=openly.exercise)


_NO_SHARE = "none, as a diagnostic"
_CURE = "Make them the same: learners, marks and records refer to them."
_SAME: dict[str, Callable[[ItemContent], Any]] = {
    "title": lambda item: item.title,
    "minutes": lambda item: item.minutes,
    "skills": lambda item: sorted(f"{each.skill}@{_LEVEL[each.level]}" for each in item.skills),
    "share to pass": lambda item: str(
        item.exercise.pass_share if item.exercise else item.page.get("pass_share", _NO_SHARE)
    ),
    "questions": lambda item: sorted(question["id"] for question in item.page.get("questions", ())),
}
_SAME_OF_EXERCISE: dict[str, Callable[[ExerciseContent], Any]] = {
    "tasks": lambda exercise: _tasks(exercise.source),
    "checks and points": lambda exercise: [f"{each.slug} {float(each.max_points):g}" for each in exercise.checks],
    "checks that a person marks": lambda exercise: [each.slug for each in exercise.checks if each.by_person],
    "data files": lambda exercise: sorted(exercise.files),
}


def _differences_of_exercise(exercise: ExerciseContent, *, openly: ExerciseContent) -> Iterator[tuple[str, str]]:
    for word, of in _SAME_OF_EXERCISE.items():
        ours, theirs = of(exercise), of(openly)
        if ours != theirs:
            yield f"The overlay has other {word} than the course: {_shown(ours)}, not {_shown(theirs)}.", _CURE


def _tasks(source: str) -> list[str]:
    """The names of the cells that learners write in."""
    tags = [cell.metadata.get("nbgrader", {}) for cell in nbformat.reads(source, as_version=4).cells]
    return sorted(tag["grade_id"] for tag in tags if tag.get("solution"))


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)


def overlays_of(folders: list[Path]) -> tuple[dict[str, Overlay], dict[Path, CourseError]]:
    """Course id -> its overlay, and those of these folders that cannot be read or are one too many."""
    overlays: dict[str, Overlay] = {}
    refused: dict[Path, CourseError] = {}
    for folder in folders:
        try:
            overlay = read_overlay(folder)
            if other := overlays.get(overlay.course):
                problem, cure = f"'{overlay.course}' has two overlays.", f"Join them: the other is {other.found.file}."
                raise CourseError([Mistake(overlay.found.file, 1, problem, cure)])
            overlays[overlay.course] = overlay
        except CourseError as error:
            refused[folder] = error
    return overlays, refused
