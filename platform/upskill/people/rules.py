"""Who may act as a trainer or an operator, and end an access token.

Who may see reports is in reports/rules.py, who may mark in marking/.

A page for a role refuses whoever does not have it (NotAllowed). What belongs to one course does not exist for anybody
else (NotThere).
"""

from django.utils.translation import gettext as _

from upskill.core.rules import NotAllowed, NotThere, claim

from .models import AccessToken, User
from .queries import roles_of


def check_train(person: User, *, course: str) -> None:
    """A trainer of the course with this id. As many queries as roles_of takes."""
    if course not in roles_of(person).courses:
        raise NotThere(_("You do not train this course."))


def check_train_any(person: User) -> None:
    """A trainer of at least one course. As many queries as roles_of takes."""
    if not roles_of(person).trains:
        raise NotAllowed(_("This page is for trainers, and you do not train a course."))


def check_operate(person: User) -> None:
    """An operator of the service. As many queries as roles_of takes."""
    if not roles_of(person).is_operator:
        raise NotAllowed(_("This page is for the people who run this service."))


def check_manage_token(person: User, *, token: AccessToken) -> None:
    """The person who made the access token, while their account is active."""
    if not (person.is_active and token.user_id == person.pk):
        raise NotThere(_("This is not your access token."))


can_train = claim(check_train)
can_train_any = claim(check_train_any)
can_operate = claim(check_operate)
can_manage_token = claim(check_manage_token)
