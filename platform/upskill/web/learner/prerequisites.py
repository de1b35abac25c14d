"""What helps somebody before a module: skills at levels, and which of them they have. It advises and never locks."""

import datetime as dt
from dataclasses import dataclass

from upskill.catalogue.queries import Outline
from upskill.people.models import User
from upskill.skills import queries as skills
from upskill.skills.models import Level


@dataclass(frozen=True)
class Prerequisite:
    """A skill by its name, at the level that helps; `is_held` by the learner who looks."""

    name: str
    level: Level
    is_held: bool


def prerequisites_of(outline: Outline, *, learner: User, on: dt.date) -> dict[str, list[Prerequisite]]:
    """Module slug -> what helps before it, for each module of a course, and whether the learner has it on that day. Two
    queries, or none if no module has any.
    """
    wanted = {each["skill"] for module in outline.modules for each in module.prerequisites}
    if not wanted:
        return {}
    names, reached = skills.names(wanted), skills.levels([learner.pk], on=on)
    return {
        module.slug: [
            Prerequisite(
                name=names[each["skill"]],
                level=Level(each["level"]),
                is_held=reached.get((learner.pk, each["skill"]), Level.NONE) >= each["level"],
            )
            for each in module.prerequisites
            if each["skill"] in names
        ]
        for module in outline.modules
    }
