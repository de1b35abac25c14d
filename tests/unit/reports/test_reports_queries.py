"""Team and department as managers see them: who counts, on which day, and what is hidden."""

import datetime as dt

import pytest
from upskill.reports.tree import counted, whole_tree

from tests.factories.catalogue import ExerciseItemFactory
from tests.factories.marking import EvidenceFactory, SkillFactory
from tests.factories.people import (
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
    viewer_of,
)
from upskill.core.models import AuditEntry
from upskill.people.models import Organisation, User
from upskill.people.roles import Role
from upskill.reports import queries, rules, services
from upskill.skills.models import Level

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
YESTERDAY, TOMORROW = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _fairness_exists():
    SkillFactory(slug="fairness", name="Fairness")


def post(organisation: Organisation, *, level: Level = Level.NONE, **fields) -> User:
    """Somebody who works there, perhaps with a level of fairness."""
    person = MembershipFactory(organisation=organisation, **fields).person
    if level:
        EvidenceFactory(learner=person, level=level)
    return person


def posts(organisation: Organisation, count: int, *, level: Level = Level.NONE) -> list[User]:
    return [post(organisation, level=level) for _ in range(count)]


def fairness_in(organisation: Organisation) -> tuple:
    (row,) = queries.department(organisation, on=TODAY).rows
    return row.counts


def test_record_team_view_writes_one_entry_about_each_person_in_one_query(django_assert_num_queries):
    manager, people = PersonFactory(), [PersonFactory() for _ in range(3)]

    with django_assert_num_queries(1):
        services.record_team_view(people, by=manager, now=NOON)

    entries = AuditEntry.objects.order_by("pk")
    assert [(e.event, e.by, e.about, e.at, e.subject_id) for e in entries] == [
        ("levels.viewed", manager, person, NOON, str(person.pk)) for person in people
    ]


def test_only_somebody_with_reports_may_view_a_team():
    manager = PersonFactory()
    MembershipFactory(line_manager=manager)

    assert rules.can_see_team(manager)
    assert not rules.can_see_team(PersonFactory())


# --- department ------------------------------------------------------------------------------------------------------


def test_department_counts_people_at_their_highest_level_here_and_below():
    department = OrganisationFactory()
    agency = OrganisationFactory(parent=department)
    posts(department, 6)
    posts(agency, 5, level=Level.AWARENESS)
    for person in posts(agency, 7, level=Level.AWARENESS):
        EvidenceFactory(learner=person, level=Level.WORKING)

    found = queries.department(department, on=TODAY)

    assert (found.whole.organisation, found.whole.people) == (department, 18)
    assert [(row.skill.slug, row.counts) for row in found.rows] == [("fairness", (6, 5, 7, 0, 0))]
    assert [(part.organisation, part.people) for part in found.parts] == [(agency, 12)]


def test_department_leaves_out_the_suspended_those_who_left_and_every_other_department():
    department, other = OrganisationFactory(), OrganisationFactory()
    posts(department, 5, level=Level.WORKING)
    post(department, level=Level.WORKING, person__is_active=False)
    post(department, level=Level.WORKING, valid_to=TODAY)
    post(department, level=Level.WORKING, valid_from=TOMORROW)
    posts(other, 9, level=Level.EXPERT)

    assert queries.department(department, on=TODAY).whole.people == 5
    assert fairness_in(department) == (0, 0, 5, 0, 0)


def test_departments_whose_codes_begin_alike_do_not_mix():
    home, homes = OrganisationFactory(code="home"), OrganisationFactory(code="home-office")
    posts(home, 5, level=Level.WORKING)
    posts(homes, 7, level=Level.EXPERT)

    assert (fairness_in(home), fairness_in(homes)) == ((0, 0, 5, 0, 0), (0, 0, 0, 0, 7))


def test_department_without_people_shows_noughts():
    assert fairness_with_nobody() == (0, (0, 0, 0, 0, 0))


def fairness_with_nobody() -> tuple:
    EvidenceFactory()
    ExerciseItemFactory()
    found = queries.department(OrganisationFactory(), on=TODAY)
    return found.whole.people, found.rows[0].counts


def test_no_page_of_the_tree_gives_away_what_another_hides():
    """3 of 12 people in the small team are at working level: its page hides them, and so does the other team's."""
    department = OrganisationFactory()
    large, small = OrganisationFactory(parent=department), OrganisationFactory(parent=department)
    posts(large, 30, level=Level.WORKING)
    posts(large, 30)
    posts(small, 9)
    posts(small, 3, level=Level.WORKING)

    assert fairness_in(department) == (39, 0, 33, 0, 0)
    assert fairness_in(small) == (None, 0, None, 0, 0)
    assert fairness_in(large) == (None, 0, None, 0, 0)


def test_what_is_hidden_does_not_depend_on_who_looks_from_where():
    """A viewer of one agency must not see what its department's viewers could subtract."""
    department = OrganisationFactory()
    agency, tiny = OrganisationFactory(parent=department), OrganisationFactory(parent=department)
    posts(agency, 20)
    posts(tiny, 2)

    from_above = {part.organisation: part.people for part in queries.department(department, on=TODAY).parts}

    assert from_above == {agency: None, tiny: None}
    assert queries.department(agency, on=TODAY).whole.people is None


@pytest.mark.parametrize("count", [1, 3])
def test_department_costs_five_queries_however_many_parts_people_and_skills(count, django_assert_num_queries):
    department = OrganisationFactory()
    for number in range(count):
        SkillFactory(slug=f"skill-{number}")
        for person in posts(OrganisationFactory(parent=department), 5):
            EvidenceFactory(learner=person, skill_id=f"skill-{number}")

    with django_assert_num_queries(5):
        found = queries.department(department, on=TODAY)

    skills = {row.skill.slug: row.counts[Level.WORKING] for row in found.rows}
    assert skills == {"fairness": 0} | {f"skill-{number}": 5 for number in range(count)}
    assert (len(found.parts), found.whole.people) == (count, 5 * count)


def test_organisation_in_force_is_one_that_exists_on_that_day():
    ended, begins = OrganisationFactory(valid_to=TODAY), OrganisationFactory(valid_from=TODAY)

    assert queries.organisation_in_force(ended.code, on=TODAY) is None
    assert queries.organisation_in_force(ended.code, on=YESTERDAY) == ended
    assert queries.organisation_in_force(begins.code, on=TODAY) == begins
    assert queries.organisation_in_force(begins.code, on=YESTERDAY) is None
    assert queries.organisation_in_force("nowhere", on=TODAY) is None


def test_organisations_viewed_by_somebody_are_those_granted_that_still_exist():
    zebra, ant = OrganisationFactory(name="Zebra"), OrganisationFactory(name="Ant")
    closed, not_theirs = OrganisationFactory(valid_to=TODAY), OrganisationFactory()
    viewer = viewer_of(zebra)
    for organisation in (ant, closed):
        RoleGrantFactory(person=viewer, role=Role.DEPARTMENT_VIEWER, organisation=organisation)
    RoleGrantFactory(person=viewer, role=Role.DEPARTMENT_VIEWER, organisation=not_theirs, ended_at=NOON)

    assert queries.organisations_viewed_by(viewer, on=TODAY) == [ant, zebra]


def test_above_is_the_way_from_the_top():
    top = OrganisationFactory()
    middle = OrganisationFactory(parent=top)
    bottom = OrganisationFactory(parent=middle)

    assert [queries.above(each) for each in (top, middle, bottom)] == [[], [top], [top, middle]]


def test_viewers_see_their_organisation_and_below_and_nothing_beside_or_above():
    top = OrganisationFactory()
    mine, beside = OrganisationFactory(parent=top), OrganisationFactory(parent=top)
    below = OrganisationFactory(parent=mine)
    viewer = viewer_of(mine)

    may = [rules.can_see_department(viewer, organisation=each) for each in (top, mine, below, beside)]

    assert may == [False, True, True, False]


# --- the tree --------------------------------------------------------------------------------------------------------


def test_whole_tree_is_the_same_from_wherever_one_looks():
    top = OrganisationFactory()
    left, right = OrganisationFactory(parent=top, name="A"), OrganisationFactory(parent=top, name="B")
    below = OrganisationFactory(parent=left)
    people = {each: post(each).pk for each in (top, left, right, below)}

    trees = [whole_tree(each, on=TODAY) for each in (top, left, right, below)]

    assert [[node.organisation for node in tree.walk()] for tree in trees] == [[top, left, below, right]] * 4
    assert {node.organisation: node.people for node in trees[0].walk()} == {each: [pk] for each, pk in people.items()}


def test_people_of_an_organisation_that_has_ended_count_in_the_one_above():
    top = OrganisationFactory()
    ended = OrganisationFactory(parent=top, valid_to=TODAY)
    below_it = OrganisationFactory(parent=ended)
    stranded, lower = post(ended).pk, post(below_it).pk

    tree = whole_tree(top, on=TODAY)

    assert {node.organisation: node.people for node in tree.walk()} == {top: [stranded], below_it: [lower]}


def test_an_organisation_below_one_that_has_ended_is_its_own_top():
    ended = OrganisationFactory(valid_to=TODAY)
    left = OrganisationFactory(parent=ended)
    OrganisationFactory(parent=ended)

    assert whole_tree(left, on=TODAY).organisation == left


def test_counted_puts_each_person_in_one_place():
    top = OrganisationFactory()
    here, there = post(top).pk, post(OrganisationFactory(parent=top)).pk

    branch = counted(whole_tree(top, on=TODAY), place={here: 0, there: 2}.__getitem__, places=3)

    assert (branch.own, branch.counts, branch.total) == ((1, 0, 0), (1, 0, 1), 2)
