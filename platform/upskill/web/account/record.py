"""What the service keeps about the person who is signed in, and who has looked at it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from upskill.catalogue import queries as catalogue
from upskill.core import audit
from upskill.core.models import AuditEntry
from upskill.people import queries as people
from upskill.people import weekly_mail
from upskill.people.models import Membership, User
from upskill.people.queries import Roles
from upskill.reports import queries as reports
from upskill.web.choices import Choice
from upskill.web.person import signed_in

from . import trail_subjects, trail_words

PAGE_SIZE = 25


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Name, address, post and roles as they are kept, and the ways to everything else about oneself."""
    person, today = signed_in(request), timezone.localdate()
    roles = people.roles_of(person)
    team = people.direct_reports(person, on=today).count() if roles.has_reports else 0
    post = people.post_of(person, on=today)
    context = {
        "post": post,
        "places": _places(post) if post else "",
        "roles": _roles_in_words(roles, team=team),
        "has_weekly_mail": weekly_mail.is_wanted(person),
        "crumbs": [],
    }
    return render(request, "account/account.html", context)


@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """Who has looked at one's own record, when and why; `?show=everything` also tells what was done."""
    person = signed_in(request)
    show_everything = request.GET.get("show") == "everything"
    found = audit.about(person) if show_everything else audit.looks_at(person)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    entries = list(page)
    facts = trail_subjects.facts_of(entries)
    context = {
        "page": page,
        "query": "show=everything&" if show_everything else "",
        "show_everything": show_everything,
        "choices": [
            Choice(_("Looks by other people"), "?", not show_everything),
            Choice(_("Everything, also what you did"), "?show=everything", show_everything),
        ],
        "lines": [
            (entry.at, trail_words.sentence(entry.event, who=_who(entry, reader=person), facts=known))
            for entry, known in zip(entries, facts, strict=True)
        ],
        "crumbs": [(reverse("account:account"), _("Your account"))],
    }
    return render(request, "account/trail.html", context)


def _who(entry: AuditEntry, *, reader: User) -> str:
    if entry.by is None:
        return _("The service")
    return _("You") if entry.by == reader else entry.by.full_name


def _places(post: Membership) -> str:
    """The organisation and what it is a part of, the smallest first."""
    return ", ".join(each.name for each in [post.organisation, *reversed(reports.above(post.organisation))])


def _roles_in_words(roles: Roles, *, team: int) -> list[str]:
    titles = catalogue.titles_of(roles.courses) if roles.courses else {}
    words = [_("Learner")]
    words += sorted(_("Trainer of %(course)s") % {"course": titles.get(course, course)} for course in roles.courses)
    if roles.has_reports:
        words.append(ngettext("Line manager of %(n)d person", "Line manager of %(n)d people", team) % {"n": team})
    words += [
        _("Department viewer of %(organisation)s, in counts without names") % {"organisation": organisation.name}
        for organisation in roles.organisations
    ]
    words += [
        _("Administrator of %(organisation)s, who keeps its staff records") % {"organisation": organisation.name}
        for organisation in roles.administered
    ]
    words += [_("Head of %(organisation)s") % {"organisation": organisation.name} for organisation in roles.led]
    if roles.is_operator:
        words.append(_("Operator of this service"))
    return words
