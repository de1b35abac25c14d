"""A second start skips what would change nothing, and never what would change something."""

import pytest

from upskill.core import stamps
from upskill.core.models import Stamp


@pytest.fixture
def courses(tmp_path):
    folder = tmp_path / "courses"
    (folder / "ethics").mkdir(parents=True)
    (folder / "ethics" / "course.yml").write_text("id: ethics")
    return folder


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "ethics" / "course.yml").write_text("id: ethicS"),
        lambda folder: (folder / "ethics" / "new.md").write_text(""),
        lambda folder: (folder / "ethics" / "course.yml").rename(folder / "ethics" / "course.yaml"),
        lambda folder: (folder / "ethics" / "course.yml").unlink(),
        lambda folder: (folder / "empty").mkdir(),
    ],
)
def test_digest_changes_with_every_change_of_the_files(courses, change):
    before = stamps.digest_of([courses])

    change(courses)

    assert stamps.digest_of([courses]) != before


def test_digest_stays_when_files_are_written_again(courses):
    before = stamps.digest_of([courses])

    (courses / "ethics" / "course.yml").write_text("id: ethics")

    assert stamps.digest_of([courses]) == before


def test_digest_takes_no_notice_of_compiled_python(courses):
    before = stamps.digest_of([courses])

    (courses / "ethics" / "__pycache__").mkdir()
    (courses / "ethics" / "__pycache__" / "make_data.pyc").write_bytes(b"1")

    assert stamps.digest_of([courses]) == before


def test_digest_of_a_missing_folder_is_one_of_its_own(courses, tmp_path):
    assert stamps.digest_of([courses]) != stamps.digest_of([courses, tmp_path / "overlay"])


@pytest.mark.django_db
def test_stamp_is_kept_by_name():
    stamps.keep("courses", digest="a")
    stamps.keep("demo", digest="b")
    stamps.keep("courses", digest="c")

    known = [(name, digest) for name in ("courses", "demo") for digest in "abc"]
    assert [pair for pair in known if stamps.is_unchanged(pair[0], digest=pair[1])] == [("courses", "c"), ("demo", "b")]
    assert [str(stamp) for stamp in Stamp.objects.order_by("name")] == ["courses", "demo"]
