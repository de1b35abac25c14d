"""Learners for a running site, each with an access token. Run beside it, in its environment: `crowd.py NUMBER NAME`.

Prints their tokens as a JSON list. They work in departments of twenty, and have enrolled in the course.
"""

import json
import sys

import django
from django.utils import timezone

django.setup()

from upskill.catalogue import queries as catalogue  # noqa: E402 (models: not before Django is set up)
from upskill.management.bench_stack.crowd import enrolled  # noqa: E402
from upskill.people import demo, tokens  # noqa: E402
from upskill.people.models import TokenScope  # noqa: E402

SCOPES = [TokenScope.READ, TokenScope.LEARN]


def main(number: int, name: str) -> None:
    """Everybody is new: this runs once on a site with the same name."""
    outline = catalogue.outline(demo.TRAINED_COURSE)
    assert outline, "the demo's course is not published here"
    crowd = enrolled(number, name=name, of=outline.items[0].item.course)
    issued = [tokens.issue_token(each, name=name, scopes=SCOPES, days=1, now=timezone.now()) for each in crowd]
    print(json.dumps([token.secret for token in issued]))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
