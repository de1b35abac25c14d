"""The learner's own skills record, what their role asks for, and where they see themselves."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from upskill.catalogue import queries as catalogue
from upskill.catalogue.choosing import Published
from upskill.skills import queries, rules, services
from upskill.skills.models import Level, Skill
from upskill.skills.queries import SkillRecord
from upskill.web.allowed import HOUR, allowed
from upskill.web.person import signed_in

from .self_view import SelfViewForm

MOST_SELF_VIEWS = 120  # in an hour by one person


@dataclass(frozen=True)
class Shown:
    """A skill of the record as the page shows it. `statements`: what each level means, from the lowest; `courses`: the
    list of those that teach it.
    """

    record: SkillRecord
    statements: list[tuple[Level, str]]
    courses: str


@dataclass(frozen=True)
class Asked:
    """A skill that the learner's role asks for, and the courses in which the level can be shown, the shortest first."""

    record: SkillRecord
    courses: list[Published]


@require_safe
def skills(request: HttpRequest) -> HttpResponse:
    """Every skill with the level reached, what it rests on, and what each level means."""
    return _record_page(request)


@never_cache
@require_POST
@allowed("self-view", most=MOST_SELF_VIEWS, seconds=HOUR)
def say_self_view(request: HttpRequest) -> HttpResponse:
    """Where the learner sees themselves with one skill."""
    learner, now = signed_in(request), timezone.now()
    form = SelfViewForm(request.POST, skills=queries.skills_of(learner, on=timezone.localdate(now)))
    if not form.is_valid():
        return _record_page(request, form=form)
    skill = form.known[form.cleaned_data["skill"]]
    services.say_self_view(learner, skill=skill, level=form.cleaned_data["level"], now=now)
    messages.success(request, _("Saved: where you see yourself with “%(skill)s”.") % {"skill": skill.name})
    return redirect(f"{reverse('learner:skills')}#self-view")


@require_safe
def role(request: HttpRequest) -> HttpResponse:
    """What the learner's role asks for, where they are, and what closes the gap."""
    learner, today = signed_in(request), timezone.localdate()
    rules.check_see_record(learner, of=learner)
    post = queries.post_of(learner, on=today)
    asked = [record for record in queries.record_of(learner, on=today) if record.target]
    published = catalogue.published() if any(record.is_short for record in asked) else []
    context = {
        "post": post,
        "gaps": [Asked(record, _teaching(record, published)) for record in asked if record.is_short],
        "reached": [record for record in asked if not record.is_short],
        "listed": queries.listed_without_level(post.role_level),
        "crumbs": [(reverse("learner:skills"), _("My skills"))],
    }
    return render(request, "learner/role.html", context)


def _record_page(request: HttpRequest, *, form: SelfViewForm | None = None) -> HttpResponse:
    learner, today = signed_in(request), timezone.localdate()
    rules.check_see_record(learner, of=learner)
    shown = [_shown(record) for record in queries.record_of(learner, on=today)]
    known = [each.record.skill for each in shown]
    said = queries.self_view_of(learner)
    context = {
        "reached": [each for each in shown if each.record.level or each.record.standing.lapsed],
        "not_yet": [each for each in shown if not (each.record.level or each.record.standing.lapsed)],
        "form": form or SelfViewForm(skills=known),
        "self_view": [(skill, said[skill.pk]) for skill in known if skill.pk in said],
        "crumbs": [],
    }
    return render(request, "learner/skills.html", context, status=422 if form else 200)


def _shown(record: SkillRecord) -> Shown:
    courses = f"{reverse('learner:catalogue')}?{urlencode({'skill': record.skill.pk})}"
    return Shown(record, _statements(record.skill), courses)


def _statements(skill: Skill) -> list[tuple[Level, str]]:
    return sorted((Level(int(level)), sentence) for level, sentence in skill.statements.items())


def _teaching(record: SkillRecord, published: list[Published]) -> list[Published]:
    found = [
        course
        for course in published
        if any(award["skill"] == record.skill.pk and award["level"] >= record.target for award in course.version.skills)
    ]
    return sorted(found, key=lambda course: course.minutes)
