"""paths.yml beside the courses: in which order some people do well to take them. See docs/course-format.md."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .mistakes import Notes
from .schemas import PATHS
from .shape import CourseContent
from .texts import Folder
from .yaml_files import YamlText, read_yaml

FILE = "paths.yml"


@dataclass(frozen=True)
class StepContent:
    """A course, or one module of it, and why it stands there ("" where nobody says)."""

    course: str
    module: str = ""
    why: str = ""

    def as_json(self) -> dict[str, str]:
        """The form in which a path's row stores it."""
        return {"course": self.course, "module": self.module, "why": self.why}


@dataclass(frozen=True)
class PathContent:
    """A learning path without a mistake. `audience`: for whom it is, in the words that courses use."""

    id: str
    title: str
    summary: str
    audience: tuple[str, ...]
    steps: tuple[StepContent, ...]

    def takes(self, course: str, *, module: str = "") -> bool:
        """True if this course, or this module of it, is a part of the path."""
        return any(step.course == course and step.module in ("", module) for step in self.steps)


@dataclass(frozen=True)
class Parts:
    """What a path can name: course id -> ids of its modules; None for a course that is there and could not be read."""

    modules: dict[str, list[str] | None]

    @classmethod
    def of(cls, courses: Iterable[CourseContent], *, refused: Iterable[Path]) -> "Parts":
        """Those of the courses that were read, and the ids of those that were refused."""
        unread: dict[str, list[str] | None] = {folder.name: None for folder in refused}
        return cls(unread | {course.id: [module.slug for module in course.modules] for course in courses})

    def complaint(self, part: str) -> tuple[str, str] | None:
        """Problem and cure of a `course` or `course/module` that is not there; None for one that is."""
        course, _, module = part.partition("/")
        if course not in self.modules:
            return f"There is no course '{course}'.", cure_for(course, known=self.modules, what="course")
        modules = self.modules[course]
        if module and modules is not None and module not in modules:
            return f"The course '{course}' has no module '{module}'.", cure_for(module, known=modules, what="module")
        return None


def cure_for(name: str, *, known: Iterable[str], what: str) -> str:
    """The cure for a name that is not among the known ones."""
    listed = list(known)
    if found := difflib.get_close_matches(name, listed, n=1):
        return f"Did you mean '{found[0]}'?"
    if not listed:
        return f"Take it out, or add the {what}."
    return f"Use one of {', '.join(sorted(listed))}, or load the folder that has the {what} with this one."


def read_paths(file: Path, *, parts: Parts, taken: set[str]) -> tuple[PathContent, ...]:
    """The paths of a paths.yml, in their order. `taken`: ids of paths of other files. Raises CourseError with every
    mistake in it.
    """
    notes = Notes()
    text = Folder(file.parent, notes).text(file, why="It lists the paths.")
    found = read_yaml(text, file=file, schema=PATHS, notes=notes) if text is not None else None
    listed = found.data["paths"] if found else []
    used = set(taken)
    for number, entry in enumerate(listed):
        assert found  # noqa: S101
        if entry["id"] in used:
            line = found.line("paths", number, "id")
            cure = "Give one of them another id."
            notes.add(file, line=line, problem=f"The path '{entry['id']}' is there twice.", cure=cure)
        used.add(entry["id"])
        _check_steps(found, number, parts=parts, notes=notes)
    notes.stop_if_any()
    return tuple(_path(entry) for entry in listed)


def _check_steps(found: YamlText, number: int, *, parts: Parts, notes: Notes) -> None:
    seen: set[str] = set()
    for at, step in enumerate(found.data["paths"][number]["steps"]):
        line, taken = found.line("paths", number, "steps", at, "take"), step["take"]
        if complaint := parts.complaint(taken):
            problem, cure = complaint
            notes.add(found.file, line=line, problem=problem, cure=cure)
        if taken in seen or taken.partition("/")[0] in seen or any(one.startswith(f"{taken}/") for one in seen):
            notes.add(found.file, line=line, problem=f"The path takes '{taken}' twice.", cure="Keep one of the steps.")
        seen.add(taken)


def _path(entry: dict[str, Any]) -> PathContent:
    steps = [(step["take"].partition("/"), step.get("why", "")) for step in entry["steps"]]
    return PathContent(
        id=entry["id"],
        title=entry["title"],
        summary=entry["summary"],
        audience=tuple(entry["for"]),
        steps=tuple(StepContent(course, module, why) for (course, _, module), why in steps),
    )
