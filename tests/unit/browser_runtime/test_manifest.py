"""What the manifest names fits together, and fits the Python that marks."""

import json
import re
from importlib.metadata import version

import pytest

from tests.repository.tree import text_of
from upskill.browser_runtime import manifest

MANIFEST = manifest.read()
SAME = ("numpy", "pandas", "scikit-learn", "matplotlib")
NEAREST = ("scipy", "ipython", "tzdata")


@pytest.mark.parametrize("package", SAME)
def test_learners_packages_have_the_versions_that_mark(package):
    assert MANIFEST.packages()[package] == version(package)


@pytest.mark.parametrize("package", NEAREST)
def test_other_versions_are_listed_as_they_are(package):
    locked = re.findall(rf"^{package}==(\S+)", text_of("requirements/site.txt"), flags=re.MULTILINE)
    row = f"| {package} | {MANIFEST.packages()[package]} | {', '.join(locked)} |"

    assert row in text_of("docs/browser-python.md")


def test_every_file_is_named_once_plainly_and_with_all_that_is_asked_of_it():
    names = [file.name for file in MANIFEST.files]

    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]+", name) for name in names)
    assert all(re.fullmatch(r"[0-9a-f]{64}", file.sha256) and file.bytes > 0 for file in MANIFEST.files)
    assert all(file.licence and file.version for file in MANIFEST.files)
    assert {file.source for file in MANIFEST.files} == {manifest.INDEX, manifest.COMPILED, *MANIFEST.sources}


def test_every_package_that_another_needs_is_there():
    needed = {name for file in MANIFEST.files for name in file.depends}

    assert needed <= MANIFEST.packages().keys()
    assert {"ipython", "pandas", "matplotlib", "scikit-learn", "tzdata"} <= MANIFEST.packages().keys()


def test_lock_for_pyodide_has_each_package_once_with_its_file():
    lock = json.loads(MANIFEST.lock())

    assert {name: entry["file_name"] for name, entry in lock["packages"].items()} == {
        file.package: file.name for file in MANIFEST.files if file.package
    }
    assert lock["info"]["abi_version"] == "2026_0"


def test_another_manifest_is_another_build(tmp_path):
    other = tmp_path / "manifest.json"
    other.write_text(manifest.OWN.read_text() + "\n")

    assert manifest.read(other).build != MANIFEST.build
    assert re.fullmatch(r"[0-9a-f]{16}", MANIFEST.build)


def test_what_pyodide_reads_of_packages_is_part_of_what_a_build_is(monkeypatch):
    manifest.read.cache_clear()
    monkeypatch.setattr(manifest, "_lock_entry", lambda file: {"name": file.package})
    other = manifest.read().build
    manifest.read.cache_clear()

    assert other != MANIFEST.build
