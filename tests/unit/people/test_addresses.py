"""Which addresses may ask for a link: ours, and none that only looks like ours."""

import pytest

from upskill.people import signin
from upskill.people.signin import DomainNotAllowed, NotAnAddress, work_address


@pytest.fixture(autouse=True)
def allowed_domains(settings):
    settings.SIGNIN_ALLOWED_DOMAINS = ["gov.uk", "nhs.net"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ann@gov.uk", "ann@gov.uk"),
        ("ann@dwp.gov.uk", "ann@dwp.gov.uk"),
        ("ann@a.b.c.gov.uk", "ann@a.b.c.gov.uk"),
        ("Ann.Example@DWP.GOV.UK", "ann.example@dwp.gov.uk"),
        ("  ann@dwp.gov.uk ", "ann@dwp.gov.uk"),
        ("ann+courses@nhs.net", "ann+courses@nhs.net"),
        ("o'neill@dwp.gov.uk", "o'neill@dwp.gov.uk"),
        ("a@dwp.gov.uk", "a@dwp.gov.uk"),
    ],
)
def test_work_address_is_read_in_small_letters(typed, read):
    assert work_address(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "ann@evilgov.uk",  # no dot before the allowed domain
        "ann@gov.uk.evil.com",
        "ann@gov.uk.com",
        "ann@evil.com",
        "ann@dwp-gov.uk",
        "ann@xn--gv-fka.uk",
        "ann@mynhs.net",
        "ann@nhs.net.evil.org",
        "ann%40dwp.gov.uk@evil.com",
        "dwp.gov.uk@evil.com",
        "ann@[127.0.0.1]",
    ],
)
def test_address_of_another_domain_is_refused_with_the_domains_that_are_allowed(typed):
    with pytest.raises(DomainNotAllowed) as refusal:
        work_address(typed)

    assert str(refusal.value) == "Use your work email address. It ends in gov.uk or nhs.net."


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "ann@",
        "@dwp.gov.uk",
        "ann@dwp",
        "ann@uk",
        "ann dwp@dwp.gov.uk",
        "ann@dwp.gov.uk@evil.com",
        "ann@evil.com@dwp.gov.uk",
        "ann@evil.com,ann@dwp.gov.uk",
        "ann@evil.com;ann@dwp.gov.uk",
        "ann@evil.com ann@dwp.gov.uk",
        "Ann <ann@dwp.gov.uk>",
        "<ann@dwp.gov.uk>",
        '"ann@evil.com"@dwp.gov.uk',
        '"ann evil"@dwp.gov.uk',
        "ann@dwp.gov.uk\n",
        "ann@dwp.gov.uk\nBcc: eve@evil.com",
        "ann@dwp.gov.uk\r\nBcc: eve@evil.com",
        "ann\n@dwp.gov.uk",
        "\tann@dwp.gov.uk",
        "ann@dwp.gov.uk\x00",
        "ann@dwp.gov.uk.",
        "ann@.gov.uk",
        "ann@dwp..gov.uk",
        "ann@-dwp.gov.uk",
        "ann@[gov.uk]",
        "mailto:ann@dwp.gov.uk",
        "ann@dwp.gov.uk#",
        "ann@evil.com#@dwp.gov.uk",
        "ann@evil.com/@dwp.gov.uk",
        "ann@evil.com\\@dwp.gov.uk",
        "a" * 250 + "@gov.uk",
    ],
)
def test_what_is_no_address_is_refused_with_an_example(typed):
    with pytest.raises(NotAnAddress) as refusal:
        work_address(typed)

    assert str(refusal.value) == "Enter an email address in the correct format, like name@example.gov.uk."


@pytest.mark.parametrize(
    "typed",
    [
        "ann@dwp.gov.u\u212a",  # the Kelvin sign becomes k in small letters
        "ann@dwp.g\u043ev.uk",  # a Cyrillic o
        "ann@dwp\uff0egov.uk",  # a full-width dot
        "ann@dwp\u3002gov.uk",  # an ideographic full stop
        "\uff41nn@dwp.gov.uk",  # a full-width a
        "m\u0131ke@dwp.gov.uk",  # a dotless i becomes I in capitals
        "\u017fam@dwp.gov.uk",  # a long s becomes S in capitals
        "ann\u200b@dwp.gov.uk",  # a space without width
        "ann@dwp.gov.uk\u202e",  # writes from right to left from here on
        "änne@dwp.gov.uk",
        "ann@dẁp.gov.uk",
    ],
)
def test_look_alikes_from_other_alphabets_are_no_addresses(typed):
    with pytest.raises(NotAnAddress):
        work_address(typed)


def test_domain_rule_alone_wants_the_whole_domain_or_a_dot():
    asked = ["a@gov.uk", "a@x.gov.uk", "a@xgov.uk", "a@gov.uk.x", "a@GOV.UK", "a@", "gov.uk", ""]

    assert [address for address in asked if signin.domain_allowed(address)] == [
        "a@gov.uk",
        "a@x.gov.uk",
        "a@GOV.UK",
        "gov.uk",
    ]
