"""A course folder: course.yml, its modules, and their items. Everything is found by its id, nothing by file order."""

from pathlib import Path
from typing import Any

from .exercise import read_exercise
from .figures import PLACE, Figures, note_unshown, read_figures
from .fingerprint import fingerprint
from .lesson import read_lesson
from .levels import Skills
from .mistakes import Notes
from .profiles import read_profiles
from .quiz import read_quiz
from .reflection import read_reflection
from .schemas import COURSE, MODULE
from .shape import CourseContent, ItemContent, ModuleContent, ProfileContent, SkillLevel
from .texts import Folder
from .welsh import SUFFIX, with_welsh
from .workshop import read_workshop
from .yaml_files import YamlText, read_yaml

KINDS = (".md", ".quiz.md", ".reflection.md", ".workshop.md")  # how the names of items that are files end


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
    profiles = read_profiles(folder)
    if not notes.mistakes:
        _check_promises(found, earns, modules=[module for module in modules if module], notes=notes)
    notes.stop_if_any()
    return _course(found, earns=earns, modules=tuple(module for module in modules if module), profiles=profiles)


def _course(
    found: YamlText,
    *,
    earns: tuple[SkillLevel, ...],
    modules: tuple[ModuleContent, ...],
    profiles: tuple[ProfileContent, ...],
) -> CourseContent:
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
        profiles=profiles,
        principles=tuple(int(number) for number in data.get("principles", [])),
        sha256=_fingerprint(data, modules, profiles),
        file=found.file,
        version_line=found.line("version"),
    )


def _fingerprint(data: dict[str, Any], modules: tuple[ModuleContent, ...], profiles: tuple[ProfileContent, ...]) -> str:
    """A course without profiles or prerequisites is named as it was before there were any."""
    outlines = [
        {
            "slug": module.slug,
            "title": module.title,
            "summary": module.summary,
            "objectives": module.objectives,
            "items": [[item.slug, item.sha256] for item in module.items],
        }
        | ({"prerequisites": [each.as_json() for each in module.prerequisites]} if module.prerequisites else {})
        for module in modules
    ]
    told = [[profile.name, profile.role, profile.body] for profile in profiles]
    return fingerprint({"course": data, "modules": outlines} | ({"profiles": told} if told else {}))


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
    data, helps = found.data, skills.prerequisites(found, notes=folder.notes)
    present = tuple(item for item in items if item)
    if len(present) == len(items):  # a lesson with a mistake may show what the others do not
        note_unshown(place, figures=figures, items=present, folder=folder)
    summary, objectives = data.get("summary", ""), tuple(data["objectives"])
    return ModuleContent(place.name, data["title"], summary, objectives, present, file, helps)


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
    """The item that a module lists, as one of KINDS or a folder; None where there is none, or with a mistake."""
    file = _only_place(place, slug, listed=listed, notes=folder.notes)
    if file is None:
        return None
    key, kind = f"{course}/{place.name}/{slug}", file.name.removeprefix(slug)
    if not kind:
        return read_exercise(file, key=key, folder=folder, skills=skills)
    if kind == ".reflection.md":
        return read_reflection(file, slug=slug, key=key, folder=folder, skills=skills)
    text = folder.text(file, why="")
    if text is None:
        return None
    if kind == ".quiz.md":
        return read_quiz(text, file=file, slug=slug, skills=skills, notes=folder.notes)
    if kind == ".workshop.md":
        return read_workshop(text, file=file, slug=slug, notes=folder.notes)
    lesson = read_lesson(text, file=file, slug=slug, figures=figures, notes=folder.notes)
    return with_welsh(lesson, english=text, folder=folder) if lesson else None


def _only_place(place: Path, slug: str, *, listed: tuple[YamlText, int], notes: Notes) -> Path | None:
    """The file of this item, or its folder; None, and noted, unless there is exactly one of them."""
    files = [place / f"{slug}{kind}" for kind in KINDS]
    there = [path for path in files if path.exists()]
    there += [place / slug] if (place / slug).is_dir() and slug != PLACE else []
    if len(there) == 1:
        return there[0]
    found, number = listed
    if there:
        problem, cure = f"'{slug}' is the name of two items.", "Rename one of them, here and in the folder."
    else:
        problem = f"There is no item '{slug}'."
        cure = f"Add {', '.join(path.name for path in files)} or a folder {slug}, or take the name out."
    notes.add(found.file, line=found.line("items", number), problem=problem, cure=cure)
    return None


def _note_strays(place: Path, *, known: set[str], listed_in: Path, notes: Notes) -> None:
    """Note files of items and folders that no list names: they would silently not be taught.

    What begins with a dot or an underscore is left alone.
    """
    for path in sorted(place.iterdir()) if place.is_dir() else []:
        if path.name.startswith((".", "_")):
            continue
        if path.name.endswith(SUFFIX):
            _note_lost_welsh(path, known=known, notes=notes)
        elif path.name.endswith(".rubric.yml") and not path.with_name(_prompt_of(path)).exists():
            cure = f"Add {_prompt_of(path)}, or take this file out."
            notes.add(path, line=1, problem="There is no reflection of this name.", cure=cure)
        elif (path.is_dir() or path.suffix == ".md") and (name := _slug_of(path)) not in known:
            cure = f"Add {name} to the list in {listed_in.name}, or begin the file's name with an underscore."
            notes.add(path, line=1, problem=f"{listed_in.name} does not name this.", cure=cure)


def _slug_of(item: Path) -> str:
    """The name of an item's file without what says its kind; a folder's name as it is."""
    return item.name.removesuffix(max((kind for kind in KINDS if item.name.endswith(kind)), key=len, default=""))


def _prompt_of(rubric: Path) -> str:
    return rubric.name.removesuffix(".rubric.yml") + ".reflection.md"


def _note_lost_welsh(path: Path, *, known: set[str], notes: Notes) -> None:
    """Note a translation that lies beside no lesson of the list: nobody would be shown it."""
    slug = path.name.removesuffix(SUFFIX)
    if slug not in known or not path.with_name(f"{slug}.md").is_file():
        cure = "Put it beside the lesson that it translates, as name.cy.md beside name.md. Nothing else has Welsh yet."
        notes.add(path, line=1, problem="This Welsh text belongs to no lesson of the module.", cure=cure)


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
