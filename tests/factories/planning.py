"""What people were asked to learn, who is exempt, and who finished."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from upskill.planning.models import Assignment, Completion, Exemption

from .catalogue import CourseVersionFactory
from .people import NOON, MembershipFactory, PersonFactory

TODAY = NOON.date()


class AssignmentFactory(DjangoModelFactory):
    """Of the whole team of somebody, due in 30 days; pass team_of=None and an organisation for another audience."""

    class Meta:
        model = Assignment

    course = factory.LazyFunction(lambda: CourseVersionFactory().course)
    team_of = factory.SubFactory(PersonFactory)
    due_on = TODAY + dt.timedelta(days=30)
    made_by = factory.LazyAttribute(lambda o: o.team_of or PersonFactory())
    made_at = NOON


class ExemptionFactory(DjangoModelFactory):
    class Meta:
        model = Exemption

    assignment = factory.SubFactory(AssignmentFactory)
    person = factory.SubFactory(PersonFactory)
    reason = "On leave."
    given_by = factory.LazyAttribute(lambda o: o.assignment.made_by)
    given_at = NOON


class CompletionFactory(DjangoModelFactory):
    class Meta:
        model = Completion

    learner = factory.SubFactory(PersonFactory)
    finished_at = NOON


def report_of(manager, **post):
    """Somebody who reports to this manager since the first day."""
    return MembershipFactory(line_manager=manager, **post).person
