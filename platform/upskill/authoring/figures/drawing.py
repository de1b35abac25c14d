"""Runs one program of an author and writes the figure that it leaves as SVG. Started by programs.py as a process of its
own, with two paths: the program, and where the picture goes. Knows nothing of the site.
"""

import re
import resource
import runpy
import sys
from pathlib import Path

import matplotlib
from cycler import cycler

MEMORY_BYTES, PROCESSOR_SECONDS, LARGEST_FILE_BYTES = 4 << 30, 60, 20 << 20
PALETTE = ["#1d70b8", "#d4351c", "#4c2c92", "#00703c", "#505a5f"]  # of GOV.UK; 4.5 to 1 or better on white
HOUSE = {
    "figure.figsize": (5, 3.2),
    "figure.constrained_layout.use": True,
    "figure.facecolor": "white",
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that every machine draws the same letters
    "font.size": 12,
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#505a5f",
    "axes.prop_cycle": cycler(color=PALETTE),
    "text.color": "#0b0c0c",
    "axes.labelcolor": "#0b0c0c",
    "xtick.color": "#0b0c0c",
    "ytick.color": "#0b0c0c",
    "hatch.linewidth": 1.5,
    "svg.fonttype": "path",  # an image of a page may not use the page's letters, and reads no text out anyway
    "svg.hashsalt": "upskill",
}
NO_METADATA = dict.fromkeys(["Creator", "Date", "Format", "Type"])


def main(program: Path, target: Path) -> None:
    """Write the one figure that the program leaves open. Ends with a sentence where there is none, or several."""
    _bound()
    matplotlib.use("svg")
    from matplotlib import pyplot

    matplotlib.rcParams.update(HOUSE)
    runpy.run_path(str(program), run_name="__main__")
    figures = pyplot.get_fignums()
    if len(figures) != 1:
        sys.exit(f"The program leaves {len(figures)} figures open, not one.")
    pyplot.gcf().savefig(target, format="svg", metadata=NO_METADATA)
    target.write_text(tidy(target.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def tidy(svg: str) -> str:
    """The picture without its document type and without spaces at the ends of lines."""
    plain = re.sub(r"<!DOCTYPE[^>]*>\s*", "", svg, count=1)
    return "\n".join(line.rstrip() for line in plain.splitlines()) + "\n"


def _bound() -> None:
    """An accident in a program must not take the machine with it. This is no wall against somebody who means harm."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_FILE_BYTES),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
