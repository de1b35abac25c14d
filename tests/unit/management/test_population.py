"""An invented population: everybody works somewhere, for somebody, and what they learned adds up."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from django.db import connection, models, transaction
from django.db.models import F, Q

from tests.factories.people import NOON
from upskill.management.population import making, names, trees
from upskill.management.population.departments import Place, apportion
from upskill.management.population.making import Made
from upskill.people import demo
from upskill.people.grades import GRADES
from upskill.people.models import Membership, Organisation, Succession, User
from upskill.planning.models import Assignment, Completion, Exemption
from upskill.skills.models import CapabilityRole, Evidence, LevelTally, RoleLevel
from upskill.skills.tallies import COLUMNS, FROM_EVIDENCE

from .populations import make, teach

pytestmark = pytest.mark.django_db
PEOPLE = 500
TODAY = NOON.date()
CURRENT = Q(valid_to=None)


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker) -> Iterator[Made]:
    """One population for all tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        teach()
        yield make(PEOPLE)
        transaction.set_rollback(True)


@pytest.fixture
def posts(made) -> list[Membership]:
    return list(Membership.objects.filter(CURRENT).select_related("person", "organisation", "line_manager"))


# --- people ----------------------------------------------------------------------------------------------------------


def test_everybody_has_one_main_post(made, posts):
    everybody = set(User.objects.values_list("pk", flat=True))

    assert (made.people, len(everybody), {post.person_id for post in posts}) == (PEOPLE, PEOPLE, everybody)
    assert [len(posts), {post.is_main for post in posts}] == [PEOPLE, {True}]


def test_every_path_leads_to_its_organisation(made):
    organisations = list(Organisation.objects.select_related("parent"))

    wrong = [each for each in organisations if each.path != f"{each.parent.path if each.parent else ''}{each.code}/"]
    assert (wrong, len(organisations) > made.organisations) == ([], True)  # with those that are no more


def test_everybody_reports_to_somebody_up_to_a_head(posts):
    manager = {post.person_id: post.line_manager_id for post in posts}
    led = Organisation.objects.filter(kind__in=[Organisation.Kind.DEPARTMENT, Organisation.Kind.AGENCY])
    heads = set(led.values_list("head_id", flat=True))

    for person in manager:
        above, steps = person, 0
        while manager[above] is not None:
            above, steps = manager[above], steps + 1
            assert steps < 12
        assert above in heads


def test_head_of_an_organisation_works_there(posts):
    place = {post.person_id: post.organisation_id for post in posts}

    heads = Organisation.objects.filter(CURRENT).exclude(head=None).values_list("pk", "head_id")
    assert [organisation for organisation, head in heads if place[head] != organisation] == []


def test_most_managers_have_six_to_ten_reports():
    staff = trees.grow([Place("Whole", "whole", "department", None, 20_000)], rng=np.random.default_rng(1))

    reports = np.bincount(staff.manager[staff.manager != trees.NOBODY])
    reports = reports[reports > 0]
    assert (len(staff), int(reports.max()) < 40, int((reports < 4).sum())) == (20_000, True, 0)
    assert ((reports >= 6) & (reports <= 10)).mean() > 0.7
    assert max(unit.level for unit in staff.units) in {4, 5}


@pytest.mark.parametrize("people", [1, 2, 7, 14, 15, 40])
def test_small_organisation_has_as_many_people_as_it_should(people):
    staff = trees.grow([Place("Small", "small", "agency", None, people)], rng=np.random.default_rng(people))

    assert (len(staff), staff.units[0].head) == (people, 0)


def test_organisation_that_has_a_head_gets_no_other():
    staff = trees.grow([Place("Led", "led", "team", None, 9, id=5, head=7)], rng=np.random.default_rng(1))

    assert (len(staff), staff.units[0].head, set(staff.manager.tolist())) == (9, trees.NOBODY, {trees.NOBODY})


# --- posts -----------------------------------------------------------------------------------------------------------


def test_grades_are_as_frequent_as_in_the_statistics(posts):
    shares = {row["grade"]: int(row["headcount_2023"]) for row in demo.lines_of("grades_2023.csv")}

    assert Counter(post.grade for post in posts) == Counter(apportion(shares, places=PEOPLE))


def test_professions_are_nearly_as_frequent_as_in_the_statistics(posts):
    shares = {row["profession"]: int(row["headcount_2023"]) for row in demo.lines_of("professions_2023.csv")}
    wanted, found = Counter(apportion(shares, places=PEOPLE)), Counter(post.profession for post in posts)

    assert sum(abs(wanted[name] - found[name]) for name in shares) < PEOPLE * 0.15


def test_no_manager_has_a_lower_grade_than_a_report(posts):
    grade = {post.person_id: GRADES.index(post.grade) for post in posts}

    assert [
        post for post in posts if post.line_manager_id and grade[post.line_manager_id] < grade[post.person_id]
    ] == []


def test_tax_is_worked_at_by_those_who_collect_it(posts):
    places = Counter(post.organisation.path.split("/")[0] for post in posts if post.profession == "Tax")

    assert places.most_common(1)[0][0] == "hmrc"


def test_posts_ask_for_a_role_of_their_department(posts):
    known = dict(RoleLevel.objects.values_list("code", "role__organisation__code"))

    with_role = [post for post in posts if post.role]
    assert len(with_role) > PEOPLE / 2
    assert {known[post.role] == post.organisation.path.split("/")[0] for post in with_role} == {True}
    assert CapabilityRole.objects.exclude(organisation=None).values("organisation").distinct().count() > 10


def test_nobody_has_the_name_or_address_of_a_colleague(posts):
    assert {post.person.email.rpartition("@")[2] for post in posts} == {"example.gov.uk"}
    assert {post.person.full_name.split()[-1].lower() for post in posts} <= {
        f"{begin}{end}".lower() for begin in names.BEGINNINGS for end in names.ENDINGS
    }


# --- the past --------------------------------------------------------------------------------------------------------


def test_one_in_twenty_has_moved_within_a_year(made):
    moved = Membership.objects.filter(valid_to__gt=TODAY - dt.timedelta(days=365), organisation__valid_to=None)

    assert 0.01 * PEOPLE < moved.count() <= 0.05 * PEOPLE


def test_earlier_posts_end_where_the_next_one_begins(made):
    earlier = Membership.objects.exclude(valid_to=None)
    begun = dict(Membership.objects.filter(CURRENT).values_list("person_id", "valid_from"))

    assert earlier.exists()
    assert [post for post in earlier if begun[post.person_id] != post.valid_to] == []


def test_teams_that_are_no_more_have_successors_from_the_day_on_which_they_ended(made):
    ended = Organisation.objects.exclude(valid_to=None)

    assert set(ended) == {each.predecessor for each in Succession.objects.select_related("predecessor")}
    assert Succession.objects.exclude(on=F("predecessor__valid_to")).count() == 0


# --- what they learned -----------------------------------------------------------------------------------------------


def test_there_are_nine_rows_of_evidence_for_each_person(made):
    assert made.evidence == Evidence.objects.count()
    assert abs(made.evidence - PEOPLE * making.EVIDENCE) < 0.03 * made.evidence


def test_a_hundredth_of_the_evidence_is_replaced(made):
    replaced = Evidence.objects.exclude(replaces=None)

    assert 0.005 * made.evidence < replaced.count() < 0.03 * made.evidence
    assert replaced.exclude(mark__replaces=F("replaces__mark")).count() == 0
    assert set(replaced.values_list("level", flat=True)) == {0, 2, 3}


def test_tallies_are_those_that_evidence_comes_to(made):
    with connection.cursor() as cursor:
        cursor.execute(FROM_EVIDENCE.format(which="true"))
        counted = sorted(cursor.fetchall())
        cursor.execute(f"SELECT {COLUMNS} FROM {LevelTally._meta.db_table}")  # noqa: S608 - ours
        kept = sorted(cursor.fetchall())

    assert (len(kept), kept == counted) == (made.tallies, True)


def test_nothing_was_learned_after_today(made):
    assert Evidence.objects.filter(earned_at__gt=NOON).count() == 0
    assert Completion.objects.filter(finished_at__gt=NOON).count() == 0
    assert Evidence.objects.filter(earned_at__lt=NOON - dt.timedelta(days=730)).count() == 0


def test_evidence_is_of_the_level_that_its_source_can_prove(made):
    quizzes, marks = (Evidence.objects.filter(**{f"{way}__isnull": False}) for way in ("quiz_attempt", "mark"))

    assert set(quizzes.values_list("level", flat=True)) == {1}
    assert set(marks.filter(replaces=None).values_list("level", flat=True)) == {2}
    assert quizzes.exclude(learner=F("quiz_attempt__learner")).count() == 0
    assert marks.exclude(learner=F("mark__submission__learner")).count() == 0


def test_some_learning_is_required(made):
    assert Assignment.objects.filter(organisation__parent=None, repeat_months=12).count() > 10
    assert Assignment.objects.exclude(team_of=None).exists()
    assert set(Exemption.objects.values_list("assignment__organisation__parent", flat=True)) <= {None}


def test_every_row_points_at_rows_that_are_there(made):
    assert [field for model in making.TABLES for field in pointers(model) if dangling(model, field)] == []


def pointers(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.is_relation]


def dangling(model: type[models.Model], field: Any) -> bool:
    known = field.related_model._default_manager.values(field.target_field.attname)
    rows = model._default_manager.exclude(**{field.attname: None})
    return rows.exclude(**{f"{field.attname}__in": known}).exists()
