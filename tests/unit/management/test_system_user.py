"""Who sits at the shell, for records."""

import os
import pwd

import pytest

from upskill.management.system_user import system_user

ME = pwd.getpwuid(os.geteuid()).pw_name
NO_NAME = 2_000_000_007


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("", ME),
        (ME, ME),
        ("alice", f"alice, as {ME}"),
        ("\udcff", f"?, as {ME}"),  # a byte that is no text
        ("a" * 500, "a" * 200),
    ],
    ids=["no sudo", "sudo to oneself", "sudo", "no text", "long"],
)
def test_user_of_the_system_and_who_it_was_before_sudo(monkeypatch, before, said):
    monkeypatch.setenv("SUDO_USER", before)

    assert system_user() == said


def test_user_without_a_name_is_a_number(monkeypatch):
    monkeypatch.delenv("SUDO_USER", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: NO_NAME)

    assert system_user() == f"user {NO_NAME}"
