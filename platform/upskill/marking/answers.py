"""Looking at an uploaded answer before it is accepted, with the engine's own reader. Runs none of it."""

import nbformat
from grading.notebooks import AnswerRefused, read_answer

from upskill.catalogue.models import ExerciseVersion
from upskill.core import blobs

__all__ = ["AnswerRefused", "check_answer"]


def check_answer(exercise: ExerciseVersion, *, content: bytes) -> None:
    """Nothing, if the file is an answer to this exercise. Raises AnswerRefused with one sentence and the cure."""
    source = nbformat.reads(blobs.read(exercise.source_sha256).decode(), as_version=4)
    read_answer(content, source=source)
