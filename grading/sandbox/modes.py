"""The ways in which a host can wall learner code in, and the layers that each of them rests on."""

from enum import StrEnum

from grading.sandbox.slots import SandboxRefused

AUTOMATIC = "auto"


class Mode(StrEnum):
    """How learner code is walled in; operators ask for one with GRADER_ISOLATION."""

    NAMESPACE = "namespace"  # Linux namespaces, as root or as a normal user
    LANDLOCK = "landlock"  # for hosts that refuse namespaces, as containers do by default
    EXTERNAL = "external"  # the host is the wall (a pod of its own); what it promises is proven all the same
    UNSAFE_DEV = "unsafe-dev"  # whatever this machine allows, nothing promised: for trying the service out


class Layer(StrEnum):
    """One mechanism of the wall."""

    USER = "user namespace"  # only where a normal user runs the engine
    MOUNT = "mount namespace"
    PID = "process namespace"
    NETWORK = "network namespace"
    IPC = "ipc namespace"
    HOSTNAME = "hostname namespace"
    CGROUP = "cgroup namespace"
    LANDLOCK = "Landlock"
    SECCOMP = "seccomp"
    RLIMITS = "rlimits"
    NO_NEW_PRIVS = "no new privileges"
    UNDUMPABLE = "undumpable"
    CAPABILITIES = "no capabilities"
    UID = "user id of its own"  # only where root runs the engine
    SCRATCH = "scratch folder"
    ENVIRONMENT = "clean environment"
    DESCRIPTORS = "closed descriptors"


NAMESPACES = frozenset({Layer.MOUNT, Layer.PID, Layer.NETWORK, Layer.IPC, Layer.HOSTNAME})
_ALWAYS = frozenset(
    {
        Layer.SECCOMP,
        Layer.RLIMITS,
        Layer.NO_NEW_PRIVS,
        Layer.UNDUMPABLE,
        Layer.CAPABILITIES,
        Layer.SCRATCH,
        Layer.ENVIRONMENT,
        Layer.DESCRIPTORS,
    }
)


def rests_on(mode: Mode, *, as_root: bool) -> frozenset[Layer]:
    """The layers without which learner code does not run in this mode."""
    uid = frozenset({Layer.UID}) if as_root else frozenset[Layer]()
    user = frozenset[Layer]() if as_root else frozenset({Layer.USER})
    match mode:
        case Mode.NAMESPACE:
            return _ALWAYS | NAMESPACES | user | uid
        case Mode.LANDLOCK:
            return _ALWAYS | {Layer.LANDLOCK} | uid
        case Mode.EXTERNAL:
            return _ALWAYS | uid
        case Mode.UNSAFE_DEV:
            return uid  # root never runs learner code, not even while trying things out


def tries(mode: Mode, *, as_root: bool) -> frozenset[Layer]:
    """The layers that this mode uses where the host allows them, beyond those that it rests on."""
    second = {Layer.LANDLOCK, Layer.CGROUP}
    if mode in (Mode.EXTERNAL, Mode.UNSAFE_DEV):
        return rests_on(Mode.NAMESPACE, as_root=as_root) | second
    return rests_on(mode, as_root=as_root) | (second if mode is Mode.NAMESPACE else set())


def candidates(asked: str) -> tuple[Mode, ...]:
    """The modes to try, best first, for what an operator wrote in GRADER_ISOLATION. Raises SandboxRefused for others.

    Only a mode that was asked for by name may lean on the host or promise nothing.
    """
    if asked in ("", AUTOMATIC):
        return (Mode.NAMESPACE, Mode.LANDLOCK)
    if asked not in set(Mode):
        known = ", ".join([AUTOMATIC, *Mode])
        raise SandboxRefused(f"GRADER_ISOLATION is {asked!r}. Use one of: {known}.")
    return (Mode(asked),)
