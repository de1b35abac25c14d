"""Welsh beside English: whether a translation is of the English that stands there now."""

from upskill.authoring.places import line_of_key
from upskill.catalogue.course_files.shape import ItemContent
from upskill.catalogue.course_files.welsh import SUFFIX, sha256_of

from .links import check_links
from .remarks import Remarks


def check_welsh(lesson: ItemContent, *, remarks: Remarks) -> None:
    """Note a translation that is out of date, and its bad links. A lesson without one has nothing to note."""
    translation = lesson.page.get("cy")
    if translation is None:
        return
    file = lesson.file.with_name(f"{lesson.slug}{SUFFIX}")
    check_links(file, remarks=remarks)
    if translation.get("is_stale"):
        problem = f"{lesson.file.name} has changed since this was translated, so learners get the English."
        now = sha256_of(lesson.file.read_text(encoding="utf-8-sig"))
        cure = f"Bring the Welsh up to date, then write of: {now}."
        remarks.advice.add(file, line=line_of_key(file, "of"), problem=problem, cure=cure)
