"""What always holds of the training with the least hours, whatever courses offer and whatever is asked for."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from upskill.catalogue.offers import Offer, OfferedModule
from upskill.reports import training
from upskill.reports.training import earns, highest_levels, least_training
from upskill.skills.models import Level

levels = st.sampled_from([1, 2, 2, 3, 4])  # mostly one that an exercise closes
awards = st.dictionaries(st.sampled_from("abcd"), levels, min_size=1, max_size=3)
offers = st.builds(
    Offer,
    title=st.just("Item"),
    kind=st.sampled_from(["exercise", "reflection", "quiz"]),
    minutes=st.integers(10, 40),
    skills=awards.map(lambda found: tuple(sorted(found.items()))),
    by_person=st.booleans(),
)


def modules_of(parts):
    """Modules of a catalogue, each with its own name."""
    return tuple(
        OfferedModule("course", "Course", f"module-{number}", "Module", reading, tuple(found))
        for number, (reading, found) in enumerate(parts)
    )


def catalogues(*, modules: int, items: int):
    parts = st.tuples(st.sampled_from([0, 5, 30]), st.lists(offers, min_size=1, max_size=items))
    return st.lists(parts, max_size=modules).map(modules_of)


def asked(skills: str):
    return st.dictionaries(st.sampled_from(skills), levels, max_size=4).map(lambda needs: tuple(sorted(needs.items())))


def closed_by(offers) -> dict[str, int]:
    reached: dict[str, int] = {}
    for offer in offers:
        for skill, level in earns(offer).items():
            reached[skill] = max(level, reached.get(skill, 0))
    return reached


def cheapest(needs, *, modules) -> int:
    """Minutes of the cheapest of all sets of items that close these needs, each tried."""
    everything = [(module, offer) for module in modules for offer in module.offers]
    found = []
    for chosen in range(2 ** len(everything)):
        taken = [pair for bit, pair in enumerate(everything) if chosen >> bit & 1]
        reached = closed_by(offer for _module, offer in taken)
        if all(reached.get(skill, 0) >= level for skill, level in needs):
            entered = {module for module, _offer in taken}
            found.append(sum(module.reading for module in entered) + sum(offer.minutes for _module, offer in taken))
    return min(found)


def task(minutes: int, skills: str) -> Offer:
    return Offer("Task", "exercise", minutes, tuple((skill, 2) for skill in skills), by_person=False)


# What is cheapest for what it closes, one after the other, takes 53 minutes here; 44 are enough.
GREED = modules_of([(0, [task(31, "abc")]), (0, [task(22, "ab")]), (0, [task(22, "cd")])])
# Two tasks of one module, whose lessons are read once, beat two short ones of other modules.
SHARED = modules_of([(30, [task(5, "a"), task(5, "b")]), (10, [task(12, "a")]), (10, [task(12, "b")])])


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # on a busy machine
@given(asked("abcde"), catalogues(modules=3, items=3))
@example((("a", 2), ("b", 2), ("c", 2), ("d", 2)), GREED)
@example((("a", 2), ("b", 2)), SHARED)
def test_training_closes_every_gap_that_a_course_can_close_and_nothing_shorter_does(needs, modules):
    found = least_training(needs, modules=modules)

    highest = highest_levels(modules)
    closable = [(skill, level) for skill, level in needs if highest.get(skill, 0) >= level]
    reached = closed_by(offer for step in found.steps for offer in step.offers)
    assert [skill for skill, level in closable if reached.get(skill, 0) < level] == []
    assert dict(found.remains) == {skill: highest.get(skill, Level.NONE) for skill, _ in set(needs) - set(closable)}
    assert (found.minutes, found.is_least) == (cheapest(closable, modules=modules), True)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(asked("abcd"), catalogues(modules=8, items=2), st.integers(0, 3))
def test_training_of_a_search_cut_short_closes_the_same_and_its_bound_is_true(needs, modules, steps):
    least = least_training(needs, modules=modules)
    whole, training.MOST_STEPS = training.MOST_STEPS, steps
    try:
        short = least_training.__wrapped__(needs, modules=modules)
    finally:
        training.MOST_STEPS = whole

    reached = closed_by(offer for step in short.steps for offer in step.offers)
    highest = highest_levels(modules)
    assert [skill for skill, level in needs if level <= highest.get(skill, 0) and reached.get(skill, 0) < level] == []
    assert short.remains == least.remains
    assert short.at_least <= least.minutes <= short.minutes
    assert not short.is_least or short.minutes == least.minutes
