"""What belongs to Python in the browser, file by file. The manifest is written by frontend/browser_runtime.py."""

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

OWN = Path(__file__).with_name("manifest.json")
LOCK_NAME = "pyodide-lock.json"
COMPILED = "compiled"  # the source of what frontend/compile_runtime.mjs has made, and the name of its folder
COMPILED_HERE = OWN.with_name(COMPILED)
INDEX = "index"  # the source of a file that is a distribution of its own on the package index


@dataclass(frozen=True)
class Carrier:
    """A distribution on the package index that carries files of an official Pyodide release."""

    project: str
    file: str
    folder: str


@dataclass(frozen=True)
class RuntimeFile:
    """One file: what it must be, where it comes from, and under which licence it stands."""

    name: str
    version: str
    licence: str
    source: str  # INDEX, COMPILED, or the name of a carrier
    bytes: int
    sha256: str
    package: str = ""  # its name, of a Python package
    depends: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """One build of Python for the browser. Its files never change: another one has another id."""

    pyodide: str
    info: dict[str, str]
    sources: dict[str, Carrier]
    files: tuple[RuntimeFile, ...]
    digest: str  # of all that is served

    @property
    def build(self) -> str:
        """The id of this build: 16 hexadecimal digits."""
        return self.digest[:16]

    @cached_property
    def bytes(self) -> int:
        """What is fetched weighs."""
        return weight(self.files)

    def packages(self) -> dict[str, str]:
        """Package -> version."""
        return {file.package: file.version for file in self.files if file.package}

    def compiled(self) -> dict[str, str]:
        """The packages whose modules come compiled, in compiled-PACKAGE.bin: package -> the sum that browsers check."""
        files = [file for file in self.files if file.source == COMPILED]
        return {file.name.removeprefix("compiled-").removesuffix(".bin"): _integrity(file) for file in files}

    def lock(self) -> str:
        """The lock file that Pyodide reads: which package is in which file, and what it needs."""
        packages = {file.package: _lock_entry(file) for file in self.files if file.package}
        return json.dumps({"info": self.info, "packages": packages}, indent=1)


@lru_cache
def read(path: Path = OWN) -> Manifest:
    """The manifest in this file, ours unless another is named."""
    text = path.read_bytes()
    raw = json.loads(text)
    found = Manifest(
        pyodide=raw["pyodide"],
        info=raw["info"],
        sources={name: Carrier(**carrier) for name, carrier in raw["sources"].items()},
        files=(*map(_file, raw["files"]), *_compiled(path.with_name(COMPILED), version=raw["pyodide"])),
        digest="",
    )
    sums = "".join(file.sha256 for file in found.files)
    return replace(found, digest=hashlib.sha256(text + found.lock().encode() + sums.encode()).hexdigest())


def weight(files: Iterable[RuntimeFile]) -> int:
    """What is fetched of these files weighs, in bytes: those of the site's own are there."""
    return sum(file.bytes for file in files if file.source != COMPILED)


def megabytes(number: float) -> str:
    """Such as 51 MB."""
    return f"{number / 1e6:.0f} MB"


def _file(entry: dict[str, Any]) -> RuntimeFile:
    lists = {name: tuple(entry.get(name, ())) for name in ("depends", "imports")}
    return RuntimeFile(**{**entry, **lists})


def _compiled(folder: Path, *, version: str) -> list[RuntimeFile]:
    """The files of compiled modules; they stand under the licences of the packages that they were compiled from."""
    return [
        RuntimeFile(
            name=path.name,
            version=version,
            licence="PSF-2.0 AND BSD-3-Clause AND MIT AND Apache-2.0",
            source=COMPILED,
            bytes=path.stat().st_size,
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in sorted(folder.glob("*.bin"))
    ]


def _integrity(file: RuntimeFile) -> str:
    """As W3C's Subresource Integrity has it."""
    return f"sha256-{base64.b64encode(bytes.fromhex(file.sha256)).decode()}"


def _lock_entry(file: RuntimeFile) -> dict[str, Any]:
    return {
        "name": file.package,
        "version": file.version,
        "file_name": file.name,
        "sha256": file.sha256,
        "depends": list(file.depends),
        "imports": list(file.imports),
        "install_dir": "site",
        "package_type": "package",
        "unvendored_tests": False,
    }
