"""Exercise folders: the script, its settings, its rubric, its data, and the wrong answers that its tests must catch."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from grading.notebooks import (
    MOST_DATA_MB,
    AuthorError,
    CheckSpec,
    ScriptError,
    checks,
    nbgrader_metadata,
    read_script,
    release,
    unjudgeable,
)
from upskill.catalogue import notebook_page, prose

from .certificate import checked
from .fingerprint import fingerprint
from .levels import Skills
from .mistakes import Notes
from .schemas import EXERCISE, RUBRIC
from .shape import CheckContent, ExerciseContent, ItemContent
from .texts import Folder
from .wrong_answers import check_wrong_answers
from .yaml_files import YamlText, read_yaml

_NOT_DATA = {".py", ".md"}


@dataclass(frozen=True)
class _Script:
    """exercise.py: its text, the notebooks made from it, and what gives points."""

    text: str
    source: NotebookNode
    release: NotebookNode
    checks: tuple[CheckSpec, ...]


def read_exercise(place: Path, *, key: str, folder: Folder, skills: Skills) -> ItemContent | None:
    """The exercise in the folder `place`, or None with every mistake noted. `key` ties downloads to the exercise."""
    notes = folder.notes
    before = len(notes.mistakes)
    settings = _settings(place / "exercise.yml", folder=folder)
    script = _script(place / "exercise.py", key=key, folder=folder)
    rubric = _rubric(place / "rubric.yml", script=script, folder=folder)
    files = _data(place / "data", settings=settings, folder=folder)
    earned = skills.read(settings, highest=3, what="An exercise", notes=notes) if settings else ()
    if settings and script:
        _check_evidence(settings, script=script, notes=notes)
        check_wrong_answers(place / "wrong", source=script.source, specs=script.checks, folder=folder)
    if len(notes.mistakes) > before or not (settings and script):
        return None
    data = settings.data
    content = _content(script, data=data, rubric=rubric, files=files)
    facts = {"kind": "exercise", "settings": data, "script": script.text, "rubric": rubric.data if rubric else {}}
    page = {"html": notebook_page.to_page(script.release)}
    title, minutes = data["title"], data["minutes"]
    names = (settings.file, place.name, "exercise", title, minutes)
    return ItemContent(*names, earned, page, fingerprint(facts), content, checked=checked(content, folder=place))


def _content(
    script: _Script, *, data: dict[str, Any], rubric: YamlText | None, files: dict[str, bytes]
) -> ExerciseContent:
    return ExerciseContent(
        source=nbformat.writes(script.source),
        release=nbformat.writes(script.release),
        files=files,
        limits=data.get("limits", {}),
        hidden_messages={spec.check: spec.hidden_message for spec in script.checks if spec.hidden_message},
        pass_share=Decimal(str(data["pass"])),
        checks=tuple(_check_content(spec, rubric) for spec in script.checks),
    )


def _settings(file: Path, *, folder: Folder) -> YamlText | None:
    text = folder.text(file, why="It gives the title, the minutes and the skills.")
    return None if text is None else read_yaml(text, file=file, schema=EXERCISE, notes=folder.notes)


def _script(file: Path, *, key: str, folder: Folder) -> _Script | None:
    text = folder.text(file, why="It holds the exercise itself.")
    if text is None:
        return None
    try:
        source = read_script(text, name=str(file), exercise=key)
        script = _Script(text, source, release(source), checks(source))
    except ScriptError as error:
        folder.notes.add(file, line=error.line, problem=error.problem, cure=error.cure)
        return None
    except AuthorError as error:
        folder.notes.add(file, line=1, problem=str(error), cure="Correct the cell that it names.")
        return None
    _check_text(script, file=file, notes=folder.notes)
    _check_tests(script, file=file, notes=folder.notes)
    return script


def _check_text(script: _Script, *, file: Path, notes: Notes) -> None:
    """Complaints about Markdown cells, with their line in the script; and hidden tests that could not be explained."""
    for marker, cell in _cells(script):
        if cell.cell_type == "markdown":
            for complaint in prose.complaints(cell.source, title_above=False):
                line = marker + complaint.line
                notes.add(file, line=line, problem=complaint.problem, cure=complaint.cure)
        if "BEGIN HIDDEN TESTS" in cell.source and "hidden_message" not in cell.metadata.get("upskill", {}):
            cure = 'Add hidden_message="..." to its # %% line: one sentence that gives no expected value away.'
            notes.add(file, line=marker, problem="This cell has hidden tests, but no line for learners.", cure=cure)


def _check_tests(script: _Script, *, file: Path, notes: Notes) -> None:
    """Tests that would not work outside the learner's process, with their line in the script."""
    findings = unjudgeable(script.source)
    for marker, cell in _cells(script):
        for finding in findings.get(nbgrader_metadata(cell).get("grade_id", ""), ()):
            notes.add(file, line=marker + finding.line, problem=finding.problem, cure=finding.cure)


def _cells(script: _Script) -> Iterator[tuple[int, NotebookNode]]:
    """Each cell with the line of the script on which its marker stands."""
    markers = [number for number, line in enumerate(script.text.split("\n"), 1) if line.startswith("# %%")]
    return zip(markers, script.source.cells, strict=True)


def _rubric(file: Path, *, script: _Script | None, folder: Folder) -> YamlText | None:
    """rubric.yml, which every check marked by a person needs, and no other check may have."""
    by_person = {spec.check: spec for spec in script.checks if spec.by_person} if script else {}
    if script is None or not (by_person or file.exists()):
        return None
    text = folder.text(file, why=f"A person marks {', '.join(by_person)} and needs criteria.")
    found = read_yaml(text, file=file, schema=RUBRIC, notes=folder.notes) if text is not None else None
    if found is None:
        return None
    for name in by_person.keys() - found.data.keys():
        problem = f"The check '{name}' is marked by a person, but has no criteria."
        folder.notes.add(file, line=1, problem=problem, cure=f"Add them under {name}:")
    for name, entry in found.data.items():
        line = found.line(name)
        if name not in by_person:
            cure = "Use the name of a manual= cell in exercise.py."
            folder.notes.add(file, line=line, problem=f"No person marks a check '{name}'.", cure=cure)
            continue
        points = sum(Decimal(str(criterion["points"])) for criterion in entry["criteria"])
        if points != Decimal(str(by_person[name].max_points)):
            problem = f"The criteria of '{name}' give {points} points, its cell {by_person[name].max_points:g}."
            folder.notes.add(file, line=line, problem=problem, cure="Make the two sums equal.")
    return found


def _check_content(spec: CheckSpec, rubric: YamlText | None) -> CheckContent:
    entry = rubric.data.get(spec.check, {}) if rubric else {}
    return CheckContent(
        slug=spec.check,
        title=spec.title,
        max_points=Decimal(str(spec.max_points)),
        by_person=spec.by_person,
        rubric=tuple(entry.get("criteria", ())),
        model_answer=entry.get("model_answer", ""),
    )


def _check_evidence(settings: YamlText, *, script: _Script, notes: Notes) -> None:
    """Working level needs hidden tests or a person, practitioner level a person: evidence must be worth its name."""
    by_person = any(spec.by_person for spec in script.checks)
    hidden = any(spec.has_hidden for spec in script.checks)
    for number, text in enumerate(settings.data["skills"]):
        if text.endswith("@working") and not (hidden or by_person):
            lacks, cure = "hidden tests", "Add a BEGIN HIDDEN TESTS region to exercise.py, or lower the level."
        elif text.endswith("@practitioner") and not by_person:
            lacks, cure = "a part that a person marks", "Add a manual= cell to exercise.py, or lower the level."
        else:
            continue
        line = settings.line("skills", number)
        notes.add(settings.file, line=line, problem=f"{text} cannot be earned without {lacks}.", cure=cure)


def _data(place: Path, *, settings: YamlText | None, folder: Folder) -> dict[str, bytes]:
    """The data files that learners get: each is named in exercise.yml with its SHA-256, and in DATASHEET.md."""
    if settings is None:
        return {}
    named: dict[str, str] = settings.data.get("data", {})
    _note_unnamed_data(place, named=set(named), folder=folder)
    sheet = folder.text(place / "DATASHEET.md", why="It says where the data comes from.") if named else None
    files = {}
    for name, expected in named.items():
        line = settings.line("data", name)
        content = folder.content(place / name, why=f"{settings.file.name} names it on line {line}.")
        if content is None:
            continue
        files[name] = content
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 != expected:
            problem = f"{name} is not the file that was described here."
            cure = f"If the change is meant, write {sha256} here and in DATASHEET.md, and raise the version."
            folder.notes.add(settings.file, line=line, problem=problem, cure=cure)
        elif sheet is not None and sha256 not in sheet:
            cure = f"Add its SHA-256 to the data sheet: {sha256}"
            folder.notes.add(place / "DATASHEET.md", line=1, problem=f"{name} is not in the data sheet.", cure=cure)
    _check_size(files, settings=settings, notes=folder.notes)
    return files


def _check_size(files: dict[str, bytes], *, settings: YamlText, notes: Notes) -> None:
    """The marking engine lays all files out beside the notebook, within the limit of what an answer may write."""
    most = min(MOST_DATA_MB, settings.data.get("limits", {}).get("files_mb", MOST_DATA_MB))
    if sum(map(len, files.values())) > most << 20:
        cure = "Make them smaller. Where limits: files_mb is lower than that, it may be raised."
        problem = f"The data files have more than {most} MB together."
        notes.add(settings.file, line=settings.line("data"), problem=problem, cure=cure)


def _note_unnamed_data(place: Path, *, named: set[str], folder: Folder) -> None:
    """Note files that lie in data/ but would not reach learners. Programs and data sheets are for authors."""
    paths = sorted(place.iterdir()) if place.is_dir() else []
    for path in paths:
        if path.is_file() and path.suffix not in _NOT_DATA and path.name not in named:
            content = folder.content(path, why="")
            sha256 = hashlib.sha256(content).hexdigest() if content is not None else ""
            cure = f"Add a line under data: in exercise.yml: {path.name}: {sha256}"
            folder.notes.add(path, line=1, problem="exercise.yml does not name this file.", cure=cure)
