"""Evidence: what a quiz or a mark earns, what a later mark takes away, and that nothing of it is ever edited."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError

from tests.factories.catalogue import ExerciseFactory, QuizFactory
from tests.factories.marking import EvidenceFactory, MarkFactory, SkillFactory
from tests.factories.people import NOON, PersonFactory
from upskill.core.models import AuditEntry
from upskill.learning.models import QuizAttempt
from upskill.marking import services as marking
from upskill.marking.models import Mark
from upskill.marking.services import RubricMark
from upskill.skills import queries, services
from upskill.skills.models import Evidence, Level, Skill

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=1)
LATEST = NOON + dt.timedelta(days=2)


@pytest.fixture(autouse=True)
def _skills_exist():
    SkillFactory()
    SkillFactory(slug="oversight")


def exercise_for(*awards: tuple[str, int]):
    return ExerciseFactory(item_version__skills=[{"skill": skill, "level": level} for skill, level in awards])


def first_mark(exercise, *, points: int = 4) -> Mark:
    mark = MarkFactory(submission__exercise=exercise, points=points)
    services.add_mark_evidence(mark, now=NOON)
    return mark


def override(mark: Mark, *, points: int, now=LATER) -> Mark:
    new = marking.override_mark(
        mark, points={"test_one": Decimal(points)}, reason="I looked again.", by=PersonFactory(), now=now
    )
    services.add_mark_evidence(new, now=now)
    return new


def judge(mark: Mark, *levels: int, now=LATER) -> Mark:
    judgement = RubricMark(
        check="reflection", levels=dict(zip(("finding", "advice", "limit"), levels, strict=True)), comment="Read."
    )
    new = marking.mark_by_rubric(mark, rubric_mark=judgement, by=PersonFactory(), now=now)
    services.add_mark_evidence(new, now=now)
    return new


def record(mark: Mark) -> dict[str, tuple[int, dt.datetime, int | None]]:
    """Skill -> level, when it was earned, and the mark that it rests on, of the evidence in effect."""
    found = queries.in_effect().filter(learner=mark.submission.learner)
    return {each.skill_id: (each.level, each.earned_at, each.mark_id) for each in found}


# --- quizzes ---------------------------------------------------------------------------------------------------------


def attempt(*, passed: bool, awards=(("fairness", 1),)) -> QuizAttempt:
    quiz = QuizFactory(skills=[{"skill": skill, "level": level} for skill, level in awards])
    return QuizAttempt.objects.create(
        learner=PersonFactory(), quiz=quiz, answers={}, right=int(passed), questions=1, passed=passed, answered_at=NOON
    )


def test_passed_quiz_is_evidence_of_awareness_of_each_of_its_skills():
    passed = attempt(passed=True, awards=(("fairness", 1), ("oversight", 4)))

    services.add_quiz_evidence(passed, now=NOON)

    rows = Evidence.objects.order_by("skill").values_list("skill", "level", "quiz_attempt", "mark", "earned_at")
    assert list(rows) == [("fairness", 1, passed.pk, None, NOON), ("oversight", 1, passed.pk, None, NOON)]


def test_failed_quiz_is_no_evidence():
    assert services.add_quiz_evidence(attempt(passed=False), now=NOON) == []
    assert Evidence.objects.count() == 0


def test_evidence_is_audited_about_the_learner():
    passed = attempt(passed=True)

    services.add_quiz_evidence(passed, now=NOON)

    entry = AuditEntry.objects.get(event="evidence.added")
    assert (entry.about, entry.by, entry.details) == (passed.learner, None, {"skill": "fairness", "level": 1})


# --- marks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("offered", "earned"), [(1, 1), (2, 2), (3, 2), (4, 2)])
def test_tests_prove_what_the_exercise_offers_and_never_more_than_working(offered, earned):
    mark = first_mark(exercise_for(("fairness", offered)))

    assert record(mark) == {"fairness": (earned, NOON, mark.pk)}


def test_mark_that_does_not_pass_is_no_evidence():
    mark = first_mark(exercise_for(("fairness", 2)), points=3)

    assert (mark.passed, Evidence.objects.count()) == (False, 0)


def test_mark_of_an_exercise_without_skills_is_no_evidence():
    mark = first_mark(exercise_for())

    assert (mark.passed, Evidence.objects.count()) == (True, 0)


def test_override_that_no_longer_passes_replaces_every_skill_by_level_none():
    mark = first_mark(exercise_for(("fairness", 2), ("oversight", 1)))

    new = override(mark, points=0)

    assert record(mark) == {}
    rows = Evidence.objects.filter(mark=new).order_by("skill").values_list("skill", "level", "replaces__mark")
    assert list(rows) == [("fairness", 0, mark.pk), ("oversight", 0, mark.pk)]


def test_override_that_still_passes_keeps_the_day_on_which_the_level_was_earned():
    exercise = exercise_for(("fairness", 2))
    exercise.checks.create(slug="extra", position=2, title="Extra", max_points=1)
    mark = MarkFactory(submission__exercise=exercise, points=4)
    mark.checks.create(slug="extra", position=2, title="Extra", points=1, max_points=1, status="passed")
    services.add_mark_evidence(mark, now=NOON)

    new = marking.override_mark(mark, points={"extra": Decimal(0)}, reason="Too short.", by=PersonFactory(), now=LATER)
    services.add_mark_evidence(new, now=LATER)

    assert new.passed
    assert record(mark) == {"fairness": (2, NOON, new.pk)}


def test_override_that_passes_at_last_earns_the_level_on_that_day():
    mark = first_mark(exercise_for(("fairness", 2)), points=0)

    new = override(mark, points=4)

    assert record(mark) == {"fairness": (2, LATER, new.pk)}


def test_chain_of_overrides_ends_where_the_newest_mark_says():
    mark = first_mark(exercise_for(("fairness", 2)))

    second = override(mark, points=0)
    third = override(second, points=4, now=LATEST)

    assert record(mark) == {"fairness": (2, LATEST, third.pk)}
    chain = Evidence.objects.order_by("pk").values_list("level", "replaces__mark")
    assert list(chain) == [(2, None), (0, mark.pk), (2, second.pk)]


def test_override_from_fail_to_fail_to_pass_needs_nothing_to_replace():
    mark = first_mark(exercise_for(("fairness", 2)), points=0)

    second = override(mark, points=1)
    third = override(second, points=4, now=LATEST)

    assert record(mark) == {"fairness": (2, LATEST, third.pk)}
    assert Evidence.objects.count() == 1


def test_rubric_mark_after_a_pass_keeps_the_level_and_its_day():
    mark = first_mark(exercise_for(("fairness", 2)))

    new = judge(mark, 0, 0, 0)

    assert record(mark) == {"fairness": (2, NOON, new.pk)}


def test_rubric_mark_of_two_everywhere_earns_working_where_the_tests_failed():
    mark = first_mark(exercise_for(("fairness", 2)), points=0)

    new = judge(mark, 2, 3, 4)

    assert record(mark) == {"fairness": (2, LATER, new.pk)}


@pytest.mark.parametrize(
    ("levels", "earned"), [((3, 3, 3), 3), ((4, 4, 4), 3), ((2, 4, 4), 2), ((3, 3, 2), 2), ((1, 4, 4), 2)]
)
def test_practitioner_needs_three_on_every_criterion(levels, earned):
    mark = first_mark(exercise_for(("fairness", 3)))

    judge(mark, *levels)

    assert record(mark)["fairness"][0] == earned


def test_practitioner_is_never_more_than_the_exercise_offers():
    mark = first_mark(exercise_for(("fairness", 2), ("oversight", 4)))

    judge(mark, 4, 4, 4)

    assert {skill: level for skill, (level, _day, _mark) in record(mark).items()} == {"fairness": 2, "oversight": 3}


def test_corrected_rubric_mark_takes_practitioner_back_to_working():
    mark = first_mark(exercise_for(("fairness", 3)))
    judged = judge(mark, 4, 4, 4)
    assert record(mark) == {"fairness": (3, LATER, judged.pk)}

    corrected = judge(judged, 2, 2, 2, now=LATEST)

    assert record(mark) == {"fairness": (2, LATEST, corrected.pk)}


def test_override_of_the_tests_leaves_what_the_rubric_proves():
    mark = first_mark(exercise_for(("fairness", 3)))
    judged = judge(mark, 3, 3, 3)

    new = override(judged, points=0, now=LATEST)

    assert record(mark) == {"fairness": (3, LATER, new.pk)}


def test_evidence_of_another_attempt_stays_when_one_is_withdrawn():
    exercise = exercise_for(("fairness", 2))
    first = first_mark(exercise)
    second = MarkFactory(submission__exercise=exercise, submission__learner=first.submission.learner)
    services.add_mark_evidence(second, now=LATER)

    override(first, points=0, now=LATEST)

    assert record(first) == {"fairness": (2, LATER, second.pk)}


def test_evidence_in_effect_always_rests_on_a_mark_in_effect():
    for levels in ((0, 0, 0), (2, 2, 2), (4, 4, 4)):
        mark = first_mark(exercise_for(("fairness", 3), ("oversight", 1)))
        judge(override(override(mark, points=0), points=4), *levels)

    assert queries.in_effect().filter(mark__replaced_by__isnull=False).count() == 0
    assert queries.in_effect().count() == 6


# --- what PostgreSQL refuses -----------------------------------------------------------------------------------------


def test_evidence_has_exactly_one_source():
    mark = MarkFactory()
    fields = {"learner": mark.submission.learner, "skill": Skill.objects.get(pk="fairness"), "level": 1}

    with pytest.raises(IntegrityError, match="evidence_has_one_source"), transaction.atomic():
        Evidence.objects.create(**fields, earned_at=NOON)
    with pytest.raises(IntegrityError, match="evidence_has_one_source"), transaction.atomic():
        Evidence.objects.create(**fields, earned_at=NOON, mark=mark, quiz_attempt=attempt(passed=True))

    assert Evidence.objects.count() == 0


@pytest.mark.parametrize("level", [0, 5])
def test_evidence_stands_for_a_level_unless_it_takes_one_away(level):
    with pytest.raises(IntegrityError, match="evidence_level_range"):
        EvidenceFactory(level=level)


def test_a_mark_is_evidence_of_a_skill_once():
    evidence = EvidenceFactory()

    with pytest.raises(IntegrityError, match="evidence_once_per_mark"):
        EvidenceFactory(learner=evidence.learner, mark=evidence.mark)


def test_a_quiz_attempt_is_evidence_of_a_skill_once():
    passed = attempt(passed=True)
    services.add_quiz_evidence(passed, now=NOON)

    with pytest.raises(IntegrityError, match="evidence_once_per_quiz_attempt"):
        services.add_quiz_evidence(passed, now=NOON)


def test_evidence_is_replaced_once():
    evidence = EvidenceFactory()
    EvidenceFactory(learner=evidence.learner, replaces=evidence)

    with pytest.raises(IntegrityError, match="replaces_id"):
        EvidenceFactory(learner=evidence.learner, replaces=evidence)


@pytest.mark.parametrize("act", ["change", "delete"])
def test_evidence_is_never_changed_or_deleted(act):
    EvidenceFactory()
    before = list(Evidence.objects.values())

    with pytest.raises(ProgrammingError, match="Cannot update or delete rows"), transaction.atomic():
        Evidence.objects.update(level=4) if act == "change" else Evidence.objects.all()._raw_delete("default")

    assert list(Evidence.objects.values()) == before


def test_levels_have_the_names_of_the_framework_in_order():
    assert [level.name.lower() for level in Level] == ["none", "awareness", "working", "practitioner", "expert"]
