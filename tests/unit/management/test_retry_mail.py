"""An operator has mail tried again that was given up while the mail server took nothing."""

import pytest

from tests.factories.people import NOON, PersonFactory
from tests.unit.management.commands import run
from upskill.core import outbox
from upskill.core.models import OutboxMail

pytestmark = pytest.mark.django_db


def test_retry_mail_says_how_many_are_tried_again_and_leaves_what_was_sent():
    for sent_at in (None, None, NOON):
        fields = {"created_at": NOON, "sent_at": sent_at, "tries": outbox.MAX_TRIES}
        OutboxMail.objects.create(to=PersonFactory(), subject="A", body="B", **fields)

    said = run("retry_mail")

    assert said == ["E-mails that are tried again: 2."]
    assert list(OutboxMail.objects.order_by("pk").values_list("tries", flat=True)) == [0, 0, outbox.MAX_TRIES]
    assert run("retry_mail") == ["E-mails that are tried again: 0."]
