"""What an attack may go for: secrets, another learner's file, a neighbouring process, sockets, shared folders.

All of it belongs to the harness, so that harm shows from outside and nobody is hurt.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from grading.acceptance.canaries import Canaries
from grading.acceptance.processes import process_state
from grading.sandbox.slots import FIRST_UID, LAST_UID

_GRADER = Path(__file__).resolve().parents[1]
_OTHER_UID = LAST_UID  # another learner's, at the far end of the slots
_SHARED = tuple(Path(name) for name in ("/tmp", "/var/tmp", "/dev/shm", "/run"))  # noqa: S108 (only looked at) # nosec B108


class Arena:
    """The place of one run, removed at its end. `harm` tells what a case has done, `repair` undoes it."""

    def __init__(self) -> None:
        """Makes the folder, readable by everybody as shared folders are. Nothing runs before the block begins."""
        self.folder = Path(tempfile.mkdtemp(prefix="upskill-acceptance-"))
        self.folder.chmod(0o755)
        self.token = f"UPSKILLSECRET{secrets.token_hex(8)}"
        self.poison = f"upskill-poison-{secrets.token_hex(4)}"
        self.base = self.folder / "submissions"
        self.other = self.base / "other"
        self.canaries = Canaries(self.folder)
        self._files: dict[Path, tuple[bytes, int]] = {}
        self._victim: subprocess.Popen[bytes] | None = None
        self._cores: set[Path] = set()
        self.learner_uid = FIRST_UID if os.geteuid() == 0 else os.geteuid()

    def __enter__(self) -> Self:
        self.base.mkdir(mode=0o711)
        self.other.mkdir(mode=0o700)
        (self.folder / "worker").mkdir()
        self._files = {
            self.folder / "secret": (f"s3cret {self.token}\n".encode(), 0o644),
            self.folder / "writable": (b"untouched\n", 0o666),
            self.other / "submission.ipynb": (b'{"cells": ["another learner\'s work"]}\n', 0o600),
        }
        self.canaries.__enter__()
        self.repair()
        self._cores = self._core_files()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_victim()
        self.canaries.__exit__(kind, problem, trace)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def victim(self) -> int:
        """The process id of the neighbour, which runs as the same user as the learner's code where that is known."""
        assert self._victim is not None  # noqa: S101 (`repair` has started it)
        return self._victim.pid

    def secrets(self) -> dict[str, str]:
        """Environment of whoever holds the engine, as a site's worker has it."""
        return {
            "DATABASE_URL": f"postgres://upskill:{self.token}@db/upskill",
            "DJANGO_SECRET_KEY": self.token,
            "AWS_SECRET_ACCESS_KEY": self.token,
        }

    def filled(self, text: str, *, worker: int) -> str:
        """A case's text with its placeholders replaced."""
        values: dict[str, object] = {
            "TCP": self.canaries.tcp_port,
            "UDP": self.canaries.udp_port,
            "UNIX": self.canaries.path,
            "ABSTRACT": self.canaries.abstract,
            "SECRET": self.folder / "secret",
            "SECRETW": self.folder / "writable",
            "OTHER": self.other,
            "BASE": self.base,
            "PROTO": _GRADER,
            "HOMEREAL": _home(),
            "PPID": worker,
            "VICTIM": self.victim,
            "TOKEN": self.token,
            "TOKENREV": self.token[::-1],
            "POISON": self.poison,
        }
        for name, value in values.items():
            text = text.replace(f"{{{{{name}}}}}", str(value))
        return text

    def harm(self) -> list[str]:
        """What has happened since the last `repair`, a few words each; empty when all is as it was."""
        found = [f"the {name} was reached" for name in self.canaries.hits()]
        found += self._victim_harm()
        found += [f"{path.name} has changed" for path, (content, _) in self._files.items() if _read(path) != content]
        found += [f"{path} was left behind" for path in self._left()]
        found += [f"a core file was left: {path}" for path in sorted(self._core_files() - self._cores)]
        return found

    def repair(self) -> None:
        """Put everything back, so that the next case is judged for itself."""
        for path in self._left():
            _remove(path)
        for path, (content, mode) in self._files.items():
            if _read(path) != content:
                path.unlink(missing_ok=True)
                path.write_bytes(content)
            path.chmod(mode)
        if os.geteuid() == 0:
            os.chown(self.folder / "writable", self.learner_uid, self.learner_uid)
            for path in (self.other, self.other / "submission.ipynb"):
                os.chown(path, _OTHER_UID, _OTHER_UID)
        self._cores |= self._core_files()
        if self._victim is None or self._victim_harm():
            self._start_victim()

    def meet_learner(self, uid: int) -> None:
        """From now on the neighbour and the writable file belong to the user that runs learners' code."""
        if os.geteuid() == 0 and uid != self.learner_uid and uid > 0:
            self.learner_uid = uid
            self._start_victim()
            self.repair()

    def _start_victim(self) -> None:
        self._end_victim()
        uid = self.learner_uid if os.geteuid() == 0 else None
        self._victim = subprocess.Popen(
            [shutil.which("sleep") or "sleep", "86400"],
            env={"NEIGHBOURS_SECRET": self.token},
            user=uid,
            group=uid,
            extra_groups=[] if uid is not None else None,
            stdin=subprocess.DEVNULL,
        )

    def _end_victim(self) -> None:
        if self._victim is not None:
            self._victim.kill()
            self._victim.wait()

    def _victim_harm(self) -> list[str]:
        assert self._victim is not None  # noqa: S101 (`repair` has started it)
        if self._victim.poll() is not None:
            return ["the neighbouring process was ended"]
        state = process_state(self._victim.pid)
        return [f"the neighbouring process is {state}"] if state in ("stopped", "traced") else []

    def _left(self) -> list[Path]:
        strangers = [path for path in self.base.iterdir() if path != self.other]
        beside = [path for path in self.other.iterdir() if path not in self._files]
        poisoned = [folder / self.poison for folder in _SHARED if os.path.lexists(folder / self.poison)]
        return [*strangers, *beside, *poisoned]

    def _core_files(self) -> set[Path]:
        folders = [Path("/"), Path.cwd(), Path(tempfile.gettempdir()), self.folder, self.folder / "worker", self.base]
        return {path for folder in folders for path in folder.glob("core*") if path.is_file()}


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


def _home() -> str:
    """The home folder of this user, who may have no entry among the users, as in a pod."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_dir
    except KeyError:
        return os.environ.get("HOME", "/")
