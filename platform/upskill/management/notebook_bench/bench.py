"""Rounds in which both pages are visited in turn, on a stack and a server of the bench's own."""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from upskill.management.bench_stack.figures import Figures
from upskill.management.bench_stack.stack import FOLDER_PREFIX, OwnStack, own_stack

from . import course, jupyterlite, weight
from .servers import served
from .sums import Round, figures
from .visits import Browsers, LitePage, OurPage, Visit, browsers

Say = Callable[[str], None]
SITE, LITE_SITE = f"{__package__}.site", f"{__package__}.lite_site"  # modules that a server loads, in its environment


@dataclass(frozen=True)
class Needs:
    """What is measured with: Chromium, a whole build of Python for the browser, and a package index or nothing."""

    chromium: str
    runtime: Path
    index: str


def measure(needs: Needs, *, rounds: int, say: Say) -> Figures:
    """Everything, with nothing left of it afterwards. Raises BenchProblem."""
    with ExitStack() as stay:
        visitors = stay.enter_context(browsers(needs.chromium))
        folder = Path(stay.enter_context(tempfile.TemporaryDirectory(prefix=FOLDER_PREFIX)))
        say("Building JupyterLite")
        lite = jupyterlite.build(folder, runtime=needs.runtime, notebook=course.notebook(), index=needs.index)
        say("Starting a site")
        stack = stay.enter_context(own_stack(courses=course.write))
        environment = stack.environment | {"JUPYTERLITE": str(lite)}
        lite_address = stay.enter_context(served(LITE_SITE, environment=environment, log=folder / "lite.log"))
        ours = stay.enter_context(served(SITE, environment=_as_reader(stack, needs), log=folder / "site.log"))
        return _rounds(visitors, ours=ours, lite=lite_address + jupyterlite.PAGE, number=rounds, say=say)


def _as_reader(stack: OwnStack, needs: Needs) -> dict[str, str]:
    reader = stack.step("reader")
    cookie = {"BENCH_COOKIE": f"{reader['cookie']}={reader['session']}"}
    return stack.environment | cookie | {"UPSKILL_BROWSER_RUNTIME": str(needs.runtime.parent)}


def _rounds(visitors: Browsers, *, ours: str, lite: str, number: int, say: Say) -> Figures:
    """Who goes first changes from round to round."""
    foreseen, unforeseen = (OurPage(ours + course.page(name)) for name in (course.FORESEEN, course.UNFORESEEN))
    found: list[Round] = []
    scripts: list[str] = []
    for place in range(number):
        say(f"Round {place + 1} of {number}")
        visits: dict[str, list[Visit]] = {}
        order: list[tuple[str, list[OurPage] | list[LitePage]]] = [
            ("ours", [foreseen, foreseen, unforeseen]),
            ("lite", [LitePage(lite)] * 2),
        ]
        for name, pages in order if place % 2 == 0 else reversed(order):
            with visitors.new() as browser:
                visits[name] = [browser.visit(page) for page in pages]
                scripts += browser.asked if name == "ours" else []
        found.append(Round(*visits["ours"], *visits["lite"]))
    return figures(found, own_code_kb=weight.kilobytes(scripts))
