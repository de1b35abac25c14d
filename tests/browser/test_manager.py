"""A line manager's, a department viewer's and an operator's story."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reader import Reader
from tests.journeys import answers
from tests.journeys.learner import DemoLearner
from tests.running import RunningSite

pytestmark = [pytest.mark.browser]
SMALL = re.compile(r"^[1-4]$")


def test_manager_sees_a_report_reach_a_level_and_nobody_elses_people(reader: Callable[[], Reader], site: RunningSite):
    """Maya looks at her team; Leila passes the exercise; Maya looks again and sees Leila at working level."""
    maya = reader()
    maya.sign_in("manager")
    expect(maya.page.get_by_role("heading", level=1)).to_have_text("My team")
    names = maya.page.locator("tbody th").all_inner_texts()
    assert len(names) == 7
    assert "Leila Learner" in names
    maya.look("team-before")
    sees_that_there_is_more(maya.page)

    leila = DemoLearner(site)
    leila.marked(leila.hand_in(answers.write("solution", release=leila.release())))
    maya.page.reload()

    assert level_of(maya.page, "Leila Learner", skill="Fairness") == "2 Working"
    maya.look("team-after")
    maya.open("/manager/departments/")
    expect(maya.page.get_by_role("heading", level=1)).to_contain_text("You do not have access")
    maya.look("error-not-allowed")


def sees_that_there_is_more(page: Page) -> None:
    """A shade lies over the last column in sight until the end of the table is, and every name stays."""
    table = page.locator(".app-scroll")
    assert table.evaluate("it => it.scrollWidth > it.clientWidth + 100")
    assert shade_of(table) == 1
    table.evaluate("it => it.scrollTo(it.scrollWidth, 0)")
    page.wait_for_timeout(200)
    assert shade_of(table) == 0
    name = page.get_by_role("rowheader", name="Leila Learner")
    assert left_of(name) == left_of(table)


def left_of(element: Locator) -> float:
    left: float = element.evaluate("it => it.getBoundingClientRect().left")
    return left


def shade_of(table: Locator) -> float:
    opacity: str = table.evaluate("it => getComputedStyle(it, '::after').opacity")
    return round(float(opacity), 1)


def level_of(page: Page, person: str, *, skill: str) -> str:
    """What the team table says of one person's level in one skill."""
    column = page.locator("thead th").all_inner_texts().index(skill)
    cells = page.locator("tr", has=page.get_by_role("rowheader", name=person)).locator("th, td")
    return cells.nth(column).inner_text()


def test_department_viewer_sees_counts_and_none_about_fewer_than_five(reader: Callable[[], Reader]):
    """Vikram sees how many people are at each level in the department and in its parts, and never a name."""
    vikram = reader()
    vikram.sign_in("viewer")
    page = vikram.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Department for Work and Pensions")
    vikram.look("department")
    paths = [link.get_attribute("href") for link in page.locator("table a").all()]
    assert len(paths) >= 3

    for path in [None, *paths]:
        if path:
            vikram.open(path)
            vikram.look(f"department-{path.rstrip('/').rsplit('/', 1)[-1]}")
        figures = page.locator("td").all_inner_texts()
        assert [figure for figure in figures if SMALL.match(figure.strip())] == []
        assert "Leila" not in page.inner_text("body")


def test_operator_keeps_the_service_and_sees_nobodys_work(reader: Callable[[], Reader]):
    """Olivia signs in: her page is the service's, and the pages of trainers and managers are closed to her."""
    olivia = reader()
    olivia.sign_in("operator")
    olivia.look("operator-home")

    for path in ["/trainer/", "/trainer/ai-ethics-in-practice/", "/manager/team/", "/manager/departments/dwp/"]:
        answer = olivia.page.goto(olivia.site.url + path)
        assert answer is not None
        assert answer.status in {403, 404}
