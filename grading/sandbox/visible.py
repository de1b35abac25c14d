"""The files that learner code may read: what Python needs in order to import, and nothing of the site's."""

import os
import site
import sys
from collections.abc import Iterable
from pathlib import Path

import grading

_LIBRARIES = [
    "/lib", "/lib32", "/lib64", "/libx32", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/nix/store",
    "/gnu/store", "/etc/ld.so.cache", "/etc/mime.types", "/usr/share/zoneinfo", "/usr/share/fonts",
    "/usr/local/share/fonts",
]  # fmt: skip
_PACKAGES = {"site-packages", "dist-packages"}
NULL = Path("/dev/null")
# Libraries that count processors look whether these exist, and then expect to read them.
PROCESSOR_QUOTAS = tuple(
    Path("/sys/fs/cgroup") / name for name in ("cpu.max", "cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")
)
DEVICES = tuple(Path("/dev") / name for name in ("null", "zero", "random", "urandom"))


def read_only_paths() -> tuple[Path, ...]:
    """The folders and files, each as Python names it and as it is resolved, without those that lie inside others.

    Of a Python's folder only its libraries count: a virtual environment may be the very folder of a project.
    """
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    named = [Path(prefix) / name for prefix in prefixes for name in ("lib", "lib64", sys.platlibdir)]
    named += [Path(entry) for entry in sys.path if Path(entry).name in _PACKAGES]
    named += [Path(grading.__file__).parent, *map(Path, _LIBRARIES)]
    if site.ENABLE_USER_SITE:
        named.append(Path(site.getusersitepackages()))
    return _outermost(path for name in named for path in (name.absolute(), name.resolve()) if path.exists())


def unreadable(paths: Iterable[Path]) -> list[Path]:
    """Those that this process cannot read."""
    return [path for path in paths if not os.access(path, os.R_OK)]


def _outermost(paths: Iterable[Path]) -> tuple[Path, ...]:
    every = set(paths)
    return tuple(sorted(path for path in every if every.isdisjoint(path.parents)))
