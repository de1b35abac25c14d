"""A new course: a lesson and a quiz that belong together, to be replaced by the author's own."""

from contextlib import ExitStack
from pathlib import Path

from upskill.authoring.whole_folders import refuse_if_there, whole_folder, write_new

from . import templates
from .naming import as_yaml, check_name, check_title, skill_named, skills_of

OWN_SKILL = "fair-waiting"


def new_course(place: Path, *, title: str, skill: str = "") -> list[Path]:
    """Write a course that passes the gate into the new folder `place`, and give back its files.

    Beside it a skills.yml is written where there is none; otherwise the course earns `skill`, by default the first
    there. The course appears whole or not at all, nothing is overwritten. Raises BadName and InTheWay.
    """
    place = place.absolute()
    check_name(place.name)
    check_title(title)
    refuse_if_there(place)
    shared = place.parent / "skills.yml"
    has_skills = shared.exists()
    known = skills_of(shared) if has_skills else [OWN_SKILL]
    earns = skill_named(skill, known=known, file=shared)
    files = templates.filled("course", name=place.name, title=as_yaml(title), skill=earns)
    skills = files.pop("skills.yml")
    with ExitStack() as undo:
        with whole_folder(place) as folder:
            templates.write(files, folder=folder)
            if not shared.parent.exists():
                templates.write({shared.name: skills}, folder=folder.parent)  # appears with the course
            elif not has_skills:
                write_new(shared, skills.encode())  # before the course, which cannot be read without it
                undo.callback(shared.unlink)
        undo.pop_all()
    return [*([] if has_skills else [shared]), *(place / name for name in files)]
