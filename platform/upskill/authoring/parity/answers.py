"""The answers that an author knows: the solution, the untouched notebook, and the typical wrong answers."""

from dataclasses import dataclass
from pathlib import Path

from upskill.catalogue.course_files.certificate import SOLUTION, UNTOUCHED
from upskill.catalogue.course_files.mistakes import Notes
from upskill.catalogue.course_files.shape import ExerciseContent
from upskill.catalogue.course_files.texts import Folder
from upskill.catalogue.course_files.wrong_answers import WrongAnswer, read_wrong_answer
from upskill.marking.model_answer import answered


@dataclass(frozen=True)
class Answer:
    """One notebook as it could be handed in. `name` of a wrong answer is that of its file."""

    name: str
    notebook: str


def answers_of(exercise: ExerciseContent, *, folder: Path) -> list[Answer]:
    """The solution, the untouched notebook, then each file in wrong/. Raises CourseError."""
    wrong = [
        Answer(each.name, answered(exercise.source, release=exercise.release, instead=each.tasks))
        for each in wrong_answers_of(folder)
    ]
    solution = Answer(SOLUTION, answered(exercise.source, release=exercise.release))
    return [solution, Answer(UNTOUCHED, exercise.release), *wrong]


def wrong_answers_of(place: Path) -> list[WrongAnswer]:
    """The wrong answers of the exercise in this folder, by name. Raises CourseError."""
    notes = Notes()
    folder = Folder(place, notes)
    found = []
    for file in sorted((place / "wrong").glob("*.py")):
        text = folder.text(file, why="")
        answer = read_wrong_answer(text, file=file, notes=notes) if text is not None else None
        if answer:
            found.append(answer)
    notes.stop_if_any()
    return found
