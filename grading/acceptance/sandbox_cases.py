"""Running and judging one case of a sandbox folder."""

import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from grading.acceptance import exercises, outputs
from grading.acceptance.ground import Ground, Observed
from grading.acceptance.manifest import SandboxCase, unknown_tokens
from grading.acceptance.report import Result
from grading.acceptance.subject import Ask, Told
from grading.protocol import CheckStatus, Outcome, TrialJob, Verdict, to_json

_RESULT_MB = 9.0  # of a case that names no bound
_SPARE_SECONDS = 60.0  # beyond a case's own bound, until the engine counts as stuck
_GENERATOR_SECONDS = 60
_CAUSES = {"time": "wall_limit", "memory": "killed", "exit": "exit_0"}


@dataclass
class Answered:
    """What the engine said of one case, whichever way it was put."""

    state: str = ""
    notebook_state: str = ""
    text: str = ""  # everything that came back, to be searched
    seconds: float = 0.0  # of the slowest thing that was asked
    result_bytes: int = 0
    cpu_seconds: float = 0.0
    rss_mb: float = 0.0
    mode: str = ""
    active: list[str] = field(default_factory=list)
    passed: bool = False  # a check that nobody can pass
    fault: str = ""


def run(case: SandboxCase, *, ground: Ground) -> Result:
    """Run the case, and whatever is to run after it."""
    original = case.file.read_text(encoding="utf-8", errors="surrogateescape")
    text = ground.arena.filled(original, worker=ground.worker.pid)
    busy = ground.arena.canaries.watch_ports_of(text)
    observed = ground.observe(lambda: _answered(case, text, ground=ground))
    problems = [f"the token {token} is not known" for token in unknown_tokens(text)]
    problems += _problems(case, observed, keeps_token="{{TOKEN" not in original, token=ground.arena.token)
    problems += ground.aftermath(observed.living, whole_tree="tree_check" in case.checks)
    answered = observed.answer or Answered(state="lost")
    state = answered.state if answered.notebook_state in ("", "ok") else answered.notebook_state
    return Result(
        folder=case.file.parent.name,
        id=case.id,
        state=state or "none",
        seconds=observed.seconds,
        problems=tuple(problems),
        notes=tuple(_notes(case, busy)),
        facts=_facts(case, observed),
    )


def _answered(case: SandboxCase, text: str, *, ground: Ground) -> Answered:
    if case.kind == "py":
        return _tried(case, text, ground=ground)
    if case.kind in ("nb", "gen"):
        data = _generated(text) if case.kind == "gen" else text.encode("utf-8", "surrogateescape")
        return _handed_in(case, data, ground=ground)
    return Answered(fault=f"the kind {case.kind} is not known")


def _tried(case: SandboxCase, code: str, *, ground: Ground) -> Answered:
    """Code of a learner's, run alone; then as an answer, where it must not pass."""
    answered = Answered()
    _try(code, case=case, ground=ground, into=answered, draw="render_check" in case.checks)
    if "must_not_pass" in case.checks:
        _mark(exercises.answered(code), case=case, ground=ground, into=answered)
    return answered


def _handed_in(case: SandboxCase, data: bytes, *, ground: Ground) -> Answered:
    """A file of a learner's; what its cells show is drawn too, where that is asked for."""
    answered = Answered()
    verdict = _mark(exercises.with_answer_cell(data), case=case, ground=ground, into=answered)
    answered.state, answered.notebook_state = _state(verdict) if verdict else ("", "")
    if verdict and "render_check" in case.checks:
        drawn = Answered()
        for code in exercises.code_cells(data):
            _try(code, case=case, ground=ground, into=drawn, draw=True)
        _draw(exercises.texts_as_outputs(data), ground=ground, case=case, into=drawn)
        answered.active, answered.text = drawn.active, answered.text + drawn.text
        answered.fault = answered.fault or drawn.fault
        answered.mode, answered.seconds = drawn.mode, max(answered.seconds, drawn.seconds)
    return answered


def _try(code: str, *, case: SandboxCase, ground: Ground, into: Answered, draw: bool) -> None:
    told = _ask(Ask(trial=TrialJob(code=code, limits=case.limits)), case=case, ground=ground, into=into)
    if (trial := told.trial) is None:
        return
    into.state, into.mode = trial.state, trial.mode or ground.isolation
    into.text += "\n".join(["", trial.stdout, outputs.everything(trial.outputs), trial.error])
    into.result_bytes = max(into.result_bytes, trial.result_bytes)
    into.cpu_seconds = max(into.cpu_seconds, trial.cpu_seconds)
    into.rss_mb = max(into.rss_mb, trial.max_rss_mb)
    if draw:
        _draw(trial.outputs, ground=ground, case=case, into=into)


def _draw(shown: str, *, ground: Ground, case: SandboxCase, into: Answered) -> None:
    told = _ask(Ask(outputs=shown), case=case, ground=ground, into=into)
    into.active += outputs.active_content(told.page)


def _mark(data: bytes, *, case: SandboxCase, ground: Ground, into: Answered) -> Verdict | None:
    forbidden = "must_not_pass" in case.checks
    job = exercises.job(check=exercises.unforgeable() if forbidden else exercises.HARMLESS, limits=case.limits)
    told = _ask(Ask(job=job, answer=data), case=case, ground=ground, into=into)
    if told.verdict is None:
        return None
    into.text += "\n" + outputs.everything(to_json(told.verdict))
    into.passed = forbidden and any(
        result.status is CheckStatus.PASSED or bool(result.points) for result in told.verdict.checks
    )
    return told.verdict


def _ask(ask: Ask, *, case: SandboxCase, ground: Ground, into: Answered) -> Told:
    begun = time.monotonic()
    told = ground.ask(ask, seconds=case.max_wall_seconds + _SPARE_SECONDS)
    into.seconds = max(into.seconds, time.monotonic() - begun)
    into.result_bytes = max(into.result_bytes, len(to_json(told)))
    into.fault = into.fault or told.fault
    return told


def _state(verdict: Verdict) -> tuple[str, str]:
    """How the run ended, and what became of the notebook."""
    if verdict.outcome is Outcome.FAILED_OURS:
        return f"failed_ours: {verdict.reason}"[:80], ""
    if verdict.outcome is Outcome.REFUSED:
        return "done", "rejected"
    causes = [_CAUSES[cause] for result in verdict.checks if (cause := str(result.cause)) in _CAUSES]
    return (causes[0] if causes else "done"), "ok"


def _problems(case: SandboxCase, observed: Observed[Answered], *, keeps_token: bool, token: str) -> list[str]:
    answered = observed.answer
    if answered is None:
        return [observed.lost]
    found = [answered.fault] if answered.fault else _wrong_state(case, answered)
    if "must_not_escape" in case.checks:
        allowed = case.allowed_escapes.get(answered.mode, ())
        found += [f"escaped: {line}" for line in outputs.escapes(answered.text, allowed=allowed)[:4]]
    if keeps_token and token in answered.text:
        found.append("the worker's secret was shown")
    if answered.passed:
        found.append("a check that nobody can pass was passed")
    found += [f"active content: {item}" for item in answered.active[:4]]
    return found + _too_much(case, observed, answered)


def _wrong_state(case: SandboxCase, answered: Answered) -> list[str]:
    found = []
    if answered.state not in case.allowed_states:
        found.append(f"ended as {answered.state}, not as {_any_of(case.allowed_states)}")
    if answered.notebook_state and answered.notebook_state not in case.allowed_notebook_states:
        found.append(f"the notebook was {answered.notebook_state}, not {_any_of(case.allowed_notebook_states)}")
    return found


def _too_much(case: SandboxCase, observed: Observed[Answered], answered: Answered) -> list[str]:
    used = {
        "max_wall_s": (answered.seconds, case.max_wall_seconds, "s"),
        "max_cpu_s": (max(observed.cpu_seconds, answered.cpu_seconds), case.bounds.get("max_cpu_s"), "s of processor"),
        "max_rss_mb": (max(observed.rss_mb, answered.rss_mb), case.bounds.get("max_rss_mb"), "MB of memory"),
        "max_disk_mb": (observed.disk_mb, case.bounds.get("max_disk_mb"), "MB of disk"),
        "max_result_mb": (answered.result_bytes / 1e6, case.bounds.get("max_result_mb", _RESULT_MB), "MB of result"),
    }
    return [f"{value:.1f} {unit}, more than {most:g}" for value, most, unit in used.values() if most and value > most]


def _any_of(states: tuple[str, ...]) -> str:
    return " or ".join(states[:4]) + (" ..." if len(states) > 4 else "") or "anything: the manifest allows no state"


def _notes(case: SandboxCase, busy: list[int]) -> list[str]:
    weak = case.text.get("known_weak")
    notes = [f"known weak: {weak}"] if weak else []
    return notes + [f"port {port} is taken, so nobody listened there" for port in busy]


def _facts(case: SandboxCase, observed: Observed[Answered]) -> dict[str, Any]:
    answered = observed.answer or Answered()
    return {
        "category": case.text["category"],
        "attempt": case.text["attempt"],
        "required": case.text["required"],
        "mode": answered.mode,
        "cpu_seconds": round(max(observed.cpu_seconds, answered.cpu_seconds), 2),
        "rss_mb": round(max(observed.rss_mb, answered.rss_mb)),
        "disk_mb": round(observed.disk_mb),
        "result_bytes": answered.result_bytes,
    }


def _generated(program: str) -> bytes:
    """The bytes that a generator writes. It is the harness's own program and runs unconfined."""
    command = [sys.executable, "-I", "-c", program]
    return subprocess.run(command, stdout=subprocess.PIPE, timeout=_GENERATOR_SECONDS, check=False).stdout
