"""What became of the answers that were handed in: none may be lost, and every mark must be right."""

import time
from dataclasses import dataclass

from .learner import Answer
from .stack import BenchProblem, OwnStack

MARKED_SECONDS = 300.0
_OPEN = """
SELECT count(*) FROM marking_job job JOIN learning_submission answer ON answer.id = job.submission_id
WHERE job.state IN ('queued', 'running') AND answer.public_id = ANY(%s::uuid[])
"""
_FOUND = """
SELECT answer.public_id::text, job.state, ARRAY(SELECT points FROM marking_mark WHERE submission_id = answer.id),
  extract(epoch FROM job.started_at - job.queued_at)::float, extract(epoch FROM job.ended_at - job.started_at)::float
FROM learning_submission answer JOIN marking_job job ON job.submission_id = answer.id
WHERE answer.public_id = ANY(%s::uuid[])
"""


@dataclass(frozen=True)
class Outcome:
    """Of some answers: seconds that each waited and that a slot had it, and a sentence on each that is wrong."""

    waited: list[float]
    marked: list[float]
    wrong: list[str]


def outcome(stack: OwnStack, *, answers: list[Answer]) -> Outcome:
    """What became of these answers, once none of them waits. Raises BenchProblem when some still do after minutes."""
    names = [answer.submission for answer in answers]
    deadline = time.monotonic() + MARKED_SECONDS
    while waiting := stack.rows(_OPEN, names)[0][0]:
        if time.monotonic() > deadline:
            raise BenchProblem(f"{waiting} answers have no mark after {MARKED_SECONDS:g} seconds.")
        time.sleep(0.5)
    found = {name: rest for name, *rest in stack.rows(_FOUND, names)}
    wrong = [sentence for answer in answers if (sentence := what_is_wrong(answer, found.get(answer.submission)))]
    ended = [(waited, marked) for _state, _points, waited, marked in found.values() if waited is not None]
    return Outcome([waited for waited, _ in ended], [marked for _, marked in ended if marked is not None], wrong)


def what_is_wrong(answer: Answer, found: list | None) -> str:
    """A sentence on an answer without its one right mark, "" for the others; `found` begins with state and points."""
    if found is None:
        return f"The answer {answer.submission} was taken and is not there."
    state, points = found[0], [float(each) for each in found[1]]
    if (state, points) == ("done", [answer.points]):
        return ""
    return f"The answer {answer.submission} deserves {answer.points:g} points; its job is {state}, its marks {points}."
