"""Where the local stack keeps its things on disk, and who may enter.

    var/                    the data folder (UPSKILL_DATA)
      secret.key *.lock places.json log/
      control/              how each program is started, and who runs
    var/ again, or /var/lib/upskill/<clone> when the servers run as another user who can not enter var/:
      postgres/ valkey/     the servers' data
      programs/             copies of the servers' programs, where that user can not reach the originals
    var/sockets/, or /tmp/upskill-<chance> when that path is too long for a socket (or holds a comma, which PostgreSQL's
    clients take for the end of an address):
      servers/ control/     Unix sockets, the only way in; each folder open to its owner alone

PostgreSQL refuses to run as root. Started by root, both servers run as an unprivileged user. No folder above is ever
opened up for them.
"""

import hashlib
import json
import os
import pwd
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from upskill_stack.problems import StackProblem, disk_full, in_plain_words

SYSTEM_HOME = Path("/var/lib/upskill")
LONGEST_SOCKET_PATH = 103  # bytes: macOS allows 103, Linux 107
LONGEST_SOCKET_NAME = "/servers/.s.PGSQL.5432"
NEEDED_MB = 300  # an empty database with its write-ahead log is about 60 MB

# First choice first. "daemon" comes before "nobody" because other careless things run as nobody too.
UNPRIVILEGED = ("postgres", "daemon", "nobody")


@dataclass(frozen=True)
class Owner:
    """The user that the servers run as, when it is not the one who started the stack."""

    uid: int
    gid: int


def as_owner(owner: Owner | None) -> dict[str, Any]:
    """The arguments that make `subprocess` start a program as `owner`."""
    return {"user": owner.uid, "group": owner.gid, "extra_groups": []} if owner else {}


@dataclass(frozen=True)
class Folders:
    """Every place of one stack. `owner` is None when the servers run as the user who started it."""

    data: Path
    home: Path
    sockets: Path
    owner: Owner | None

    @property
    def control(self) -> Path:
        """How each program is started, and who runs."""
        return self.data / "control"

    @property
    def logs(self) -> Path:
        """One log per program, bounded in size by supervisord."""
        return self.data / "log"

    @property
    def server_sockets(self) -> Path:
        """The way in to PostgreSQL and Valkey; only their user and root may enter."""
        return self.sockets / "servers"

    @property
    def control_socket(self) -> Path:
        """The way in to supervisord; only the user who started the stack may enter."""
        return self.sockets / "control" / "supervisor.sock"

    def server_data(self, name: str) -> Path:
        """Where the server `name` keeps its data."""
        return self.home / name


def open_data(data: Path) -> None:
    """Make the data folder, or say in a sentence why it can not be used."""
    with in_plain_words(data):
        if not data.is_dir():
            data.parent.mkdir(parents=True, exist_ok=True)
            _make_passable(data)
        with tempfile.TemporaryFile(dir=data) as probe:
            probe.write(b"?")


def check_space(folder: Path, *, needed_mb: int = NEEDED_MB) -> None:
    """Refuse to begin when the disk would fill up on the way."""
    if shutil.disk_usage(folder).free < needed_mb * 1024 * 1024:
        raise StackProblem(f"{disk_full(folder)} Upskill needs {needed_mb} MB.")


def open_folders(data: Path) -> Folders:
    """Make every folder of the stack in `data`, or find it again. Call it under the stack's lock."""
    with in_plain_words(data):
        owner = _servers_owner(data)
        places = _Places(data / "places.json")
        home = data if _may_enter(data, owner) else _system_home(data, places)
        folders = Folders(data=data, home=home, sockets=_sockets_root(home, places), owner=owner)
        for private in (folders.control, folders.logs, folders.control_socket.parent):
            make_private(private, owner=None)
        make_private(folders.server_sockets, owner=owner)
    return folders


def make_private(folder: Path, *, owner: Owner | None) -> None:
    """Make a folder that only its owner (by default: we) may enter. Refuses a folder that somebody else put there."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid not in (os.geteuid(), owner.uid if owner else os.geteuid()):
        raise StackProblem(f"{folder} belongs to another user. Remove it, or set UPSKILL_DATA to a folder of your own.")
    if owner:
        os.chown(folder, owner.uid, owner.gid, follow_symlinks=False)
    folder.chmod(0o700)


def _make_passable(folder: Path) -> None:
    """Make a folder that others may pass through but not list, whatever the umask says."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711)


def remove_short_sockets(folders: Folders) -> None:
    """Remove the sockets' folder when it lies outside the data folder."""
    if folders.sockets.parent != folders.home:
        shutil.rmtree(folders.sockets, ignore_errors=True)


def _servers_owner(data: Path) -> Owner | None:
    if os.geteuid() != 0:
        return None
    found = data.stat()
    if found.st_uid != 0:  # root in somebody's clone: the servers stay theirs
        return Owner(found.st_uid, found.st_gid)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(entry.pw_uid, entry.pw_gid)
    raise StackProblem(
        "PostgreSQL does not run as root, and this machine has no user named postgres, daemon or nobody. "
        "Start Upskill as an ordinary user."
    )


def may_reach(path: Path, *, owner: Owner | None) -> bool:
    """Whether `owner` can open `path` and everything above it. By mode bits: a wrong "no" only costs a copy."""
    return owner is None or (_allows(path, owner, 0o5) and _may_enter(path.parent, owner))


def _may_enter(folder: Path, owner: Owner | None) -> bool:
    folder = folder.resolve()
    return owner is None or all(_allows(part, owner, 0o1) for part in (folder, *folder.parents))


def _allows(path: Path, owner: Owner, wanted: int) -> bool:
    found = path.stat()
    shift = 6 if found.st_uid == owner.uid else 3 if found.st_gid == owner.gid else 0
    return (found.st_mode >> shift) & wanted == wanted


def _system_home(data: Path, places: "_Places") -> Path:
    _make_passable(SYSTEM_HOME)
    remove_forgotten_homes(SYSTEM_HOME)
    home = SYSTEM_HOME / hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:12]
    if home.exists() and places.known("home") != home:
        shutil.rmtree(home)  # of an earlier data folder at this path, which somebody deleted and we made again
    _make_passable(home)
    link = home / "data-folder"
    if not link.is_symlink():
        link.symlink_to(data.resolve())
    places.remember("home", home)
    return home


def remove_forgotten_homes(homes: Path) -> None:
    """Remove those homes whose data folder somebody has deleted."""
    for home in homes.iterdir():
        data = home / "data-folder"
        if data.is_symlink() and not data.exists():
            shutil.rmtree(home)


def _sockets_root(home: Path, places: "_Places") -> Path:
    usual = home / "sockets"
    if len(os.fsencode(usual)) + len(LONGEST_SOCKET_NAME) <= LONGEST_SOCKET_PATH and "," not in str(usual):
        _make_passable(usual)
        return usual
    known = places.known("sockets")
    if known and known.is_dir() and not known.is_symlink() and known.lstat().st_uid == os.geteuid():
        return known
    short = Path(tempfile.mkdtemp(prefix="upskill-", dir=_short_temporary_folder()))
    short.chmod(0o711)
    places.remember("sockets", short)
    return short


def _short_temporary_folder() -> str:
    usual = tempfile.gettempdir()
    return usual if len(os.fsencode(usual)) <= 40 else "/tmp"  # noqa: S108 - what is made in it is private # nosec B108


class _Places:
    """What lies outside the data folder, remembered in it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}

    def known(self, name: str) -> Path | None:
        return Path(self._places[name]) if name in self._places else None

    def remember(self, name: str, place: Path) -> None:
        self._places[name] = str(place)
        self._path.write_text(json.dumps(self._places))
