"""The compiled modules that the site serves are what the build of the runtime compiles to."""

import shutil
import subprocess
from pathlib import Path

import pytest

from upskill.authoring.parity.browser_python import Runtime
from upskill.browser_runtime import manifest

pytestmark = pytest.mark.slow
SCRIPT = Path(__file__).resolve().parents[3] / "frontend" / "compile_runtime.mjs"


def checked(runtime: Runtime, folder: Path) -> tuple[int, str]:
    """The exit status of the script's check of this folder, and what it said."""
    done = subprocess.run([runtime.node, SCRIPT, runtime.folder, folder, "--check"], capture_output=True, text=True)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_they_are_what_this_build_compiles_to(runtime: Runtime):
    assert checked(runtime, manifest.COMPILED_HERE) == (0, "")


def test_modules_of_another_package_are_named(runtime: Runtime, tmp_path: Path):
    for path in manifest.COMPILED_HERE.glob("*.bin"):
        shutil.copy(path, tmp_path)
    shutil.copy(tmp_path / "compiled-pandas.bin", tmp_path / "compiled-numpy.bin")

    status, said = checked(runtime, tmp_path)

    assert status == 1
    assert said.startswith(f"{tmp_path}/compiled-numpy.bin differs in ")
    assert {"numpy", "pandas", "pandas.core.frame"} <= set(said.partition(" differs in ")[2].strip().split(", "))
