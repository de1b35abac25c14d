"""A course held against what reading it alone cannot know. Nothing of it is run."""

from upskill.authoring.parity.exercises import Exercise
from upskill.catalogue.course_files.shape import CourseContent, ItemContent

from .data import check_data
from .kits import check_kit
from .leaks import check_leaks
from .lessons import check_lesson, check_reflection
from .links import check_links
from .promises import check_module, check_quiz
from .remarks import Remarks
from .welsh import check_welsh
from .wrong_answers import check_wrong_answers


def check_course(course: CourseContent, *, only: str, remarks: Remarks) -> None:
    """Note everything about a course; where `only` names an item as MODULE/ITEM, about that item alone."""
    for module in course.modules:
        if not only:
            check_module(module, remarks=remarks)
        for item in module.items:
            if only in ("", f"{module.slug}/{item.slug}"):
                _check_item(item, remarks=remarks)


def check_exercise(exercise: Exercise, *, remarks: Remarks) -> None:
    """Note what an exercise lacks or gives away. Raises CourseError."""
    check_wrong_answers(exercise.content, folder=exercise.folder, remarks=remarks)
    check_leaks(exercise.content, script=exercise.folder / "exercise.py", remarks=remarks)
    check_data(exercise.content, folder=exercise.folder, remarks=remarks)


def _check_item(item: ItemContent, *, remarks: Remarks) -> None:
    if item.kind == "lesson":
        check_lesson(item, remarks=remarks)
        check_welsh(item, remarks=remarks)
    elif item.kind == "quiz":
        check_quiz(item, remarks=remarks)
    elif item.kind == "reflection":
        check_reflection(item, remarks=remarks)
    elif item.kind == "workshop":
        check_kit(item, remarks=remarks)
    elif item.exercise:
        check_exercise(Exercise(item.slug, item.file.parent, item.exercise), remarks=remarks)
    check_links(item.file if item.kind != "exercise" else item.file.parent / "exercise.py", remarks=remarks)
