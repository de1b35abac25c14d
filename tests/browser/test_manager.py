"""A line manager's, a department viewer's and an operator's story."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.browser.reader import Reader
from tests.journeys import answers
from tests.journeys.learner import DemoLearner, MailedLearner
from tests.running import RunningSite

pytestmark = [pytest.mark.browser]
ETHICS = "AI ethics and governance in practice"
# The staff records say so from now on: her post has the role of Leila's.
EWA_LEADS_CASEWORK = """
    UPDATE people_membership post SET role = other.role FROM people_membership other, people_user leila, people_user ewa
    WHERE post.person_id = ewa.id AND ewa.email = 'ewa.snowglobe@example.gov.uk' AND post.valid_to IS NULL
        AND other.person_id = leila.id AND leila.email = 'learner@example.gov.uk' AND other.valid_to IS NULL
    RETURNING post.id
"""
# What was asked was asked a month ago, and is overdue.
A_MONTH_PASSES = """
    UPDATE planning_assignment SET made_at = made_at - interval '31 days', due_on = due_on - 31
    WHERE person_id = (SELECT id FROM people_user WHERE email = 'ewa.snowglobe@example.gov.uk')
    RETURNING id
"""
SMALL = re.compile(r"^[1-4]$")


def test_manager_sees_a_report_reach_a_level_and_nobody_elses_people(reader: Callable[[], Reader], site: RunningSite):
    """Maya looks at her team; Leila passes the exercise; Maya looks again and sees Leila at working level."""
    maya = reader()
    maya.sign_in("manager")
    expect(maya.page.get_by_role("heading", level=1)).to_have_text("My team")
    names = maya.page.locator("tbody th").all_inner_texts()
    assert len(names) == 7
    assert [name for name in names if name.startswith("Leila Learner")] != []
    maya.look("team-before")
    sees_that_there_is_more(maya.page)

    leila = DemoLearner(site)
    leila.marked(leila.hand_in(answers.write("solution", release=leila.release())))
    maya.page.reload()

    assert cell_of(maya.page, "Leila Learner", skill="Fairness") == ["2 Working", "target met"]
    maya.look("team-after")
    maya.open("/manager/departments/")
    expect(maya.page.get_by_role("heading", level=1)).to_contain_text("You do not have access")
    maya.look("error-not-allowed")


def test_manager_finds_a_gap_asks_for_the_course_that_closes_it_and_sees_it_closed_a_month_later(
    reader: Callable[[], Reader], site: RunningSite
):
    """Maya reads that Ewa is short in fairness, and which course closes that in the least time. She asks Ewa to take
    it. A month later Ewa has passed the exercise, and Maya reads what the level rests on.
    """
    assert len(site.rows(EWA_LEADS_CASEWORK)) == 1
    maya = reader()
    maya.sign_in("manager")
    page = maya.page
    assert cell_of(page, "Ewa Snowglobe", skill="Fairness") == ["0 Not yet", "gap: needs 2 Working"]
    maya.look("team-with-gaps")
    page.get_by_role("link", name="Gaps", exact=True).click()
    maya.look("team-gaps")
    page.get_by_role("link", name="Training that closes the gaps").click()
    maya.look("team-training")

    page.get_by_role("link", name=f"Ask Ewa Snowglobe to take {ETHICS}").click()
    asks_for_the_course(maya)
    assert len(site.rows(A_MONTH_PASSES)) == 1
    ewa = MailedLearner(site, role="ewa.snowglobe@example.gov.uk")
    ewa.marked(ewa.hand_in(answers.write("solution", release=ewa.release())))

    maya.open("/manager/team/")
    assert cell_of(page, "Ewa Snowglobe", skill="Fairness") == ["2 Working", "target met"]
    page.get_by_role("link", name="Ewa Snowglobe").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ewa Snowglobe")
    expect(page.get_by_role("row", name="Fairness")).to_contain_text(f"in {ETHICS}")
    maya.look("direct-report")


def asks_for_the_course(maya: Reader) -> None:
    """The form begins with Ewa and the course; Maya says by when."""
    page = maya.page
    expect(page.get_by_label("Which course?")).to_have_value("ai-ethics-in-practice")
    expect(page.get_by_label("Whom do you ask?").locator("option:checked")).to_have_text("Ewa Snowglobe")
    page.get_by_label("It is required").check()
    due_on = timezone.localdate() + dt.timedelta(days=28)
    for part in ("Day", "Month", "Year"):
        page.get_by_label(part, exact=True).fill(str(getattr(due_on, part.lower())))
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text("Asked. Whoever it means sees it on their home page now.")).to_be_visible()


def cell_of(page: Page, person: str, *, skill: str) -> list[str]:
    """The lines of one cell of the team table."""
    column = page.locator("thead th").all_inner_texts().index(skill)
    cells = page.locator("tr", has=page.get_by_role("rowheader", name=person)).locator("th, td")
    return cells.nth(column).inner_text().splitlines()


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
