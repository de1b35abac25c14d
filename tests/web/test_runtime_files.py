"""The files of Python for the browser: served to anybody, for good, packed, and only once the build is whole."""

import gzip
import shutil

import pytest
from django.core.management import call_command

from tests.unit.browser_runtime import shelf
from upskill.browser_runtime import manifest, places
from upskill.web.runtime_files import base_address

BUILD = shelf.manifest().build


@pytest.fixture
def runtime(tmp_path, settings, monkeypatch):
    settings.BROWSER_RUNTIME_DIR = tmp_path / "runtime"
    monkeypatch.setattr(manifest, "read", shelf.manifest)
    (tmp_path / "release").mkdir()
    for name, content in shelf.ALL.items():
        (tmp_path / "release" / name).write_bytes(content)
    call_command("fetch_browser_runtime", "--from", str(tmp_path / "release"), verbosity=0)


def test_a_file_is_kept_for_good_and_the_database_is_not_asked(client, runtime):
    answer = client.get(f"{base_address()}core.wasm")

    assert b"".join(answer.streaming_content) == shelf.ALL["core.wasm"]
    wanted = {
        "Content-Type": "application/wasm",
        "Cache-Control": "max-age=315360000, public, immutable",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    assert {name: answer.headers.get(name) for name in wanted} == wanted
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_browser_that_takes_packed_files_gets_the_copy_that_is_there(client, runtime):
    answer = client.get(f"{base_address()}core.wasm", headers={"Accept-Encoding": "gzip, br"})

    packed = b"".join(answer.streaming_content)
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(packed) == shelf.ALL["core.wasm"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [f"/browser-runtime/{BUILD}/", f"/browser-runtime/{BUILD}/none.whl", f"/browser-runtime/{'a' * 16}/core.wasm",
     f"/browser-runtime/{BUILD}/../fetching.lock", f"/browser-runtime/{BUILD}/core.wasm/"],
)  # fmt: skip
def test_nothing_else_is_there(client, runtime, address):
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_before_the_build_is_whole_there_is_nothing_and_afterwards_it_is_seen_without_a_restart(client, runtime):
    whole = places.folder()
    part = whole.rename(whole.with_suffix(".part"))
    before = client.get(f"{base_address()}core.wasm").status_code
    part.rename(whole)

    assert (before, client.get(f"{base_address()}core.wasm").status_code) == (404, 200)


def test_an_earlier_build_is_there_for_pages_that_are_open(client, runtime):
    older = places.folder().rename(places.folder().with_name("a" * 16))

    assert client.get(f"/browser-runtime/{older.name}/core.wasm").status_code == 200


@pytest.mark.django_db
def test_a_mended_file_is_served_as_it_is_now_and_a_deleted_build_is_not_there(client, runtime, tmp_path):
    path = places.folder() / "core.wasm"
    path.write_bytes(b"short")
    before = client.get(f"{base_address()}core.wasm").headers["Content-Length"]
    call_command("fetch_browser_runtime", "--from", str(tmp_path / "release"), verbosity=0)
    after = client.get(f"{base_address()}core.wasm")
    length = after.headers["Content-Length"]
    after.close()
    shutil.rmtree(places.folder())

    assert (before, length) == ("5", str(len(shelf.ALL["core.wasm"])))
    assert client.get(f"{base_address()}core.wasm").status_code == 404


def test_files_are_only_read(client, runtime):
    assert client.post(f"{base_address()}core.wasm").status_code == 405
