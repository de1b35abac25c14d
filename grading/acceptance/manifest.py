"""The two kinds of folders with attacks, read from their manifest.json.

A sandbox folder holds code and notebooks that try to get out; a notebooks folder holds answers that try to earn marks
without the work. What a manifest says beyond what is read here ends up in `problems`.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grading.acceptance.fields import Fields, FolderProblem, existing, read_json
from grading.protocol import Limits

TOKENS = frozenset(
    {
        *("TCP", "UDP", "UNIX", "ABSTRACT"),  # ports and sockets
        *("SECRET", "SECRETW", "OTHER", "BASE", "PROTO", "HOMEREAL", "POISON"),  # paths
        *("PPID", "VICTIM", "TOKEN", "TOKENREV"),  # processes and secrets
    }
)
KINDS = ("py", "gen", "nb")
UNIVERSAL = frozenset(
    {
        "output holds no line ESCAPED",
        "canary listeners saw nothing",
        "victim process alive",
        "no process of the run left after 1 s",
        "a plain notebook run next gives the right answer",
        "secret and victim files unchanged",
        "wall <= max_wall_s",
    }
)
CELL_SECONDS = 5  # for a test cell of a notebook case that names no limit
_TOKEN = re.compile(r"\{\{([A-Z]+)\}\}")
_MODES = {"ns": "namespace", "namespace": "namespace", "landlock": "landlock", "external": "external"}
_MAX_WALL_SECONDS = 15.0  # of a sandbox case that names none


@dataclass(frozen=True, kw_only=True)
class SandboxCase:
    """One attempt to get out, and what must hold after it."""

    id: str
    file: Path
    kind: str
    text: dict[str, str]  # category, attempt, required, note, known_weak: for people
    allowed_states: tuple[str, ...]
    allowed_notebook_states: tuple[str, ...]
    max_wall_seconds: float
    limits: Limits
    bounds: dict[str, float]  # max_cpu_s, max_rss_mb, max_disk_mb, max_result_mb, where given
    checks: frozenset[str]  # the switches that are on
    allowed_escapes: dict[str, tuple[str, ...]] = field(default_factory=dict)  # mode -> parts of ESCAPED lines


@dataclass(frozen=True, kw_only=True)
class NotebookCase:
    """One answer, and the marks that it may earn."""

    id: str
    file: Path
    source: Path
    kind: str  # cheat, break, fidelity, control, or another word for harm
    tries: str
    right_outcome: str
    points: dict[str, float] | None
    may_be_refused: bool
    may_wait: bool  # a check that is worth points may wait for a person
    must_hold: str
    max_wall_seconds: float | None
    cell_seconds: float
    valid_nbformat: bool | None


@dataclass(frozen=True, kw_only=True)
class Folder:
    """One folder of cases, of one of the two kinds."""

    path: Path
    sandbox: tuple[SandboxCase, ...] = ()
    notebooks: tuple[NotebookCase, ...] = ()
    problems: tuple[str, ...] = ()  # what the manifest says and nobody can judge


def read_folders(path: Path) -> tuple[Folder, ...]:
    """Every folder of cases at or below `path`. Raises FolderProblem when there is none or one cannot be read."""
    if not path.is_dir():
        raise FolderProblem(f"{path} is not a folder.")
    manifests = sorted(path.rglob("manifest.json"))
    if not manifests:
        raise FolderProblem(f"There is no manifest.json in {path} or below it.")
    return tuple(read_folder(manifest.parent) for manifest in manifests)


def read_folder(path: Path) -> Folder:
    """The cases of one folder. Raises FolderProblem."""
    data = read_json(path / "manifest.json")
    where = str(path / "manifest.json")
    if isinstance(data, list):
        return _notebooks(data, path=path, problems=())
    head = Fields(data, where=where)
    cases = head.raw("cases")
    if not isinstance(cases, list) or not cases:
        raise FolderProblem(f"{where} names no cases.")
    if all(isinstance(case, dict) and "kind" not in case and "source" in case for case in cases):
        head.raw("version")
        return _notebooks(cases, path=path, problems=head.problems())
    return _sandbox(cases, head=head, path=path)


def unknown_tokens(text: str) -> list[str]:
    """The placeholders in a case's text that nobody here can fill in."""
    return sorted(set(_TOKEN.findall(text)) - TOKENS)


def _sandbox(cases: list[object], *, head: Fields, path: Path) -> Folder:
    problems = [
        f"{head.where}: the rule {rule!r} is not known." for rule in head.words("universal") if rule not in UNIVERSAL
    ]
    problems += [f"{head.where}: the token {token} is not known." for token in unknown_tokens(head.text("tokens"))]
    if (version := head.raw("version")) not in (None, 1):
        problems.append(f"{head.where}: version {version!r} is not known, only 1 is.")
    found = []
    for number, data in enumerate(cases, start=1):
        fields = Fields(data, where=f"{path.name} case {number}")
        fields.where = f"{path.name}/{fields.needed('id')}"
        case, more = _sandbox_case(fields, path=path)
        found.append(case)
        problems += more
    return Folder(path=path, sandbox=tuple(found), problems=(*problems, *head.problems()))


# Long because it names every field of a sandbox case once.
def _sandbox_case(fields: Fields, *, path: Path) -> tuple[SandboxCase, list[str]]:
    limits, more = _limits(fields.inside("limits"))
    allowed = fields.inside("allow_escape_markers")
    escapes = {_MODES.get(mode, mode): allowed.words(mode) for mode in allowed.names()}
    more += [f"{allowed.where}: the mode {mode} is not known." for mode in escapes if mode not in _MODES.values()]
    switches = ("core_check", "must_not_pass", "render_check", "poison_check", "tree_check", "pickle_check")
    on = {name for name in switches if fields.flag(name)}
    if fields.flag("must_not_escape") is not False:
        on.add("must_not_escape")
    bounds = {name: fields.number(name) for name in ("max_cpu_s", "max_rss_mb", "max_disk_mb", "max_result_mb")}
    case = SandboxCase(
        id=fields.needed("id"),
        file=existing(path / fields.needed("file")),
        kind=fields.needed("kind"),
        text={**{name: fields.text(name) for name in ("category", "attempt", "required", "note")}, **_weak(fields)},
        allowed_states=fields.words("allowed_states"),
        allowed_notebook_states=fields.words("allowed_nb_states"),
        max_wall_seconds=fields.number("max_wall_s") or _MAX_WALL_SECONDS,
        limits=limits,
        bounds={name: value for name, value in bounds.items() if value is not None},
        checks=frozenset(on),
        allowed_escapes=escapes,
    )
    if case.kind not in KINDS:
        more.append(f"{fields.where}: the kind {case.kind} is not known, only {', '.join(KINDS)} are.")
    return case, [*more, *allowed.problems(), *fields.problems()]


def _weak(fields: Fields) -> dict[str, str]:
    """A note on weak modes is shown and excuses nothing."""
    weak = fields.raw("known_weak")
    return {"known_weak": weak if isinstance(weak, str) else str(weak)} if weak else {}


# What a manifest may limit, and the engine's limits that it becomes. Two names of one limit: the smaller counts.
_LIMITS: dict[str, tuple[tuple[str, float], ...]] = {
    "wall": (("cell_seconds", 1), ("total_seconds", 1)),
    "cpu": (("cell_seconds", 1),),  # the engine limits processor time through time
    "mem": (("memory_mb", 1),),
    "mem_mb": (("memory_mb", 1),),
    "fsize_mb": (("files_mb", 1),),
    "tmp_mb": (("files_mb", 1),),
    "result_mb": (("output_kb", 1024),),
    "raw_mb": (("output_kb", 1024),),
    "nproc": (("processes", 1),),
}


def _limits(fields: Fields) -> tuple[Limits, list[str]]:
    chosen: dict[str, int] = {}
    for name in fields.names():
        value = fields.number(name) if name in _LIMITS else None
        for limit, factor in _LIMITS.get(name, ()) if value else ():
            number = max(1, round((value or 0) * factor))
            chosen[limit] = min(number, chosen.get(limit, number))
    given: dict[str, Any] = {"cell_seconds": 10, "total_seconds": 10, **chosen}
    return Limits(**given), list(fields.problems())


def _notebooks(cases: list[object], *, path: Path, problems: tuple[str, ...]) -> Folder:
    found, more = [], list(problems)
    for number, data in enumerate(cases, start=1):
        fields = Fields(data, where=f"{path.name} case {number}")
        fields.where = f"{path.name}/{fields.needed('id')}"
        found.append(_notebook_case(fields, path=path, more=more))
        more += fields.problems()
    return Folder(path=path, notebooks=tuple(found), problems=tuple(more))


def _notebook_case(fields: Fields, *, path: Path, more: list[str]) -> NotebookCase:
    kind = fields.needed("class")
    accepted = _accepted(fields, more=more)
    also = _also_ok(fields, more=more)
    harmful = kind not in ("control", "fidelity")
    return NotebookCase(
        id=fields.needed("id"),
        file=existing(path / fields.needed("file")),
        source=existing(path / fields.needed("source")),
        kind=kind,
        tries=fields.text("tries"),
        right_outcome=fields.text("right_outcome"),
        points=fields.points("points"),
        may_be_refused="refused" in also or ("refused" in accepted if accepted else harmful),
        may_wait="wait" in also,
        must_hold="; ".join(fields.words("must_hold")),
        max_wall_seconds=fields.number("max_wall_s"),
        cell_seconds=fields.number("cell_limit_s") or CELL_SECONDS,
        valid_nbformat=fields.flag("valid_nbformat"),
    )


def _accepted(fields: Fields, *, more: list[str]) -> set[str]:
    words = {word for text in fields.words("accept") for word in re.findall(r"[a-z_]+", text.lower())}
    for word in sorted(words - {"marked", "refused", "or", "also", "and", "before", "queueing"}):
        more.append(f"{fields.where}: accept says {word!r}, which is not known.")
    return words & {"marked", "refused"}


_WAITING = re.compile(r"\b(wait\w*|held|hold\w*|person|manual\w*)\b")
_REFUSED = re.compile(r"\brefus\w+\b")


def _also_ok(fields: Fields, *, more: list[str]) -> set[str]:
    """What else is right: that checks wait for a person, or that the answer is refused."""
    also = set()
    for text in fields.words("also_ok"):
        found = {name for name, pattern in (("wait", _WAITING), ("refused", _REFUSED)) if pattern.search(text.lower())}
        also |= found
        if not found:
            more.append(f"{fields.where}: also_ok says {text!r}, which is not understood.")
    return also
