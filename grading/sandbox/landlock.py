"""Landlock: which files this process may reach, decided by the process itself, without any privilege."""

import os
import struct
from collections.abc import Iterable
from pathlib import Path

from grading.sandbox import syscalls

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_DIR, _REMOVE_FILE = (1 << bit for bit in range(6))
_MAKE_DIR, _MAKE_FILE, _REFER, _TRUNCATE, _DEVICE_IOCTL = 1 << 7, 1 << 8, 1 << 13, 1 << 14, 1 << 15
_FIRST_RIGHTS = (1 << 13) - 1  # all that the first version of Landlock knew
_SINCE = {2: _REFER, 3: _TRUNCATE, 5: _DEVICE_IOCTL}
_READ = _READ_FILE | _READ_DIR  # never execute
_WRITE = _READ | _WRITE_FILE | _TRUNCATE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_FILE | _REFER
_ON_FILES = _WRITE_FILE | _READ_FILE | _TRUNCATE
_TCP, _TCP_SINCE = 3, 4  # bind and connect: none is allowed
_SCOPES, _SCOPES_SINCE = 3, 6  # no abstract socket of, and no signal to, a process outside
_ASK_VERSION, _BENEATH_A_PATH = 1, 1


def version() -> int:
    """The version of Landlock that this kernel offers; 0 where there is none or it is switched off."""
    try:
        return syscalls.call("landlock_create_ruleset", None, 0, _ASK_VERSION)
    except OSError:
        return 0


def restrict(*, readable: Iterable[Path], writable: Iterable[Path]) -> None:
    """Nothing but these paths and what lies beneath can be reached from now on. Paths that do not exist are left out.

    The TCP and signal rules apply where the kernel knows them. Raises OSError where there is no Landlock; new
    privileges must be forbidden before.
    """
    known = version()
    if not known:
        raise OSError(38, "This kernel offers no Landlock")
    rights = _FIRST_RIGHTS | sum(bit for since, bit in _SINCE.items() if known >= since)
    rules = _ruleset(rights, known)
    try:
        for paths, wanted in ((readable, _READ), (writable, _WRITE)):
            for path in paths:
                _allow(rules, path, rights & wanted)
        syscalls.call("landlock_restrict_self", rules, 0)
    finally:
        os.close(rules)


def _ruleset(rights: int, known: int) -> int:
    words = [rights]
    if known >= _TCP_SINCE:
        words.append(_TCP)
    if known >= _SCOPES_SINCE:
        words.append(_SCOPES)
    handled = struct.pack(f"{len(words)}Q", *words)
    return syscalls.call("landlock_create_ruleset", handled, len(handled), 0)


def _allow(rules: int, path: Path, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        rights &= -1 if path.is_dir() else _ON_FILES
        rule = struct.pack("=Qi", rights, place)
        syscalls.call("landlock_add_rule", rules, _BENEATH_A_PATH, rule, 0)
    finally:
        os.close(place)
