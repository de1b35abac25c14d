"""A course as read from its files: frozen, checked, and ready to be stored."""

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from .mistakes import Mistake


@dataclass(frozen=True)
class SkillLevel:
    """A level of a skill, such as fairness at 2 (working)."""

    skill: str
    level: int

    def as_json(self) -> dict[str, Any]:
        """The form in which catalogue rows store it."""
        return {"skill": self.skill, "level": self.level}


@dataclass(frozen=True)
class SkillContent:
    """A skill of skills.yml. `statements`: level number -> "You can ..."; `valid_months`: how long evidence of it
    counts (None: for good); `same_as`: the skill of a framework that it stands for.
    """

    slug: str
    name: str
    statements: dict[int, str]
    valid_months: int | None = None
    same_as: str | None = None

    def statements_as_json(self) -> dict[str, str]:
        """The form in which skill rows store them: JSON has only text as keys."""
        return {str(level): statement for level, statement in self.statements.items()}


@dataclass(frozen=True)
class CheckContent:
    """One graded cell of an exercise. A rubric and a model answer belong to checks that a person marks."""

    slug: str
    title: str
    max_points: Decimal
    by_person: bool
    rubric: tuple[dict[str, Any], ...] = ()
    model_answer: str = ""


@dataclass(frozen=True)
class ExerciseContent:
    """What marking needs of an exercise. `source` and `release` are notebooks as JSON text."""

    source: str = field(repr=False)
    release: str = field(repr=False)
    files: dict[str, bytes] = field(repr=False)
    limits: dict[str, int]
    hidden_messages: dict[str, str]
    pass_share: Decimal
    checks: tuple[CheckContent, ...]


@dataclass(frozen=True)
class Figure:
    """A picture that lessons show. `name` is how they name it, such as figures/rates.svg; its size is in pixels."""

    name: str
    svg: bytes = field(repr=False)
    sha256: str
    width: int
    height: int


@dataclass(frozen=True)
class Checked:
    """The certificate of an exercise's very content, as its file says it; or, where it is empty, why there is none."""

    certificate: dict[str, Any]
    why_not: Mistake | None = None


@dataclass(frozen=True)
class Suggestion:
    """Where a diagnostic may send somebody: a path, and a course or course/module of it; with the lines of both."""

    path: str
    start: str
    path_line: int
    start_line: int


@dataclass(frozen=True)
class ItemContent:
    """A lesson, quiz, exercise, reflection or workshop.

    `page` is what its page shows; `sha256` names all that its author wrote.

    An exercise and a reflection have an `exercise`: a reflection's is one cell that a person marks. An exercise has in
    `checked` what the gate has said of it.
    """

    file: Path
    slug: str
    kind: str
    title: str
    minutes: int
    skills: tuple[SkillLevel, ...]
    page: dict[str, Any] = field(repr=False)
    sha256: str
    exercise: ExerciseContent | None = None
    figures: tuple[Figure, ...] = ()  # that its page shows
    checked: Checked | None = None
    is_overlaid: bool = False  # a site's own, in place of the one that the course has openly
    suggests: tuple[Suggestion, ...] = ()  # of a diagnostic
    trainer_html: str = field(default="", repr=False)  # of a workshop: all of it, also what participants must not read


@dataclass(frozen=True)
class ModuleContent:
    """A part of a course, with its items in the order in which they are taught."""

    slug: str
    title: str
    summary: str
    objectives: tuple[str, ...]
    items: tuple[ItemContent, ...]
    file: Path = Path("module.yml")
    prerequisites: tuple[SkillLevel, ...] = ()  # that help before it; they lock nothing


@dataclass(frozen=True)
class ProfileContent:
    """An invented person for whom a course is written."""

    name: str
    role: str
    body: str = field(repr=False)
    html: str = field(repr=False)

    def as_json(self) -> dict[str, str]:
        """The form in which course versions store it."""
        return {"name": self.name, "role": self.role, "html": self.html}


@dataclass(frozen=True)
class CourseContent:
    """A whole course without a mistake. `version_line` is where course.yml (`file`) states the version."""

    id: str
    title: str
    summary: str
    version: str
    language: str
    licence: str
    audience: tuple[str, ...]
    skills: tuple[SkillLevel, ...]
    modules: tuple[ModuleContent, ...]
    profiles: tuple[ProfileContent, ...]
    principles: tuple[int, ...]  # of the AI Playbook, that it serves
    sha256: str
    file: Path
    version_line: int
    edition_at: tuple[Path, int] | None = None  # of the overlay, where one lies over it
