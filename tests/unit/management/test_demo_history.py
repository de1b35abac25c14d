"""What the demo's people learned is real: through the quiz, the queue and the reader of answers, as for everybody."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as site
from django.db import transaction
from django.db.models import Count, QuerySet
from django.test import override_settings

from tests.factories.marking import JobFactory
from tests.factories.people import NOON
from upskill.core.models import AuditEntry
from upskill.learning.models import Enrolment, ItemProgress, QuizAttempt, Submission
from upskill.management import demo_history
from upskill.marking import jobs
from upskill.marking.answers import answer_cells
from upskill.marking.models import Job
from upskill.people import demo
from upskill.people.models import Membership, User
from upskill.skills.models import Evidence, LevelTally

from .commands import Start, rows_per_table, run

pytestmark = pytest.mark.django_db  # or there is no test database where this file runs alone
COURSE = Path(site.ROOT, "courses", "ai-ethics-in-practice")


@pytest.fixture(scope="module")
def started(django_db_setup, django_db_blocker) -> Iterator[Start]:
    """A site that was started twice. One for all tests of this file, because reading courses takes seconds."""
    with django_db_blocker.unblock(), override_settings(DEBUG=True, BROWSER_RUNTIME_DIR=None), transaction.atomic():
        yield Start(first=run("prepare"), counts=rows_per_table(), second=run("prepare"), counts_after=rows_per_table())
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def kept_apart(started) -> Iterator[None]:
    """What one test changes is taken back before the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def did(what: str) -> set[str]:
    """Addresses of the people of whom data/demo_people.csv says this."""
    return {each.email for each in demo.cast() if each.did == what}


def named() -> QuerySet[User]:
    """The people of data/demo_people.csv: without the colleagues who were made from a seed."""
    return User.objects.filter(email__in=[each.email for each in demo.cast()])


def handed_in() -> set[str]:
    return {each.email for each in demo.cast() if each.did not in {"", "passed", "failed"}}


# --- A start ---


def test_first_start_prints_a_short_line_for_each_thing(started):
    shipped = sorted(path.parent.name for path in COURSE.parent.glob("*/course.yml"))
    end = 1 + len(shipped)

    assert started.first[0] == "Tables: up to date"
    assert [line.split()[0] for line in started.first[1:end]] == shipped
    assert started.first[1].startswith("ai-ethics-in-practice 1.5.0: published, items: ")
    assert started.first[end : end + 6] == [
        "paths: 4, changed: 4",
        "Framework gdad: 57 changes made",
        "Framework turing-ai-skills-business: 33 changes made",
        "Completions taken down: 0",
        "Demo department: 61 new people, 38 quizzes answered, 10 notebooks handed in, 600 new colleagues",
        "",
    ]


def test_start_ends_with_the_demo_accounts(started):
    accounts = run("demo_accounts")

    assert [started.first[-8:], started.second[-8:]] == [
        ["Demo accounts, which sign in without an e-mail:", *accounts]
    ] * 2


def test_second_start_changes_nothing(started):
    assert [line.split(": ") for line in started.second[:5]] == [
        [what, "up to date"] for what in ("Tables", "Courses", "Frameworks", "Completions", "Demo department")
    ]
    assert started.counts_after == started.counts


def test_loading_the_demo_again_by_hand_changes_nothing(started):
    lines = run("load_demo")

    assert lines == ["Demo department: 0 new people, 0 quizzes answered, 0 notebooks handed in, 0 new colleagues"]
    assert rows_per_table() == started.counts


def test_accounts_are_listed_one_for_each_role():
    assert [line.split() for line in run("demo_accounts")] == [
        ["learner", "Leila", "Learner", "learner@example.gov.uk"],
        ["trainer", "Terry", "Trainer", "trainer@example.gov.uk"],
        ["reviewer", "Rita", "Reviewer", "reviewer@example.gov.uk"],
        ["manager", "Maya", "Manager", "manager@example.gov.uk"],
        ["viewer", "Vikram", "Viewer", "viewer@example.gov.uk"],
        ["administrator", "Leilani", "Sandwhistle", "administrator@example.gov.uk"],
        ["operator", "Olivia", "Operator", "operator@example.gov.uk"],
    ]


# --- The history is real ---


def test_quizzes_were_marked_and_not_made_up():
    attempts = QuizAttempt.objects.filter(learner__in=named()).values_list("learner__email", "passed")

    passed, failed = ({email for email, ok in attempts if ok is wanted} for wanted in (True, False))
    assert failed == did("failed")
    assert passed == did("passed") | handed_in()


def test_evidence_rests_on_each_passed_quiz_and_on_nothing_else():
    found = Evidence.objects.filter(learner__in=named())
    evidence = found.values_list("learner__email", "skill", "level", "mark", "quiz_attempt__passed")

    assert set(evidence) == {(email, "fairness", 1, None, True) for email in did("passed") | handed_in()}


def test_everybody_who_did_something_is_enrolled_and_has_read_the_lesson():
    busy = {each.email for each in demo.cast() if each.did}

    done = ItemProgress.objects.filter(item__kind="lesson", completed_at__isnull=False, learner__in=named())
    begun = Enrolment.objects.filter(learner__in=named())
    assert set(begun.values_list("learner__email", flat=True)) == busy
    assert set(done.values_list("learner__email", flat=True)) == busy


def test_demo_learner_has_done_nothing_yet():
    leila = User.objects.get(email="learner@example.gov.uk")

    done = [leila.enrolments.count(), leila.quiz_attempts.count(), leila.submissions.count(), leila.evidence.count()]
    assert done == [0, 0, 0, 0]


def test_each_thing_that_somebody_did_is_in_the_audit_trail_as_theirs():
    events = AuditEntry.objects.filter(event__in=["quiz.answered", "submission.received", "learner.enrolled"])

    assert Counter(events.values_list("event", flat=True)) == {
        "learner.enrolled": 38,
        "quiz.answered": 38,
        "submission.received": 10,
    }
    assert [entry for entry in events if entry.by != entry.about] == []


def test_notebooks_wait_for_the_engine_behind_people_who_wait_at_a_screen(settings):
    settings.JOB_LANE_SHARES = {**settings.JOB_LANE_SHARES, "interactive": 10**12}  # no chance for others
    waiting = Job.objects.filter(learner__in=named())
    assert Counter(waiting.values_list("state", "lane")) == {("queued", "regrade"): 10}
    newcomer = JobFactory(
        submission__learner=User.objects.get(email="learner@example.gov.uk"), queued_at=NOON.replace(year=2100)
    )

    claim = jobs.claim()

    assert claim is not None
    assert claim.job_id == newcomer.pk


def test_solved_notebooks_hold_the_authors_solution_and_words_of_their_own():
    for submission in Submission.objects.filter(learner__email__in=did("solved")):
        cells = {cell.name: cell.source for cell in answer_cells(submission) if cell.name}

        assert set(cells) == {"group_rates", "gap", "threshold", "reflection"}
        assert cells["reflection"] in demo_history.REFLECTIONS
        assert [name for name, source in cells.items() if "SOLUTION" in source or "NotImplementedError" in source] == []


def test_wrong_notebooks_hold_the_wrong_answer_that_they_are_named_for():
    for email in handed_in() - did("solved"):
        name = next(each.did for each in demo.cast() if each.email == email)
        written = (COURSE / "modules/bias-audits/audit-referrals/wrong" / f"{name}.py").read_text(encoding="utf-8")

        cells = answer_cells(Submission.objects.get(learner__email=email))

        assert [cell.name for cell in cells if cell.source in written] != []


def test_people_named_for_a_wrong_answer_have_one_that_exists():
    names = {path.stem for path in COURSE.rglob("wrong/*.py")}

    assert {each.did for each in demo.cast()} - {"", "passed", "failed", "solved"} - names == set()


def test_history_goes_on_where_it_stopped(started):
    somebody = User.objects.get(email=min(did("passed")))
    somebody.email = "renamed@example.gov.uk"  # so that the demo no longer finds them, and makes them again
    somebody.save()

    people = demo.load(now=NOON)
    history = demo_history.load(now=NOON)

    assert (people, history) == (1, demo_history.History(quiz_attempts=1, submissions=0))


# --- The colleagues ---


def test_colleagues_work_in_teams_of_their_own_and_have_learned():
    colleagues = User.objects.exclude(pk__in=named())
    posts = Membership.objects.filter(person__in=colleagues)
    with_own = set(posts.values_list("organisation__code", flat=True))

    assert (colleagues.count(), posts.count(), colleagues.filter(role_grants=None).count()) == (600, 600, 600)
    assert with_own & {"dwp-reviews", "dwp-leeds", "dwp-evidence"} == set()
    assert Evidence.objects.filter(learner__in=colleagues).count() > 600 * 8
    assert named().filter(email="manager@example.gov.uk").get().reports.count() == 7


def test_no_trainer_of_the_demo_meets_an_answer_of_a_colleague():
    sent = Submission.objects.exclude(learner__in=named())

    assert sent.exists()
    assert sent.filter(exercise__item_version__item__course=demo.TRAINED_COURSE).count() == 0


def test_tallies_of_colleagues_are_those_that_their_evidence_comes_to():
    in_effect = Evidence.objects.filter(replaced_by=None, level__gte=1).values("learner", "skill").distinct()

    assert LevelTally.objects.count() == in_effect.count()


def test_evidence_counts_at_once_after_the_colleagues_are_there():
    """The trigger that keeps tallies is on again."""
    learner = named().filter(evidence=None).order_by("pk")[0]
    attempt = QuizAttempt.objects.filter(passed=True).order_by("pk")[0]

    Evidence.objects.create(learner=learner, skill_id="privacy", level=1, quiz_attempt=attempt, earned_at=NOON)

    assert LevelTally.objects.filter(person=learner).aggregate(Count("pk")) == {"pk__count": 1}
