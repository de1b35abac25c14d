"""The mark page: where an answer is, who decided, every check, and what it gave; for its learner alone."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.factories.catalogue import ExerciseFactory, ExerciseItemFactory, ModuleFactory
from tests.factories.marking import (
    DoneJobFactory,
    EvidenceFactory,
    JobFactory,
    MarkFactory,
    ReviewFactory,
    SkillFactory,
    SubmissionFactory,
)
from tests.factories.people import NOON, PersonFactory, operator, trainer_of
from tests.web.learner.pages import crumbs, links, listed, main, title, words
from upskill import pipeline
from upskill.core import heartbeats
from upskill.learning.models import Submission
from upskill.marking import dispatch
from upskill.marking.models import CheckMark, Job

pytestmark = pytest.mark.django_db
SOON = "This usually takes a few seconds. You can close this page and come back: your answer is safe."
PAUSED = (
    "Marking is paused just now. Your answer is safe and is marked when it goes on. "
    "You can close this page and come back."
)

PROVENANCE = {
    "tests_sha256": "3f2a9c0d" * 8,
    "engine_version": "1.4.2",
    "libraries": {"nbgrader": "0.9.6", "pandas": "3.0.2"},
    "python": "3.11.7",
    "isolation": "namespace",
    "seed": 7,
    "timings_ms": {"run": 120},
}


def url(submission, more: str = "") -> str:
    return f"/submissions/{submission.public_id}/{more}"


def sent_now(**fields):
    """A submission of this moment."""
    return SubmissionFactory(submitted_at=timezone.now(), **fields)


def running_job(submission):
    until = timezone.now() + dt.timedelta(seconds=15)
    return JobFactory(submission=submission, state="running", token=submission.public_id, lease_until=until)


def test_page_of_a_queued_answer_says_that_it_is_safe_and_keeps_fresh(signed_in):
    heartbeats.beat("worker@a:1", program="worker", is_working=True)
    submission = sent_now(attempt=2)
    JobFactory(submission=submission)

    page = signed_in(submission.learner).get(url(submission))

    name = submission.exercise.item_version.title
    assert title(page) == f"Your answer, attempt 2: {name} – AI skills for government"
    assert listed(page, css="app-steps")[0].endswith("Waiting for the marker Your mark")
    assert (SOON in words(page), PAUSED in words(page)) == (True, False)
    assert f'data-poll="{url(submission, "state/")}"' in main(page)
    assert 'data-poll-offline="We cannot reach the service. Your answer is safe. Trying again…"' in main(page)
    assert "/static/js/poll.js" in page.content.decode()


def test_page_says_how_many_are_before_it_and_how_long_that_takes(signed_in):
    heartbeats.beat("worker@a:1", program="worker", is_working=True)
    submission = sent_now()
    for number in range(3):
        JobFactory(queued_at=NOON + dt.timedelta(seconds=number))
    JobFactory(submission=submission, queued_at=NOON + dt.timedelta(seconds=9))
    now = timezone.now()
    DoneJobFactory(started_at=now - dt.timedelta(seconds=40), ended_at=now)

    page = words(signed_in(submission.learner).get(url(submission)))

    assert "About 3 answers will be marked before yours. That takes about 3 minutes." in page
    assert "Your answer is safe: you can close this page and come back." in page
    assert SOON not in page


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, ""),
        (1, "1 answer will be marked before yours."),
        (2, "About 2 answers will be marked before yours."),
        (3, "At least 3 answers will be marked before yours."),
    ],
)
def test_page_says_how_many_are_before_it_where_nobody_knows_how_long_that_takes(signed_in, monkeypatch, number, said):
    monkeypatch.setattr(dispatch, "MOST_COUNTED", 3)
    heartbeats.beat("worker@a:1", program="worker", is_working=True)
    submission = sent_now()
    for place in range(number):
        JobFactory(queued_at=NOON + dt.timedelta(seconds=place))
    JobFactory(submission=submission, queued_at=NOON + dt.timedelta(seconds=9))

    page = words(signed_in(submission.learner).get(url(submission)))

    assert (said in page, "That takes" in page, "before yours" in page) == (True, False, bool(said))


@pytest.mark.parametrize("more", ["", "state/"])
@pytest.mark.parametrize("lives", [True, False], ids=["paused worker", "no worker"])
def test_page_says_that_marking_is_paused_while_nobody_marks(signed_in, more, lives):
    if lives:
        heartbeats.beat("worker@a:1", program="worker", is_working=False, note="Marking is paused: no slot.")
    submission = SubmissionFactory(submitted_at=timezone.now() - dt.timedelta(minutes=2))
    JobFactory(submission=submission)

    page = signed_in(submission.learner).get(url(submission, more))

    assert (PAUSED in words(page), SOON in words(page), "no slot" in words(page)) == (True, False, False)


def test_page_works_without_scripts(signed_in):
    submission = sent_now()
    JobFactory(submission=submission)

    page = signed_in(submission.learner).get(url(submission))

    fallback = main(page).split("<noscript>")[1].split("</noscript>")[0]
    assert words(fallback) == "Refresh this page to see your mark"


def test_page_of_a_running_job_says_so(signed_in):
    submission = sent_now()
    running_job(submission)

    page = signed_in(submission.learner).get(url(submission))

    assert "Your checks are running now" in words(page)


def test_page_says_when_marking_takes_longer_than_usual(signed_in):
    heartbeats.beat("worker@a:1", program="worker", is_working=True)
    submission = SubmissionFactory(submitted_at=timezone.now() - dt.timedelta(minutes=2))
    JobFactory(submission=submission)

    page = signed_in(submission.learner).get(url(submission))

    assert "This takes longer than usual. Your answer is safe: you can close this page and come back." in words(page)


def test_page_of_a_mark_gives_the_figure_and_says_that_a_machine_decided(signed_in):
    mark = MarkFactory(points=Decimal("2.50"), provenance=PROVENANCE)

    page = signed_in(mark.submission.learner).get(url(mark.submission))

    assert listed(page, css="app-result__score") == ["2.5 of 4 points"]
    assert listed(page, css="app-result__line") == [
        "Not passed yet. You need 3.2 of the 4 points that the tests give. "
        "Read the messages, change your notebook and hand it in again.",
        "A trainer will look at what waits below. It can give up to 6 more points.",
    ]
    assert "Marked automatically on 23 November 2026 at midday. No person has looked at it." in words(page)


def test_page_of_a_mark_shows_every_check_with_its_message(signed_in):
    mark = MarkFactory(points=1)
    check = mark.checks.get(slug="test_one")
    message = "You got <b>2/3</b>.\nDivide by 4."
    CheckMark.objects.bulk_create(
        [
            CheckMark(
                mark=mark,
                slug="more",
                position=2,
                title="More",
                status="not_run",
                points=0,
                max_points=2,
                message=message,
            )
        ]
    )

    page = signed_in(mark.submission.learner).get(url(mark.submission))

    assert listed(page, css="app-check__title") == [check.title, "Reflection", "More"]
    assert listed(page, css="app-check__status") == [
        "Not passed yet",
        "Waiting for a person to look at it",
        "Not run, because something before it stopped",
    ]
    assert [text.removesuffix(" points") for text in listed(page, css="app-check__points")] == [
        "1 of 4",
        "up to 6",
        "0 of 2",
    ]
    assert "You got &lt;b&gt;2/3&lt;/b&gt;.\nDivide by 4." in page.content.decode()


def test_page_of_a_mark_says_how_it_was_marked(signed_in):
    mark = MarkFactory(provenance=PROVENANCE)

    page = signed_in(mark.submission.learner).get(url(mark.submission))

    assert "Marker 1.4.2 Python 3.11.7 nbgrader 0.9.6 pandas 3.0.2 Fingerprint of the tests 3f2a9c0d3f2a9c0d…" in words(
        page
    )


def test_page_of_a_pass_names_the_evidence_it_gave(signed_in):
    SkillFactory(slug="fairness", name="Fairness")
    mark = MarkFactory(points=4)
    EvidenceFactory(mark=mark, learner=mark.submission.learner, level=2)

    page = signed_in(mark.submission.learner).get(url(mark.submission))

    assert "You have passed this exercise." in words(page)
    assert "Evidence in your skills record: Fairness, level Working" in words(page)
    assert "This was practice" not in words(page)


def practice(*following: tuple[str, list[dict[str, object]]]) -> Submission:
    """A passed answer to an exercise without a skill, in a module in which exercises with these skills follow."""
    module = ModuleFactory()
    passed = MarkFactory(
        points=4,
        submission__exercise=ExerciseFactory(
            item_version__module=module, item_version__position=1, item_version__skills=[]
        ),
    )
    for position, (name, skills) in enumerate(following, 2):
        ExerciseItemFactory(module=module, slug=name.lower(), title=name, position=position, skills=skills)
    return passed.submission


def test_page_of_a_pass_without_a_skill_says_what_the_practice_prepares_for(signed_in):
    submission = practice(("More", []), ("Waiting", [{"skill": "fairness", "level": 1}]))

    page = signed_in(submission.learner).get(url(submission))

    assert "This was practice. It prepares you for Waiting , which adds to your skills record." in words(page)
    assert links(page)[0][1] == "Waiting"


def test_page_of_a_pass_without_a_skill_and_nothing_after_it_says_what_it_was(signed_in):
    submission = practice(("More", []))

    page = signed_in(submission.learner).get(url(submission))

    assert "This was practice. It has no skill level of its own." in words(page)


def test_page_of_a_trainers_mark_names_the_trainer_and_keeps_the_mark_before(signed_in):
    SkillFactory(slug="fairness")
    exercise = ExerciseFactory()
    old = MarkFactory(submission__exercise=exercise, points=1)
    trainer = trainer_of(exercise.item_version.item.course_id, person__full_name="Terry Trainer")
    pipeline.override_mark(old, points={"test_one": Decimal(4)}, reason="Rounding was fine.", by=trainer, now=NOON)

    page = signed_in(old.submission.learner).get(url(old.submission))

    assert "Decided by Terry Trainer, a trainer, on 23 November 2026 at midday." in words(page)
    assert "What the trainer says Rounding was fine." in words(page)
    assert listed(page, css="app-result__score") == ["4 of 4 points"]
    assert listed(page, css="app-attempt") == [
        "1 of 4 points marked automatically 23 November 2026 at midday Receipt of mark 1"
    ]
    assert "No person has looked at it" not in words(page)


def attempts(*points: int):
    """The marks of one learner's attempts at one exercise."""
    learner, exercise = PersonFactory(), ExerciseFactory()
    return [
        MarkFactory(
            submission__learner=learner,
            submission__exercise=exercise,
            submission__attempt=number,
            points=Decimal(each),
        )
        for number, each in enumerate(points, 1)
    ]


@pytest.mark.parametrize("more", ["", "state/"])
@pytest.mark.parametrize(
    ("before", "now", "lines"),
    [
        (1, 4, ["Points: 4 of 4, before 1 of 4 (up to 6 more wait for a trainer)", "Pass now: One"]),
        (4, 1, ["Points: 1 of 4, before 4 of 4 (up to 6 more wait for a trainer)", "Do not pass any more: One"]),
        (4, 4, ["Points: 4 of 4, before 4 of 4 (up to 6 more wait for a trainer)", "The same checks pass as before"]),
    ],
)
def test_mark_says_what_has_changed_since_the_attempt_before(signed_in, more, before, now, lines):
    _first, second = attempts(before, now)

    page = signed_in(second.submission.learner).get(url(second.submission, more))

    assert f"Since attempt 1 {' '.join(lines)} " in words(page)


def test_mark_of_a_first_attempt_speaks_of_no_other(signed_in):
    (mark,) = attempts(4)

    assert "Since attempt" not in words(signed_in(mark.submission.learner).get(url(mark.submission)))


@pytest.mark.parametrize("number", [1, 3])
def test_mark_costs_the_same_after_one_attempt_and_after_three(signed_in, number, django_assert_num_queries):
    *_before, mark = attempts(*[1] * number, 4)
    client = signed_in(mark.submission.learner)
    client.get(url(mark.submission, "state/"))

    with django_assert_num_queries(14):
        client.get(url(mark.submission, "state/"))


def test_page_of_a_refused_answer_gives_the_reason_and_the_cure(signed_in):
    submission = sent_now()
    DoneJobFactory(submission=submission, state="refused", reason="Your notebook holds no answer.")

    page = signed_in(submission.learner).get(url(submission))

    assert listed(page, css="app-result__line") == [
        "Your answer could not be marked.",
        "Your notebook holds no answer.",
        "This does not count against you. Go back to the exercise and hand in your work again.",
    ]


def test_a_fault_of_ours_is_never_shown_as_the_learners(signed_in):
    submission = sent_now()
    DoneJobFactory(submission=submission, state="failed_ours", reason="The runner died: Traceback at /srv/secret.py")

    page = signed_in(submission.learner).get(url(submission))

    assert "A fault of ours stopped the marking. Your answer is safe and nothing counts against you." in words(page)
    assert ("secret" in page.content.decode(), "Not passed" in words(page)) == (False, False)


@pytest.mark.parametrize("more", ["", "state/"])
def test_nobody_else_can_see_it_and_none_can_tell_that_it_is_there(signed_in, client, more):
    mark = MarkFactory()
    course = mark.submission.exercise.item_version.item.course_id
    others = [PersonFactory(), trainer_of(course), operator()]

    pages = [signed_in(person).get(url(mark.submission, more)) for person in others]
    unknown = client.get(f"/submissions/11111111-1111-4111-8111-111111111111/{more}")

    assert [page.status_code for page in [*pages, unknown]] == [404, 404, 404, 404]
    assert {title(page) for page in [*pages, unknown]} == {"Page not found – AI skills for government"}


@pytest.mark.parametrize("more", ["", "state/"])
def test_a_visitor_is_asked_to_sign_in(client, more):
    submission = MarkFactory().submission

    page = client.get(url(submission, more))

    assert (page.status_code, page["Location"]) == (302, f"/sign-in/?next={url(submission, more)}")


def test_fragment_goes_on_until_the_mark_is_there(signed_in):
    submission = sent_now()
    job = JobFactory(submission=submission)
    client = signed_in(submission.learner)
    before = client.get(url(submission, "state/"))
    job.state, job.ended_at = "done", timezone.now()
    job.save()
    MarkFactory(submission=submission, points=4)

    after = client.get(url(submission, "state/"))

    assert (before["X-Poll"], after["X-Poll"]) == ("wait", "done")
    assert ("Waiting for the marker" in words(before), "4 of 4 points" in words(after)) == (True, True)


def test_fragment_of_an_answer_that_waits_costs_little_and_says_how_long_to_rest(signed_in, django_assert_num_queries):
    heartbeats.beat("worker@a:1", program="worker", is_working=True)
    DoneJobFactory(started_at=timezone.now() - dt.timedelta(seconds=3), ended_at=timezone.now())
    JobFactory()
    submission = sent_now()
    job = JobFactory(submission=submission)
    client = signed_in(submission.learner)

    with django_assert_num_queries(5):  # the session, the person, the job, the slots, the place
        waiting = client.get(url(submission, "state/"))
    Job.objects.filter(pk=job.pk).update(state="running", token=uuid.uuid4(), lease_until=timezone.now())
    with django_assert_num_queries(4):
        running = client.get(url(submission, "state/"))

    assert [(page["X-Poll"], page["X-Poll-After"]) for page in (waiting, running)] == [
        ("wait", "0.50"),
        ("wait", "0.00"),
    ]


@pytest.mark.parametrize(
    ("ahead", "pace", "rest"), [(0, 60, "0.00"), (1, 0.4, "0.40"), (4, 60, "2.00"), (11, 60, "5.00")]
)
def test_fragment_says_how_long_to_rest(signed_in, ahead, pace, rest):
    """Half the time that is left, half a second for each who is before, five seconds: whichever is least."""
    heartbeats.beat("worker@a:1", program="worker", is_working=True)
    DoneJobFactory(started_at=timezone.now() - dt.timedelta(seconds=pace), ended_at=timezone.now())
    for _ in range(ahead):
        JobFactory()
    submission = sent_now()
    JobFactory(submission=submission)

    page = signed_in(submission.learner).get(url(submission, "state/"))

    assert page["X-Poll-After"] == rest


@pytest.mark.parametrize("state", ["done", "refused", "failed_ours"])
def test_fragment_ends_with_the_job(signed_in, state):
    submission = sent_now()
    DoneJobFactory(submission=submission, state=state)

    page = signed_in(submission.learner).get(url(submission, "state/"))

    assert page["X-Poll"] == "done"


def test_fragment_is_a_part_of_the_page_and_is_never_kept_by_a_browser(signed_in):
    submission = sent_now()
    JobFactory(submission=submission)
    client = signed_in(submission.learner)

    whole, part = client.get(url(submission)), client.get(url(submission, "state/"))

    assert "<html" not in part.content.decode()
    assert words(part) in words(whole)
    assert "no-store" in part["Cache-Control"]
    assert part.content.decode().count("data-poll-say") == 1


def test_page_of_a_finished_answer_asks_no_more(signed_in):
    mark = MarkFactory()

    page = signed_in(mark.submission.learner).get(url(mark.submission))

    assert ("data-poll=" in main(page), "poll.js" in page.content.decode()) == (False, False)


def test_page_leads_back_to_the_exercise(signed_in):
    mark = MarkFactory()
    item = mark.submission.exercise.item_version

    page = signed_in(mark.submission.learner).get(url(mark.submission))

    assert links(page)[-1] == (f"/courses/{item.item.course_id}/{item.item.key}/", "Back to the exercise")


def test_pages_about_an_answer_lie_on_one_trail(signed_in):
    mark = MarkFactory(submission__attempt=2, submission__exercise__item_version__title="Audit a model")
    course = mark.submission.exercise.item_version.module.course_version.title
    ReviewFactory(mark=mark)
    client = signed_in(mark.submission.learner)

    answer, receipt, asked = (
        crumbs(client.get(url(mark.submission, more))) for more in ("", "marks/1/", "review/asked/")
    )

    assert answer == ["Home", "Courses", course, "Audit a model"]
    assert receipt == asked == [*answer, "Attempt 2"]


def test_looking_changes_nothing(signed_in, audit_trail):
    mark = MarkFactory()
    client = signed_in(mark.submission.learner)

    codes = [client.post(url(mark.submission)).status_code, client.post(url(mark.submission, "state/")).status_code]
    client.get(url(mark.submission))

    assert (codes, audit_trail()) == ([405, 405], [])
