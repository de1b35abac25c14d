"""Somebody asks their team, or an organisation, to learn something; those who are asked see it."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reader import Reader

pytestmark = [pytest.mark.browser]
DUE = dt.date.today() + dt.timedelta(days=40)  # noqa: DTZ011 - any day that is not past
LEADS = "update people_organisation set head_id = (select id from people_user where email = %s) where code = any(%s)"


def ask(page: Page, *, button: str) -> None:
    """Fill in the form about the first course of the list, and send it."""
    page.get_by_label("Which course?").select_option(index=1)
    page.get_by_label("It is required").check()
    for label, value in (("Day", DUE.day), ("Month", DUE.month), ("Year", DUE.year)):
        page.get_by_label(label, exact=True).fill(str(value))
    page.get_by_label(re.compile("Again after how many months")).fill("12")
    page.get_by_label(re.compile("Why do you ask for it")).fill(
        "We decide with scores, and should be able to question one."
    )
    page.get_by_role("button", name=button).click()


def test_manager_asks_a_report_who_sees_it_and_is_exempted(reader: Callable[[], Reader]):
    """Maya asks Leila; Leila finds it on her home page; Maya exempts her, and stops asking."""
    maya = reader()
    maya.sign_in("manager")
    page = maya.open("/manager/team/learning/")
    maya.look("planning-team")
    page.get_by_role("button", name="Ask your team to learn something").click()
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a course")
    maya.look("planning-ask-empty")
    page.get_by_label("Whom do you ask?").select_option("Leila Learner")
    ask(page, button="Ask")
    expect(page.get_by_text("Asked. Whoever it means sees it on their home page now.")).to_be_visible()
    maya.look("planning-asked")

    leila = reader()
    leila.sign_in("learner")
    expect(leila.open("/").get_by_role("heading", name="Learning you were asked to do")).to_be_visible()
    leila.look("planning-home")
    leila.page.get_by_role("link", name="Learning you were asked to do").click()
    expect(leila.page.get_by_text("We decide with scores").first).to_be_visible()
    leila.look("planning-mine")

    page.get_by_role("link", name=re.compile("^Exempt for Leila Learner")).last.click()
    maya.look("planning-exempt")
    page.get_by_label("Why need they not do it?").fill("On leave until May.")
    page.get_by_role("button", name="Exempt them").click()
    page.get_by_role("link", name=re.compile("^See or end it for Leila Learner")).last.click()
    maya.look("planning-exempted")
    page.go_back()
    page.get_by_role("link", name=re.compile("^Stop asking for it")).last.click()
    maya.look("planning-end")
    page.get_by_role("button", name="Stop asking for it").click()
    expect(page.get_by_text("any more.").first).to_be_visible()


def test_head_asks_an_organisation_and_exempts_somebody_by_their_address(reader: Callable[[], Reader]):
    """Vikram leads a department and an agency: he asks everybody, and sees no number of who has done it."""
    vikram = reader()
    vikram.site.rows(f"{LEADS} returning id", "viewer@example.gov.uk", ["dwp", "dvla"])
    vikram.sign_in("viewer")
    page = vikram.open("/manager/learning/")
    vikram.look("planning-organisations")
    page.get_by_role("link", name="Department for Work and Pensions").click()
    page.get_by_role("button", name="Ask for something").click()
    vikram.look("planning-ask-organisation")
    ask(page, button="Ask")
    vikram.look("planning-organisation")
    page.get_by_role("link", name=re.compile("^Exempt somebody")).last.click()
    page.get_by_label("Work email address").fill("nobody@example.gov.uk")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Nobody with this address is asked to do this")
    vikram.look("planning-find-exempt")
    vikram.site.rows(f"{LEADS} returning id", "nobody@example.gov.uk", ["dwp", "dvla"])
