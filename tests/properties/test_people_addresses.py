"""No string whatsoever gets past the address rule unless it is a plain address on an allowed domain."""

import re
import string

import pytest
from django.conf import settings as site
from hypothesis import example, given, settings
from hypothesis import strategies as st

from upskill.people.signin import DomainNotAllowed, NotAnAddress, work_address
from upskill.web.account import visitors

PLAIN = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]+@(?:[a-z0-9-]+\.)*gov\.uk")
local = st.text(string.ascii_letters + string.digits + "._+-'\"<>@ \n\t\\/#%", min_size=1, max_size=20)
domains = st.sampled_from(
    ["gov.uk", "dwp.gov.uk", "DWP.Gov.UK", "evilgov.uk", "gov.uk.evil.com", "gov.u\u212a", "g\u043ev.uk", "evil.com"]
)


def accepted(typed: str) -> str | None:
    try:
        return work_address(typed)
    except (NotAnAddress, DomainNotAllowed):
        return None


@pytest.fixture(autouse=True)
def allowed_domains(monkeypatch):
    monkeypatch.setattr(site, "SIGNIN_ALLOWED_DOMAINS", ["gov.uk"])


class TestAddresses:
    """Settings are the same for every example, so one fixture serves them all."""

    @settings(deadline=None)
    @given(typed=st.text(max_size=80))
    @example(typed="a@gov.uk\n")
    @example(typed="\u0130@gov.uk")
    def test_any_text_that_is_accepted_is_a_plain_address(self, typed):
        read = accepted(typed)

        assert read is None or PLAIN.fullmatch(read)

    @settings(deadline=None)
    @given(local=local, domain=domains)
    def test_any_nearly_address_that_is_accepted_is_a_plain_one(self, local, domain):
        read = accepted(f"{local}@{domain}")

        assert read is None or PLAIN.fullmatch(read)

    @settings(deadline=None)
    @given(local=st.text(string.ascii_letters + string.digits, min_size=1, max_size=20))
    def test_letters_and_digits_are_accepted_and_read_the_same_however_written(self, local):
        assert (
            accepted(f"{local}@dwp.gov.uk")
            == accepted(f"{local.swapcase()}@DWP.gov.uk")
            == f"{local.lower()}@dwp.gov.uk"
        )

    @settings(deadline=None)
    @given(
        path=st.text(st.characters(codec="utf-8"), max_size=40),
        start=st.sampled_from(["", "/", "//", "/\\", "\t/", "http:"]),
    )
    def test_page_after_signing_in_is_on_this_site(self, path, start):
        """As a browser reads it: tabs and line ends fall away, and a backslash is a slash."""
        wanted = visitors.own_path(start + path)

        as_read = re.sub(r"[\t\r\n]", "", wanted).strip("".join(map(chr, range(33)))).replace("\\", "/")
        assert as_read == "" or re.match(r"/(?!/)", as_read)
