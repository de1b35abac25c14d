"""The training that closes a team's gaps at the least hours: for each person, and course by course."""

from dataclasses import dataclass

from upskill.catalogue.offers import OfferedModule
from upskill.skills.models import Level, Skill

from .team import Team, TeamMember
from .training import Training, least_training


@dataclass(frozen=True)
class PersonTraining:
    """What one person would take, and the gaps that no course closes: skill, level asked for, level courses reach."""

    member: TeamMember
    training: Training
    remains: list[tuple[Skill, Level, Level]]

    @property
    def minutes(self) -> int:
        """How long it takes them."""
        return self.training.minutes

    @property
    def courses(self) -> list[tuple[str, str]]:
        """Id and title of each course of which they would take something."""
        return list({step.module.course: step.module.course_title for step in self.training.steps}.items())


@dataclass(frozen=True)
class CourseShare:
    """A course of which people of the team would take something: who, and the minutes of all of them together."""

    course: str
    title: str
    people: list[TeamMember]
    minutes: int


@dataclass(frozen=True)
class TeamTraining:
    """The training of everybody who is short of something. What everybody takes is least, so the sum is too: nobody
    learns for somebody else.
    """

    people: list[PersonTraining]
    courses: list[CourseShare]

    @property
    def minutes(self) -> int:
        """Of everybody together."""
        return sum(each.minutes for each in self.people)

    @property
    def is_least(self) -> bool:
        """Whether each person's training is known to be the shortest."""
        return all(each.training.is_least for each in self.people)


def training_of(member: TeamMember, *, team: Team, modules: tuple[OfferedModule, ...]) -> PersonTraining:
    """The training of one person of the team. It rests on their gaps and the catalogue alone, on nothing they did."""
    skills = {team.skills[place].pk: team.skills[place] for place, _level in member.needs}
    targets = {team.skills[place].pk: level for place, level in member.needs}
    needs = tuple(sorted((slug, int(level)) for slug, level in targets.items()))
    training = least_training(needs, modules=modules)
    remains = [(skills[slug], targets[slug], reached) for slug, reached in training.remains]
    return PersonTraining(member=member, training=training, remains=remains)


def training_of_team(team: Team, *, modules: tuple[OfferedModule, ...]) -> TeamTraining:
    """The training of everybody who is short of something, by name, and course by course, most minutes first."""
    people = [training_of(member, team=team, modules=modules) for member in team.members if member.needs]
    shares: dict[str, CourseShare] = {}
    for each in people:
        for step in each.training.steps:
            module = step.module
            known = shares.get(module.course) or CourseShare(module.course, module.course_title, [], 0)
            takers = known.people if each.member in known.people else [*known.people, each.member]
            shares[module.course] = CourseShare(module.course, known.title, takers, known.minutes + step.minutes)
    return TeamTraining(people=people, courses=sorted(shares.values(), key=lambda share: -share.minutes))
