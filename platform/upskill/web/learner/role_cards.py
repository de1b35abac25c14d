"""What people with more roles than a learner's find on their home page: a card for each role, with what waits there."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upskill.core import heartbeats
from upskill.marking import engines, queries, queue
from upskill.people import feedback
from upskill.people import rules as people_rules
from upskill.people.models import User
from upskill.people.queries import roles_of
from upskill.planning import rules as planning_rules
from upskill.reports import queries as reports
from upskill.reports import rules as report_rules
from upskill.reports import team as teams
from upskill.reports.team import Reach
from upskill.skills.models import Level
from upskill.web.operator.state import Summary, summary

DAYS = 7
MOST_LINKS = 5


@dataclass(frozen=True)
class RoleCard:
    """One role: where its work is, what there is to know before going there, and ways into a part of it."""

    title: str
    url: str
    sentences: list[str]
    links: list[tuple[str, str]] = field(default_factory=list)  # (url, words)


def cards(person: User, *, now: dt.datetime, on: dt.date) -> Iterator[RoleCard]:
    """The cards of this person's roles, none for a learner. One query for a trainer, four for a manager, one for an
    administrator, three for a department viewer, four for an operator. Whoever leads an organisation has reports.
    """
    if people_rules.can_train_any(person):
        yield _trainer(person, courses=roles_of(person).courses)
    if report_rules.can_see_team(person):
        yield _manager(teams.reach_of_team(person, level=Level.WORKING, on=on))
    roles = roles_of(person)
    if (roles.has_reports or roles.administers) and planning_rules.can_ask_organisations(person, on=on):
        yield _planner()
    if report_rules.can_see_departments(person):
        yield _department_viewer(person, on=on)
    if people_rules.can_administer_any(person):
        yield _administrator(person)
    if people_rules.can_operate(person):
        yield _operator(now=now)


def _trainer(person: User, *, courses: frozenset[str]) -> RoleCard:
    waiting = sum(queries.waiting_counts(person, courses=courses).values())
    sentence = ngettext("%(n)d answer waits for you.", "%(n)d answers wait for you.", waiting) % {"n": waiting}
    return RoleCard(
        title=_("Marking"),
        url=reverse("trainer:courses"),
        sentences=[sentence if waiting else _("No answer waits for you.")],
    )


def _manager(reach: Reach) -> RoleCard:
    people = reach.people
    sentence = ngettext("%(n)d person reports to you.", "%(n)d people report to you.", people) % {"n": people}
    if reach.reached is not None:
        sentence = _(
            "%(reached)d of the %(n)d people who report to you have reached working level or above in a skill."
        ) % {
            "reached": reach.reached,
            "n": people,
        }
    sentences = [sentence]
    if reach.short:
        short = ngettext(
            "%(n)d is short of what their role needs.", "%(n)d are short of what their role needs.", reach.short
        )
        sentences.append(short % {"n": reach.short})
    links = [(reverse("manager:team_training"), _("Training that closes the gaps"))] if reach.short else []
    links.append((reverse("planning:team"), _("What your team was asked to learn")))
    return RoleCard(title=_("My team"), url=reverse("manager:team"), sentences=sentences, links=links)


def _planner() -> RoleCard:
    return RoleCard(
        title=_("Learning for organisations"),
        url=reverse("planning:organisations"),
        sentences=[_("Ask the people of an organisation to learn something by a day.")],
    )


def _department_viewer(person: User, *, on: dt.date) -> RoleCard:
    organisations = reports.organisations_viewed_by(person, on=on)
    return RoleCard(
        title=_("Departments"),
        url=reverse("manager:departments"),
        sentences=[_("Skills in counts, without names.")],
        links=[(reverse("manager:department", args=[each.code]), each.name) for each in organisations[:MOST_LINKS]],
    )


def _administrator(person: User) -> RoleCard:
    organisations = roles_of(person).administered
    return RoleCard(
        title=_("Staff records"),
        url=reverse("administrator:home"),
        sentences=[_("People, posts and parts of your organisation. No levels.")],
        links=[(reverse("administrator:unit", args=[each.code]), each.name) for each in organisations[:MOST_LINKS]],
    )


def _operator(*, now: dt.datetime) -> RoleCard:
    lines = queue.lines()
    found = summary(engines.state(), housekeepers=heartbeats.alive(heartbeats.HOUSEKEEPER), lines=lines)
    sent = feedback.newest().filter(sent_at__gt=now - dt.timedelta(days=DAYS)).count()
    return RoleCard(title=_("State of the service"), url=reverse("operator:state"), sentences=_state(found, sent=sent))


def _state(found: Summary, *, sent: int) -> list[str]:
    sentences = [
        _marking(found),
        _("Mail goes out.") if found.is_housekeeping else _("No sign of life from what sends mail."),
        ngettext("%(n)d answer waits for its mark.", "%(n)d answers wait for their marks.", found.waiting)
        % {"n": found.waiting},
    ]
    if found.stopped:
        stopped = ngettext(
            "A fault of ours stopped %(n)d answer.", "A fault of ours stopped %(n)d answers.", found.stopped
        )
        sentences.append(stopped % {"n": found.stopped})
    if sent:
        said = ngettext("%(n)d piece of feedback in the last week.", "%(n)d pieces of feedback in the last week.", sent)
        sentences.append(said % {"n": sent})
    return sentences


def _marking(found: Summary) -> str:
    if found.is_marking:
        return _("Marking is on.")
    return _("Marking is paused.") if found.has_worker else _("No sign of life from what marks.")
