"""Publications with figures that a test chooses, where it is about what is shown of them. How they come to be is tested
in tests/unit/reports.
"""

import datetime as dt

from django.utils import timezone

from upskill.people.models import Organisation
from upskill.reports.models import Publication, PublishedFigures
from upskill.reports.publication import METHOD
from upskill.skills.models import Skill

from .marking import SkillFactory
from .people import NOON

FEW, WITH, NEW = -1, -2, -4  # hidden figures
Figures = tuple[int, int, int, int, int, int, int]  # none yet, four levels, role asks for it, below that
SKILLS = {"fairness": "Fairness", "privacy": "Privacy"}


def publication(*, on: dt.date | None = None, skills: tuple[str, ...] = ("fairness",)) -> Publication:
    """A publication of these skills without a figure; of today, unless another day is given."""
    for slug in skills:
        if not Skill.objects.filter(pk=slug).exists():
            SkillFactory(slug=slug, name=SKILLS.get(slug, slug))
    day = on or timezone.localdate()
    return Publication.objects.create(
        on=day, made_at=NOON, method=METHOD, skills=list(skills), seconds=1, oldest_on=day
    )


def published(
    made: Publication,
    organisation: Organisation | None,
    *,
    people: int,
    slice_: tuple[str, str] = ("", ""),
    fairness: Figures | None = None,
    privacy: Figures | None = None,
    each: Figures | None = None,
) -> PublishedFigures:
    """What is published of an organisation (None: of all of government): a skill's figures, or those of `each` skill.
    Without any: nobody has a level, and no role asks for the skill.
    """
    path = organisation.path if organisation else ""
    above = "" if "/" not in path.rstrip("/") else path.rstrip("/").rpartition("/")[0] + "/"
    known = {"fairness": fairness, "privacy": privacy}
    other = each or (people, FEW, FEW, FEW, FEW, FEW, FEW)
    return PublishedFigures.objects.create(
        publication=made,
        organisation=organisation,
        path=path,
        parent_path=above,
        slice_kind=slice_[0],
        slice=slice_[1],
        people=people,
        figures=[figure for skill in made.skills for figure in (*(known.get(skill) or other), people)],
    )
