"""Each engine takes a slot with user ids of its own, or none."""

import os

import pytest

from grading.sandbox.slots import FIRST_UID, LAST_UID, SLOTS, SandboxRefused, Slot, take_slot


def test_a_slot_is_free_again_when_its_engine_has_ended(tmp_path):
    first, second = take_slot(tmp_path, slots=2), take_slot(tmp_path, slots=2)
    assert first is not None
    assert second is not None

    with pytest.raises(SandboxRefused) as refusal:
        take_slot(tmp_path, slots=2)
    os.close(first.lock)
    again = take_slot(tmp_path, slots=2)

    assert str(refusal.value) == "All 2 slots of this machine are taken. Run fewer workers."
    assert again is not None
    assert (first.number, second.number, again.number) == (0, 1, 0)
    for slot in (second, again):
        os.close(slot.lock)


def test_no_two_slots_share_a_user_id():
    uids = [uid for number in range(SLOTS) for uid in Slot(number, lock=-1).uids]

    assert uids == list(range(FIRST_UID, LAST_UID + 1))


def test_a_folder_of_somebody_else_is_refused_with_the_cure(tmp_path):
    os.chown(tmp_path, 65533, -1)

    with pytest.raises(SandboxRefused) as refusal:
        take_slot(tmp_path)

    assert str(refusal.value) == f"{tmp_path} belongs to another user. Delete it, then start again."
