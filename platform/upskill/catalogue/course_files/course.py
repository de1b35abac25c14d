"""A course folder: course.yml, its modules, and their items. Everything is found by its id, nothing by file order."""

from pathlib import Path
from typing import Any

from .exercise import read_exercise
from .figures import PLACE, Figures, note_unshown, read_figures
from .fingerprint import fingerprint
from .lesson import read_lesson
from .levels import Skills
from .mistakes import Notes
from .quiz import read_quiz
from .reflection import read_reflection
from .schemas import COURSE, MODULE
from .shape import CourseContent, ItemContent, ModuleContent, SkillLevel
from .texts import Folder
from .yaml_files import YamlText, read_yaml


def read_course(root: Path, *, skills: Skills) -> CourseContent:
    """The course in the folder `root`. Raises CourseError with every mistake in it."""
    notes = Notes()
    folder = Folder(root, notes)
    file = root / "course.yml"
    text = folder.text(file, why="It makes a folder a course.")
    found = read_yaml(text, file=file, schema=COURSE, notes=notes) if text is not None else None
    if found is None:
        notes.stop_if_any()
        raise AssertionError("a course.yml is read or a mistake is noted")
    if found.data["id"] != root.name:
        problem = f"The id is '{found.data['id']}', but the folder is '{root.name}'."
        notes.add(file, line=found.line("id"), problem=problem, cure="Give both the same name.")
    earns = skills.read(found, highest=3, what="A course", notes=notes)
    modules = [
        _read_module(root / "modules" / slug, named=(found, number), folder=folder, skills=skills, course=root.name)
        for number, slug in enumerate(found.data["modules"])
    ]
    _note_strays(root / "modules", known=set(found.data["modules"]), listed_in=file, notes=notes)
    if not notes.mistakes:
        _check_promises(found, earns, modules=[module for module in modules if module], notes=notes)
    notes.stop_if_any()
    return _course(found, earns=earns, modules=tuple(module for module in modules if module))


def _course(found: YamlText, *, earns: tuple[SkillLevel, ...], modules: tuple[ModuleContent, ...]) -> CourseContent:
    data = found.data
    return CourseContent(
        id=data["id"],
        title=data["title"],
        summary=data["summary"],
        version=data["version"],
        language=data["language"],
        licence=data["licence"],
        audience=tuple(data["audience"]),
        skills=earns,
        modules=modules,
        sha256=_fingerprint(data, modules),
        file=found.file,
        version_line=found.line("version"),
    )


def _fingerprint(data: dict[str, Any], modules: tuple[ModuleContent, ...]) -> str:
    outlines = [
        {
            "slug": module.slug,
            "title": module.title,
            "summary": module.summary,
            "objectives": module.objectives,
            "items": [[item.slug, item.sha256] for item in module.items],
        }
        for module in modules
    ]
    return fingerprint({"course": data, "modules": outlines})


def _read_module(
    place: Path, *, named: tuple[YamlText, int], folder: Folder, skills: Skills, course: str
) -> ModuleContent | None:
    """The module in the folder `place`. `named` is the course.yml and the place in its list, for what is missing."""
    file = place / "module.yml"
    if not place.is_dir():
        listed, number = named
        line = listed.line("modules", number)
        cure = "Add the folder with a module.yml in it, or take the name out."
        folder.notes.add(listed.file, line=line, problem=f"There is no folder modules/{place.name}.", cure=cure)
        return None
    text = folder.text(file, why="It names the module's items.")
    found = read_yaml(text, file=file, schema=MODULE, notes=folder.notes) if text is not None else None
    if found is None:
        return None
    slugs = found.data["items"]
    figures = read_figures(place, folder=folder)
    items = [
        _read_item(place, slug, listed=(found, number), folder=folder, skills=skills, course=course, figures=figures)
        for number, slug in enumerate(slugs)
    ]
    _note_strays(place, known={*slugs, PLACE}, listed_in=file, notes=folder.notes)
    data = found.data
    present = tuple(item for item in items if item)
    if len(present) == len(items):  # a lesson with a mistake may show what the others do not
        note_unshown(place, figures=figures, items=present, folder=folder)
    return ModuleContent(place.name, data["title"], data.get("summary", ""), tuple(data["objectives"]), present, file)


def _read_item(
    place: Path,
    slug: str,
    *,
    listed: tuple[YamlText, int],
    folder: Folder,
    skills: Skills,
    course: str,
    figures: Figures,
) -> ItemContent | None:
    """The item that a module lists: slug.md, slug.quiz.md, slug.reflection.md or slug/. Exactly one must be there."""
    # Long because it says which of four kinds it is, and what is wrong where it is none.
    lesson, quiz, exercise = place / f"{slug}.md", place / f"{slug}.quiz.md", place / slug
    reflection = place / f"{slug}.reflection.md"
    there = [path for path in (lesson, quiz, reflection) if path.exists()]
    there += [exercise] if exercise.is_dir() and slug != PLACE else []
    if len(there) != 1:
        found, number = listed
        if there:
            problem, cure = f"'{slug}' is the name of two items.", "Rename one of them, here and in the folder."
        else:
            problem = f"There is no item '{slug}'."
            cure = f"Add {slug}.md, {slug}.quiz.md, {slug}.reflection.md or a folder {slug}, or take the name out."
        folder.notes.add(found.file, line=found.line("items", number), problem=problem, cure=cure)
        return None
    key = f"{course}/{place.name}/{slug}"
    if there == [exercise]:
        return read_exercise(exercise, key=key, folder=folder, skills=skills)
    if there == [reflection]:
        return read_reflection(reflection, slug=slug, key=key, folder=folder, skills=skills)
    text = folder.text(there[0], why="")
    if text is None:
        return None
    if there == [quiz]:
        return read_quiz(text, file=quiz, slug=slug, skills=skills, notes=folder.notes)
    return read_lesson(text, file=lesson, slug=slug, figures=figures, notes=folder.notes)


def _note_strays(place: Path, *, known: set[str], listed_in: Path, notes: Notes) -> None:
    """Note files of items and folders that no list names: they would silently not be taught."""
    for path in sorted(place.iterdir()) if place.is_dir() else []:
        is_item = path.is_dir() or path.suffix == ".md"
        name = path.name.removesuffix(".md").removesuffix(".quiz").removesuffix(".reflection")
        if path.name.endswith(".rubric.yml") and not path.with_name(_prompt_of(path)).exists():
            cure = f"Add {_prompt_of(path)}, or take this file out."
            notes.add(path, line=1, problem="There is no reflection of this name.", cure=cure)
        if is_item and name not in known and not path.name.startswith((".", "_")):
            cure = f"Add {name} to the list in {listed_in.name}, or begin the file's name with an underscore."
            notes.add(path, line=1, problem=f"{listed_in.name} does not name this.", cure=cure)


def _prompt_of(rubric: Path) -> str:
    return rubric.name.removesuffix(".rubric.yml") + ".reflection.md"


def _check_promises(
    found: YamlText, earns: tuple[SkillLevel, ...], *, modules: list[ModuleContent], notes: Notes
) -> None:
    """Note each skill that the course promises but no item of it earns."""
    earned = {(level.skill, level.level) for module in modules for item in module.items for level in item.skills}
    for number, promised in enumerate(earns):
        if not any(skill == promised.skill and level >= promised.level for skill, level in earned):
            problem = f"No item of the course earns {found.data['skills'][number]}."
            cure = "Add it to the skills of a quiz, an exercise or a reflection, or take it out here."
            notes.add(found.file, line=found.line("skills", number), problem=problem, cure=cure)
