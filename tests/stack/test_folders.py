"""Where things lie, who may enter, and what is said when that does not work."""

import errno
import os
import shutil
import stat
from pathlib import Path

import pytest

from upskill_stack import folders, problems
from upskill_stack.folders import Owner
from upskill_stack.problems import StackProblem, in_plain_words

MINE = Owner(os.geteuid(), os.getegid())
STRANGER = Owner(54321, 54321)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_every_folder_lies_in_the_data_folder_and_is_closed(place: Path):
    data = place / "var"
    folders.open_data(data)

    opened = folders.open_folders(data)

    assert (opened.data, opened.home, opened.sockets) == (data, data, data / "sockets")
    assert (opened.control, opened.logs, opened.server_data("postgres")) == (
        data / "control", data / "log", data / "postgres",
    )  # fmt: skip
    private = (opened.control, opened.logs, opened.server_sockets, opened.control_socket.parent)
    assert {mode(folder) for folder in private} == {0o700}
    assert mode(data) == 0o711


def test_opening_again_finds_the_same_folders(place: Path):
    data = place / "var"
    folders.open_data(data)

    assert folders.open_folders(data) == folders.open_folders(data)


def test_servers_run_as_somebody_else_only_under_root(place: Path):
    data = place / "var"
    folders.open_data(data)

    owner = folders.open_folders(data).owner

    assert (owner is not None) == (os.geteuid() == 0)
    assert owner is None or owner.uid != 0


@pytest.mark.parametrize("name", ["deep/" * 30, "one,two"])
def test_sockets_lie_in_a_short_folder_when_the_usual_one_is_no_address(place: Path, name: str):
    data = place / name / "var"
    folders.open_data(data)

    first, second = folders.open_folders(data), folders.open_folders(data)

    assert first.sockets == second.sockets
    assert len(str(first.server_sockets / ".s.PGSQL.5432")) < 104
    assert "," not in str(first.sockets)
    folders.remove_short_sockets(first)
    assert not first.sockets.exists()


def test_a_short_folder_that_somebody_replaced_is_not_trusted(place: Path):
    data, trap = place / ("deep/" * 30) / "var", place / "trap"
    trap.mkdir()
    folders.open_data(data)
    first = folders.open_folders(data)
    shutil.rmtree(first.sockets)
    first.sockets.symlink_to(trap)

    second = folders.open_folders(data)

    assert second.sockets != first.sockets
    assert list(trap.iterdir()) == []
    first.sockets.unlink()
    folders.remove_short_sockets(second)


def test_usual_sockets_are_left_where_they_are(place: Path):
    data = place / "var"
    folders.open_data(data)
    opened = folders.open_folders(data)

    folders.remove_short_sockets(opened)

    assert opened.server_sockets.is_dir()


def test_an_open_folder_is_closed_before_use(place: Path):
    (place / "log").mkdir(mode=0o777)

    folders.make_private(place / "log", owner=None)

    assert mode(place / "log") == 0o700


def test_a_closed_folder_on_the_way_is_noticed(place: Path):
    (place / "home").mkdir(mode=0o700)
    (place / "home" / "clone").mkdir(mode=0o755)
    (place / "open").mkdir(mode=0o755)

    reached = [
        folders.may_reach(place / "home" / "clone", owner=STRANGER),
        folders.may_reach(place / "home" / "clone", owner=MINE),
        folders.may_reach(place / "home" / "clone", owner=None),
        folders.may_reach(place / "open", owner=STRANGER),
    ]

    assert reached == [False, MINE.uid != 0 or _own_mode_bits_allow(place), True, True]


def _own_mode_bits_allow(folder: Path) -> bool:
    return all(part.stat().st_mode & 0o100 for part in [folder, *folder.parents])


def test_homes_of_deleted_data_folders_are_removed_and_others_kept(place: Path):
    for name in ("kept", "forgotten"):
        (place / "homes" / name / "postgres").mkdir(parents=True)
        (place / "homes" / name / "data-folder").symlink_to(place / f"data-{name}")
    (place / "homes" / "half-made").mkdir()
    (place / "data-kept").mkdir()

    folders.remove_forgotten_homes(place / "homes")

    assert sorted(home.name for home in (place / "homes").iterdir()) == ["half-made", "kept"]


def test_too_little_space_is_said_in_one_sentence_with_the_cure(place: Path):
    with pytest.raises(StackProblem) as refusal:
        folders.check_space(place, needed_mb=10**9)

    assert str(refusal.value) == (
        f"The disk that holds {place} is full. Free some space, or set UPSKILL_DATA to a folder on another disk, "
        "and start again. Upskill needs 1000000000 MB."
    )


def test_enough_space_is_not_mentioned(place: Path):
    assert folders.check_space(place, needed_mb=0) is None  # type: ignore[func-returns-value]


def test_a_data_folder_that_is_a_file_is_said_in_one_sentence(place: Path):
    (place / "var").write_text("not a folder")

    with pytest.raises(StackProblem) as refusal:
        folders.open_data(place / "var")

    assert str(refusal.value) == (
        f"{place}/var is a file where a folder is needed. Move it away, or set UPSKILL_DATA to another folder."
    )


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "The disk that holds {folder} is full. Free some space, or set UPSKILL_DATA to a folder on "
                       "another disk, and start again."),
        (errno.EDQUOT, "The disk that holds {folder} is full. Free some space, or set UPSKILL_DATA to a folder on "
                       "another disk, and start again."),
        (errno.EACCES, "Upskill may not write to {folder}/x. Make the data folder {folder} your own (chown), or set "
                       "UPSKILL_DATA to a folder of your own, and start again."),
        (errno.EROFS, "Upskill may not write to {folder}/x. Make the data folder {folder} your own (chown), or set "
                      "UPSKILL_DATA to a folder of your own, and start again."),
        (errno.EIO, "{folder}/x can not be used: Input/output error. Put that right, or set UPSKILL_DATA to another "
                    "folder."),
    ],
)  # fmt: skip
def test_a_refusal_to_write_becomes_one_sentence_with_the_cure(place: Path, number: int, sentence: str):
    with pytest.raises(StackProblem) as refusal, in_plain_words(place):
        raise OSError(number, os.strerror(number), str(place / "x"))

    assert str(refusal.value) == sentence.format(folder=place)


def test_the_end_of_a_log_is_shown_and_a_missing_log_is_nothing(tmp_path: Path):
    (tmp_path / "x.log").write_text("\n".join(str(number) for number in range(100)))

    assert problems.tail(tmp_path / "x.log", lines=3) == "97\n98\n99"
    assert problems.tail(tmp_path / "y.log") == ""
