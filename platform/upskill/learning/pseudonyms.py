"""What a trainer calls a learner before reading their work: a code for each course, and the name once it is opened.

A code is the person's id, shuffled with a secret that belongs to the course: an exchange of digits that can be undone
only with the service's key. Two people therefore never share one, it needs no table, and it stays the same whoever
joins or leaves.
"""

import hmac
from collections.abc import Collection

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from upskill.core.models import AuditEntry
from upskill.people.models import User

from .models import Submission

LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"  # no vowels, so no code is a word; nothing that reads like 0 or 1
HALF = 12  # bits: 24 of them are five letters, enough for 16 million people; then codes become twice as long
ROUNDS = 10  # as many as the standard for encrypting short numbers takes (NIST SP 800-38G)


def pseudonym(person: User, *, course: str) -> str:
    """The same words for this person in this course always; in another course others, that nobody can connect."""
    half = HALF
    while person.pk >> (2 * half):
        half *= 2
    code = _shuffled(person.pk, half=half, key=_key(course))
    letters = ""
    for _place in range(5 * half // HALF):
        code, letter = divmod(code, len(LETTERS))
        letters += LETTERS[letter]
    return _("Learner\u00a0%(code)s") % {"code": letters}


def names_for(trainer: User, *, course: str, learners: Collection[User]) -> dict[int, str]:
    """Person id -> what this trainer reads in the lists of this course: the name of learners of whom they have opened
    an answer of this course, which is on record, and of themselves; a pseudonym for everybody else.

    At most two queries.
    """
    kind = Submission._meta.label_lower
    seen = AuditEntry.objects.filter(event="submission.viewed", by=trainer, about__in=learners, subject_kind=kind)
    opened = {int(pk) for pk in seen.values_list("subject_id", flat=True).distinct()}
    answers = Submission.objects.filter(pk__in=opened, exercise__item_version__item__course=course)
    known = {trainer.pk, *answers.values_list("learner", flat=True)}
    return {
        learner.pk: learner.full_name if learner.pk in known else pseudonym(learner, course=course)
        for learner in learners
    }


def _shuffled(number: int, *, half: int, key: bytes) -> int:
    """Another number of as many bits; different numbers stay different, because each step can be undone (Feistel)."""
    mask = (1 << half) - 1
    left, right = number >> half, number & mask
    for step in range(ROUNDS):
        mixed = hmac.digest(key, b"%d:%d" % (step, right), "sha256")
        left, right = right, left ^ (int.from_bytes(mixed) & mask)
    return left << half | right


def _key(course: str) -> bytes:
    return salted_hmac("upskill.learning.pseudonyms", course, algorithm="sha256").digest()
