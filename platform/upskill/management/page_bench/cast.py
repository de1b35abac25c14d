"""Who asks for the pages: one person for each role, and whoever has handed in most for the learner."""

from django.db.models import Count

from upskill.people import demo
from upskill.people.models import User

LEARNER = "learner"


def cast() -> dict[str, User]:
    """Role of a demo account -> its person; for the learner the one with the most work, if anybody has any."""
    people = demo.people_by_role()
    busiest = busiest_learner()
    return people | ({LEARNER: busiest} if busiest else {})


def busiest_learner() -> User | None:
    """Whoever has handed in most, without another role; of those who have a certificate, if anybody has: theirs are the
    most pages.
    """
    senders = User.objects.filter(role_grants=None, reports=None)
    certified = senders.filter(certificates__isnull=False)
    found = certified if certified.exists() else senders
    return found.annotate(sent=Count("submissions", distinct=True)).filter(sent__gt=0).order_by("-sent", "pk").first()
