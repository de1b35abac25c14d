"""Reports of browsers: taken from anybody, bounded, and logged without anything that a page holds."""

import json

import pytest
from django.test import Client

from upskill.core.models import AuditEntry
from upskill.core.redaction import WithoutTokens

pytestmark = pytest.mark.django_db
OLD, NEW = "application/csp-report", "application/reports+json"


def old(**changes) -> dict:
    return {
        "csp-report": {
            "document-uri": "https://skills.example.gov.uk/skills/?name=secret#secret",
            "referrer": "https://skills.example.gov.uk/secret/",
            "violated-directive": "script-src-elem",
            "effective-directive": "script-src-elem",
            "original-policy": "secret",
            "blocked-uri": "https://user:secret@evil.example/secret.js?q=secret",
            "script-sample": "secret",
            **changes,
        }
    }


def new(**changes) -> dict:
    body = {
        "documentURL": "https://skills.example.gov.uk/skills/?name=secret",
        "effectiveDirective": "script-src-elem",
        "blockedURL": "https://evil.example/secret.js",
        "sample": "secret",
        **changes,
    }
    return {
        "type": "csp-violation",
        "url": "https://skills.example.gov.uk/secret/",
        "body": body,
        "user_agent": "secret",
    }


def send(client, content, *, kind=OLD):
    raw = content if isinstance(content, bytes) else json.dumps(content)
    return client.post("/csp-report/", raw, content_type=kind)


@pytest.fixture
def logged(caplog):
    """A function: the lines that reports became."""
    return lambda: [record.getMessage() for record in caplog.records if record.name == "upskill.web.csp_reports"]


@pytest.mark.parametrize(("content", "kind"), [(old(), OLD), ([new()], NEW)], ids=["old", "new"])
def test_report_becomes_one_line_with_rule_host_and_path_alone(client, logged, content, kind):
    answer = send(client, content, kind=kind)

    assert (answer.status_code, answer.content) == (204, b"")
    assert logged() == ["Content-Security-Policy: script-src-elem refused evil.example on /skills/"]


@pytest.mark.parametrize(
    ("blocked", "said"), [("inline", "inline"), ("eval", "eval"), ("data", "data"), ("data:text/html,secret", "data")]
)
def test_report_of_something_without_a_host_says_its_kind(client, logged, blocked, said):
    send(client, old(**{"blocked-uri": blocked}))

    assert logged() == [f"Content-Security-Policy: script-src-elem refused {said} on /skills/"]


def test_browsers_need_no_token_and_no_session():
    assert send(Client(enforce_csrf_checks=True), old()).status_code == 204


def test_report_changes_nothing(client):
    send(client, old())

    assert AuditEntry.objects.count() == 0
    assert client.cookies == {}


ODD = [
    b"{", b"[]", b"{}", b"null", b"7", b'"x"', b"[" * 10_000, b"\xff\xfe", b'{"csp-report": 7}',
    b'[7, {"type": "csp-violation"}]', b'[{"type": "csp-violation", "body": []}]',
    b'{"csp-report": {"blocked-uri": 7, "document-uri": ["x"]}}',
    b'{"csp-report": {"blocked-uri": "http://[", "document-uri": "http://["}}',
]  # fmt: skip


@pytest.mark.parametrize("content", ODD)
@pytest.mark.parametrize("kind", [OLD, NEW])
def test_nothing_that_is_sent_is_a_fault(client, content, kind):
    assert send(client, content, kind=kind).status_code in {204, 400}


def test_nobody_can_write_lines_into_the_log(client, logged):
    forged = "x\n2026-11-23 ERROR forged\x1b[31m"

    send(client, old(**{"effective-directive": forged, "blocked-uri": forged, "document-uri": f"https://s/{forged}"}))

    assert logged() == ["Content-Security-Policy: x refused x2026-11-23 on /x2026-11-23"]


def test_sign_in_token_of_a_page_is_blanked_like_everywhere(client, caplog):
    """The filter of every log handler; here the line as a handler writes it."""
    send(client, old(**{"document-uri": f"https://s/sign-in/{'t' * 43}/"}))

    record = next(each for each in caplog.records if each.name == "upskill.web.csp_reports")
    WithoutTokens().filter(record)
    assert record.getMessage().endswith("on /sign-in/[token]/")


def test_of_a_long_list_ten_are_read(client, logged):
    send(client, [new()] * 12, kind=NEW)

    assert len(logged()) == 10


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
def test_any_other_kind_of_message_is_refused(client, logged, kind):
    assert (send(client, old(), kind=kind).status_code, logged()) == (415, [])


def test_a_long_message_is_refused_before_it_is_read(client, logged):
    answer = send(client, old(**{"script-sample": "x" * 20_000}))

    assert (answer.status_code, logged()) == (413, [])


def test_a_flood_is_refused_with_the_time_to_wait(client, logged):
    statuses = [send(client, old()).status_code for _ in range(121)]

    assert (statuses.count(204), statuses[-1], len(logged())) == (120, 429, 120)


def test_there_is_nothing_to_read(client):
    assert client.get("/csp-report/").status_code == 405
