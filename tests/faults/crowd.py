"""Learners for a running site, each with an access token. Run beside it, in its environment: `crowd.py NUMBER NAME`.

Prints their tokens as a JSON list. They work in departments of twenty, and have enrolled in the course.
"""

import json
import sys

import django
from django.utils import timezone

django.setup()

from upskill.catalogue import queries as catalogue  # noqa: E402 (models: not before Django is set up)
from upskill.learning import services as learning  # noqa: E402
from upskill.people import demo, services, tokens  # noqa: E402
from upskill.people.models import Organisation, TokenScope  # noqa: E402

DEPARTMENT_SIZE = 20


def main(number: int, name: str) -> None:
    """Everybody is new: this runs once on a site with the same name."""
    now = timezone.now()
    outline = catalogue.outline(demo.TRAINED_COURSE)
    assert outline, "the demo's course is not published here"
    course = outline.items[0].item.course
    departments = [
        services.add_organisation(
            f"{name} {place}", code=f"{name}-{place}", kind=Organisation.Kind.DEPARTMENT, parent=None,
            from_on=now.date(), by=None, now=now,
        )
        for place in range(-(-number // DEPARTMENT_SIZE))
    ]  # fmt: skip
    found = []
    for place in range(number):
        person = services.add_person(f"Learner {place}", email=f"{name}-{place}@example.gov.uk", by=None, now=now)
        department = departments[place // DEPARTMENT_SIZE]
        services.place(person, organisation=department, line_manager=None, from_on=now.date(), by=None, now=now)
        learning.enrol(person, course=course, now=now)
        issued = tokens.issue_token(person, name=name, scopes=[TokenScope.READ, TokenScope.LEARN], days=1, now=now)
        found.append(issued.secret)
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
