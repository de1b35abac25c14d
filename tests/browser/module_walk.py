"""How a learner goes through a module, item by item, as its author meant it: the right answers come from its files.

A kind of item that is not in WAYS stops the walk with a sentence: whoever adds one says here how a learner does it.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.content.library import course as course_of_files
from upskill.catalogue.course_files.shape import ItemContent, ModuleContent
from upskill.learning.diagnostics import is_diagnostic
from upskill.marking.model_answer import answered
from upskill.marking.points import in_figures
from upskill.skills.models import Level
from upskill.web.templatetags.words import level as name_of_level

from .reader import Reader
from .test_reflection import TEXT

PATIENCE = 90_000  # milliseconds until a mark is there
Way = Callable[[Reader, ItemContent, Path], None]


class UnknownKind(Exception):
    """The walk has met an item that it cannot do."""


def module_of_files(course: str, *, module: str) -> ModuleContent:
    """The module as its author's files have it."""
    return next(each for each in course_of_files(course).modules if each.slug == module)


def take(learner: Reader, *, course: str) -> Page:
    """Start the course, unless another story has done so."""
    page = learner.open(f"/courses/{course}/")
    start = page.get_by_role("button", name="Start this course")
    if start.count():
        start.click()
    return page


def walk(learner: Reader, *, course: str, module: str, folder: Path) -> None:
    """Start the course and do every item of the module, each page looked at. `folder` is for files of theirs."""
    page = take(learner, course=course)
    for item in module_of_files(course, module=module).items:
        learner.open(f"/courses/{course}/{module}/{item.slug}/")
        expect(page.get_by_role("heading", level=1)).to_have_text(item.title)
        learner.look(f"walk-{module}-{item.slug}")
        way_of(item, course=course)(learner, item, folder)
    learner.open(f"/courses/{course}/")
    learner.look(f"walk-{module}-done")


def way_of(item: ItemContent, *, course: str) -> Way:
    """How a learner does this item. Raises UnknownKind."""
    if item.kind not in WAYS:
        known = ", ".join(sorted(WAYS))
        raise UnknownKind(
            f"{course}: '{item.slug}' is a {item.kind}, and the walk knows only {known}. "
            "Add the way in which a learner does it to WAYS in tests/browser/module_walk.py."
        )
    return WAYS[item.kind]


def read(learner: Reader, item: ItemContent, _folder: Path) -> None:
    """Read a lesson to its end."""
    learner.page.get_by_role("button", name="Mark as read and continue").click()
    expect(learner.page.get_by_role("heading", level=1)).not_to_have_text(item.title)


def answer(learner: Reader, item: ItemContent, _folder: Path) -> None:
    """Answer every question of a quiz rightly; one that finds a start has nothing to pass."""
    page, questions = learner.page, item.page["questions"]
    for question in questions:
        FIELDS[question["type"]](page, question)
    if is_diagnostic(item.page):
        find_start(learner, item)
        return
    page.get_by_role("button", name="Send answers").click()
    expect(page.locator(".app-result__score")).to_have_text(f"{len(questions)} of {len(questions)} right")
    expect(page.get_by_text("You have passed this quiz.")).to_be_visible()
    learner.look(f"walk-{item.slug}-result")


def find_start(learner: Reader, item: ItemContent) -> None:
    """Send the right answers to a diagnostic, follow the path that it suggests, see its next step at home, and stop."""
    page = learner.page
    page.get_by_role("button", name="Find my start").click()
    expect(page.get_by_role("heading", name="Where you could start")).to_be_visible()
    learner.look(f"walk-{item.slug}-result")
    page.get_by_role("button", name="Follow this path").click()
    expect(page.get_by_role("alert")).to_contain_text("You follow this path now.")
    learner.look("path-followed")
    learner.open("/")
    expect(page.get_by_role("heading", name="Your path:")).to_be_visible()
    learner.look("home-with-a-path")
    page.get_by_role("link", name="Your path:").click()
    page.get_by_role("button", name="Stop following").click()
    expect(page.get_by_role("alert")).to_contain_text("You no longer follow this path.")
    learner.open("/courses/")
    learner.look("courses-with-paths")


def solve(learner: Reader, item: ItemContent, folder: Path) -> None:
    """Take the notebook home, write the author's solution into it, hand it in, and wait for the mark."""
    page, exercise = learner.page, item.exercise
    assert exercise is not None
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the notebook").click()
    released = Path(download.value.path()).read_text(encoding="utf-8")
    assert json.loads(released)["cells"], "there is something to write in"
    file = folder / f"{item.slug}.ipynb"
    file.write_text(answered(exercise.source, release=released), encoding="utf-8")
    page.locator('input[type="file"]').set_input_files(file)
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("strong", has_text="You have passed this exercise.")).to_be_visible(timeout=PATIENCE)
    tested = in_figures(sum(check.max_points for check in exercise.checks if not check.by_person))
    expect(page.locator(".app-result__score")).to_have_text(f"{tested} of {tested} points")
    learner.look(f"walk-{item.slug}-mark")


def write(learner: Reader, item: ItemContent, _folder: Path) -> None:
    """Write a text and send it. A trainer marks it later."""
    page = learner.page
    page.get_by_label("Your text").fill(TEXT)
    page.get_by_role("button", name="Send to a trainer").click()
    expect(page.get_by_text("Waiting for a trainer.", exact=True)).to_be_visible()
    learner.look(f"walk-{item.slug}-sent")


def do_together(learner: Reader, item: ItemContent, _folder: Path) -> None:
    """Say that a workshop has been done."""
    learner.page.get_by_role("button", name="We have done this").click()
    expect(learner.page.get_by_role("heading", level=1)).not_to_have_text(item.title)


WAYS: dict[str, Way] = {
    "lesson": read,
    "quiz": answer,
    "exercise": solve,
    "reflection": write,
    "workshop": do_together,
}


def _choose(page: Page, question: dict[str, Any]) -> None:
    for option in question["answer"]:
        page.locator(f'input[name="{question["id"]}"][value="{option}"]').check()


def _type(page: Page, question: dict[str, Any]) -> None:
    page.locator(f'input[name="{question["id"]}"]').fill(str(question["answer"]["number"]))


def _put_in_order(page: Page, question: dict[str, Any]) -> None:
    for place, step in enumerate(question["answer"], 1):
        page.locator(f'select[name="{question["id"]}.{step}"]').select_option(str(place))


FIELDS: dict[str, Callable[[Page, dict[str, Any]], None]] = {
    "single": _choose,
    "multiple": _choose,
    "number": _type,
    "order": _put_in_order,
}


def promised(module: ModuleContent) -> dict[str, tuple[Level, str]]:
    """Skill -> the highest level that the module promises, and the title of the item that proves it."""
    found: dict[str, tuple[Level, str]] = {}
    for item in module.items:
        for award in item.skills:
            if award.level > found.get(award.skill, (Level.NONE, ""))[0]:
                found[award.skill] = (Level(award.level), item.title)
    return found


def sees_the_skills(learner: Reader, *, of: ModuleContent) -> None:
    """On My skills: each promised skill, at its level or above, with the evidence that this module gave."""
    page = learner.open("/skills/")
    learner.look(f"walk-{of.slug}-skills")
    for skill, (level, title) in promised(of).items():
        section = page.locator("section", has=page.locator(f"#skill-{skill}"))
        reached = [name_of_level(rank) for rank in Level if rank >= level]
        assert section.locator("p strong").inner_text() in reached, skill
        evidence = section.locator("li").filter(has_text=title).filter(has_text=f"Level {name_of_level(level)}")
        expect(evidence).to_have_count(1)
