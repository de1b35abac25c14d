"""The tour can be taken, and what is in docs/tour is what its README shows."""

import re
from pathlib import Path

import pytest

from tests import running
from tests.repository.tree import ROOT, text_of, tracked

from . import stories
from .__main__ import take
from .guide import LARGEST_FOLDER

FOLDER = "docs/tour"


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_tour_clicks_through_every_story_and_shows_each_step(tmp_path: Path):
    site = running.start(tmp_path / "data")
    try:
        tour = take(site, folder=tmp_path / "tour", downloads=tmp_path)
    finally:
        site.stop()

    taken = {picture.file for story in tour.stories.values() for picture in story.pictures}
    assert [role for role, story in tour.stories.items() if story.pictures] == list(stories.TITLES)
    assert {file.name for file in (tmp_path / "tour").iterdir()} == {"README.md", *taken}
    assert shown((tmp_path / "tour" / "README.md").read_text()) == taken
    assert sum(file.stat().st_size for file in (tmp_path / "tour").iterdir()) <= LARGEST_FOLDER


def test_pictures_in_the_repository_are_those_that_their_page_shows():
    pictures = {path.removeprefix(f"{FOLDER}/") for path in tracked() if path.startswith(f"{FOLDER}/")} - {"README.md"}

    assert shown(text_of(f"{FOLDER}/README.md")) == pictures
    assert {re.split(r"-\d+-", name)[0] for name in pictures} == set(stories.TITLES)


def test_pictures_in_the_repository_are_small_together():
    assert sum((ROOT / path).stat().st_size for path in tracked() if path.startswith(f"{FOLDER}/")) <= LARGEST_FOLDER


def shown(page: str) -> set[str]:
    return set(re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page))
