"""Confining the child process that runs one job. Steps that the machine refuses are left out and not claimed."""

import os
import resource
from pathlib import Path

from grading.protocol import Limits
from grading.sandbox import linux, view
from grading.sandbox.slots import SandboxRefused, Slot

MODE = "unsafe-dev"
_OPEN_FILES = 256


def fork_confinable() -> tuple[int, bool]:
    """Like os.fork, the child in a process namespace of its own where that works: (pid, whether it did)."""
    try:
        own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return os.fork(), False
    try:
        if not _unshared(linux.NEW_PIDS):
            return os.fork(), False
        if pid := os.fork():
            linux.enter_namespace(own, kind=linux.NEW_PIDS)  # the next job gets a namespace of its own
        return pid, True
    finally:
        os.close(own)


def enter(
    scratch: Path, *, limits: Limits, slot: Slot | None, own_processes: bool, seed: int, data_bytes: int = 0
) -> str:
    """Confine this process for good and say what was reached. Raises SandboxRefused where root would stay root.

    `data_bytes` is what will be laid beside the notebook, beyond what the learner's code may write.
    """
    os.setsid()
    python = view.python_folders()  # asked now, while every folder can be entered
    linux.works(linux.end_with_parent)
    if slot is None and os.geteuid() == 0:
        raise SandboxRefused("Learner code must not run as root. Start the worker as a normal user.")
    if slot is None and _in_user_namespace():
        own_processes = own_processes or _in_process_namespace()
    reached = ["processes"] if own_processes else []
    reached += [name for name, flag in (("network", linux.NEW_NETWORK), ("ipc", linux.NEW_IPC)) if _unshared(flag)]
    uid = slot.uid if slot else os.getuid()
    size_mb = limits.files_mb + (data_bytes >> 20) + 1
    if _unshared(linux.NEW_MOUNTS) and _narrowed(scratch, uid=uid, size_mb=size_mb, own_processes=own_processes):
        reached.append("files")
    if slot:
        _become(uid)
        reached.append("uid")
    linux.works(linux.forbid_new_privileges)
    _limit(limits, own_uid=slot is not None)
    _check_readable(python)
    _set_environment(scratch, seed=seed)
    linux.works(linux.keep_others_out)  # learner code may have the same user
    return f"{MODE}: {', '.join([*reached, 'rlimits'])}"


def limit_learner_process(pid: int, *, limits: Limits) -> None:
    """Memory, processor time and size of files for the process that runs the learner's cells, and its children."""
    memory, seconds, written = limits.memory_mb << 20, limits.total_seconds + 5, limits.files_mb << 20
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (written, written))
    resource.prlimit(pid, resource.RLIMIT_AS, (memory, memory))
    resource.prlimit(pid, resource.RLIMIT_CPU, (seconds, seconds + 1))


def _in_user_namespace() -> bool:
    """As a normal user: whether this process is now where it may make the other namespaces.

    Some machines let a process in and then refuse it its own user id there. Nobody comes back, so a child goes first.
    """
    if not (pid := os.fork()):
        os._exit(0 if linux.works(_enter_user_namespace) else 1)
    if os.waitpid(pid, 0)[1] != 0:
        return False
    _enter_user_namespace()
    linux.works(linux.end_with_parent)  # entering the namespace undid it
    return True


def _enter_user_namespace() -> None:
    uid, gid = os.getuid(), os.getgid()
    linux.unshare(linux.NEW_USER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def _in_process_namespace() -> bool:
    """Go on in a child that sees no other process; this one only waits for it. False where that is refused."""
    if not _unshared(linux.NEW_PIDS):
        return False
    if pid := os.fork():
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        os.waitpid(pid, 0)
        os._exit(0)
    linux.works(linux.end_with_parent)
    return True


def _unshared(flag: int) -> bool:
    return linux.works(lambda: linux.unshare(flag))


def _narrowed(scratch: Path, *, uid: int, size_mb: int, own_processes: bool) -> bool:
    try:
        view.narrow(scratch, uid=uid, size_mb=size_mb, own_processes=own_processes)
    except OSError:
        return False
    return True


def _become(uid: int) -> None:
    try:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    except OSError as problem:
        raise SandboxRefused(
            f"This process is root but may not change its user ({problem}). Start the worker as a normal user."
        ) from problem
    linux.works(linux.end_with_parent)  # changing the user undid it


def _limit(limits: Limits, *, own_uid: bool) -> None:
    wanted = {resource.RLIMIT_CORE: 0, resource.RLIMIT_NOFILE: _OPEN_FILES}
    if own_uid:  # otherwise it would count the user's other processes
        wanted[resource.RLIMIT_NPROC] = limits.processes
    for kind, value in wanted.items():
        ceiling = resource.getrlimit(kind)[1]
        value = value if ceiling == resource.RLIM_INFINITY else min(value, ceiling)
        resource.setrlimit(kind, (value, value))
    os.umask(0o077)


def _check_readable(folders: list[Path]) -> None:
    if closed := view.unreadable(folders):
        raise SandboxRefused(
            f"The user id that runs learner code cannot read {closed[0]}. Let everybody read it (chmod -R go+rX)."
        )


def _set_environment(scratch: Path, *, seed: int) -> None:
    """Only what the code needs, nothing of the site's."""
    home = str(scratch / "home")
    os.environ.clear()
    os.environ.update(
        PATH="/usr/local/bin:/usr/bin:/bin",
        HOME=home,
        TMPDIR=str(scratch / "tmp"),
        IPYTHONDIR=str(scratch / "home" / "ipython"),
        JUPYTER_RUNTIME_DIR=str(scratch / "kernel"),
        USER="learner",
        LOGNAME="learner",
        LANG="C.UTF-8",
        TZ="UTC",
        MPLBACKEND="Agg",
        OMP_NUM_THREADS="1",
        OPENBLAS_NUM_THREADS="1",
        PYTHONHASHSEED=str(seed % 2**32),
        PYTHONDONTWRITEBYTECODE="1",
        NBGRADER_EXECUTION="autograde",
    )
    for name in ("home", "tmp", "kernel", "work"):
        (scratch / name).mkdir(mode=0o700, exist_ok=True)
    os.chdir(scratch / "work")
