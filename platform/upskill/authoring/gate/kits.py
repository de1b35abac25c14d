"""Workshop kits: whether they say what they are for, and give their trainer something to lead by."""

from upskill.catalogue.course_files.shape import ItemContent

from .lessons import check_reading_age, names_objective
from .remarks import Remarks


def check_kit(kit: ItemContent, *, remarks: Remarks) -> None:
    """Note a kit without an objective or without a part for its trainer, and one that is hard to read."""
    check_reading_age(kit, remarks=remarks)
    if not names_objective(kit):
        cure = "Begin it with ::: objectives and a list of what participants can do afterwards."
        remarks.mistakes.add(kit.file, line=1, problem="The kit names no objective.", cure=cure)
    if '<section class="prose-trainer">' not in kit.trainer_html:
        cure = "Add ::: trainer parts: a table of times, what to say, what goes wrong, and how to end."
        remarks.mistakes.add(kit.file, line=1, problem="The kit has no part for its trainer.", cure=cure)
