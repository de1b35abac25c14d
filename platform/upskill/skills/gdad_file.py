"""The official files of the Government Digital and Data framework, read as what they say or refused with each mistake.

Columns are known by their names, in any order and spelling of capitals, hyphens and blanks. What stands in them is held
to what the framework's pages can show: nothing is guessed, cut or put right.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .framework_content import Content, LevelEntry, RoleEntry, SkillEntry
from .models import Level

LARGEST_FILE = 20_000_000  # bytes; the official one has 2.3 million
MOST_ROWS = 50_000
MOST_MISTAKES = 20
LONGEST_NAME, LONGEST_TEXT = 120, 6_000
OF_A_ROLE = ("role family", "role", "role description", "role level", "role level description")
OF_A_SKILL = ("skill name", "skill description", "skill level", "skill level description")
NAMES = {"role family", "role", "role level", "skill name", "skill level"}  # these are never empty
LEVELS = {level.name.lower(): level for level in Level if level}
HIDING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # turn the direction of text


class FileRefused(Exception):
    """The file says something that it cannot say. `mistakes` are sentences, at most MOST_MISTAKES of them."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = list(mistakes)[:MOST_MISTAKES]
        super().__init__(" ".join(self.mistakes))


@dataclass
class _Role:
    """A role as it comes together row by row."""

    name: str
    family: str
    description: str
    levels: dict[str, str] = field(default_factory=dict)  # name -> description
    asks: dict[str, dict[str, Level]] = field(default_factory=dict)  # level -> skill -> level
    skills: dict[str, None] = field(default_factory=dict)

    def entry(self) -> RoleEntry:
        levels = tuple(LevelEntry(name, text, self.asks.get(name, {})) for name, text in self.levels.items())
        return RoleEntry(self.name, self.family, levels, tuple(self.skills), self.description)


@dataclass
class _Skill:
    name: str
    description: str
    statements: dict[str, str] = field(default_factory=dict)


def read(roles: bytes, *, skills: bytes | None = None) -> Content:
    """What "Role content" says, and the file of skills where it is given. Levels of a role stand in the order in which
    the file first names them. Raises FileRefused.
    """
    mistakes: list[str] = []
    found_roles: dict[str, _Role] = {}
    found_skills: dict[str, _Skill] = {}
    for number, row in _rows(roles, columns=OF_A_ROLE + OF_A_SKILL, what="The file of roles", mistakes=mistakes):
        _add_skill(row, skills=found_skills)
        mistakes += [f"Line {number}: {each}" for each in _add_to_role(row, roles=found_roles)]
    if skills is not None:
        for _number, row in _rows(skills, columns=OF_A_SKILL, what="The file of skills", mistakes=mistakes):
            _add_skill(row, skills=found_skills)
    if mistakes:
        raise FileRefused(mistakes)
    return Content(
        skills=tuple(SkillEntry(each.name, each.description, each.statements) for each in found_skills.values()),
        roles=tuple(role.entry() for role in found_roles.values()),
    )


def _rows(
    content: bytes, *, columns: tuple[str, ...], what: str, mistakes: list[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row that can be used, by the names of `columns`; for others a mistake is noted."""
    table = csv.reader(io.StringIO(_text(content, what=what), newline=""), strict=True)
    try:
        header = [_plain(name) for name in next(table, [])]
        places = _places(header, columns=columns, what=what)
        rows = 0
        for cells in table:
            if not any(cell.strip() for cell in cells):
                continue
            rows += 1
            row, wrong = _row(cells, places=places, width=len(header))
            mistakes += [f"Line {table.line_num}: {each}" for each in wrong]
            if rows > MOST_ROWS or len(mistakes) >= MOST_MISTAKES:
                break
            if not wrong:
                yield table.line_num, row
    except csv.Error as error:
        raise FileRefused([f"{what} is not a CSV file: {error} in line {table.line_num}."]) from error
    if not rows:
        raise FileRefused([f"{what} has no rows."])
    if rows > MOST_ROWS:
        raise FileRefused([f"{what} has more than {MOST_ROWS:,} rows."])


def _text(content: bytes, *, what: str) -> str:
    """As UTF-8, or as what old spreadsheets save. Raises FileRefused."""
    if len(content) > LARGEST_FILE:
        raise FileRefused([f"{what} is larger than {LARGEST_FILE // 1_000_000} MB."])
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused([f"{what} is not text in UTF-8. Download it again, and do not open it in a spreadsheet before."])


def _places(header: list[str], *, columns: tuple[str, ...], what: str) -> dict[str, int]:
    missing = [name for name in columns if name not in header]
    if missing:
        raise FileRefused([f"{what} lacks these columns: {', '.join(missing)}."])
    if any(header.count(name) > 1 for name in columns):
        raise FileRefused([f"{what} has a column twice."])
    return {name: header.index(name) for name in columns}


def _row(cells: list[str], *, places: dict[str, int], width: int) -> tuple[dict[str, str], list[str]]:
    """The row by column, and what is wrong with it."""
    if len(cells) != width:
        return {}, [f"it has {len(cells)} cells, and the header {width}."]
    row, wrong = {}, []
    for name, place in places.items():
        text = unicodedata.normalize("NFC", cells[place].replace("\r\n", "\n").replace("\r", "\n")).strip()
        row[name] = " ".join(text.split()) if name in NAMES else text
        wrong += [f"{name} {problem}." for problem in _problems(row[name], is_name=name in NAMES)]
    if not wrong and row["skill level"].lower() not in LEVELS:
        wrong.append(f"“{row['skill level'][:LONGEST_NAME]}” is no level of a skill.")
    return row, wrong


def _problems(text: str, *, is_name: bool) -> Iterator[str]:
    longest = LONGEST_NAME if is_name else LONGEST_TEXT
    if is_name and not re.search(r"\w", text):
        yield "is empty"
    if len(text) > longest:
        yield f"is longer than {longest} characters"
    if HIDING.search(text) or any(
        unicodedata.category(each) in {"Cc", "Cs", "Co"} for each in text if each not in "\n\t"
    ):
        yield "has characters that nobody can see"


def _add_to_role(row: dict[str, str], *, roles: dict[str, _Role]) -> Iterator[str]:
    """Put what a row says of a role with what is known of it; yields what contradicts that."""
    role = roles.setdefault(_plain(row["role"]), _Role(row["role"], row["role family"], row["role description"]))
    if (role.name, role.family) != (row["role"], row["role family"]):
        yield f"the role {row['role']} is in another family, or spelt otherwise, above."
    same = [name for name in role.levels if _plain(name) == _plain(row["role level"])]
    if same and same != [row["role level"]]:
        yield f"the role level {row['role level']} is spelt otherwise above."
    role.levels.setdefault(row["role level"], row["role level description"])
    asks = role.asks.setdefault(row["role level"], {})
    level = LEVELS[row["skill level"].lower()]
    if asks.setdefault(row["skill name"], level) != level:
        yield f"{row['role level']} asks for {row['skill name']} at two levels."
    role.skills[row["skill name"]] = None


def _add_skill(row: dict[str, str], *, skills: dict[str, _Skill]) -> None:
    """The first text of a description or a statement stays: the file repeats them in many rows."""
    skill = skills.setdefault(row["skill name"], _Skill(row["skill name"], row["skill description"]))
    skill.description = skill.description or row["skill description"]
    level = str(int(LEVELS[row["skill level"].lower()]))
    if row["skill level description"]:
        skill.statements.setdefault(level, row["skill level description"])


def _plain(name: str) -> str:
    """A name as one compares it: small letters, and one blank for whatever is no letter and no number."""
    return " ".join(re.sub(r"[\W_]+", " ", name.replace("\ufeff", "")).lower().split())
