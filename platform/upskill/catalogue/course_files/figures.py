"""Figures of a module: figures/name.svg, the program figures/name.py that draws it, and the lessons that show it."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from .shape import Figure, ItemContent
from .svg import read_svg
from .texts import Folder

PLACE = "figures"
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
Figures = Mapping[str, Figure | None]  # how a lesson names it -> the figure; None for one with a mistake


def read_figures(module: Path, *, folder: Folder) -> Figures:
    """The figures of the module in the folder `module`, with every mistake of a file noted."""
    place = module / PLACE
    found: dict[str, Figure | None] = {}
    for path in sorted(place.iterdir()) if place.is_dir() else []:
        if path.name.startswith((".", "_")):
            continue
        if path.suffix not in {".svg", ".py"} or not NAME.fullmatch(path.stem) or not path.is_file():
            cure = "Keep here only name.svg and name.py: small letters, numbers and single hyphens."
            folder.notes.add(path, line=1, problem="This is neither a figure nor its program.", cure=cure)
        elif path.suffix == ".svg":
            found[f"{PLACE}/{path.name}"] = _read_figure(path, folder=folder)
        elif not path.with_suffix(".svg").exists():
            cure = f"Run `manage.py draw_figures {folder.root}`, look at the picture, and commit it."
            folder.notes.add(path, line=1, problem="What this program draws is not here.", cure=cure)
    return found


def note_unshown(module: Path, *, figures: Figures, items: Iterable[ItemContent], folder: Folder) -> None:
    """Note each figure that no item of the module shows."""
    shown = {figure.name for item in items for figure in item.figures}
    for name in figures:
        if name not in shown:
            cure = f"Write ![what it shows]({name}) in a lesson, or delete the figure and its program."
            folder.notes.add(module / name, line=1, problem="No lesson of the module shows this figure.", cure=cure)


def _read_figure(path: Path, *, folder: Folder) -> Figure | None:
    content = folder.content(path, why="")
    if content is None:
        return None
    if not path.with_suffix(".py").exists():
        cure = f"Write {path.stem}.py, which draws it: numbers change, and somebody has to draw it again."
        folder.notes.add(path, line=1, problem="The program that draws this figure is missing.", cure=cure)
    drawing = read_svg(content)
    for flaw in drawing.flaws:
        folder.notes.add(path, line=flaw.line, problem=flaw.problem, cure=flaw.cure)
    if drawing.flaws:
        return None
    sha256 = hashlib.sha256(content).hexdigest()
    return Figure(f"{PLACE}/{path.name}", content, sha256, drawing.width, drawing.height)
