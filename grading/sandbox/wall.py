"""The wall around learner code: entered once by the warm process, then closed by each child around itself.

    wall = Wall(mode)
    wall.enter_once()                 # after the imports; from here on this process sees little of the machine
    pid = wall.fork()
    if pid == 0:
        try:
            work = wall.confine(keep=[control.fileno()], uid=uid, limits=limits)
        except SandboxRefused as refusal:
            control.sendall(...)      # the child says why not; nobody's code has run
            os._exit(1)
    ...
    os.waitpid(pid, 0)
    wall.forget(pid)                  # the folder it wrote to is gone

Every step that the mode rests on either works or raises SandboxRefused. Process ids that `fork` returns are the warm
process's own: whoever is outside is given `os.pidfd_open(pid)`.
"""

import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path

from grading.protocol import Limits
from grading.sandbox import landlock, linux, namespaces, scratch, seccomp, syscalls, visible
from grading.sandbox import limits as bounds
from grading.sandbox.modes import NAMESPACES, Layer, Mode, rests_on, tries
from grading.sandbox.slots import WAITING_PAIRS, SandboxRefused


class Wall:
    """One wall, for all children of one warm process."""

    def __init__(self, mode: Mode, *, without: frozenset[Layer] = frozenset()) -> None:
        """`without` takes layers away, so that the proofs can be seen to fail: nothing else may use it."""
        self.mode = mode
        self.as_root = os.geteuid() == 0
        self._layers = tries(mode, as_root=self.as_root) - without
        self._required = rests_on(mode, as_root=self.as_root) - without
        self._own_pids: int | None = None  # handle of the warm process's own process namespace
        self._parent: Path | None = None  # of the scratch folders, where no mount namespace makes them
        self._scratch: dict[int, Path] = {}
        self._mine: Path | None = None
        self._readable: tuple[Path, ...] = ()
        self._filter = b""
        self._warm: int | None = None  # who forks children, where they can see it
        self._others = 0  # processes that the kernel counts together with the child's own
        self.reached: set[Layer] = set()  # by this process, so far

    def enter_once(self) -> None:
        """The part of the wall that all children share. Call it once, after the imports, without other threads.

        In most modes the caller goes on in another process, which ends with its parent. Raises SandboxRefused.
        """
        if len(os.listdir("/proc/self/task")) > 1:
            raise SandboxRefused("The marking process has threads and cannot fork safely. Report this as a fault.")
        self._readable = visible.read_only_paths()
        running = bounds.running_now()
        wanted = self._layers & (NAMESPACES | {Layer.USER})
        if wanted and (self._required >= NAMESPACES & wanted or self._allows(wanted)):
            self._step_all(wanted, lambda: self._enter(wanted))
            self._step(Layer.CGROUP, lambda: linux.unshare(linux.NEW_CGROUPS))
        if Layer.SCRATCH in self._layers and Layer.MOUNT not in self.reached:
            self._parent = scratch.make_parent()
        counted_alone = Layer.USER in self.reached and bounds.namespaces_count_alone()
        self._others = WAITING_PAIRS if self.as_root else 0 if counted_alone else running
        self._prepare_children()

    def _prepare_children(self) -> None:
        """What is the same for all children is done here, once, and they inherit it."""
        self._step(Layer.ENVIRONMENT, _clean_environment)
        if Layer.CAPABILITIES in self._layers:
            linux.works(linux.bound_capabilities)
        alone = Layer.MOUNT in self.reached  # every file of the child's user that it can see is its own
        with contextlib.suppress(syscalls.UnknownProcessor):  # closing the wall says so
            self._filter = seccomp.program(may_change_modes=alone)
        if Layer.PID not in self.reached:
            linux.works(linux.keep_others_out)  # children may have the same user

    def fork(self) -> int:
        """Like os.fork, for one child, which must call `confine` next. Raises OSError."""
        folder = scratch.make(self._parent) if self._parent else None
        self._warm = os.getpid() if self._own_pids is None else None
        try:
            pid = os.fork() if self._own_pids is None else namespaces.fork_alone(self._own_pids)
        except OSError:
            if folder:
                scratch.remove(folder)
            raise
        if pid == 0:
            self._mine = folder
        elif folder:
            self._scratch[pid] = folder
        return pid

    def confine(
        self,
        *,
        keep: Collection[int],
        uid: int | None,
        limits: Limits,
        cpu: int | None = None,
    ) -> Path:
        """Close the wall around this process, for good. Returns its empty work folder, which is now the current one.

        `keep` are the descriptors that stay open; sockets among them go on working. `uid` is the child's own where root
        runs the engine, and None elsewhere. `cpu` is the one processor it may use, by default that which it is on.
        Raises SandboxRefused; then the process must end.
        """
        self._check_user(uid)
        try:
            return self._confine(keep, uid, limits, cpu=cpu)
        except OSError as problem:
            raise SandboxRefused(f"The wall around learner code could not be closed: {problem}.") from problem

    def _confine(self, keep: Collection[int], uid: int | None, limits: Limits, *, cpu: int | None) -> Path:
        self._begin(keep)
        wanted = bounds.bounds(limits, processes=bounds.processes_allowed(limits, others=self._others))
        owner = os.getuid() if uid is None else uid
        box = self._make_box(owner, megabytes=limits.files_mb + 1)
        self._give_up_rights(uid)
        self._check_readable()
        os.umask(0o077)
        for name in scratch.FOLDERS:
            (box / name).mkdir(exist_ok=True)
        _name_folders(box)
        os.chdir(box / "work")
        here = linux.processor() if cpu is None else cpu
        linux.works(lambda: os.sched_setaffinity(0, {here}))
        self._step(Layer.RLIMITS, lambda: bounds.apply(wanted))
        self._lock(box)
        return box / "work"

    def scratch_of(self, pid: int) -> Path | None:
        """The folder to watch with `scratch.used`: None where the kernel bounds what a child writes."""
        return self._scratch.get(pid)

    def forget(self, pid: int) -> None:
        """Remove what a child left behind. Call it once the child is gone; safe to repeat."""
        if folder := self._scratch.pop(pid, None):
            scratch.remove(folder)

    def close(self) -> None:
        """Remove the folders of all children, which must be gone. Safe to repeat."""
        parent, self._parent = self._parent, None
        self._scratch.clear()
        if parent:
            scratch.remove_parent(parent)

    def _enter(self, wanted: frozenset[Layer]) -> None:
        self._own_pids = namespaces.enter(wanted, readable=self._readable)

    def _allows(self, wanted: frozenset[Layer]) -> bool:
        """Whether this host lets a process into these namespaces: a child goes first, for nobody comes back."""
        if not (pid := os.fork()):
            os._exit(0 if linux.works(lambda: self._enter(wanted)) else 1)
        return os.waitpid(pid, 0)[1] == 0

    def _check_user(self, uid: int | None) -> None:
        if self.as_root and (uid is None or uid == 0 or Layer.UID not in self._layers):
            raise SandboxRefused("Learner code must not run as root. Give it a user id of its own.")
        if not self.as_root and uid is not None:
            raise SandboxRefused("Only root can give learner code a user id of its own. Leave it out.")

    def _begin(self, keep: Collection[int]) -> None:
        """Cut what binds this process to the one that forked it."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        linux.works(lambda: linux.end_with_parent(self._warm))
        self._step(Layer.DESCRIPTORS, lambda: _close_other_files(keep))

    def _make_box(self, owner: int, *, megabytes: int) -> Path:
        if Layer.MOUNT in self.reached and Layer.SCRATCH in self._layers:
            self._step(Layer.SCRATCH, lambda: namespaces.mount_box(uid=owner, megabytes=megabytes))
        elif self._mine:
            os.chown(self._mine, owner, -1)
            self.reached.add(Layer.SCRATCH)
        return self._mine or namespaces.BOX

    def _give_up_rights(self, uid: int | None) -> None:
        if uid is not None:
            self._step(Layer.UID, lambda: _become(uid))
        self._step(Layer.CAPABILITIES, linux.drop_capabilities)
        linux.works(lambda: linux.end_with_parent(self._warm))  # a change of user undid it

    def _check_readable(self) -> None:
        if Layer.MOUNT not in self.reached and (closed := visible.unreadable(self._readable)):
            raise SandboxRefused(
                f"The user id that runs learner code cannot read {closed[0]}. Let everybody read it (chmod -R go+rX)."
            )

    def _lock(self, box: Path) -> None:
        """The locks that no code can open any more."""
        filter_program = seccomp.for_process(self._filter, pid=os.getpid())
        if Layer.UNDUMPABLE in self._layers:
            self._step(Layer.UNDUMPABLE, linux.keep_others_out)
        else:
            linux.let_others_in()
        self._step(Layer.NO_NEW_PRIVS, linux.forbid_new_privileges)
        self._step(Layer.LANDLOCK, lambda: self._restrict_paths(box))
        self._step(Layer.SECCOMP, lambda: seccomp.install(filter_program))

    def _restrict_paths(self, box: Path) -> None:
        if Layer.MOUNT in self.reached:
            readable, writable = [Path("/")], [namespaces.BOX, namespaces.SHARED_MEMORY, visible.NULL]
        else:
            readable = [*self._readable, *visible.DEVICES, *visible.PROCESSOR_QUOTAS]
            writable = [box, visible.NULL]
        landlock.restrict(readable=readable, writable=writable)

    def _step(self, layer: Layer, action: Callable[[], object]) -> None:
        self._step_all(frozenset({layer}), action)

    def _step_all(self, layers: frozenset[Layer], action: Callable[[], object]) -> None:
        """Do one step of the wall, if it belongs to it. Only a step that the mode does not rest on may fail."""
        if not layers <= self._layers:
            return
        try:
            action()
        except OSError as problem:
            if layers & self._required:
                named = ", ".join(sorted(layers))
                raise SandboxRefused(
                    f"This host refuses what isolation by {self.mode} rests on ({named}): {problem}."
                ) from problem
        else:
            self.reached |= layers


def _close_other_files(keep: Collection[int]) -> None:
    """Standard input, output and errors become the null device; all else that was inherited is closed."""
    null = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(null, number)
    last = 2
    for number in [*sorted(keep), os.sysconf("SC_OPEN_MAX")]:
        os.closerange(last + 1, number)
        last = number


def _become(uid: int) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def _clean_environment() -> None:
    """Only what libraries ask for, in this process and all that it forks."""
    os.environ.clear()
    os.environ.update(
        PATH="/usr/bin:/bin",
        USER="learner",
        LOGNAME="learner",
        LANG="C.UTF-8",
        TZ="UTC",
        MPLBACKEND="Agg",
        OMP_NUM_THREADS="1",
        OPENBLAS_NUM_THREADS="1",
        LOKY_MAX_CPU_COUNT="1",  # what joblib takes n_jobs=-1 for
        NBGRADER_EXECUTION="autograde",
    )
    sys.dont_write_bytecode = True


def _name_folders(box: Path) -> None:
    home = str(box / "home")
    os.environ.update(HOME=home, TMPDIR=str(box / "tmp"), IPYTHONDIR=f"{home}/ipython")
    tempfile.tempdir = None  # found anew, in the folder just named
