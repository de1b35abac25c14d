"""The organisation tree keeps its promises whatever is added and moved: paths tell the truth about parents."""

import datetime as dt

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from upskill.people import services
from upskill.people.models import Organisation, User
from upskill.people.roles import Role
from upskill.reports import rules

NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
# Codes that begin or end alike, so that a prefix that forgets the slash is found out.
CODES = ["a", "aa", "aaa", "a-a", "ab", "b", "ba", "b-a", "a1", "1a"]

parents = st.lists(st.integers(min_value=-1, max_value=9), min_size=1, max_size=len(CODES))
moves = st.lists(st.tuples(st.integers(0, 9), st.integers(-1, 9)), max_size=6)


def grow(wanted: list[int]) -> list[Organisation]:
    """A tree in which the n-th organisation has the wanted one before it as its parent, or none."""
    grown: list[Organisation] = []
    for place, parent in enumerate(wanted):
        above = grown[parent % place] if place and parent >= 0 else None
        grown.append(
            services.add_organisation(
                f"Organisation {place}",
                code=CODES[place],
                kind=Organisation.Kind.TEAM,
                parent=above,
                from_on=NOON.date(),
                by=None,
                now=NOON,
            )
        )
    return grown


def rearrange(tree: list[Organisation], *, wanted: list[tuple[int, int]]) -> int:
    """Move organisations as wanted; returns how many moves were refused because they led below themselves."""
    refused = 0
    for which, where in wanted:
        organisation = Organisation.objects.get(pk=tree[which % len(tree)].pk)
        parent = Organisation.objects.get(pk=tree[where % len(tree)].pk) if where >= 0 else None
        try:
            services.move_organisation(organisation, parent=parent, by=None, now=NOON)
        except services.MovedBelowItself:
            refused += 1
    return refused


def ancestry(organisation: Organisation) -> list[Organisation]:
    """The organisation and all above it, by walking from parent to parent."""
    walked = [organisation]
    while walked[-1].parent is not None:
        walked.append(walked[-1].parent)
        assert len(walked) <= len(CODES), "the tree has a circle"
    return walked


def below_by_walking(root: Organisation) -> set[str]:
    return {each.code for each in Organisation.objects.select_related("parent") if root in ancestry(each)}


class TestTree(TestCase):
    """Hypothesis makes the trees; each example runs in a transaction of its own."""

    @given(parents=parents, moves=moves)
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def test_subtree_by_prefix_is_the_subtree_by_walking(self, parents, moves):
        tree = grow(parents)
        rearrange(tree, wanted=moves)

        for root in Organisation.objects.all():
            by_prefix = set(Organisation.objects.filter(path__startswith=root.path).values_list("code", flat=True))
            assert by_prefix == below_by_walking(root)

    @given(parents=parents, moves=moves)
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def test_path_names_the_ancestors_from_the_top(self, parents, moves):
        tree = grow(parents)
        rearrange(tree, wanted=moves)

        for organisation in Organisation.objects.all():
            codes = [each.code for each in reversed(ancestry(organisation))]
            assert organisation.path == "".join(f"{code}/" for code in codes)

    @given(parents=parents, moves=moves)
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    def test_database_agrees_with_every_tree_that_services_make(self, parents, moves):
        rearrange(grow(parents), wanted=moves)

        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # would refuse a path that leads elsewhere

    @given(parents=parents, viewed=st.integers(0, 9))
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    def test_department_viewer_sees_exactly_what_is_below(self, parents, viewed):
        tree = grow(parents)
        root = tree[viewed % len(tree)]
        dev = User.objects.create(full_name="Dev", email="dev@example.gov.uk", joined_at=NOON)
        services.grant_role(dev, role=Role.DEPARTMENT_VIEWER, organisation=root, by=None, now=NOON)

        seen = {each.code for each in Organisation.objects.all() if rules.can_see_department(dev, organisation=each)}

        assert seen == below_by_walking(root)

    @given(parents=parents, moves=moves)
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    def test_refused_moves_leave_no_trace(self, parents, moves):
        tree = grow(parents)
        before = sorted(Organisation.objects.values_list("code", "path", "parent"))
        below_itself = [(which, which) for which, _where in moves]

        refused = rearrange(tree, wanted=below_itself)

        assert refused == len(moves)
        assert sorted(Organisation.objects.values_list("code", "path", "parent")) == before


@pytest.mark.parametrize("code", CODES)
def test_codes_of_the_properties_are_codes(code):
    assert Organisation._meta.get_field("code").clean(code, None) == code
