"""What a request says about the visitor, and how little of it is believed."""

import pytest
from django.core.exceptions import DisallowedHost
from django.test import RequestFactory

from upskill.web.account import visitors


def request(remote: str = "192.0.2.1", **headers: str):
    return RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)


# --- On this machine? ---


@pytest.mark.parametrize("remote", ["127.0.0.1", "127.8.9.1", "::1"])
def test_loopback_is_this_machine(remote):
    assert visitors.is_on_this_machine(request(remote)) is True


@pytest.mark.parametrize("remote", ["192.0.2.1", "10.0.0.1", "2001:db8::1", "0.0.0.0", "", "localhost"])  # noqa: S104
def test_any_other_address_is_not_this_machine(remote):
    assert visitors.is_on_this_machine(request(remote)) is False


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded"])
def test_request_that_a_proxy_passed_on_is_not_from_this_machine(header):
    assert visitors.is_on_this_machine(request("127.0.0.1", **{header: "127.0.0.1"})) is False


def test_header_cannot_pretend_to_be_on_this_machine():
    assert visitors.is_on_this_machine(request("192.0.2.1", **{"X-Forwarded-For": "127.0.0.1"})) is False


# --- Where to go afterwards ---


@pytest.mark.parametrize("path", ["/", "/courses/", "/courses/ethics/?page=2#top", "/a//b", "/%2e%2e/x", "/sign"])
def test_own_path_may_be_opened(path):
    assert visitors.own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "courses/",
        "//",
        "/\\",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "http://evil.example/",
        "https:evil.example",
        "https:///evil.example",
        "HTTPS://evil.example",
        "http:/evil.example",
        "javascript:alert(1)",
        "data:text/html,hello",
        "/courses/\r\nSet-Cookie: a=b",
        "/\x00",
        "http://testserver@evil.example/",
        "http://testserver/courses/",
        "////evil.example",
        "/\\/evil.example",
        "\\/evil.example",
        "/\x0b/evil.example",
        "/\x1f//evil.example",
        "https:\\\\evil.example",
        "ht\ntps://evil.example",
        "\u2028//evil.example",
        "／／evil.example",
        "@evil.example",
        ".evil.example",
        "?//evil.example",
        "vbscript:x",
        "blob:https://evil.example/x",
        "//[::1]",
        "/sign-in/",
        "/sign-in/abcdefgh/",
        "/sign-out/",
        "/demo/",
        "/demo/sign-in/",
    ],
)
def test_path_that_leads_away_or_round_in_circles_is_dropped(path):
    assert visitors.own_path(path) == ""


# --- What a link begins with ---


def test_link_begins_with_the_address_of_the_service_whatever_host_was_asked(settings):
    settings.SERVICE_ADDRESS = "https://skills.example.gov.uk"

    prefix = visitors.link_prefix(request(Host="evil.example", **{"X-Forwarded-Host": "evil.example"}))

    assert prefix == "https://skills.example.gov.uk/sign-in/"


def test_link_on_the_loopback_begins_with_the_host_that_was_asked(settings):
    settings.SERVICE_ADDRESS, settings.ALLOWED_HOSTS = "", ["127.0.0.1"]

    assert visitors.link_prefix(request(Host="127.0.0.1:8155")) == "http://127.0.0.1:8155/sign-in/"


def test_link_never_begins_with_a_strange_host(settings):
    settings.SERVICE_ADDRESS, settings.ALLOWED_HOSTS = "", ["127.0.0.1"]

    with pytest.raises(DisallowedHost):
        visitors.link_prefix(request(Host="evil.example"))
