"""A pair takes two user ids, or none."""

import os

import pytest

from grading.sandbox.slots import FIRST_UID, SandboxRefused, take_pair, take_slot


def test_two_free_slots_make_a_pair(tmp_path):
    pair = take_pair(tmp_path)

    assert pair is not None
    assert [slot.uid for slot in pair] == [FIRST_UID, FIRST_UID + 1]


def test_a_pair_whose_second_slot_is_not_to_be_had_gives_back_its_first(tmp_path):
    with pytest.raises(SandboxRefused):
        take_pair(tmp_path, slots=1)

    again = take_slot(tmp_path, slots=1)

    assert again is not None
    assert again.uid == FIRST_UID


def test_a_folder_of_somebody_else_is_refused_with_the_cure(tmp_path):
    os.chown(tmp_path, 65533, -1)

    with pytest.raises(SandboxRefused) as refusal:
        take_slot(tmp_path)

    assert str(refusal.value) == f"{tmp_path} belongs to another user. Delete it, then start again."
