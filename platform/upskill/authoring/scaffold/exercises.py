"""A new exercise in a course that is there: worked, faded and independent tasks, their tests, and wrong answers."""

import hashlib
import shutil
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator

from upskill.authoring.whole_folders import InTheWay, refuse_if_there, replace_whole, whole_folder
from upskill.catalogue.course_files.schemas import COURSE, MODULE

from . import templates
from .naming import BadName, as_heading, as_yaml, check_name, check_title, read, skill_named, skills_of

_SHAPE = "COURSE/modules/MODULE/NAME"
_WITHOUT_DATA = "[2, 2, 3, 3, 40]"
_WITH_DATA = 'permits["days"].tolist()'
_DATA_CELLS = """
# %%
import pandas as pd

permits = pd.read_csv("waits.csv")
permits.head()

# %% [markdown]
# | column | meaning |
# |---|---|
# | `permit` | a number for the permit |
# | `team` | which team dealt with it: `north` or `south` |
# | `days` | how many days it took |
#
# **The data is made up**: 120 permits from `make_data.py`, seed 7. No row describes a real person or office.
"""
_DATA_END = """
# %%
# Put it together (not marked). The two teams have about the same average. What do they not have in common?
for team, rows in permits.groupby("team"):
    waits = rows["days"].tolist()
    print(team, "average", round(average(waits), 1), "middle", middle(waits), "late", share_late(waits, 15))
"""


def new_exercise(place: Path, *, title: str, skill: str = "", with_data: bool = False) -> list[Path]:
    """Write an exercise that passes the gate into the new folder `place`, name it in module.yml, give back its files.

    It earns `skill`, by default the first of its course. It appears whole or not at all, nothing is overwritten.
    Raises BadName and InTheWay.
    """
    place = place.absolute()
    check_name(place.name)
    check_title(title)
    refuse_if_there(place)
    module = _module_of(place)
    earns = _skill(place.parents[2], wanted=skill)
    files = _files(title, skill=earns, with_data=with_data)
    listed = with_item(module.read_text(encoding="utf-8-sig"), name=place.name, file=module)
    with whole_folder(place) as folder:
        templates.write(files, folder=folder)
    _list(module, text=listed, otherwise_without=place)
    return [module, *(place / name for name in files)]


def with_item(text: str, *, name: str, file: Path) -> str:
    """The text of a module.yml with one item more at the end of its list; all else stays as its author wrote it."""
    root = yaml.SafeLoader(text).get_single_node()
    assert isinstance(root, yaml.MappingNode)  # noqa: S101, the schema has been checked
    items = next(value for key, value in root.value if key.value == "items")
    last = items.value[-1]
    if items.flow_style:
        changed = f"{text[: last.end_mark.index]}, {name}{text[last.end_mark.index :]}"
    else:
        dash = text.rfind("-", 0, last.start_mark.index)
        indent = text[text.rfind("\n", 0, dash) + 1 : dash]
        ends = text.find("\n", last.end_mark.index)
        before = text if ends < 0 else text[:ends]
        changed = f"{before}\n{indent}- {name}\n{'' if ends < 0 else text[ends + 1 :]}"
    if yaml.safe_load(changed)["items"] != [*yaml.safe_load(text)["items"], name]:
        raise BadName(f"{file} cannot be changed safely. Write its items in one line: items: [one, two]")
    return changed


def _module_of(place: Path) -> Path:
    """The module.yml above the exercise. Raises BadName where it is not where an exercise belongs."""
    module = place.parent / "module.yml"
    if place.parent.parent.name != "modules" or not (place.parents[2] / "course.yml").is_file():
        raise BadName(f"An exercise lies in a module of a course: {_SHAPE}. Make a course first: manage.py new_course")
    if not module.is_file():
        there = ", ".join(sorted(path.parent.name for path in place.parents[1].glob("*/module.yml"))) or "none yet"
        raise BadName(f"There is no module '{place.parent.name}' in the course. There are: {there}.")
    if not Draft202012Validator(MODULE).is_valid(read(module)):
        raise BadName(f"{module} has a mistake. Run manage.py check_course, and mend what it says of it.")
    if any(path.name.split(".")[0] == place.name for path in place.parent.iterdir()):
        raise BadName(f"The module has an item '{place.name}' already. Give another name.")
    return module


def _skill(course: Path, *, wanted: str) -> str:
    """The skill that the exercise earns. Raises BadName."""
    shared = course.parent / "skills.yml"
    known = skills_of(shared)
    data = read(course / "course.yml")
    if not isinstance(data, dict) or not Draft202012Validator(COURSE).is_valid(data):
        raise BadName(
            f"{course / 'course.yml'} has a mistake. Run manage.py check_course, and mend what it says of it."
        )
    promised = [skill.partition("@")[0] for skill in data["skills"]]
    return skill_named(wanted or next(iter(promised), ""), known=known, file=shared)


def _files(title: str, *, skill: str, with_data: bool) -> dict[str, str]:
    csv = templates.filled("exercise/data")["waits.csv"]
    sha256 = hashlib.sha256(csv.encode()).hexdigest()
    files = templates.filled(
        "exercise",
        title=as_yaml(title),
        heading=as_heading(title),
        skill=skill,
        data_cells=_DATA_CELLS if with_data else "",
        data_end=_DATA_END if with_data else "",
        example=_WITH_DATA if with_data else _WITHOUT_DATA,
        size=f"{len(csv.encode()):,}",
        sha256=sha256,
    )
    files["exercise.py"] = files["exercise.py"].rstrip("\n") + "\n"
    if with_data:
        files["exercise.yml"] += f"data:  # sha256 of each file in data/ that learners get\n  waits.csv: {sha256}\n"
        return files
    return {name: text for name, text in files.items() if not name.startswith("data/")}


def _list(module: Path, *, text: str, otherwise_without: Path) -> None:
    """Put the new text of module.yml in place at once; where that fails, take the exercise away again."""
    try:
        replace_whole(module, text.encode())
    except OSError as problem:
        shutil.rmtree(otherwise_without, ignore_errors=True)
        raise InTheWay(f"{module} cannot be written: {problem.strerror}. Nothing was changed.") from problem
