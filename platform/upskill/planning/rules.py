"""Who may ask an organisation to learn something, end that, and exempt somebody. Decision 0041 says why.

A line manager asks their direct reports: whoever may see the team (reports.rules.check_see_team). Whoever leads or
administers an organisation asks it and everything below it. Whoever asked may exempt somebody, and so may the person's
line manager.
"""

import datetime as dt

from django.utils.translation import gettext as _

from upskill.core.rules import NotAllowed, NotThere, claim
from upskill.people.models import Organisation, User
from upskill.people.rules import can_administer

from . import audience, queries
from .models import Assignment


def check_ask_organisations(person: User, *, on: dt.date) -> None:
    """Somebody who leads or administers any organisation in force. One query, and those of roles_of."""
    if not queries.organisations_planned_by(person, on=on):
        raise NotAllowed(_("This page is for people who lead or administer an organisation."))


def check_ask_organisation(person: User, *, organisation: Organisation) -> None:
    """Who leads or administers the organisation, or one above it. One query at most, and those of roles_of."""
    if can_administer(person, organisation=organisation):
        return
    codes = organisation.path.strip("/").split("/")
    if not (person.is_active and Organisation.objects.filter(head=person, valid_to=None, code__in=codes).exists()):
        raise NotThere(_("You do not plan learning for this organisation."))


def check_end(person: User, *, assignment: Assignment, on: dt.date) -> None:
    """The line manager whose team it is about, or who may ask the organisation; all those in which its work goes on,
    where it was split or merged. Queries as the rule above, for each of these.
    """
    if assignment.organisation:
        for place in queries.organisations_asked(assignment, on=on) or [assignment.organisation]:
            check_ask_organisation(person, organisation=place)
    elif assignment.team_of_id != person.pk or not person.is_active:
        raise NotThere(_("This is not asked of your team."))


def check_exempt(person: User, *, assignment: Assignment, learner: User, on: dt.date) -> None:
    """The line manager of somebody whom the assignment means, or who may end it; nobody exempts themselves. Three
    queries at most, and those of roles_of.
    """
    places = audience.places([assignment], on=on)
    posts = [post for post in audience.posts_of(learner, on=on) if audience.means(assignment, post, places=places)]
    manages = person.is_active and any(post.line_manager_id == person.pk for post in posts)
    if not posts or not (manages or can_end(person, assignment=assignment, on=on)):
        raise NotThere(_("This is not asked of anybody whom you could exempt."))
    if person == learner:
        raise NotAllowed(_("Somebody else has to exempt you."))


can_ask_organisations = claim(check_ask_organisations)
can_ask_organisation = claim(check_ask_organisation)
can_end = claim(check_end)
can_exempt = claim(check_exempt)
