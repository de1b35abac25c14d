"""Tallies of levels: kept with each piece of evidence, whatever comes when, and worked out anew by a command."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from tests.factories.marking import EvidenceFactory, MarkFactory, SkillFactory
from tests.factories.people import NOON, MembershipFactory, OrganisationFactory, PersonFactory
from tests.unit.management.commands import run
from upskill.people import services as people
from upskill.skills import queries
from upskill.skills.models import Evidence, Level, LevelTally
from upskill.skills.validity import Standing

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TODAY = NOON.date()


def tallies() -> dict[tuple[int, str], tuple]:
    rows = LevelTally.objects.values_list("person_id", "skill_id", *queries.DAYS)
    return {(person, skill): days for person, skill, *days in rows}


def days_ago(*days: int | None) -> list[dt.date | None]:
    return [None if each is None else TODAY - each * DAY for each in days]


def test_evidence_that_arrives_late_does_not_take_a_newer_day_away():
    alice = PersonFactory()
    EvidenceFactory(learner=alice, level=Level.AWARENESS, earned_at=NOON)

    EvidenceFactory(learner=alice, level=Level.PRACTITIONER, earned_at=NOON - 40 * DAY)

    assert tallies() == {(alice.pk, "fairness"): days_ago(0, 40, 40, None)}


def test_corrected_evidence_counts_as_its_correction_says_and_lost_evidence_not_at_all():
    alice = PersonFactory()
    kept = EvidenceFactory(learner=alice, level=Level.AWARENESS, earned_at=NOON - 9 * DAY)
    first = EvidenceFactory(learner=alice, level=Level.WORKING, earned_at=NOON - 5 * DAY)

    second = EvidenceFactory(learner=alice, level=Level.AWARENESS, earned_at=NOON - 5 * DAY, replaces=first)
    assert tallies() == {(alice.pk, "fairness"): days_ago(5, None, None, None)}
    EvidenceFactory(learner=alice, level=Level.NONE, earned_at=NOON, replaces=second)
    assert tallies() == {(alice.pk, "fairness"): days_ago(9, None, None, None)}
    EvidenceFactory(learner=alice, level=Level.NONE, earned_at=NOON, replaces=kept)

    assert tallies() == {}


def test_level_goes_with_the_person_who_moves_to_another_department():
    post = MembershipFactory()
    alice, elsewhere = post.person, OrganisationFactory()
    EvidenceFactory(learner=alice, level=Level.WORKING)
    before = queries.levels_with_days([alice.pk], on=TODAY)

    people.place(alice, organisation=elsewhere, line_manager=None, from_on=TODAY, by=None, now=NOON)

    assert queries.levels_with_days([alice.pk], on=TODAY) == before
    assert before == {(alice.pk, "fairness"): Standing(Level.WORKING, TODAY)}


def test_level_ends_on_the_day_its_months_are_over_and_the_lower_one_may_hold_on():
    alice, privacy = PersonFactory(), SkillFactory(slug="privacy", valid_months=24)
    EvidenceFactory(learner=alice, skill=privacy, level=Level.WORKING, earned_at=NOON)
    EvidenceFactory(learner=alice, skill=privacy, level=Level.AWARENESS, earned_at=NOON + 30 * DAY)
    ends, later = dt.date(2028, 11, 23), dt.date(2028, 12, 23)

    seen = [queries.levels_with_days([alice.pk], on=day)[alice.pk, "privacy"] for day in (ends - DAY, ends, later)]

    assert seen == [
        Standing(Level.WORKING, TODAY, ends),
        Standing(Level.AWARENESS, TODAY + 30 * DAY, later, lapsed=Level.WORKING, lapsed_on=ends),
        Standing(lapsed=Level.WORKING, lapsed_on=ends),
    ]
    assert queries.levels([alice.pk], on=later) == {}


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_for_one_person_both_count():
    alice, fairness = PersonFactory(), SkillFactory()
    marks = [MarkFactory(submission__learner=alice) for _ in range(2)]
    both_wrote = Barrier(2, timeout=20)

    def write(at: int) -> None:
        with transaction.atomic():
            if at:
                both_wrote.wait()  # the other one's row is written, and not committed
            Evidence.objects.create(
                learner=alice, skill=fairness, level=at + 1, mark=marks[at], earned_at=NOON - at * DAY
            )
            if not at:
                both_wrote.wait()
        connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(write, range(2)))

    assert tallies() == {(alice.pk, "fairness"): days_ago(0, 1, None, None)}


# --- Worked out anew ---


def spoil() -> None:
    """One tally missing, one too many, one with another day; and a fourth as it should be."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM skills_leveltally WHERE skill_id = 'missing'")
        cursor.execute("UPDATE skills_leveltally SET awareness_on = awareness_on + 1 WHERE skill_id = 'different'")
        cursor.execute(
            "INSERT INTO skills_leveltally (person_id, skill_id, awareness_on) "
            "SELECT max(id), 'missing', '2026-01-01' FROM people_user"
        )


def test_check_of_tallies_finds_each_kind_of_difference_and_changes_nothing():
    people_with = {slug: EvidenceFactory(skill=SkillFactory(slug=slug)).learner for slug in ("missing", "different")}
    right, stranger = EvidenceFactory().learner, PersonFactory()
    assert run("rebuild_tallies", "--check") == ["The tallies are what the evidence says."]
    before = tallies()
    spoil()
    spoilt = tallies()

    with pytest.raises(CommandError, match="Mend them with"):
        call_command("rebuild_tallies", "--check")
    assert tallies() == spoilt
    lines = run("rebuild_tallies")

    assert lines == [
        "Of 3 people the tallies differed: 1 missing, 1 extra, 1 different",
        f"missing: person {people_with['missing'].public_id}, skill missing",
        f"different: person {people_with['different'].public_id}, skill different",
        f"extra: person {stranger.public_id}, skill missing",
    ]
    assert tallies() == before
    assert (right.pk, "fairness") in before
    assert run("rebuild_tallies") == ["The tallies are what the evidence says."]
