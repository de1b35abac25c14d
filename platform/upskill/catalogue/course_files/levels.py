"""The skills that courses may name, and at which level: fairness@working."""

from dataclasses import dataclass
from pathlib import Path

from .mistakes import Notes
from .schemas import LEVELS, SKILLS
from .shape import SkillContent, SkillLevel
from .texts import Folder
from .yaml_files import YamlText, read_yaml

_NAMES = {number: name for name, number in LEVELS.items()}


@dataclass(frozen=True)
class Skills:
    """The skills of skills.yml, by their id."""

    by_slug: dict[str, SkillContent]

    def read(self, found: YamlText, *, highest: int, what: str, notes: Notes) -> tuple[SkillLevel, ...]:
        """The skills under the key `skills` that exist and that `what` may earn; others are noted."""
        levels = [
            self.check(skill, highest=highest, what=what, file=found.file, line=found.line("skills", at), notes=notes)
            for at, skill in enumerate(found.data.get("skills", []))
        ]
        return tuple(level for level in levels if level)

    def prerequisites(self, found: YamlText, *, notes: Notes) -> tuple[SkillLevel, ...]:
        """The skills under the key `prerequisites` that exist; others are noted, and a skill at two levels.

        Whether something earns them before is not asked: people bring skills from other courses.
        """
        levels: dict[str, SkillLevel] = {}
        for at, text in enumerate(found.data.get("prerequisites", [])):
            line = found.line("prerequisites", at)
            level = self.check(text, highest=3, what="A module", file=found.file, line=line, notes=notes)
            if level and level.skill in levels:
                problem = f"The skill '{level.skill}' is there twice."
                notes.add(found.file, line=line, problem=problem, cure="Keep the higher level: it holds the lower.")
            elif level:
                levels[level.skill] = level
        return tuple(levels.values())

    def check(self, text: str, *, highest: int, what: str, file: Path, line: int, notes: Notes) -> SkillLevel | None:
        """The level that `text` names, or None with a mistake noted."""
        slug, _, level = text.partition("@")
        if slug not in self.by_slug:
            cure = f"Use one of {', '.join(sorted(self.by_slug)) or 'the skills'} in skills.yml, or add it there."
            notes.add(file, line=line, problem=f"The skill '{slug}' is not known.", cure=cure)
        elif level not in LEVELS:
            cure = f"Write {slug}@ and one of {', '.join(LEVELS)}."
            notes.add(file, line=line, problem=f"'{text}' names no known level.", cure=cure)
        elif LEVELS[level] > highest:
            cure = f"Lower it to {slug}@{_NAMES[highest]}."
            notes.add(file, line=line, problem=f"{what} cannot earn {text}.", cure=cure)
        else:
            return SkillLevel(slug, LEVELS[level])
        return None


def read_skills(file: Path) -> Skills:
    """The skills of a skills.yml, in their order. Raises CourseError with every mistake in it."""
    notes = Notes()
    text = Folder(file.parent, notes).text(file, why="Courses name the skills in it.")
    found = read_yaml(text, file=file, schema=SKILLS, notes=notes) if text is not None else None
    skills: dict[str, SkillContent] = {}
    for entry in found.data["skills"] if found else []:
        statements = {LEVELS[level]: statement for level, statement in entry["levels"].items()}
        more = {"valid_months": entry.get("valid_months"), "same_as": entry.get("same_as")}
        skills[entry["id"]] = SkillContent(entry["id"], entry["name"], statements, **more)
    if found:
        _note_twice(found, key="id", what="skill", notes=notes)
        _note_twice(found, key="same_as", what="skill of a framework", notes=notes)
    notes.stop_if_any()
    return Skills(skills)


def _note_twice(found: YamlText, *, key: str, what: str, notes: Notes) -> None:
    seen: set[str] = set()
    for number, entry in enumerate(found.data["skills"]):
        if entry.get(key) in seen:
            line = found.line("skills", number, key)
            notes.add(
                found.file, line=line, problem=f"The {what} '{entry[key]}' is there twice.", cure="Keep one of them."
            )
        seen |= {entry[key]} if key in entry else set()
