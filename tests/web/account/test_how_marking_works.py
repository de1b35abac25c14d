"""How marking works: public, with limits that are the engine's own and its state of this moment, told honestly."""

import pytest

from grading.protocol import Limits
from tests.factories.people import PersonFactory
from tests.web.learner.pages import links, listed, main, words
from upskill.core import heartbeats
from upskill.marking import engines, jobs
from upskill.web.account.how_marking_works import PROTECTIONS

pytestmark = pytest.mark.django_db
PAGE = "/how-marking-works/"


def test_page_is_public_and_costs_one_query(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get(PAGE)

    assert answer.status_code == 200


def test_limits_are_those_that_hold(client):
    said = words(main(client.get(PAGE)))

    limits = Limits()
    assert (
        f"{limits.cell_seconds} seconds for one cell {limits.total_seconds} seconds for the whole notebook "
        f"{limits.memory_mb} MB of memory {engines.LARGEST_NOTEBOOK_MB} MB for the file you upload "
        f"{jobs.MOST_OPEN} of your answers waiting at a time"
    ) in said


def beat(*, is_working: bool, isolation: str = "", note: str = "", **facts) -> None:
    heartbeats.beat(
        "worker@a:1", program="worker", is_working=is_working, note=note, facts={"isolation": isolation, **facts}
    )


def test_service_for_trying_out_says_so_and_promises_no_protection(client):
    beat(is_working=True, isolation="unsafe-dev", engine_version="1.2.3", python="3.11.7")

    page = client.get(PAGE)

    assert "Marking is on." in words(main(page))
    assert "This copy of the service is for trying out." in words(main(page))
    assert [sentence for sentence in PROTECTIONS if str(sentence) in words(main(page))] == []
    assert list(
        zip(listed(page, css="govuk-summary-list__key"), listed(page, css="govuk-summary-list__value"), strict=True)
    ) == [("Marker", "1.2.3"), ("Python", "3.11.7")]


def test_service_that_is_confined_says_what_an_answer_cannot_do(client):
    beat(is_working=True, isolation="landlock")

    said = words(main(client.get(PAGE)))

    assert "for trying out" not in said
    assert [sentence for sentence in PROTECTIONS if str(sentence) in said] == list(PROTECTIONS)


@pytest.mark.parametrize(
    ("alive", "why"),
    [
        (True, "The marker cannot start, or cannot prove that answers are kept apart from the rest of the computer."),
        (False, "The marker has given no sign of life in the last 20 seconds."),
    ],
)
def test_page_says_why_marking_is_paused_and_nothing_of_the_machine(client, alive, why):
    if alive:
        beat(is_working=False, note="OSError: /secret/path is gone")

    said = words(main(client.get(PAGE)))

    assert "Marking is paused." in said
    assert (why in said, "secret" in said) == (True, False)


@pytest.mark.parametrize("article", ["Articles 22A to 22D", "be told of it", "have a person look at it", "contest it"])
def test_page_names_the_rights_that_the_law_gives(client, article):
    assert article in words(main(client.get(PAGE)))


def test_footer_and_privacy_notice_lead_to_the_page(client, signed_in):
    assert (f"{PAGE}#rights", "How marking works, and your rights") in links(client.get("/privacy/"))
    assert f'href="{PAGE}"' in signed_in(PersonFactory()).get("/").content.decode()
