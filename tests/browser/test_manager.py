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
# The clock of the stack stays. What was asked was asked a month ago, of somebody in her post since then: it is overdue.
A_MONTH_PASSES = """
    WITH ewa AS (SELECT id FROM people_user WHERE email = 'ewa.snowglobe@example.gov.uk'),
        post AS (
            UPDATE people_membership SET valid_from = valid_from - 31
            WHERE person_id = (SELECT id FROM ewa) AND valid_to IS NULL
        )
    UPDATE planning_assignment SET made_at = made_at - interval '31 days', due_on = due_on - 31
    WHERE person_id = (SELECT id FROM ewa)
    RETURNING id
"""
SMALL = re.compile(r"^[1-4]$")
SHOWN, HIDDEN = re.compile(r"^[1-9]\d*[05]$"), re.compile(r"^hidden: ")  # links of figures
LATE = re.compile(r"overdue: .*Ewa Snowglobe")
AUDIT = "Audit a fraud-referral model"


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
    it. A month later that is overdue. Then Ewa passes the exercise: the gap is gone from each page of Maya's, who reads
    what the level rests on.
    """
    assert len(site.rows(EWA_LEADS_CASEWORK)) == 1
    maya = reader()
    maya.sign_in("manager")
    page = maya.page
    assert cell_of(page, "Ewa Snowglobe", skill="Fairness") == ["0 Not yet", "gap: needs 2 Working"]
    maya.look("team-with-gaps")
    page.get_by_role("link", name="Gaps", exact=True).click()
    expect(short_of(page, "Fairness")).to_contain_text("Ewa Snowglobe")
    maya.look("team-gaps")
    page.get_by_role("link", name="Training that closes the gaps").click()
    expect(training_of(page, "Ewa Snowglobe", holds=AUDIT)).to_have_count(1)
    maya.look("team-training")

    page.get_by_role("link", name=f"Ask Ewa Snowglobe to take {ETHICS}").click()
    asks_for_the_course(maya)
    assert len(site.rows(A_MONTH_PASSES)) == 1
    maya.open("/manager/team/")
    expect(page.get_by_text(LATE)).to_be_visible()
    ewa = MailedLearner(site, role="ewa.snowglobe@example.gov.uk")
    ewa.marked(ewa.hand_in(answers.write("solution", release=ewa.release())))

    maya.open("/manager/team/")
    assert cell_of(page, "Ewa Snowglobe", skill="Fairness") == ["2 Working", "target met"]
    expect(short_of(maya.open("/manager/team/gaps/"), "Fairness")).not_to_contain_text("Ewa Snowglobe")
    expect(training_of(maya.open("/manager/team/training/"), "Ewa Snowglobe", holds=AUDIT)).to_have_count(0)
    maya.open("/manager/team/")
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


def short_of(page: Page, skill: str) -> Locator:
    """The line of a skill on the page of gaps, which names who is short of it."""
    return page.locator("tr", has=page.get_by_role("rowheader", name=skill, exact=True))


def training_of(page: Page, person: str, *, holds: str) -> Locator:
    """The table of somebody's training, if it has this in it."""
    return page.get_by_role("table", name=f"Training of {person}").filter(has_text=holds)


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


def test_department_viewer_sees_counts_and_none_about_fewer_than_ten(reader: Callable[[], Reader]):
    """Vikram sees how many people are at each level in the department and in its parts, and never a name."""
    vikram = reader()
    vikram.sign_in("viewer")
    page = vikram.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Department for Work and Pensions")
    vikram.look("department")
    parts = page.locator("table[aria-labelledby=parts] a")

    for path in [None, *(link.get_attribute("href") for link in parts.all())]:
        if path:
            vikram.open(path)
            vikram.look("department-part")
        figures = page.locator("td").all_inner_texts()
        assert [figure for figure in figures if SMALL.match(figure.strip())] == []
        assert "Leila" not in page.inner_text("body")


def test_permanent_secretary_compares_directorates_and_cannot_find_a_person(
    reader: Callable[[], Reader], site: RunningSite
):
    """Somebody who leads the department looks at it, at one skill side by side, at what figures count and hide, and at
    the report; saves a view; and looks for colleagues everywhere.
    """
    secretary = reader()
    [[led]] = site.rows("select head_id from people_organisation where code = 'dwp'")
    lead(site, "reviewer@example.gov.uk")
    names = {name for [name] in site.rows("select full_name from people_user where email not like 'reviewer@%%'")}
    try:
        secretary.sign_in("reviewer")
        page = secretary.open("/manager/departments/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Department for Work and Pensions")
        secretary.look("secretary-department")
        seen = [page.inner_text("body")]
        compares_directorates(secretary)
        seen.append(page.inner_text("body"))
        seen += [opened(secretary, figure) for figure in (SHOWN, HIDDEN)]
        secretary.open("/manager/departments/dwp/report/")
        secretary.look("secretary-report")
        seen.append(page.inner_text("body"))
        saves_a_view(secretary)
        secretary.open("/search/?q=Leila")
        seen.append(page.inner_text("main"))
        assert [name for name in names for text in seen if name in text] == []
    finally:
        site.rows("update people_organisation set head_id = %s where code = 'dwp' returning id", led)


def lead(site: RunningSite, email: str) -> None:
    """This person leads the department."""
    site.rows(
        "update people_organisation set head_id = (select id from people_user where email = %s) where code = 'dwp'"
        " returning id", email,
    )  # fmt: skip


def compares_directorates(secretary: Reader) -> None:
    page = secretary.page
    page.get_by_role("link", name="Compare side by side in one skill").click()
    page.get_by_label("Skill", exact=True).select_option(label="Fairness")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fairness")
    directorates = page.get_by_role("table", name="By organisation").get_by_role("rowheader")
    expect(directorates.filter(has_text="Counter-fraud and error")).to_be_visible()
    expect(directorates.filter(has_text="Data and analysis")).to_be_visible()
    secretary.look("secretary-compare")


def opened(secretary: Reader, figure: re.Pattern[str]) -> str:
    """What the page of the first such figure says. Comes back."""
    page = secretary.page
    page.get_by_role("table", name="By organisation").get_by_role("link", name=figure).first.click()
    expect(page.get_by_role("heading", name="What it counts")).to_be_visible()
    secretary.look(f"secretary-figure-{'hidden' if figure is HIDDEN else 'shown'}")
    said = page.inner_text("body")
    page.go_back()
    return said


def saves_a_view(secretary: Reader) -> None:
    page = secretary.open("/manager/departments/dwp/compare/?skill=fairness")
    page.get_by_role("link", name="Save this view").click()
    page.get_by_label("Name of the view").fill("Fairness by directorate")
    page.get_by_label("Each Monday").check()
    secretary.look("secretary-save-view")
    page.get_by_role("button", name="Save").click()
    secretary.look("secretary-views")
    page.get_by_role("link", name="Fairness by directorate", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fairness")
    secretary.open("/manager/views/")
    page.get_by_role("link", name=re.compile("^Change")).click()
    secretary.look("secretary-change-view")
    page.get_by_role("link", name="Delete this view").click()
    secretary.look("secretary-delete-view")
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("The view is deleted.")).to_be_visible()


def test_operator_keeps_the_service_and_sees_nobodys_work(reader: Callable[[], Reader]):
    """Olivia signs in: her page is the service's, and the pages of trainers and managers are closed to her."""
    olivia = reader()
    olivia.sign_in("operator")
    olivia.look("operator-home")

    for path in ["/trainer/", "/trainer/ai-ethics-in-practice/", "/manager/team/", "/manager/departments/dwp/"]:
        answer = olivia.page.goto(olivia.site.url + path)
        assert answer is not None
        assert answer.status in {403, 404}
