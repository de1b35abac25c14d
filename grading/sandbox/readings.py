"""What the kernel says about a confined process, read from outside: no word of the process itself is believed."""

import os
import resource
from collections.abc import Mapping
from pathlib import Path

from grading.sandbox import linux
from grading.sandbox.modes import Layer

_SETPCAP = 1 << 8
_NAMES = {
    Layer.USER: "user",
    Layer.MOUNT: "mnt",
    Layer.NETWORK: "net",
    Layer.IPC: "ipc",
    Layer.HOSTNAME: "uts",
    Layer.CGROUP: "cgroup",
}
_LIMIT_NAMES = {
    resource.RLIMIT_CPU: "Max cpu time",
    resource.RLIMIT_FSIZE: "Max file size",
    resource.RLIMIT_STACK: "Max stack size",
    resource.RLIMIT_CORE: "Max core file size",
    resource.RLIMIT_NPROC: "Max processes",
    resource.RLIMIT_NOFILE: "Max open files",
    resource.RLIMIT_MEMLOCK: "Max locked memory",
    resource.RLIMIT_AS: "Max address space",
    resource.RLIMIT_SIGPENDING: "Max pending signals",
    resource.RLIMIT_MSGQUEUE: "Max msgqueue size",
    resource.RLIMIT_NICE: "Max nice priority",
    resource.RLIMIT_RTPRIO: "Max realtime priority",
}


def pid_of(handle: int) -> int:
    """The number of the process that a pidfd names, as this process counts them; -1 if it has ended."""
    lines = Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pid:"))


def of_warm_process(pid: int) -> dict[Layer, str | None]:
    """For each kind of namespace: what is wrong, "" if it is one of its own, None if the kernel does not tell."""
    return {layer: _own_namespace(pid, name) for layer, name in _NAMES.items()}


def of_child(pid: int, *, warm: int, uid: int | None, limits: Mapping[int, tuple[int, int]]) -> dict[Layer, str | None]:
    """The same for what each child has of its own. `limits` are those it must have, or lower ones."""
    status = _fields(Path(f"/proc/{pid}/status"))
    return {
        Layer.PID: _alone(status, _fields(Path(f"/proc/{warm}/status"))),
        Layer.SECCOMP: _is(status.get("Seccomp"), "2"),
        Layer.NO_NEW_PRIVS: _is(status.get("NoNewPrivs"), "1"),
        Layer.CAPABILITIES: _no_capabilities(status),
        Layer.UNDUMPABLE: _undumpable(pid),
        Layer.RLIMITS: _limited(pid, limits),
        Layer.UID: _is(status.get("Uid"), "\t".join([str(uid)] * 4)) or _is(status.get("Groups", "?").strip(), ""),
    }


def _own_namespace(pid: int, name: str) -> str | None:
    try:
        theirs, ours = (os.stat(f"/proc/{number}/ns/{name}") for number in (pid, "self"))
    except FileNotFoundError:
        return None
    except PermissionError as problem:
        return str(problem)
    return "the same as outside" if os.path.samestat(theirs, ours) else ""


def _fields(path: Path) -> dict[str, str]:
    pairs = (line.partition(":") for line in path.read_text().splitlines())
    return {name: value.strip() for name, _, value in pairs}


def _is(found: str | None, wanted: str) -> str | None:
    return None if found is None else "" if found == wanted else f"it is {found!r}"


def _alone(child: Mapping[str, str], warm: Mapping[str, str]) -> str | None:
    if "NSpid" not in child:
        return None
    inner, outer = child["NSpid"].split(), warm["NSpid"].split()
    return "" if len(inner) == len(outer) + 1 and inner[-1] == "1" else "it shares one with others"


def _no_capabilities(status: Mapping[str, str]) -> str | None:
    names = ["CapInh", "CapPrm", "CapEff", "CapAmb"]
    if linux.capabilities() & _SETPCAP:  # else nobody here may take the last set away
        names.append("CapBnd")
    if not status.keys() >= set(names):
        return None
    return ", ".join(f"{name} is {status[name]}" for name in names if int(status[name], 16))


def _undumpable(pid: int) -> str:
    """The kernel gives what is in /proc about such a process to root, so that its own user cannot read it."""
    owner, user = os.stat(f"/proc/{pid}/environ").st_uid, os.stat(f"/proc/{pid}").st_uid
    return "" if owner != user else "others of its user may read its memory"


def _limited(pid: int, wanted: Mapping[int, tuple[int, int]]) -> str | None:
    try:
        listed = Path(f"/proc/{pid}/limits").read_text().splitlines()
    except FileNotFoundError:
        return None
    hard = {line[:26].strip(): line[47:68].strip() for line in listed}
    loose = [
        name
        for kind, name in _LIMIT_NAMES.items()
        if hard[name] == "unlimited" or (kind in wanted and int(hard[name]) > wanted[kind][1])
    ]
    return ", ".join(f"{name} is {hard[name]}" for name in loose)
