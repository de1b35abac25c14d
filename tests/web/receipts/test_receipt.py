"""The receipt of a mark: everything that decided it, for its learner and the trainers of the course."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client

from tests.factories import exercises
from tests.factories.marking import (
    DoneJobFactory,
    JobFactory,
    MarkFactory,
    RerunFactory,
    RerunJobFactory,
    SubmissionFactory,
)
from tests.factories.people import NOON, PersonFactory, operator, trainer_of
from tests.web.learner.pages import errors, links, listed, main, title, words
from upskill.core import blobs
from upskill.core.models import Allowance, AuditEntry, OutboxMail
from upskill.marking import receipts, services
from upskill.marking.models import CheckMark, Job, Mark
from upskill.marking.services import RubricMark

pytestmark = pytest.mark.django_db
PROVENANCE = {
    "tests_sha256": "3f2a9c0d" * 8,
    "engine_version": "1.4.2",
    "libraries": {"nbgrader": "0.9.6", "pandas": "3.0.2"},
    "python": "3.11.7",
    "isolation": "namespace",
    "seed": 4711,
    "timings_ms": {"run": 120},
}
HIDDEN_LINE = "A hidden part tries your answer on more cases than you can see."


def url(mark: Mark, *, number: int = 1, more: str = "") -> str:
    return f"/submissions/{mark.submission.public_id}/marks/{number}/{more}"


def trainer_for(mark: Mark, **fields):
    return trainer_of(mark.submission.exercise.item_version.item.course_id, **fields)


def real_mark(**fields) -> Mark:
    """An automatic mark of an answer to a real exercise, as the engine gives it."""
    exercise = exercises.real_exercise(
        files={"claims.csv": blobs.store(b"a,b\n1,2\n")}, hidden_messages={"test_double": "No."}
    )
    submission = SubmissionFactory(exercise=exercise, blob_id=blobs.store(exercises.answer()), attempt=2)
    DoneJobFactory(
        submission=submission,
        queued_at=NOON,
        started_at=NOON + dt.timedelta(seconds=2),
        ended_at=NOON + dt.timedelta(seconds=3),
    )
    mark = Mark.objects.create(
        submission=submission, points=4, max_points=4, waiting_points=6, passed=True, marked_at=NOON,
        provenance=PROVENANCE, **fields,
    )  # fmt: skip
    for position, (slug, title_, points, most) in enumerate(
        [("test_double", "Double it", 4, 4), ("reflection", "Say why", None, 6)]
    ):
        status = "waiting" if points is None else "passed"
        CheckMark.objects.create(
            mark=mark, slug=slug, position=position, title=title_, points=points, max_points=most, status=status
        )
    return mark


def overridden(mark: Mark, **fields) -> Mark:
    by = PersonFactory(full_name="Terry Trainer")
    points = {mark.checks.all()[0].slug: Decimal(1)}
    return services.override_mark(
        mark, points=points, reason="A slip.", by=by, now=NOON + dt.timedelta(hours=1), **fields
    )


# --- what it shows ---------------------------------------------------------------------------------------------------


def test_receipt_says_which_mark_it_is_and_who_decided(signed_in):
    mark = real_mark()

    page = signed_in(mark.submission.learner).get(url(mark))

    name = mark.submission.exercise.item_version.title
    assert title(page) == f"Receipt of mark 1, attempt 2: {name} – AI skills for government"
    assert words(main(page)).startswith(f"{name}, attempt 2 Receipt of mark 1 AI skills for government. Printed by ")
    assert "Everything that decided this mark. This mark counts." in words(main(page))
    assert listed(page, css="app-result__score") == ["4 of 4 points"]
    assert "Marked automatically on 23 November 2026 at midday." in words(main(page))


def test_receipt_shows_each_check_with_its_points_and_what_it_tested(signed_in):
    mark = real_mark()

    page = signed_in(mark.submission.learner).get(url(mark))

    assert listed(page, css="app-check__title") == ["Double it", "Say why"]
    assert listed(page, css="app-check__status") == ["Passed", "Waiting for a person to look at it"]
    assert listed(page, css="app-check__points") == ["4 of 4 points", "up to 6 points"]
    assert listed(page, css="app-code") == [
        'assert double(2) == 4, f"double(2) should be 4. You returned {double(2)!r}."'
    ]


@pytest.mark.parametrize("by_trainer", [False, True])
def test_receipt_says_one_neutral_line_of_a_hidden_part_and_never_a_word_of_it(signed_in, by_trainer):
    mark = real_mark()
    assert "double(-7) == -14" in blobs.read(mark.submission.exercise.source_sha256).decode()
    person = trainer_for(mark) if by_trainer else mark.submission.learner

    html = signed_in(person).get(url(mark)).content.decode()

    assert html.count(HIDDEN_LINE) == 1
    assert [secret for secret in ("double(-7)", "== -14", "HIDDEN TESTS", "return 2 * x") if secret in html] == []


def test_receipt_of_a_check_without_a_hidden_part_says_nothing_of_one(signed_in):
    mark = MarkFactory(provenance=PROVENANCE)

    assert HIDDEN_LINE not in words(signed_in(mark.submission.learner).get(url(mark)))


def test_receipt_names_every_fingerprint_in_full(signed_in):
    mark = real_mark()
    exercise = mark.submission.exercise

    text = words(main(signed_in(mark.submission.learner).get(url(mark))))

    for fact in (
        f"What was handed in {mark.submission.blob_id}",
        f"double.ipynb, as downloaded {exercise.release_sha256}",
        f"claims.csv {exercise.files['claims.csv']}",
        f"The tests {'3f2a9c0d' * 8}",
    ):
        assert fact in text
    assert exercise.source_sha256 not in text


def test_receipt_names_versions_protection_seed_and_course_version(signed_in):
    mark = real_mark()

    text = words(main(signed_in(mark.submission.learner).get(url(mark))))

    assert (
        "Versions Course version 1.0.0 Marker 1.4.2 Python 3.11.7 nbgrader 0.9.6 pandas 3.0.2 Protection namespace "
        "Seed 4711" in text
    )


def test_receipt_says_when_each_thing_happened(signed_in):
    mark = real_mark()

    text = words(main(signed_in(mark.submission.learner).get(url(mark))))

    assert (
        "When Handed in 23 November 2026 at 12:00:00 Queued 23 November 2026 at 12:00:00 "
        "Tests started 23 November 2026 at 12:00:02 Tests finished 23 November 2026 at 12:00:03 Fingerprints" in text
    )


def test_receipt_of_a_persons_mark_keeps_the_times_of_the_tests_it_rests_on(signed_in):
    mark = real_mark()
    overridden(mark)

    text = words(main(signed_in(mark.submission.learner).get(url(mark, number=2))))

    assert "Tests finished 23 November 2026 at 12:00:03 Decided by Terry Trainer 23 November 2026 at 13:00:00" in text
    assert "What the trainer says A slip." in text
    assert "Mark it again" not in text


def test_receipts_of_a_chain_lead_to_each_other(signed_in):
    mark = real_mark()
    overridden(mark)
    client = signed_in(mark.submission.learner)

    first, second = client.get(url(mark)), client.get(url(mark, number=2))

    assert (url(mark, number=2), "Mark 2, which replaced this one") in links(first)
    assert (url(mark), "Mark 1, which this one replaced") in links(second)
    assert "Another mark has replaced it." in words(main(first))
    assert "This mark counts." in words(main(second))


def test_receipt_shows_the_levels_that_a_person_gave(signed_in):
    judgement = RubricMark(check="reflection", levels={"finding": 3, "advice": 2}, comment="Clear.")
    mark = services.mark_by_rubric(real_mark(), rubric_mark=judgement, by=PersonFactory(), now=NOON)

    page = signed_in(mark.submission.learner).get(url(mark, number=2))

    assert "The finding: level 3 of 4 The advice: level 2 of 4" in words(main(page))


def test_jobs_that_made_no_mark_are_not_taken_for_the_one_that_did(signed_in):
    mark = real_mark()
    mark_job = Job.objects.get()
    RerunFactory(mark=mark)
    JobFactory(submission=mark.submission, lane=Job.Lane.REGRADE)

    receipt = receipts.receipt(mark.submission, number=1)

    assert receipt
    assert receipt.job == mark_job


def test_the_second_automatic_mark_is_that_of_the_second_job(signed_in):
    mark = real_mark()
    overridden(mark)
    later = NOON + dt.timedelta(hours=1)
    second_job = DoneJobFactory(submission=mark.submission, lane=Job.Lane.REGRADE, ended_at=later)
    Mark.objects.create(
        submission=mark.submission, points=0, max_points=0, waiting_points=10, passed=False, marked_at=NOON,
        provenance=PROVENANCE, replaces=mark.replaced_by,
    )  # fmt: skip

    found = [receipts.receipt(mark.submission, number=number) for number in (1, 2, 3)]

    assert [receipt.job == second_job for receipt in found if receipt] == [False, False, True]


@pytest.mark.parametrize("number", [0, 2, 99, 10**12, 10**30])
def test_a_mark_that_is_not_there_is_not_found(signed_in, number):
    mark = real_mark()
    client = signed_in(mark.submission.learner)

    assert client.get(url(mark, number=number)).status_code == 404
    assert client.post(url(mark, number=number, more="again/")).status_code == 404
    assert client.get(url(mark, number=number, more="again/state/")).status_code == 404


@pytest.mark.parametrize("marks", [1, 3])
def test_receipt_costs_the_same_however_many_marks_there_are(signed_in, marks, django_assert_num_queries):
    mark = newest = real_mark()
    for points in (3, 2)[: marks - 1]:
        newest = services.override_mark(
            newest, points={"test_double": Decimal(points)}, reason="Hm.", by=PersonFactory(), now=NOON
        )
    client = signed_in(mark.submission.learner)

    with django_assert_num_queries(12):
        client.get(url(mark))


# --- who -------------------------------------------------------------------------------------------------------------


def test_a_trainer_sees_the_receipt_and_that_is_written_down(signed_in):
    mark = real_mark()
    trainer = trainer_for(mark)

    page = signed_in(trainer).get(url(mark))

    assert page.status_code == 200
    assert f"/trainer/submissions/{mark.submission.public_id}/" in page.content.decode()
    entry = AuditEntry.objects.get()
    assert (entry.event, entry.by, entry.about) == ("submission.viewed", trainer, mark.submission.learner)


def test_a_learner_looks_at_their_own_receipt_unrecorded(signed_in, audit_trail):
    mark = real_mark()

    signed_in(mark.submission.learner).get(url(mark))

    assert audit_trail() == []


@pytest.mark.parametrize(("more", "method"), [("", "get"), ("again/", "post"), ("again/state/", "get")])
def test_nobody_else_can_tell_that_the_mark_is_there(signed_in, more, method):
    mark = real_mark()
    RerunFactory(mark=mark, is_same=False, differences=["SECRET-DIFFERENCE"])
    former, suspended = trainer_for(mark, ended_at=NOON), PersonFactory()
    others = [trainer_of("another"), former, suspended, operator()]

    for person in others:
        page = getattr(signed_in(person), method)(url(mark, more=more))
        assert page.status_code == 404
        assert [word for word in ("SECRET", "Double it") if word in page.content.decode()] == []
    assert (Job.objects.filter(state="queued").count(), AuditEntry.objects.count()) == (0, 0)


@pytest.mark.parametrize("more", ["", "again/state/"])
def test_a_visitor_is_asked_to_sign_in(client, more):
    mark = MarkFactory()

    page = client.get(url(mark, more=more))

    assert (page.status_code, page["Location"]) == (302, f"/sign-in/?next={url(mark, more=more)}")


# --- mark it again ---------------------------------------------------------------------------------------------------


def test_mark_it_again_queues_a_rerun_and_leads_back(signed_in):
    mark = real_mark()

    answer = signed_in(mark.submission.learner).post(url(mark, more="again/"))

    job = Job.objects.get(rerun_of=mark)
    assert (answer.status_code, answer.url) == (302, f"{url(mark)}#again")
    assert (job.state, job.lane) == (Job.State.QUEUED, Job.Lane.PREVIEW)
    assert (Mark.objects.count(), OutboxMail.objects.count()) == (1, 0)


def test_a_trainer_may_have_it_made_again_too(signed_in):
    mark = real_mark()
    trainer = trainer_for(mark)

    signed_in(trainer).post(url(mark, more="again/"))

    entry = AuditEntry.objects.get(event="rerun.asked")
    assert (entry.by, entry.about) == (trainer, mark.submission.learner)


def test_receipt_keeps_fresh_while_the_mark_is_made_again(signed_in):
    mark = RerunJobFactory(rerun_of=real_mark()).rerun_of

    page = signed_in(mark.submission.learner).get(url(mark))

    assert f'data-poll="{url(mark, more="again/state/")}"' in main(page)
    assert "/static/js/poll.js" in page.content.decode()
    assert "Waiting for the marker." in words(main(page))
    assert "Mark it again" not in words(main(page))
    fallback = main(page).split("<noscript>")[1].split("</noscript>")[0]
    assert words(fallback) == "Refresh this page to see what came of it"


def test_receipt_at_rest_asks_no_more(signed_in):
    mark = RerunFactory(mark=real_mark()).mark

    page = signed_in(mark.submission.learner).get(url(mark))

    assert ("data-poll=" in main(page), "poll.js" in page.content.decode()) == (False, False)


def test_receipt_says_that_it_came_out_the_same(signed_in):
    mark = RerunFactory(mark=real_mark()).mark

    text = words(main(signed_in(mark.submission.learner).get(url(mark))))

    assert "Came out the same on 23 November 2026 at midday. Mark it again" in text


def test_receipt_says_what_has_changed_since_where_it_came_out_the_same(signed_in):
    mark = RerunFactory(mark=real_mark(), differences=["pandas was 3.0.2, and is 3.1.0 now."]).mark

    text = words(main(signed_in(mark.submission.learner).get(url(mark))))

    assert (
        "Came out the same on 23 November 2026 at midday. It is the same although this has changed since: "
        "pandas was 3.0.2, and is 3.1.0 now. Mark it again" in text
    )


def test_receipt_tells_a_difference_with_the_advice_to_ask_for_a_review(signed_in):
    mark = RerunFactory(
        mark=real_mark(), is_same=False, differences=["“Double it”: <b>passed</b> then.", "Twice."]
    ).mark

    page = signed_in(mark.submission.learner).get(url(mark))

    assert (
        "Came out otherwise on 23 November 2026 at midday. The mark stays as it is. “Double it”: <b>passed</b> then. "
        "Twice. If you think that your mark is wrong, ask a person to review it on the page of your answer"
        in words(page)
    )
    assert "<b>passed" not in page.content.decode()


def test_receipt_tells_a_trainer_of_a_difference_in_other_words(signed_in):
    mark = RerunFactory(mark=real_mark(), is_same=False, differences=["Otherwise."]).mark

    text = words(main(signed_in(trainer_for(mark)).get(url(mark))))

    assert "Look at what differs before you rely on this mark." in text
    assert "ask a person" not in text


def test_receipt_tells_that_a_fault_of_ours_stopped_it(signed_in):
    mark = RerunJobFactory(
        rerun_of=real_mark(), state=Job.State.FAILED_OURS, ended_at=NOON, reason="Traceback at secret.py"
    ).rerun_of

    page = signed_in(mark.submission.learner).get(url(mark))

    assert "A fault of ours stopped it. The mark stays as it is. Try again later. Mark it again" in words(main(page))
    assert "secret" not in page.content.decode()


def test_only_the_newest_rerun_is_told(signed_in):
    mark = real_mark()
    RerunFactory(mark=mark, is_same=False, differences=["Once otherwise."])
    RerunFactory(mark=mark)

    text = words(main(signed_in(mark.submission.learner).get(url(mark))))

    assert ("Came out the same" in text, "Once otherwise" in text) == (True, False)


def test_fragment_goes_on_until_the_result_is_there(signed_in):
    mark = real_mark()
    job = RerunJobFactory(rerun_of=mark)
    client = signed_in(mark.submission.learner)
    before = client.get(url(mark, more="again/state/"))
    Job.objects.filter(pk=job.pk).update(state="done", ended_at=NOON)
    RerunFactory(mark=mark, job=job)

    after = client.get(url(mark, more="again/state/"))

    assert (before["X-Poll"], after["X-Poll"]) == ("wait", "done")
    assert ("Waiting for the marker" in words(before), "Came out the same" in words(after)) == (True, True)
    assert ("<html" in after.content.decode(), "no-store" in after["Cache-Control"]) == (False, True)
    assert after.content.decode().count("data-poll-say") == 1
    assert "csrfmiddlewaretoken" in after.content.decode()


def test_fragment_is_a_part_of_the_page(signed_in):
    mark = RerunFactory(mark=real_mark(), is_same=False, differences=["Otherwise."]).mark
    client = signed_in(mark.submission.learner)

    whole, part = client.get(url(mark)), client.get(url(mark, more="again/state/"))

    assert words(part) in words(whole)


def test_a_result_that_a_trainer_waited_for_is_written_down_once(signed_in):
    mark = real_mark()
    job = RerunJobFactory(rerun_of=mark)
    client = signed_in(trainer_for(mark))
    for _ in range(3):
        client.get(url(mark, more="again/state/"))
    assert AuditEntry.objects.count() == 0
    Job.objects.filter(pk=job.pk).update(state="done", ended_at=NOON)
    RerunFactory(mark=mark, job=job)

    client.get(url(mark, more="again/state/"))

    assert [entry.event for entry in AuditEntry.objects.all()] == ["submission.viewed"]


def test_trainer_who_is_told_to_wait_sees_the_receipt_and_that_is_written_down(signed_in):
    mark = real_mark()
    client = signed_in(trainer_of(mark.submission.exercise.item_version.item.course_id))
    assert again_and_again(client, mark, times=5) == [302] * 5
    seen = AuditEntry.objects.filter(event="submission.viewed", about=mark.submission.learner)
    before = seen.count()

    page = client.post(url(mark, more="again/"))

    assert (page.status_code, mark.submission.learner.full_name in words(page)) == (429, True)
    assert (before, seen.count()) == (0, 1)


def test_making_it_again_while_it_is_under_way_is_refused(signed_in):
    mark = RerunJobFactory(rerun_of=real_mark()).rerun_of

    page = signed_in(mark.submission.learner).post(url(mark, more="again/"))

    assert page.status_code == 409
    assert "This mark is being made again now." in words(page)
    assert (Job.objects.filter(rerun_of=mark).count(), Allowance.objects.count()) == (1, 0)


def test_a_persons_mark_is_not_made_again(signed_in):
    mark = real_mark()
    overridden(mark)

    page = signed_in(mark.submission.learner).post(url(mark, number=2, more="again/"))

    assert (page.status_code, Job.objects.exclude(rerun_of=None).count()) == (409, 0)


def again_and_again(client: Client, mark: Mark, *, times: int) -> list[int]:
    codes = []
    for _ in range(times):
        codes.append(client.post(url(mark, more="again/")).status_code)
        Job.objects.filter(rerun_of=mark).update(state="failed_ours", ended_at=NOON)
    return codes


def test_five_an_hour_are_enough_for_one_person(signed_in):
    mark, other = real_mark(), MarkFactory()
    other_of_the_same = MarkFactory(submission__learner=mark.submission.learner)
    client = signed_in(mark.submission.learner)

    assert again_and_again(client, mark, times=4) == [302] * 4
    assert again_and_again(client, other_of_the_same, times=2) == [302, 429]
    page = client.post(url(mark, more="again/"))

    assert (page.status_code, int(page["Retry-After"]) > 3500) == (429, True)
    assert errors(page) == [("again", "You have done this too often. Nothing was saved. Try again in 1 hour.")]
    assert title(page).startswith("Error: Receipt of mark 1")
    assert Job.objects.exclude(rerun_of=None).count() == 5
    assert again_and_again(signed_in(other.submission.learner), other, times=1) == [302]


def test_making_it_again_needs_a_click_and_the_token_of_its_form(signed_in):
    mark = real_mark()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(mark.submission.learner)

    codes = [strict.post(url(mark, more="again/")).status_code, strict.get(url(mark, more="again/")).status_code]

    assert (codes, Job.objects.filter(rerun_of=mark).count()) == ([403, 405], 0)


def test_looking_changes_nothing(signed_in):
    mark = real_mark()
    client = signed_in(mark.submission.learner)

    codes = [client.post(url(mark)).status_code, client.post(url(mark, more="again/state/")).status_code]

    assert (codes, list(mark.submission.jobs.values_list("rerun_of", flat=True))) == ([405, 405], [None])
