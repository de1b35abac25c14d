"""The way of a text on real parts: the engine runs nothing of it and leaves it to a person, once."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.factories.marking import SkillFactory
from tests.factories.people import NOON, PersonFactory, trainer_of
from tests.factories.reflections import TEXT, arrived, judge, real_reflection, send
from upskill import pipeline
from upskill.catalogue import queries as catalogue
from upskill.core.models import AuditEntry, OutboxMail
from upskill.learning import drafts
from upskill.learning.models import Draft, Submission
from upskill.learning.services import KeyReused
from upskill.marking import queries, reflections, slot
from upskill.marking.models import CheckMark, Job, Mark
from upskill.marking.reflections import TextRefused
from upskill.skills import certificates
from upskill.skills.models import Evidence

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=1)
AS_CODE = "%%bash\nexit 1\n\n```python\nraise SystemExit\n```\n### BEGIN HIDDEN TESTS\n=== BEGIN MARK SCHEME ==="


@pytest.fixture(scope="module", autouse=True)
def _engine_ends():
    yield
    slot.close()


@pytest.fixture
def exercise():
    SkillFactory()
    return real_reflection()


@pytest.mark.parametrize("text", [TEXT, AS_CODE])
def test_engine_runs_nothing_and_gives_a_mark_in_which_everything_waits(exercise, text):
    sent = send(exercise, by=PersonFactory(), text=text)

    assert pipeline.mark_next(now=lambda: LATER)

    mark = sent.marks.get()
    check = mark.checks.get()
    assert (mark.points, mark.max_points, mark.waiting_points, mark.passed) == (0, 0, 6, False)
    assert (check.slug, check.title, check.status) == ("answer", "One page", CheckMark.Status.WAITING)
    assert (check.answer, check.points) == (text, None)
    assert [job.state for job in sent.jobs.all()] == [Job.State.DONE]
    assert (Evidence.objects.count(), OutboxMail.objects.count()) == (0, 0)


def test_a_text_sent_twice_with_one_key_has_one_job_one_mark_and_one_trail(exercise):
    learner = PersonFactory()

    sent = [send(exercise, by=learner) for _ in range(2)]
    pipeline.mark_next(now=lambda: LATER)
    again = send(exercise, by=learner)  # and once more, when it has its mark

    assert {each.pk for each in [*sent, again]} == {Submission.objects.get().pk}
    assert (Job.objects.count(), Mark.objects.count()) == (1, 1)
    events = AuditEntry.objects.filter(about=learner).order_by("pk").values_list("event", flat=True)
    assert list(events) == ["submission.received", "job.queued", "mark.given"]


def test_one_key_never_stands_for_two_texts(exercise):
    learner = PersonFactory()
    send(exercise, by=learner)

    with pytest.raises(KeyReused):
        send(exercise, by=learner, text="Another text.")

    assert Submission.objects.count() == 1


def test_a_second_text_waits_until_the_first_has_its_mark(exercise):
    learner, trainer = PersonFactory(), trainer_of(exercise.item_version.item.course_id)
    first = send(exercise, by=learner)
    with pytest.raises(TextRefused, match="has not marked your last text yet"):  # before the engine has seen it
        send(exercise, by=learner, text="Two.", key="two")
    mark = arrived(first)
    with pytest.raises(TextRefused, match="has not marked your last text yet"):  # and after
        send(exercise, by=learner, text="Two.", key="two")

    judge(mark, by=trainer, finding=1, advice=1)
    second = send(exercise, by=learner, text="Two.", key="two")

    assert (first.attempt, second.attempt) == (1, 2)


def test_a_text_that_operators_gave_up_does_not_keep_the_next_one_away(exercise):
    learner = PersonFactory()
    first = send(exercise, by=learner)
    first.jobs.update(state=Job.State.FAILED_OURS, ended_at=NOON)
    with pytest.raises(TextRefused):
        send(exercise, by=learner, text="Two.", key="two")

    first.jobs.update(state=Job.State.REFUSED)

    assert send(exercise, by=learner, text="Two.", key="two").attempt == 2


def test_one_learners_text_waits_for_nobody_elses(exercise):
    send(exercise, by=PersonFactory())

    assert send(exercise, by=PersonFactory()).attempt == 1


def test_person_marks_once_and_the_learner_is_told(exercise):
    learner, trainer = PersonFactory(), trainer_of(exercise.item_version.item.course_id)
    mark = arrived(send(exercise, by=learner))

    new = judge(mark, by=trainer, finding=2, advice=4)

    assert (new.points, new.max_points, new.waiting_points, new.passed) == (5, 6, 0, True)
    assert (new.replaces, new.given_by) == (mark, trainer)
    assert [(each.title, each.level, each.says) for each in reflections.judged(new)] == [
        ("States the finding", 2, "A number"), ("Gives advice", 4, "Says what and who and when"),
    ]  # fmt: skip
    assert [mail.to for mail in OutboxMail.objects.all()] == [learner]
    assert queries.ahead_in(exercise.item_version.item.course_id) == []


def test_text_that_waits_is_no_news_and_was_marked_by_nobody(exercise):
    learner, trainer = PersonFactory(), trainer_of(exercise.item_version.item.course_id)
    judge(arrived(send(exercise, by=learner)), by=trainer, finding=4, advice=4)
    arrived(send(exercise, by=learner, text="Better.", key="two"), text="Better.")
    [outline] = catalogue.outlines_of_versions([exercise.item_version.module.course_version_id])

    said = certificates.facts(learner, outline=outline)

    assert (said.by_tests, said.by_people) == (0, 1)
    assert queries.titles_marked(PersonFactory(), since=NOON - dt.timedelta(days=1)) == []
    assert queries.titles_marked(learner, since=NOON - dt.timedelta(days=1)) == ["One page"]  # the first one's


# --- Saving for later ---


def test_saved_text_stands_in_a_draft_under_its_cell(exercise):
    learner = PersonFactory()

    saved = pipeline.save_reflection(exercise, text=" One.\r\nTwo. ", revision=0, by=learner, now=NOON)

    assert (saved.cells, saved.revision) == ({"answer": "One.\nTwo."}, 1)
    assert Draft.objects.get().item == exercise.item_version.item


def test_saving_on_top_of_an_old_revision_is_refused_and_the_same_again_is_not(exercise):
    learner = PersonFactory()
    pipeline.save_reflection(exercise, text="One.", revision=0, by=learner, now=NOON)

    again = pipeline.save_reflection(exercise, text="One.", revision=0, by=learner, now=NOON)
    with pytest.raises(drafts.SavedElsewhere):
        pipeline.save_reflection(exercise, text="Two.", revision=0, by=learner, now=NOON)

    assert (again.revision, Draft.objects.get().cells) == (1, {"answer": "One."})


@pytest.mark.parametrize(("text", "count"), [
    ("", 0), ("  \n", 0), ("... -", 0), ("one", 1), ("one\ntwo\u00a0three  four", 4), ("don't isn\u2019t", 2),
    ("1,000 at 3.5%", 3), ("well-known", 2), ("caf\u00e9, th\u00e9.", 2), ("x" * 10_000, 1),
])  # fmt: skip
def test_words_are_counted_as_a_browser_does(text, count):
    assert reflections.words_as_browsers_count_them(text) == count


def test_points_of_a_mark_are_exact(exercise):
    mark = arrived(send(exercise, by=PersonFactory()))

    new = judge(mark, by=trainer_of(exercise.item_version.item.course_id), finding=3, advice=1)

    assert new.points == Decimal("2.50")
