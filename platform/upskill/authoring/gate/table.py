"""What the gate found, as a table that a trainer understands."""

from collections import Counter
from collections.abc import Iterator

from upskill.catalogue.course_files.certificate import SOLUTION, Certificate
from upskill.catalogue.course_files.shape import CourseContent, ItemContent

from .exercise import Examined, passes
from .known import Known, mistakes_in
from .reading_age import age, count_of_words, prose_of
from .tricks import Kind


def of_course(course: CourseContent) -> str:
    """One line for a course: how much there is of it, and how hard it is to read."""
    items = [item for module in course.modules for item in module.items]
    lessons = [prose_of(item.page["html"]) for item in items if item.kind == "lesson"]
    ages = sorted({age(text) for text in lessons})
    reading = f", {sum(map(count_of_words, lessons)):,} words at a reading age of {_span(ages)}" if ages else ""
    more = [kind for kind in ("reflection", "workshop") if any(item.kind == kind for item in items)]
    counts = ", ".join(_count(items, kind=kind) for kind in ("lesson", "quiz", "exercise", *more))
    return f"{course.id} {course.version}: {counts}{reading}, {sum(item.minutes for item in items)} minutes"


def of_exercise(examined: Examined) -> str:
    """A table for an exercise: what each known answer got, and what became of the tricks."""
    full = sum(float(check.max_points) for check in examined.exercise.content.checks if not check.by_person)
    rows = [_row("answer", "points", "what came of it")]
    rows += [_row(each.name, f"{each.points:g} of {full:g}", _said(each, examined)) for each in examined.known]
    return "\n".join([examined.exercise.name, *rows, *_tricks(examined)])


def of_certificate(name: str, found: Certificate) -> str:
    """A line for an exercise that has not changed since its certificate."""
    return f"{name}: unchanged since its certificate. {summary(caught=found.caught, held=found.held)}"


def summary(*, caught: int, held: int) -> str:
    """What an exercise has proved, in a sentence."""
    mistakes = f"Catches {caught} known {'mistake' if caught == 1 else 'mistakes'}"
    return f"{mistakes}, {held} tricks held." if held else f"{mistakes}. It has no hidden tests for tricks to meet."


def _said(known: Known, examined: Examined) -> str:
    if any(mistakes_in(known, exercise=examined.exercise)):
        return "NOT AS IT SHOULD BE: see below"
    if known.name == SOLUTION:
        return f"full marks, in {known.seconds:.1f} s"
    return f"caught by {known.wrong.check}" if known.wrong else "nothing, as it should be"


def _tricks(examined: Examined) -> Iterator[str]:
    if not examined.guarded:
        yield "  No check has hidden tests: marks here show practice, and a trick may earn them."
        return
    all_of, passing = Counter[str](), Counter[str]()
    for each in examined.tried:
        all_of[each.trick.kind] += 1
        passing[each.trick.kind] += any(passes(each.verdict, check=check) for check in examined.guarded)
    yield _row("trick", "held", "")
    for kind, count in all_of.items():
        yield _row(kind, f"{count - passing[kind]} of {count}", "NOT HELD: see below" if passing[kind] else "")
    if Kind.REPLAY not in all_of:
        yield _row(Kind.REPLAY, "not made", "no call of a visible test could be seen")


def _row(name: str, figure: str, said: str) -> str:
    return f"  {name:42} {figure:>12}  {said}".rstrip()


def _count(items: list[ItemContent], *, kind: str) -> str:
    plural = "quizzes" if kind == "quiz" else f"{kind}s"
    number = sum(item.kind == kind for item in items)
    return f"{number} {kind if number == 1 else plural}"


def _span(ages: list[int]) -> str:
    return str(ages[0]) if len(ages) == 1 else f"{ages[0]} to {ages[-1]}"
