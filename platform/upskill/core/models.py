"""Audit entries, blobs, mail waiting to be sent, signs of life and what was used of an allowance."""

import pgtrigger
from django.conf import settings
from django.db import models


def append_only(name: str = "append_only") -> pgtrigger.Protect:
    """A PostgreSQL trigger that refuses to change or delete a row. Corrections are new rows."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class AuditEntry(models.Model):
    """One thing that somebody did, written in the same transaction as the act."""

    at = models.DateTimeField()
    event = models.CharField(max_length=80)  # past tense: mark.overridden
    # who did it; null: the service itself. Both are first in an index below
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    # whose record it concerns
    about = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["about", "-at"], name="audit_about_at"),
            models.Index(fields=["by", "about"], name="audit_by_about"),
            models.Index(fields=["subject_kind", "subject_id"], name="audit_subject"),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.event} on {self.subject_kind} {self.subject_id}"


class Blob(models.Model):
    """Bytes, stored once, named by their SHA-256. Lists never read this table."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    size = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(sha256__regex="^[0-9a-f]{64}$"), name="blob_sha256_is_hex"),
        ]
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.sha256


class OutboxMail(models.Model):
    """One e-mail to send, written in the transaction of the act that it tells of. Sent by a worker, later."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    address = models.EmailField(blank=True, db_default="")  # an old one, until it is sent; "": the person's own
    subject = models.CharField(max_length=200)
    body = models.TextField()
    stop_link = models.TextField(blank=True, db_default="")  # where such mail is switched off; "": it tells of an act
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)  # not tried again before; null: at once

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(sent_at=None), name="outbox_unsent"),
        ]

    def __str__(self) -> str:
        return self.subject


class Stamp(models.Model):
    """What a piece of preparation last saw, so that a start skips what would change nothing."""

    name = models.CharField(primary_key=True, max_length=60)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name


class Heartbeat(models.Model):
    """The last sign of life of one process that works behind the pages. Written over and over."""

    process = models.CharField(primary_key=True, max_length=120)  # such as worker@host:1234
    program = models.CharField(max_length=40)  # worker, housekeeper
    seen_at = models.DateTimeField()
    is_working = models.BooleanField()  # False: it lives but takes no work; `note` says why
    note = models.TextField(blank=True)
    facts = models.JSONField(default=dict)  # versions and the like, for pages about the service

    class Meta:
        indexes = [models.Index(fields=["program", "-seen_at"], name="heartbeat_newest")]

    def __str__(self) -> str:
        return self.process


class Allowance(models.Model):
    """How often something was done in the current stretch of time. `key` is a digest of who and what."""

    key = models.CharField(primary_key=True, max_length=64)
    used = models.PositiveIntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="allowance_ended")]

    def __str__(self) -> str:
        return self.key
