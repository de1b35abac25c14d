"""The data of an exercise: described so that somebody could use it for something else."""

from pathlib import Path

from upskill.authoring.places import lines_of
from upskill.catalogue.course_files.shape import ExerciseContent

from .remarks import Remarks


def check_data(exercise: ExerciseContent, *, folder: Path, remarks: Remarks) -> None:
    """Note a data sheet that does not name a file, its licence or its origin. Its digests are read with the course."""
    if not exercise.files:
        return
    sheet = folder / "data" / "DATASHEET.md"
    text = "\n".join(lines_of(sheet)).lower()
    for name in exercise.files:
        if name.lower() not in text:
            cure = "Say what each file holds: its rows, its columns, what one row is."
            remarks.mistakes.add(sheet, line=1, problem=f"The data sheet does not describe {name}.", cure=cure)
    for word, others, cure in (
        ("licence", (), "Add a line Licence, such as CC BY 4.0, or why there is none to give."),
        ("origin", ("written by", "source"), "Add a line Origin: who made the data, when, and with which seed."),
    ):
        if not any(each in text for each in (word, *others)):
            remarks.mistakes.add(sheet, line=1, problem=f"The data sheet names no {word}.", cure=cure)
