"""Choosing among the published courses: for whom, how high, how long, and about what. Pure rules."""

from dataclasses import dataclass
from enum import StrEnum

from .models import CourseVersion

HOUR = 60  # minutes


class Length(StrEnum):
    """How much time somebody has. The second holds the first."""

    HOUR = "1-hour"
    THREE_HOURS = "3-hours"
    LONGER = "longer"

    def holds(self, minutes: int) -> bool:
        """True for a course that takes so long."""
        return {
            Length.HOUR: minutes <= HOUR,
            Length.THREE_HOURS: minutes <= 3 * HOUR,
            Length.LONGER: minutes > 3 * HOUR,
        }[self]


@dataclass(frozen=True)
class Published:
    """A course as it is published now, and the minutes that all of it takes."""

    version: CourseVersion
    minutes: int


@dataclass(frozen=True)
class Choice:
    """What somebody chose. Of each kind one of the chosen is enough, and of an empty kind everything fits.

    Level and skill belong together: with both, one skill of the course must be a chosen one at a chosen level.
    """

    audience: frozenset[str] = frozenset()
    levels: frozenset[int] = frozenset()
    lengths: frozenset[Length] = frozenset()
    skills: frozenset[str] = frozenset()

    def fits(self, course: Published) -> bool:
        """True for a course that is all of what was chosen."""
        return self._fits_audience(course) and self._fits_length(course) and self._fits_skills(course)

    def _fits_audience(self, course: Published) -> bool:
        return not self.audience or not self.audience.isdisjoint(course.version.audience)

    def _fits_length(self, course: Published) -> bool:
        return not self.lengths or any(length.holds(course.minutes) for length in self.lengths)

    def _fits_skills(self, course: Published) -> bool:
        if not self.levels and not self.skills:
            return True
        return any(
            (not self.levels or award["level"] in self.levels) and (not self.skills or award["skill"] in self.skills)
            for award in course.version.skills
        )
