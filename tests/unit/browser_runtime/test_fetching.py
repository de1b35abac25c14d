"""Python for the browser is taken file by file, only as the manifest names it, and seen only when it is whole."""

import gzip
import io
import os
import stat
import subprocess
import sys
import tarfile
import threading
import zipfile
from pathlib import Path

import pytest

from tests.unit.browser_runtime import shelf
from upskill.browser_runtime import fetching, sources
from upskill.browser_runtime.fetching import FetchProblem, fetch
from upskill.browser_runtime.manifest import LOCK_NAME
from upskill.browser_runtime.sources import Brought, PackageIndex, Source

MANIFEST = shelf.manifest()
OTHER = b"something else of another length"


@pytest.fixture
def index():
    with shelf.running(shelf.Index()) as running:
        yield running


def bring(into: Path, *chosen: Source) -> list[str]:
    """What was said meanwhile."""
    said: list[str] = []
    fetch(MANIFEST, sources=chosen, into=into, say=said.append)
    return said


def from_index(index: shelf.Index) -> PackageIndex:
    return PackageIndex(MANIFEST, address=index.address)


def whole(into: Path) -> dict[str, bytes]:
    """The files of the finished build, but for those that are made here."""
    made = (".gz", ".json")
    return {path.name: path.read_bytes() for path in (into / MANIFEST.build).iterdir() if path.suffix not in made}


@pytest.mark.parametrize("gives_parts", [True, False])
def test_index_gives_all_and_of_a_carrier_only_what_is_wanted_where_it_can(tmp_path, index, gives_parts):
    index.gives_parts = gives_parts

    said = bring(tmp_path, from_index(index))

    assert whole(tmp_path) == shelf.ALL
    assert [line.partition(":")[0] for line in said] == list(shelf.ALL)
    assert (index.sent < len(shelf.LARGE)) is gives_parts


def test_finished_build_has_packed_copies_and_the_lock_that_pyodide_reads(tmp_path, index):
    bring(tmp_path, from_index(index))

    folder = tmp_path / MANIFEST.build
    assert (folder / LOCK_NAME).read_text() == MANIFEST.lock()
    assert gzip.decompress((folder / "core.wasm.gz").read_bytes()) == shelf.ALL["core.wasm"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [MANIFEST.build, "fetching.lock"]


def test_second_time_nothing_is_asked(tmp_path, index):
    bring(tmp_path, from_index(index))
    index.asked.clear()

    assert (bring(tmp_path, from_index(index)), index.asked) == ([], [])


@pytest.mark.parametrize("name", ["core.wasm", "words-1.0-py3-none-any.whl"])
@pytest.mark.parametrize(
    "change", [lambda content: OTHER, lambda content: content[:-1], lambda content: content + b"!"]
)
def test_another_file_of_that_name_is_not_taken_and_the_rest_stays(tmp_path, index, name, change):
    held = index.carried if name in index.carried else index.own
    right, held[name] = held[name], change(held[name])

    with pytest.raises(FetchProblem) as refusal:
        bring(tmp_path, from_index(index))

    part = tmp_path / f"{MANIFEST.build}.part"
    assert str(refusal.value).splitlines()[:2] == [
        f"Python for the browser is not complete: {name} did not come.",
        f"{name} was offered, but its SHA-256 is another one. It was not taken.",
    ]
    assert {path.name for path in part.iterdir()} == shelf.ALL.keys() - {name}
    held[name] = right
    said = bring(tmp_path, from_index(index))
    assert ([line.partition(":")[0] for line in said], whole(tmp_path)) == ([name], shelf.ALL)


def test_a_connection_that_breaks_is_told_and_the_next_try_goes_on(tmp_path, index):
    index.breaks_at = "words-1.0-py3-none-any.whl"

    with pytest.raises(FetchProblem, match=r"words-1\.0-py3-none-any\.whl did not come"):
        bring(tmp_path, from_index(index))

    assert len(bring(tmp_path, from_index(index))) == 1
    assert whole(tmp_path) == shelf.ALL


def test_an_index_that_does_not_know_one_project_is_told_and_gives_the_others(tmp_path, index):
    carried, index.carried = index.carried, {}

    with pytest.raises(FetchProblem, match=r"core\.wasm, numbers-2\.0-py3-none-any\.whl did not come"):
        bring(tmp_path, from_index(index))

    index.carried = carried
    assert len(bring(tmp_path, from_index(index))) == 2
    assert whole(tmp_path) == shelf.ALL


def test_an_index_that_has_another_version_alone_is_told(tmp_path, index):
    index.own["words-2.0-py3-none-any.whl"] = index.own.pop("words-1.0-py3-none-any.whl")

    with pytest.raises(FetchProblem, match=rf"The package index {index.address} has no words-1\.0"):
        bring(tmp_path, from_index(index))


@pytest.mark.parametrize("name", ["core.wasm", "core.wasm.gz", LOCK_NAME])
def test_a_build_that_was_damaged_since_is_made_whole_where_it_is(tmp_path, index, name):
    bring(tmp_path, from_index(index))
    damaged = tmp_path / MANIFEST.build / name
    right = damaged.read_bytes()
    damaged.write_bytes(b"")

    bring(tmp_path, from_index(index))

    assert (whole(tmp_path), damaged.read_bytes()) == (shelf.ALL, right)
    assert bring(tmp_path, from_index(index)) == []


def test_an_archive_that_is_cut_inside_a_file_is_told(tmp_path):
    archive = zip_of(shelf.ALL, tmp_path / "brought")
    content = archive.read_bytes()
    place = content.index(b"words" * 200)
    archive.write_bytes(content[:place] + b"!" + content[place + 1 :])

    with pytest.raises(FetchProblem, match="Bad CRC-32 for file"):
        bring(tmp_path / "site", Brought(archive))


def test_an_index_that_answers_nonsense_is_told(tmp_path, index):
    index.nonsense = b"{}"

    with pytest.raises(FetchProblem, match="did not come"):
        bring(tmp_path, from_index(index))


def test_others_may_read_what_a_careful_user_has_brought(tmp_path, index):
    before = os.umask(0o077)
    try:
        bring(tmp_path / "runtime", from_index(index))
    finally:
        os.umask(before)

    folder = tmp_path / "runtime" / MANIFEST.build
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert (modes, *(stat.S_IMODE(each.stat().st_mode) for each in (folder, folder.parent))) == ({0o644}, 0o755, 0o755)


def test_a_folder_that_cannot_be_made_is_told(tmp_path, index):
    (tmp_path / "file").touch()

    with pytest.raises(FetchProblem, match="Python for the browser could not be kept in"):
        bring(tmp_path / "file" / "runtime", from_index(index))


def test_without_a_network_the_cure_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "TRIES", 0)
    nobody = PackageIndex(MANIFEST, address="http://127.0.0.1:9/simple/")

    with pytest.raises(FetchProblem) as refusal:
        bring(tmp_path, nobody)

    assert str(refusal.value).endswith(
        "What has come is kept. Check the network or the proxy (HTTPS_PROXY) and try again, or bring the files: "
        "manage.py fetch_browser_runtime --from FOLDER"
    )


# --- what somebody has brought ---


def folder_of(files: dict[str, bytes], place: Path) -> Path:
    (place / "release").mkdir(parents=True)
    for name, content in files.items():
        (place / "release" / name).write_bytes(content)
    return place


def tar_of(files: dict[str, bytes], place: Path) -> Path:
    place.mkdir()
    with tarfile.open(place / "release.tar.bz2", "w:bz2") as tar:
        link = tarfile.TarInfo("pyodide/link.whl")
        link.type, link.linkname = tarfile.SYMTYPE, "nowhere"
        tar.addfile(link)
        for name, content in files.items():
            member = tarfile.TarInfo(f"pyodide/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return place / "release.tar.bz2"


def zip_of(files: dict[str, bytes], place: Path) -> Path:
    place.mkdir()
    with zipfile.ZipFile(place / "release.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(f"../../pyodide/{name}", content)
    return place / "release.zip"


@pytest.mark.parametrize("packed", [folder_of, tar_of, zip_of])
def test_files_come_from_a_folder_or_an_archive_wherever_they_lie_in_it(tmp_path, packed):
    bring(tmp_path / "site", Brought(packed(shelf.ALL | {"more.txt": b"-"}, tmp_path / "brought")))

    assert whole(tmp_path / "site") == shelf.ALL


def test_what_one_source_lacks_or_has_wrong_comes_from_the_next(tmp_path):
    release = folder_of({**shelf.CARRIED, "words-1.0-py3-none-any.whl": OTHER}, tmp_path / "release")
    wheels = zip_of(shelf.OWN, tmp_path / "wheels")

    bring(tmp_path / "site", Brought(release), Brought(wheels))

    assert whole(tmp_path / "site") == shelf.ALL


def test_a_file_that_is_no_archive_is_told(tmp_path):
    (tmp_path / "release.zip").write_bytes(b"no archive")

    with pytest.raises(FetchProblem, match="File is not a zip file"):
        bring(tmp_path / "site", Brought(tmp_path / "release.zip"))


# --- what may happen meanwhile ---


def test_what_came_wrong_onto_the_disk_is_brought_anew(tmp_path, index):
    part = tmp_path / f"{MANIFEST.build}.part"
    part.mkdir()
    (part / "core.wasm").write_bytes(bytes(len(shelf.CARRIED["core.wasm"])))
    (part / "core.wasm.new").write_bytes(b"half of")

    bring(tmp_path, from_index(index))

    assert whole(tmp_path) == shelf.ALL


def test_a_full_disk_is_told_before_anything_is_asked(tmp_path, index, monkeypatch):
    monkeypatch.setattr(fetching, "ROOM", 1e12)

    with pytest.raises(FetchProblem, match=r"The disk that holds .* is full: .* Free some space and try again\."):
        bring(tmp_path, from_index(index))

    assert index.asked == []


def test_of_two_at_once_one_brings_it_and_the_other_finds_it(tmp_path, index):
    results: list[bool] = []

    def once() -> None:
        results.append(fetch(MANIFEST, sources=[from_index(index)], into=tmp_path, say=lambda line: None))

    threads = [threading.Thread(target=once) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)

    assert (sorted(results), whole(tmp_path)) == ([False, True], shelf.ALL)


def test_killed_in_the_middle_it_leaves_no_build_and_no_lock(tmp_path, index):
    program = (
        "import os, sys; from pathlib import Path; from tests.unit.browser_runtime import test_fetching as t; "
        "t.fetch(t.MANIFEST, sources=[t.PackageIndex(t.MANIFEST, address=sys.argv[1])], into=Path(sys.argv[2]), "
        "say=lambda line: os._exit(9))"
    )
    ran = subprocess.run([sys.executable, "-c", program, index.address, str(tmp_path)], cwd=Path(__file__).parents[3])

    assert (ran.returncode, (tmp_path / MANIFEST.build).exists()) == (9, False)
    assert len(bring(tmp_path, from_index(index))) == 2
    assert whole(tmp_path) == shelf.ALL
