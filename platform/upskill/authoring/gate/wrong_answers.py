"""The typical wrong answers of an exercise: enough of them, for every check, and none that would pass."""

from pathlib import Path

from upskill.authoring.parity.answers import wrong_answers_of
from upskill.authoring.places import line_of_cell
from upskill.catalogue.course_files.shape import ExerciseContent

from .remarks import Remarks

LEAST = 3


def check_wrong_answers(exercise: ExerciseContent, *, folder: Path, remarks: Remarks) -> None:
    """Note what is missing among the wrong answers. Raises CourseError where one is malformed.

    Where a person marks everything, no test could catch one: none is asked for.
    """
    answers = wrong_answers_of(folder)
    script = folder / "exercise.py"
    points = {check.slug: float(check.max_points) for check in exercise.checks if not check.by_person}
    if points and len(answers) < LEAST:
        problem = f"The exercise has {len(answers)} wrong answers, fewer than {LEAST}."
        cure = "Write down in wrong/ what learners typically get wrong: each shows that the tests catch it."
        remarks.mistakes.add(script, line=1, problem=problem, cure=cure)
    caught = {answer.check for answer in answers}
    for check in points.keys() - caught:
        problem = f"No wrong answer shows what '{check}' catches."
        cure = "Add a typical mistake to wrong/ for this check to catch."
        remarks.mistakes.add(script, line=line_of_cell(script, check), problem=problem, cure=cure)
    for answer in answers:
        if answer.points >= float(exercise.pass_share) * sum(points.values()):
            problem = f"This wrong answer keeps {answer.points:g} of {sum(points.values()):g} points and passes."
            cure = "Give the check that it fails more points, or raise pass in exercise.yml."
            file = folder / "wrong" / f"{answer.name}.py"
            remarks.mistakes.add(file, line=1, problem=problem, cure=cure)
