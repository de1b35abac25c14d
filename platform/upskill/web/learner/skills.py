"""The learner's own skills record."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from upskill.skills import queries, rules
from upskill.skills.models import Level, Skill
from upskill.web.person import signed_in


@require_safe
def skills(request: HttpRequest) -> HttpResponse:
    """Every skill with the level reached, what it rests on, and what each level means."""
    learner = signed_in(request)
    rules.check_see_record(learner, of=learner)
    records = [(record, _statements(record.skill)) for record in queries.record_of(learner, on=timezone.localdate())]
    context = {
        "reached": [(record, statements) for record, statements in records if record.level],
        "not_yet": [(record, statements) for record, statements in records if not record.level],
        "crumbs": [],
    }
    return render(request, "learner/skills.html", context)


def _statements(skill: Skill) -> list[tuple[Level, str]]:
    """What each level means, from the lowest."""
    return sorted((Level(int(level)), sentence) for level, sentence in skill.statements.items())
