"""The process that holds the engine, as a site's worker does: started with secrets it must not give away.

`python -m grading.acceptance.worker_process FD MODULE:NAME` answers requests on the inherited socket FD.
"""

import dataclasses
import os
import sys
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection

from grading.acceptance.subject import Ask, Subject, Told
from grading.answers import AnswerRefused, read_answer
from grading.checks import read_source
from grading.protocol import Job, Outcome, Verdict, from_json, to_json
from grading.sandbox import linux
from grading.sandbox.slots import SandboxRefused


def main(arguments: list[str]) -> None:
    """Answer until the harness hangs up. The first reply says whether the engine has started."""
    number, name = int(arguments[0]), arguments[1]
    os.set_inheritable(number, False)
    linux.works(linux.end_with_parent)
    with Connection(number) as channel:
        made: list[Subject] = []
        told = _told(lambda: _start(name, made=made))
        channel.send_bytes(to_json(told).encode())
        while made:
            try:
                ask = from_json(Ask, channel.recv_bytes().decode())
            except EOFError:
                break
            told = _told(lambda: answer(ask, subject=made[0]))  # noqa: B023 (called at once)
            channel.send_bytes(to_json(told).encode())
        for subject in made:
            subject.close()


def _start(name: str, *, made: list[Subject]) -> Told:
    module, _, attribute = name.partition(":")
    subject: Subject = getattr(import_module(module), attribute)()
    subject.start()
    made.append(subject)
    return Told()


def _told(work: Callable[[], Told]) -> Told:
    """What the work says, or why it failed."""
    try:
        return work()
    except SandboxRefused as refused:
        return Told(fault=str(refused), refused=True)
    except Exception as problem:  # noqa: BLE001 (a process begins here; the harness reports it as the engine's failure)
        return Told(fault=f"{type(problem).__name__}: {problem}")


def answer(ask: Ask, *, subject: Subject) -> Told:
    """What the engine says."""
    if ask.job is not None:
        return Told(verdict=mark(ask.job, answer=ask.answer, subject=subject))
    if ask.trial is not None:
        return Told(trial=subject.trial(ask.trial))
    return Told(page=subject.feedback(ask.outputs or "[]"))


def mark(job: Job, *, answer: bytes, subject: Subject) -> Verdict:
    """The verdict on a file handed in, by the way that files take: read and perhaps refused first, then marked."""
    try:
        read_answer(answer, source=read_source(job.source), allow_unchanged=True)
    except AnswerRefused as refused:
        return Verdict(job_id=job.job_id, outcome=Outcome.REFUSED, reason=refused.message)
    return subject.mark(dataclasses.replace(job, answer=answer.decode("utf-8", "replace")))


if __name__ == "__main__":
    main(sys.argv[1:])
