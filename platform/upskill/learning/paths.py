"""The path that a learner follows: one at a time, theirs alone to see, and it closes nothing."""

import datetime as dt

from django.db import transaction

from upskill.catalogue.models import LearningPath
from upskill.core import audit
from upskill.people.models import User

from .models import FollowedPath


def followed(learner: User) -> LearningPath | None:
    """The path that the learner follows, offered still or not. One query."""
    found = FollowedPath.objects.filter(learner=learner).select_related("path").first()
    return found.path if found else None


@transaction.atomic
def follow(learner: User, *, path: LearningPath, now: dt.datetime) -> FollowedPath:
    """That the learner follows this path from now on, and no other. Safe to repeat: the first moment stays."""
    first = {"path": path, "followed_at": now}
    row, is_new = FollowedPath.objects.select_for_update().get_or_create(learner=learner, defaults=first)
    if not is_new and row.path_id == path.pk:
        return row
    row.path, row.followed_at = path, now
    row.save(update_fields=["path", "followed_at"])
    audit.record("path.followed", subject=path, by=learner, at=now, about=learner)
    return row


@transaction.atomic
def stop_following(learner: User, *, path: LearningPath, now: dt.datetime) -> bool:
    """False where the learner does not follow this path: it may be another one by now, in another window."""
    deleted, _rows = FollowedPath.objects.filter(learner=learner, path=path).delete()
    if deleted:
        audit.record("path.left", subject=path, by=learner, at=now, about=learner)
    return bool(deleted)
