"""JupyterLite as somebody would put it on a server of their own: built from its distributions, with our Pyodide in it.

Everything lies in a folder of the bench's own and goes with it. The versions are those of jupyterlite.txt.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from whitenoise.compress import Compressor

from upskill.browser_runtime.fetching import PACKED
from upskill.browser_runtime.manifest import LOCK_NAME
from upskill.management.bench_stack.stack import BenchProblem

HERE = Path(__file__).parent
BUILD_LOCK, KERNEL_LOCK = HERE / "jupyterlite.txt", HERE / "jupyterlite_kernel.txt"
NOTEBOOK = "cells.ipynb"
PAGE = f"/notebooks/?path={NOTEBOOK}"
PYTHON_THERE = "3.14"  # Pyodide's: what is loaded for it is not for this machine's Python
# What its kernel wants beside our packages, and what each of these needs.
NEEDS = {
    "comm": ["traitlets"],
    "jedi": ["parso"],
    "micropip": [],
    "parso": [],
    "prompt-toolkit": ["wcwidth"],
    "wcwidth": [],
}
OF_IPYTHON = ["prompt-toolkit"]  # of its terminal, which our page does without
ADVICE = "Check the network or the proxy (HTTPS_PROXY), or set PACKAGE_INDEX to an index that this machine reaches."
LONG_AGO = "2026-01-01T00:00:00Z"


def build(folder: Path, *, runtime: Path, notebook: str, index: str) -> Path:
    """The folder of a JupyterLite with this notebook, from the package index at this address. Raises BenchProblem."""
    environment, lite, served = folder / "environment", folder / "lite", folder / "served"
    python = environment / "bin" / "python"
    own_index = ["--index-url", index] if index else []
    hashed = ["--require-hashes", "--no-deps", "--disable-pip-version-check", "--quiet", *own_index]
    _do(["-m", "venv", str(environment)], python=Path(sys.executable), why=f"Python's module venv failed. {ADVICE}")
    why = f"JupyterLite could not be installed from the package index. {ADVICE}"
    _do(["-m", "pip", "install", *hashed, "--requirement", str(BUILD_LOCK)], python=python, why=why)
    wheels = folder / "wheels"
    there = ["--only-binary", ":all:", "--python-version", PYTHON_THERE, "--dest", str(wheels)]
    _do(["-m", "pip", "download", *hashed, *there, "--requirement", str(KERNEL_LOCK)], python=python, why=why)
    lite.mkdir()
    _lay_pyodide(lite / "static" / "pyodide", runtime=runtime, wheels=wheels)
    (lite / "jupyter-lite.json").write_text(json.dumps(_settings()))
    command = ["-m", "jupyterlite_core", "build", "--no-libarchive", "--no-sourcemaps", "--output-dir", str(served)]
    _do(command, python=python, folder=lite, why="JupyterLite could not be built.")
    _lay_notebook(served, notebook)
    _compress(served)
    return served


def _do(arguments: list[str], *, python: Path, why: str, folder: Path | None = None) -> None:
    done = subprocess.run(
        [str(python), *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        raise BenchProblem(f"{why} It said:\n{done.stdout[-2000:]}")


def _settings() -> dict[str, Any]:
    """Nothing is asked of another host: what its kernel wants is beside it."""
    kernel = {"@jupyterlite/pyodide-kernel-extension:kernel": {"disablePyPIFallback": True}}
    config = {"litePluginSettings": kernel, "contentsAllJsonFile": "all.json"}
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": config}


def _lay_pyodide(folder: Path, *, runtime: Path, wheels: Path) -> None:
    """The very files that our page loads, and the packages that JupyterLite's kernel wants besides."""
    shutil.copytree(runtime, folder, ignore=shutil.ignore_patterns("*.gz"))
    lock = json.loads((folder / LOCK_NAME).read_text())
    for wheel in sorted(wheels.glob("*.whl")):
        module, version = wheel.name.split("-")[:2]
        name = module.replace("_", "-")
        shutil.copy(wheel, folder)
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        lock["packages"][name] = {
            "name": name, "version": version, "file_name": wheel.name, "sha256": digest, "depends": NEEDS[name],
            "imports": [module], "install_dir": "site", "package_type": "package", "unvendored_tests": False,
        }  # fmt: skip
    lock["packages"]["ipython"]["depends"] += OF_IPYTHON
    (folder / LOCK_NAME).write_text(json.dumps(lock))


def _lay_notebook(served: Path, notebook: str) -> None:
    """As `jupyter lite build` does where jupyter-server is installed, of which it would use this alone."""
    times = {"created": LONG_AGO, "last_modified": LONG_AGO, "writable": True, "mimetype": None}
    file = {
        "name": NOTEBOOK,
        "path": NOTEBOOK,
        "type": "notebook",
        "format": None,
        "content": None,
        "size": len(notebook),
    }
    listing = {"name": "", "path": "", "type": "directory", "format": "json", "content": [file | times], "size": None}
    for place, text in (("files", notebook), ("api/contents", json.dumps(listing | times))):
        (served / place).mkdir(parents=True, exist_ok=True)
        (served / place / (NOTEBOOK if place == "files" else "all.json")).write_text(text)


def _compress(served: Path) -> None:
    compressor = Compressor(use_brotli=False, quiet=True)
    for path in sorted(served.rglob("*")):
        if path.is_file() and path.suffix not in (*PACKED, ".map"):
            list(compressor.compress(str(path)))
