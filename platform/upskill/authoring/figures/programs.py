"""Runs the programs of figures, one after the other, and says what came of each."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from upskill.catalogue.course_files.figures import NAME, PLACE
from upskill.catalogue.course_files.library import course_folders
from upskill.catalogue.course_files.mistakes import Mistake
from upskill.catalogue.course_files.svg import read_svg

from .comparing import are_same

LONGEST_SECONDS = 90  # of the clock, for one program
_SAID_BYTES = 10_000  # of what a program complains of, from its end: a traceback and more
_LONGEST_LINE = 300  # characters
_FRAME = re.compile(r'File "([^"\n]+)", line (\d+)')  # of a traceback
_DRAWING = Path(__file__).with_name("drawing.py")


@dataclass(frozen=True)
class Drawn:
    """What a program drew. `mistakes`: why it drew nothing, or nothing that could be shown."""

    program: Path
    svg: bytes
    mistakes: tuple[Mistake, ...]

    @property
    def picture(self) -> Path:
        """Where the picture belongs."""
        return self.program.with_suffix(".svg")

    @property
    def is_committed(self) -> bool:
        """Whether the picture that is there is the one that the program draws."""
        return self.picture.is_file() and are_same(self.picture.read_bytes(), self.svg)


def programs_in(places: list[Path]) -> list[Path]:
    """Every program of a figure in these courses, or folders of courses. Raises CourseError where there is none."""
    folders = course_folders(places)
    found = [path for folder in folders for path in sorted(folder.glob(f"modules/*/{PLACE}/*.py"))]
    return [path for path in found if NAME.fullmatch(path.stem)]


def drawn(programs: list[Path]) -> Iterator[Drawn]:
    """What each program draws. Nothing in the courses is changed."""
    with tempfile.TemporaryDirectory(prefix="figures-") as room:
        for program in programs:
            yield _drawn(program, room=Path(room))


def _drawn(program: Path, *, room: Path) -> Drawn:
    target, said = room / "figure.svg", room / "said.txt"
    target.unlink(missing_ok=True)
    try:
        code = _run(program, target=target, said=said)
    except subprocess.TimeoutExpired:
        cure = "Draw less, or read less."
        return Drawn(program, b"", (Mistake(program, 1, f"The program takes more than {LONGEST_SECONDS} s.", cure),))
    if code or not target.is_file():
        return Drawn(program, b"", (_failure(program, _end_of(said)),))
    svg = target.read_bytes()
    flaws = [Mistake(program, 1, flaw.problem, flaw.cure) for flaw in read_svg(svg).flaws]
    return Drawn(program, svg, tuple(flaws))


def _run(program: Path, *, target: Path, said: Path) -> int:
    """How the program ended. What it says goes into a file, which drawing.py bounds as all that it writes. Raises
    subprocess.TimeoutExpired.
    """
    with said.open("wb") as complaints:
        return subprocess.run(
            [sys.executable, "-I", str(_DRAWING), str(program.resolve()), str(target)],
            cwd=target.parent,
            # no secret of the site
            env={"HOME": str(target.parent), "MPLCONFIGDIR": str(target.parent), "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            timeout=LONGEST_SECONDS,
        ).returncode


def _end_of(said: Path) -> str:
    with said.open("rb") as complaints:
        complaints.seek(max(0, said.stat().st_size - _SAID_BYTES))
        return complaints.read(_SAID_BYTES).decode(errors="replace")


def _failure(program: Path, said: str) -> Mistake:
    """Why the program ended, with its own line where Python named one."""
    lines = [int(line) for file, line in _FRAME.findall(said) if file == str(program.resolve())]
    last = said.strip().splitlines()[-1][:_LONGEST_LINE] if said.strip() else "it wrote no picture"
    cure = "Draw one figure with matplotlib.pyplot and leave it open; saving it is not yours to do."
    return Mistake(program, lines[-1] if lines else 1, f"The program failed: {last.rstrip('.')}.", cure)
