"""Where a request comes from, and how little of what it says is believed."""

import pytest
from django.test import RequestFactory

from upskill.core.places import place


def request(remote: str = "192.0.2.1", **headers: str):
    return RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::1", "::/64"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_place_is_the_network_that_one_visitor_has(remote, expected):
    assert place(request(remote)) == expected


def test_place_without_a_proxy_believes_no_header():
    assert place(request("192.0.2.1", **{"X-Forwarded-For": "198.51.100.7"})) == "192.0.2.1"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("10.0.0.1, 203.0.113.5,198.51.100.7", "198.51.100.7"),  # what stands before, the visitor may have written
        ("198.51.100.7, 2001:db8::5", "2001:db8::/64"),
        ("", "unknown"),
        ("198.51.100.7, <script>", "unknown"),
    ],
)
def test_place_behind_our_proxy_is_what_the_proxy_wrote_last(settings, header, expected):
    settings.BEHIND_PROXY = True

    assert place(request("10.0.0.9", **{"X-Forwarded-For": header})) == expected
