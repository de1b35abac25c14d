"""The courses that ship with the site, read once for all tests of them."""

from functools import cache
from pathlib import Path

from upskill.catalogue.course_files.library import Library, read_library
from upskill.catalogue.course_files.shape import CourseContent, ExerciseContent, ItemContent

COURSES = Path(__file__).resolve().parents[2] / "courses"
BIAS_AUDITS = COURSES / "ai-ethics-in-practice" / "modules" / "bias-audits"
AUDIT = BIAS_AUDITS / "audit-referrals"


@cache
def library() -> Library:
    """Every course in courses/."""
    return read_library([COURSES])


def course(name: str) -> CourseContent:
    """The course of this id."""
    return next(course for course in library().courses if course.id == name)


def item(name: str) -> ItemContent:
    """The item of this name in the module Bias audits."""
    module = next(module for module in course("ai-ethics-in-practice").modules if module.slug == "bias-audits")
    return next(item for item in module.items if item.slug == name)


def audit() -> ExerciseContent:
    """Exercise N23, Audit a fraud-referral model."""
    exercise = item("audit-referrals").exercise
    assert exercise is not None
    return exercise
