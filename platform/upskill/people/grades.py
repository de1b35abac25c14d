"""Grades of the Civil Service, lowest first, and the bands in which figures show them."""

from enum import StrEnum

GRADES = ("AA", "AO", "EO", "HEO", "SEO", "G7", "G6", "SCS")


class GradeBand(StrEnum):
    """Grades together, so that figures about them are about enough people."""

    ADMINISTRATIVE = "AA-AO"
    EXECUTIVE = "EO"
    HIGHER_EXECUTIVE = "HEO-SEO"
    SENIOR_MANAGEMENT = "G7-G6"
    SENIOR_CIVIL_SERVICE = "SCS"
    OTHER = "other"


BANDS = {
    "AA": GradeBand.ADMINISTRATIVE,
    "AO": GradeBand.ADMINISTRATIVE,
    "EO": GradeBand.EXECUTIVE,
    "HEO": GradeBand.HIGHER_EXECUTIVE,
    "SEO": GradeBand.HIGHER_EXECUTIVE,
    "G7": GradeBand.SENIOR_MANAGEMENT,
    "G6": GradeBand.SENIOR_MANAGEMENT,
    "SCS": GradeBand.SENIOR_CIVIL_SERVICE,
}


def band_of(grade: str) -> GradeBand:
    """The band of a grade as a membership has it; OTHER for one that is none of the Civil Service's, or not known."""
    return BANDS.get(grade.upper(), GradeBand.OTHER)
