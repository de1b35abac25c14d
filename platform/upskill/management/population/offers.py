"""What the published courses give evidence for: their quizzes and exercises, with the skills that these earn."""

from dataclasses import dataclass

from upskill.catalogue import queries as catalogue
from upskill.catalogue.models import Item, ItemVersion
from upskill.skills.models import Level, Skill


@dataclass(frozen=True)
class Offer:
    """A quiz, or an exercise (or reflection): its version, and the levels of skills that it earns."""

    course: int  # its place in the list of courses
    module: int  # its module's position in the course
    quiz: int | None  # id of the item version
    exercise: int | None  # id of the exercise version
    item: int
    questions: int
    blob: str  # what was handed in: the notebook as it is released
    awards: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Teaching:
    """The published courses: the id of each, how many modules it has, its first item, and everything that earns."""

    courses: list[str]
    modules: list[int]
    first_items: list[int]
    offers: list[Offer]


class NothingTaught(Exception):
    """No published course has anything that earns evidence."""


def published() -> Teaching:
    """What can be earned in the courses that are published now. Raises NothingTaught."""
    outlines = [outline for outline in catalogue.outlines() if outline.items]
    known = set(Skill.objects.values_list("slug", flat=True))
    offers = []
    for number, outline in enumerate(outlines):
        for version in outline.items:
            offer = _offer(version, course=number, known=known)
            offers += [offer] if offer else []
    if not offers:
        raise NothingTaught("No published course earns a skill. Load the courses with: manage.py sync_courses")
    return Teaching(
        courses=[outline.items[0].item.course_id for outline in outlines],
        modules=[1 + max(version.module.position for version in outline.items) for outline in outlines],
        first_items=[outline.items[0].item_id for outline in outlines],
        offers=offers,
    )


def _offer(version: ItemVersion, *, course: int, known: set[str]) -> Offer | None:
    is_quiz = version.item.kind == Item.Kind.QUIZ
    exercise = None if is_quiz else getattr(version, "exercise", None)
    earned = [(award["skill"], int(award["level"])) for award in version.skills if award["skill"] in known]
    if not earned or (not is_quiz and exercise is None):
        return None
    awards = [(skill, int(Level.AWARENESS) if is_quiz else level) for skill, level in earned]
    return Offer(
        course=course,
        module=version.module.position,
        quiz=version.pk if is_quiz else None,
        exercise=exercise.pk if exercise else None,
        item=version.item_id,
        questions=len(version.content.get("questions", [])) or 1,
        blob=exercise.release_sha256 if exercise else "",
        awards=tuple(awards),
    )
