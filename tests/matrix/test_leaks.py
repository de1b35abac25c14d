"""No answer holds what its reader may not know: whatever is asked for, by whomever, with whatever question behind it.

Every private text of both departments holds a marker (markers.py), so a leak is found wherever it comes from.
"""

import html
import re
from collections import deque
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from tests.content.turns import number_of_this_run, one_in
from tests.factories.people import trainer_of
from upskill.core.models import AuditEntry
from upskill.learning.pseudonyms import pseudonym

from . import table
from .ask import body, every_path, junk_paths, path, send, visitor
from .markers import HERON, NAME, WORK, forbidden, marker
from .table import ROLES, ROWS
from .world import World

pytestmark = [pytest.mark.matrix, pytest.mark.slow, pytest.mark.django_db]
READ = sorted({row.name for row in ROWS if "GET" in row.methods})
KEYS = {row.name for row in ROWS if row.of == "key"}  # addresses with a secret, which only its owner has
HOSTILE = (
    "page=2", f"q={HERON}&search={HERON}&query={HERON}&name={HERON}", f"show=waiting&again=&page=2&q={HERON}",
    "page=0&show=all&order=learner&sort=-learner__email", "page=99999999999999999999&limit=100000&offset=0",
    "page=x&page_size=100000&fields=*&expand=learner,submissions,audit", "format=csv", "format=xlsx", "format=json",
    "q=%00&search=%27%20OR%201=1--&learner__full_name__contains=x&next=//elsewhere.example",
)  # fmt: skip
REFUSED_ASKS_EACH = 4  # who may not open a page tries one in so many: it refuses before it reads them
ABOUT_A_PAGE = "/feedback/?page="
MOST_PAGES = 300  # that one role can reach by links; the world has a third of them


def leaks(answer, *, role: str, asked: str) -> list[str]:
    """The forbidden words in an answer, with what stands around them. The address that was asked may be repeated, and
    its path alone: feedback names the page that it is about.
    """
    path_alone = asked.partition("?")[0]
    text = body(answer) + "\n" + "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    for said in (asked, quote(asked), quote(asked, safe=""), quote(path_alone), quote(path_alone, safe="")):
        text = text.replace(said, "").replace(html.escape(said), "")
    found = re.finditer("|".join(map(re.escape, forbidden(role))), text, re.IGNORECASE)
    return [f"{asked}: …{text[max(0, each.start() - 40) : each.end() + 40]!r}…" for each in found]


def everything_of_a_and_b(world: World, name: str, *, role: str) -> list[str]:
    """Every path of an address: with what both departments have, and with what nobody has. A trainer of A may open what
    a guest from B handed in to their course: that is tested by itself.
    """
    if name in KEYS:
        owners = {"learner": world.a, "elsewhere": world.b}
        return [*(every_path(name, side=owners[role]) if role in owners else []), *junk_paths(name)]
    guests = [path(name, {"public_id": world.guests_answer.public_id})] if takes_one_answer(name) else []
    known = [*every_path(name, side=world.a), *every_path(name, side=world.b)]
    return [*known, *(guests if role != "trainer" else []), *junk_paths(name)]


def faults(name: str, answers: list[tuple[str, Any]]) -> list[str]:
    """What was asked for and answered by a fault. That no worker lives here is none: /readyz is there to say it."""
    return [asked for asked, answer in answers if answer.status_code >= 500 and name != "service:readyz"]


def takes_one_answer(name: str) -> bool:
    return table.addresses()[name] == ("public_id",)


# --- Whatever is asked for -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", READ)
def test_nothing_of_others_is_in_any_answer(world: World, name, role):
    client = visitor(world, role)
    paths = everything_of_a_and_b(world, name, role=role)

    answers = [
        (asked, send(client, method, asked))
        for asked, method in [*((each, "GET") for each in paths), (paths[0], "HEAD")]
    ]

    assert [leak for asked, answer in answers for leak in leaks(answer, role=role, asked=asked)] == []
    assert faults(name, answers) == []


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", one_in(number_of_this_run(), READ, turns=2))
def test_nothing_of_others_comes_out_by_what_stands_behind_the_question_mark(world: World, name, role):
    client = visitor(world, role)
    first = everything_of_a_and_b(world, name, role=role)[0]
    is_open = send(client, "GET", first).status_code == 200

    hostile = HOSTILE if is_open else HOSTILE[::REFUSED_ASKS_EACH]
    answers = [(asked, send(client, "GET", asked)) for asked in (f"{first}?{query}" for query in hostile)]

    assert [leak for asked, answer in answers for leak in leaks(answer, role=role, asked=asked)] == []
    assert faults(name, answers) == []


@pytest.mark.parametrize("role", ROLES)
def test_pages_about_refusals_and_faults_tell_nothing(world: World, role):
    client, strict = visitor(world, role), visitor(world, role, strict=True)
    theirs = f"/trainer/submissions/{world.b.sent['judged'].public_id}/points/"
    answers = {
        "forbidden": strict.post(theirs),
        "not found": client.get(theirs),
        "not allowed": client.delete(theirs),
        "gone": client.get("/sign-in/no-such-token-at-all-0000000000/"),
        "too large": client.post(theirs, headers={"content-length": str(10**9)}),
        "no such host": client.get("/", headers={"host": "elsewhere.example"}),
        "unreadable": client.post(theirs, b"{", content_type="multipart/form-data"),
    }

    told = {why: found for why, answer in answers.items() if (found := leaks(answer, role=role, asked=theirs))}
    assert told == {}


# --- Whatever can be clicked -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_every_link_that_a_role_is_shown_leads_somewhere_and_leaks_nothing(world: World, role):
    seen, wrong = walked(visitor(world, role), role=role, past=str(world.guests_answer.public_id))

    assert wrong == []
    assert len(seen) < MOST_PAGES


def walked(client: Client, *, role: str, past: str) -> tuple[set[str], list[str]]:
    """The pages that can be reached by links from the home page, and what is wrong with them. A trainer goes past the
    answer of the guest, which would tell them who it is; nobody writes feedback about every single page.
    """
    seen, waiting, wrong = {"/"}, deque(["/"]), []
    while waiting and len(seen) < MOST_PAGES:
        asked = waiting.popleft()
        answer = send(client, "GET", asked)
        wrong += leaks(answer, role=role, asked=asked)
        wrong += [f"{asked} is offered and answers {answer.status_code}"] if answer.status_code >= 400 else []
        new = {link for link in _links(answer, on=asked) if past not in link and ABOUT_A_PAGE not in link} - seen
        seen |= new
        waiting.extend(sorted(new))
    return seen, wrong


def _links(answer, *, on: str) -> list[str]:
    """The pages of ours that an answer links to or leads to, without fragments."""
    if answer.status_code in {301, 302}:
        found = [answer["Location"]]
    else:
        found = [html.unescape(link) for link in re.findall(r'<a\b[^>]*?\bhref="([^"#]*)', body(answer))]
    full = [f"{on.partition('?')[0]}{link}" if link.startswith("?") else link for link in found]
    return [link for link in full if link.startswith("/") and not link.startswith(("//", "/static/"))]


# --- The one exception: a learner of B takes A's course --------------------------------------------------------------


def test_trainer_reads_a_code_in_the_list_and_the_name_once_they_have_opened_an_answer(world: World):
    guest, trainer = world.guest, world.a.people["trainer"]
    client, listed, answer = visitor(world, "trainer"), f"/trainer/{world.a.course.pk}/", world.guests_answer

    before = "".join(body(client.get(f"{listed}{query}")) for query in ("", "?page=2", "?show=waiting"))
    opened = body(client.get(f"/trainer/submissions/{answer.public_id}/"))
    after = "".join(body(client.get(f"{listed}{query}")) for query in ("", "?page=2"))

    code = pseudonym(guest, course=world.a.course.pk)
    assert (marker("b", NAME) in before, code in before, str(answer.public_id) in before) == (False, True, True)
    assert (guest.full_name in opened, marker("b", WORK) in opened) == (True, True)
    assert (guest.full_name in after, code in after) == (True, False)
    seen = AuditEntry.objects.filter(event="submission.viewed", about=guest)
    assert [(entry.by, entry.subject_id) for entry in seen] == [(trainer, str(answer.pk))]


def test_name_that_one_trainer_opened_is_a_code_for_everybody_else(world: World):
    visitor(world, "trainer").get(f"/trainer/submissions/{world.guests_answer.public_id}/")
    second = trainer_of(world.a.course.pk)
    client = Client()
    client.force_login(second)

    listed = "".join(body(client.get(f"/trainer/{world.a.course.pk}/{query}")) for query in ("", "?page=2"))

    assert marker("b", NAME) not in listed
    assert pseudonym(world.guest, course=world.a.course.pk) in listed
