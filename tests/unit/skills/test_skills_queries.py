"""Levels and the skills record: the best evidence in effect, for one person or thousands, in one query."""

import datetime as dt

import pytest

from tests.factories.marking import EvidenceFactory, SkillFactory
from tests.factories.people import NOON, PersonFactory
from upskill.people.models import User
from upskill.skills import queries, services
from upskill.skills.models import Level, Skill

pytestmark = pytest.mark.django_db


def test_levels_are_the_best_in_effect_of_each_person_and_skill():
    alice, bob = PersonFactory(), PersonFactory()
    oversight = SkillFactory(slug="oversight")
    EvidenceFactory(learner=alice, level=Level.AWARENESS)
    EvidenceFactory(learner=alice, level=Level.WORKING)
    EvidenceFactory(learner=alice, level=Level.AWARENESS, skill=oversight)
    EvidenceFactory(learner=bob, level=Level.PRACTITIONER)

    assert queries.levels([alice.pk, bob.pk], on=NOON.date()) == {
        (alice.pk, "fairness"): Level.WORKING,
        (alice.pk, "oversight"): Level.AWARENESS,
        (bob.pk, "fairness"): Level.PRACTITIONER,
    }


def test_levels_of_other_people_stay_out():
    alice, stranger = PersonFactory(), PersonFactory()
    EvidenceFactory(learner=stranger, level=Level.EXPERT)

    assert queries.levels([alice.pk], on=NOON.date()) == {}


def test_replaced_evidence_no_longer_counts():
    alice = PersonFactory()
    first = EvidenceFactory(learner=alice, level=Level.WORKING)
    second = EvidenceFactory(learner=alice, level=Level.NONE, replaces=first)
    assert queries.levels([alice.pk], on=NOON.date()) == {}

    EvidenceFactory(learner=alice, level=Level.AWARENESS, replaces=second)

    assert queries.levels([alice.pk], on=NOON.date()) == {(alice.pk, "fairness"): Level.AWARENESS}


@pytest.mark.parametrize("count", [1, 3])
def test_levels_cost_one_query_however_many_people(count, django_assert_num_queries):
    people = [EvidenceFactory().learner.pk for _ in range(count)]

    with django_assert_num_queries(1):
        assert len(queries.levels(people, on=NOON.date())) == count
    with django_assert_num_queries(1):
        assert len(queries.levels(User.objects.filter(pk__in=people).values("pk"), on=NOON.date())) == count


def test_record_of_names_every_skill_with_its_evidence_best_and_newest_first():
    alice = PersonFactory()
    SkillFactory(slug="oversight", position=1)
    fairness = SkillFactory(slug="fairness", position=0)
    old = EvidenceFactory(learner=alice, skill=fairness, level=Level.WORKING, earned_at=NOON)
    new = EvidenceFactory(learner=alice, skill=fairness, level=Level.WORKING, earned_at=NOON + dt.timedelta(days=1))
    low = EvidenceFactory(learner=alice, skill=fairness, level=Level.AWARENESS)
    EvidenceFactory(skill=fairness)

    record = queries.record_of(alice, on=NOON.date())

    assert [(each.skill.slug, each.level, each.evidence) for each in record] == [
        ("fairness", Level.WORKING, [new, old, low]),
        ("oversight", Level.NONE, []),
    ]


def synced(*entries: dict, by: User | None = None) -> int:
    return services.sync_skills(list(entries), by=by, now=NOON)


def test_sync_skills_writes_them_in_order_and_says_how_many_changed():
    entries = [
        {"slug": "privacy", "name": "Privacy", "statements": {"1": "You can say it."}},
        {"slug": "fairness", "name": "Fairness", "statements": {"1": "You can see it."}},
    ]

    assert [synced(*entries), synced(*entries)] == [2, 0]

    assert list(Skill.objects.values_list("slug", "name", "position")) == [
        ("privacy", "Privacy", 0),
        ("fairness", "Fairness", 1),
    ]


def test_sync_skills_changes_what_differs_and_keeps_what_is_no_longer_listed():
    kept = EvidenceFactory(skill=SkillFactory(slug="fairness")).skill

    assert synced({"slug": "privacy", "name": "Privacy", "statements": {}}) == 1
    assert synced({"slug": "privacy", "name": "Privacy and secrecy", "statements": {}}) == 1

    assert Skill.objects.get(pk="privacy").name == "Privacy and secrecy"
    assert Skill.objects.filter(pk=kept.pk).exists()


def test_sync_skills_says_who_added_and_who_changed_each_skill(audit_trail):
    olivia, privacy = PersonFactory(), {"slug": "privacy", "name": "Privacy", "statements": {"1": "You can say it."}}

    synced(privacy)
    synced(privacy | {"name": "Privacy and secrecy"}, by=olivia)
    synced(privacy | {"name": "Privacy and secrecy"}, by=olivia)

    said = {"name": "Privacy", "statements": {"1": "You can say it."}, "position": 0, "same_as": None}
    said["valid_months"] = None
    assert audit_trail() == [
        ("skill.added", None, said),
        ("skill.changed", olivia, said | {"name": "Privacy and secrecy"}),
    ]
