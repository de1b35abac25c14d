"""What the posts of the demo's people ask for: roles that their departments have written for themselves."""

import datetime as dt

from django.db import transaction

from upskill.people import demo
from upskill.people.models import Membership, Organisation, in_force
from upskill.skills import frameworks, local_roles, roles


@transaction.atomic
def load(*, now: dt.datetime) -> int:
    """Give the demo's departments roles, and its people who have none the one that fits their profession and grade;
    returns how many were given one. Safe to repeat: what is there stays.
    """
    frameworks.load_packaged(by=None, now=now)
    emails = [each.email for each in demo.cast()]
    posts = Membership.objects.filter(in_force(now.date()), person__email__in=emails, is_main=True, role="", persona="")
    given = 0
    for department in Organisation.objects.filter(code__in=demo.departments()):
        local_roles.add_to(department, by=None, now=now)
        known = set(roles.levels_for(department).values_list("code", flat=True))
        for post in posts.filter(organisation__path__startswith=department.path).select_related("organisation"):
            level = local_roles.level_for(profession=post.profession, grade=post.grade)
            code = local_roles.code_in(department.code, level=level) if level else ""
            persona = local_roles.persona_for(profession=post.profession, grade=post.grade)
            roles.give_role(post, role=code if code in known else "", persona=persona, by=None, now=now)
            given += 1
    return given
