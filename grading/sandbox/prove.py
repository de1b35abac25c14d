"""Proof that the wall stands on this host: canaries try to get out, and what happens is judged from outside."""

import contextlib
import dataclasses
import os

from grading.sandbox.examination import Examination, Proof
from grading.sandbox.modes import Layer, Mode, candidates
from grading.sandbox.slots import SandboxRefused, take_slot
from grading.sandbox.witnesses import Witnesses


def choose(asked: str, *, uids: tuple[int, int] | None = None) -> Proof:
    """The proof of the best mode that holds on this host, for what GRADER_ISOLATION says. Raises SandboxRefused."""
    proofs = []
    for mode in candidates(asked):
        proof = prove(mode, uids=uids)
        if proof.holds:
            return proof
        proofs.append(proof)
    reasons = "".join(f"\n- {proof.mode}: {'; '.join(proof.missing)}" for proof in proofs)
    raise SandboxRefused(
        f"Learner code cannot be confined on this host. What is missing:{reasons}\nAllow one of these, or run the "
        "engine on a host of its own with GRADER_ISOLATION=external. GRADER_ISOLATION=unsafe-dev runs it without "
        "protection, for trying the service on a machine of your own."
    )


def prove(mode: Mode, *, uids: tuple[int, int] | None = None, without: frozenset[Layer] = frozenset()) -> Proof:
    """Try the wall of one mode in real children. Takes about a second and changes nothing outside.

    `uids` are those of a slot that the caller holds; where they are left out, root takes a slot for the while.
    `without` takes layers away, so that the proof can be seen to fail.
    """
    with contextlib.ExitStack() as stack:
        slot = take_slot() if uids is None else None
        if slot is not None:
            stack.callback(os.close, slot.lock)
            uids = slot.uids
        outside = stack.enter_context(Witnesses(open_to_all=mode is not Mode.EXTERNAL))
        results = Examination(mode, uids=uids, without=without, outside=outside).results()
    if mode is Mode.UNSAFE_DEV:
        results = [dataclasses.replace(result, required=False) for result in results]  # shown, not promised
    return Proof(mode=mode, results=tuple(results))
