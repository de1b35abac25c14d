"""Small populations, and courses from which they can learn."""

from tests.factories.catalogue import CourseVersionFactory, ExerciseFactory, ModuleFactory, QuizFactory
from tests.factories.marking import SkillFactory
from tests.factories.people import NOON
from upskill.management.population import making
from upskill.management.population.making import Made


def teach() -> None:
    """Four courses of four modules, each with a quiz and an exercise, of which each earns two skills."""
    skills = [SkillFactory(slug=slug).pk for slug in ("privacy", "fairness", "data-handling", "ai-literacy")]
    for number in range(4):
        version = CourseVersionFactory()
        for position in range(4):
            module = ModuleFactory(course_version=version, position=position)
            earned = [{"skill": skills[number], "level": 3}, {"skill": skills[position - 1], "level": 2}]
            awards = list({each["skill"]: each for each in earned}.values())
            QuizFactory(module=module, skills=awards)
            ExerciseFactory(item_version__module=module, item_version__skills=awards)


def make(people: int, *, seed: int = 1) -> Made:
    return making.civil_service(people, seed=seed, now=NOON, say=lambda text: None)
