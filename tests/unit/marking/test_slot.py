"""What a marking slot says of itself: that it marks, or why not, without waiting for an answer that is being marked."""

import pytest

from grading import __version__
from upskill.marking import slot


@pytest.fixture(autouse=True)
def _no_engine(monkeypatch):
    slot.close()
    monkeypatch.setattr(slot, "_failed", None)
    monkeypatch.setattr(slot, "_facts", {})
    yield
    slot.close()


def test_slot_has_started_its_engine_before_it_says_that_it_works():
    said = slot.condition()

    assert slot._engine is not None
    assert (said.is_working, said.note) == (True, "")
    assert (said.facts["isolation"], said.facts["engine_version"]) == (slot._engine.isolation, __version__)
    assert said.facts["isolation"] in {"namespace", "landlock"}
    assert said.facts["recycled"] == {}
    assert said.facts["python"].startswith("3.")
    assert said.facts["libraries"]["nbgrader"] == "0.9.6"


def test_slot_whose_engine_does_not_start_says_so_to_everybody_and_why_to_operators(settings):
    settings.GRADING_PYTHON = "/nowhere/python"

    said = slot.condition()

    assert (said.is_working, said.note) == (
        False,
        "Marking is paused: the marking engine does not start. Submissions wait until it does.",
    )
    assert "/nowhere/python" in said.facts["problem"]


def test_engine_that_does_not_start_is_not_tried_at_every_sign_of_life(settings, monkeypatch):
    real, settings.GRADING_PYTHON = settings.GRADING_PYTHON, "/nowhere/python"
    first = slot.condition()

    settings.GRADING_PYTHON = real
    at_once = slot.condition()
    monkeypatch.setattr(slot, "RETRY_SECONDS", 0)
    later = slot.condition()

    assert (at_once, later.is_working) == (first, True)


def test_mark_that_starts_the_engine_after_all_ends_the_pause(settings):
    real, settings.GRADING_PYTHON = settings.GRADING_PYTHON, "/nowhere/python"
    slot.condition()

    settings.GRADING_PYTHON = real
    slot.engine()

    assert slot.condition().is_working is True


@pytest.mark.timeout(60)
def test_slot_that_marks_says_that_it_works_at_once():
    with slot.engine()._lock:  # as while an answer is being marked
        assert slot.condition().is_working is True


def test_engine_that_has_died_is_started_again():
    slot.condition()
    assert slot._engine is not None
    dead = slot._engine._process
    assert dead is not None
    dead.kill()
    dead.wait()

    said = slot.condition()

    assert (said.is_working, slot._engine._process is dead) == (True, False)
