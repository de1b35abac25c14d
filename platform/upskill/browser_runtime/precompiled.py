"""Runs in the browser's Python: takes the code of modules that frontend/compile_runtime.mjs has compiled, in place of
compiling them at every start. Whatever it does not have is compiled from its source as ever.
"""

import importlib.machinery
import marshal
import os
import sys
import zipimport
from types import CodeType

LIBRARY = "/lib/python"  # where Python and its packages lie; a learner's file may have the name of a module too
codes: dict[str, bytes] = {}
_compiled, _unzipped = importlib.machinery.SourceFileLoader.get_code, zipimport.zipimporter.get_code


def add(path: str) -> None:
    """Know the modules of this file, which goes."""
    with open(path, "rb") as file:
        codes.update(marshal.load(file))  # noqa: S302 - the site's own file # nosec B302
    os.unlink(path)


def _of_file(loader: importlib.machinery.SourceFileLoader, name: str) -> CodeType | None:
    return _known(name, at=loader.path) or _compiled(loader, name)


def _of_zip(loader: zipimport.zipimporter, name: str) -> CodeType | None:
    return _known(name, at=loader.archive) or _unzipped(loader, name)


def _known(name: str, *, at: str) -> CodeType | None:
    code = codes.pop(name, None) if at.startswith(LIBRARY) else None
    return marshal.loads(code) if code else None  # noqa: S302 - the site's own file # nosec B302


importlib.machinery.SourceFileLoader.get_code = _of_file  # type: ignore[method-assign, assignment]
zipimport.zipimporter.get_code = _of_zip  # type: ignore[method-assign, assignment]
sys.dont_write_bytecode = True  # in files that go with the page
