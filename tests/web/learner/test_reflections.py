"""A reflection in its page: written, saved, sent once, marked by a person, and written again."""

import datetime as dt
import json
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.catalogue import CourseVersionFactory, ModuleFactory
from tests.factories.marking import SkillFactory
from tests.factories.people import NOON, PersonFactory, trainer_of
from tests.factories.reflections import RUBRIC, TEXT, arrived, judge, real_reflection, send
from tests.web.learner.pages import errors, links, listed, main, title, words
from upskill.catalogue.models import ExerciseVersion
from upskill.core import blobs
from upskill.learning.models import Draft, Enrolment, ItemProgress, Submission
from upskill.marking import reflections
from upskill.marking.models import Job
from upskill.people.models import User
from upskill.skills.models import Evidence, Level

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=1)
WAITING = "Waiting for a trainer."
SCRIPT = "<script>alert(1)</script> [a](javascript:alert(1)) **bold** \u202e"


@pytest.fixture
def exercise() -> ExerciseVersion:
    SkillFactory()
    course = CourseVersionFactory(title="Course")
    return real_reflection(module=ModuleFactory(course_version=course, slug="module"))


@pytest.fixture
def alice(exercise) -> User:
    return learner(exercise)


@pytest.fixture
def terry(exercise) -> User:
    return trainer_of(exercise.item_version.item.course_id, person__full_name="Terry")


def learner(exercise: ExerciseVersion) -> User:
    """Somebody who takes its course."""
    person: User = PersonFactory()
    Enrolment.objects.create(learner=person, course=exercise.item_version.item.course, enrolled_at=NOON)
    return person


def url(exercise: ExerciseVersion, more: str = "") -> str:
    item = exercise.item_version.item
    return f"/courses/{item.course_id}/{item.key}/{more}"


def post(client, exercise, text: str | None, **more):
    """What the service answers to this text; `save="yes"` presses the other button."""
    sent = {"idempotency_key": str(uuid.uuid4()), "revision": "0", "text": text or "", **more}
    return client.post(url(exercise, "text/"), sent)


def box(page) -> str:
    """What stands in the text area, as a browser reads it."""
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", main(page), flags=re.DOTALL)
    assert found
    return found[1].removeprefix("\r\n").removeprefix("\n")


def revision(page) -> str:
    found = re.search(r'name="revision" value="(\d+)"', main(page))
    assert found
    return found[1]


# --- The page ---


def test_page_shows_the_prompt_what_is_judged_and_a_form_but_neither_levels_nor_the_model_answer(
    signed_in, exercise, alice
):
    page = signed_in(alice).get(url(exercise))

    said = words(main(page))
    assert title(page) == "One page – AI skills for government"
    assert "Say what you found , and advise." in said
    assert "You pass with level 2 or more for every one. States the finding Gives advice Your text" in said
    assert "Write up to 20 words." in said
    assert f'<form method="post" action="{url(exercise, "text/")}"' in main(page)
    assert 'data-maxlength="20" data-count-type="words"' in main(page)
    hidden = ["A pause, until", "A number in context", "Says what and who"]
    assert [words for words in hidden if words not in RUBRIC or words in page.content.decode()] == []


def test_page_costs_the_same_with_one_text_and_with_three(signed_in, exercise, alice, terry):
    client = signed_in(alice)
    mark = arrived(send(exercise, by=alice))
    judge(mark, by=terry, finding=1, advice=1)
    one = queries(client, exercise)

    for number in (2, 3):
        sent = send(exercise, by=alice, text=f"{TEXT} {number}", key=f"key {number}")
        judge(arrived(sent), by=terry, finding=1, advice=1)

    assert one == queries(client, exercise)
    assert one <= 20


def queries(client, exercise) -> int:
    client.get(url(exercise))
    with CaptureQueriesContext(connection) as asked:
        client.get(url(exercise))
    return len(asked)


# --- Saving for later ---


def test_saved_text_is_there_again_and_nobody_has_it(signed_in, exercise, alice):
    client = signed_in(alice)

    page = post(client, exercise, "A first thought.", save="yes")

    again = client.get(url(exercise))
    assert (page.status_code, page["Location"]) == (302, url(exercise))
    assert "Your text is saved. Nobody else sees it until you send it." in words(again)
    assert (box(again), revision(again)) == ("A first thought.", "1")
    assert (Draft.objects.get().learner, Submission.objects.count()) == (alice, 0)


def test_draft_may_be_longer_than_what_can_be_sent_and_empty(signed_in, exercise, alice):
    client = signed_in(alice)

    post(client, exercise, "word " * 400, save="yes")
    longest = box(client.get(url(exercise)))
    post(client, exercise, "", revision="1", save="yes")

    assert (len(longest.split()), box(client.get(url(exercise))), Draft.objects.get().cells) == (400, "", {})


def test_two_windows_are_a_choice_and_nothing_typed_is_lost(signed_in, exercise, alice):
    client = signed_in(alice)
    post(client, exercise, "From the first window.", save="yes")

    page = post(client, exercise, "From the second window.", save="yes")

    assert page.status_code == 409
    assert errors(page)[0][0] == "id_text"
    assert errors(page)[0][1].startswith("This text was saved in another window since.")
    assert (box(page), revision(page)) == ("From the second window.", "1")
    assert "What was saved in the other window From the first window." in words(main(page))
    assert list(Draft.objects.get().cells.values()) == ["From the first window."]

    post(client, exercise, box(page), revision=revision(page), save="yes")

    assert list(Draft.objects.get().cells.values()) == ["From the second window."]


def test_text_beyond_all_measure_is_not_saved_and_is_still_there(signed_in, exercise, alice):
    page = post(signed_in(alice), exercise, "x" * 60_001, save="yes")

    assert (page.status_code, errors(page)) == (
        422, [("id_text", "Your text has 60,001 characters. Shorten it to 60,000 or fewer.")],
    )  # fmt: skip
    assert (len(box(page)), Draft.objects.count()) == (60_001, 0)


# --- Sending ---


def test_sent_text_waits_for_a_trainer_and_can_be_read(signed_in, exercise, alice):
    client = signed_in(alice)

    page = post(client, exercise, TEXT)

    sent = Submission.objects.get(learner=alice)
    shown = client.get(page["Location"])
    assert (sent.exercise, sent.attempt, reflections.text_of(sent)) == (exercise, 1, TEXT)
    assert [(job.state, job.lane) for job in sent.jobs.all()] == [(Job.State.QUEUED, Job.Lane.INTERACTIVE)]
    assert WAITING in words(main(shown))
    assert listed(shown, css="app-prose--small") == [TEXT]
    assert "<textarea" not in main(shown)
    assert (f"/submissions/{sent.public_id}/", "Attempt 1") in links(shown)
    steps = listed(client.get(f"/submissions/{sent.public_id}/"), css="app-steps__now")
    assert steps == ["Waiting for a trainer"]


def test_what_is_kept_is_a_notebook_with_the_text_in_its_one_cell(signed_in, exercise, alice):
    post(signed_in(alice), exercise, f"{TEXT}\r\n\r\nAnd more.")

    [sent] = Submission.objects.all()
    cells = json.loads(blobs.read(sent.blob_id))["cells"]
    assert [cell["id"] for cell in cells] == ["prompt", "answer"]
    assert cells[1]["source"] == f"{TEXT}\n\nAnd more."


def test_the_same_form_sent_twice_is_one_text(signed_in, exercise, alice):
    client, key = signed_in(alice), str(uuid.uuid4())

    pages = [post(client, exercise, TEXT, idempotency_key=key) for _ in range(2)]

    assert [page.status_code for page in pages] == [302, 302]
    assert (Submission.objects.count(), Job.objects.count()) == (1, 1)


REFUSED = {
    "empty": ("", "Write your text, then send it"),
    "spaces": (" \n\t ", "Write your text, then send it"),
    "too many words": ("word " * 21, "Your text has 21 words. Shorten it to 20 or fewer."),
    "one endless word": ("x" * 401, "Your text has 401 characters. Shorten it to 400 or fewer."),
}


@pytest.mark.parametrize("name", REFUSED)
def test_text_that_cannot_be_sent_is_refused_in_a_sentence_and_kept(signed_in, exercise, alice, name):
    text, said = REFUSED[name]

    page = post(signed_in(alice), exercise, text)

    assert (page.status_code, errors(page)) == (422, [("id_text", said)])
    assert box(page) == text
    assert (Submission.objects.count(), Job.objects.count()) == (0, 0)


def test_nothing_is_sent_while_a_text_waits_and_nothing_typed_is_lost(signed_in, exercise, alice):
    client = signed_in(alice)
    post(client, exercise, TEXT)

    page = post(client, exercise, "Another one.")

    said = "A trainer has not marked your last text yet. Save this one for later, and send it after that."
    assert (page.status_code, errors(page), box(page)) == (422, [("id_text", said)], "Another one.")
    assert Submission.objects.count() == 1

    post(client, exercise, box(page), save="yes")

    assert "What you have saved since then is kept until you do." in words(main(client.get(url(exercise))))


def test_incomplete_form_is_refused_with_the_text_still_there(signed_in, exercise, alice):
    page = post(signed_in(alice), exercise, TEXT, revision="many", idempotency_key="none")

    said = "This form is incomplete. Copy your text, reload the page, then paste it there."
    assert (page.status_code, errors(page), box(page)) == (422, [("", said), ("", said)], TEXT)


def test_whoever_sends_very_often_is_asked_to_wait_and_loses_nothing(signed_in, exercise, alice, settings):
    client = signed_in(alice)
    for number in range(60):
        post(client, exercise, "", idempotency_key=str(uuid.UUID(int=number)))

    page = post(client, exercise, TEXT)

    assert (page.status_code, box(page)) == (429, TEXT)
    assert errors(page)[0][1].startswith("You have done this too often.")


def test_notebook_cannot_be_handed_in_or_downloaded(signed_in, exercise, alice):
    client = signed_in(alice)

    answers = [client.get(url(exercise, "notebook.ipynb")), client.post(url(exercise, "submit/"), {"notebook": "x"})]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_whoever_does_not_take_the_course_is_led_to_it_and_sends_nothing(signed_in, exercise):
    client = signed_in(PersonFactory())

    pages = [client.get(url(exercise)), post(client, exercise, TEXT)]

    assert [page["Location"] for page in pages] == [f"/courses/{exercise.item_version.item.course_id}/"] * 2
    assert Submission.objects.count() == 0


def test_a_text_of_hostile_signs_is_nothing_but_text(signed_in, exercise, alice, terry):
    post(signed_in(alice), exercise, SCRIPT)
    [sent] = Submission.objects.all()
    arrived(sent, text=SCRIPT)
    pages = [
        signed_in(alice).get(url(exercise)),
        signed_in(alice).get(f"/submissions/{sent.public_id}/"),
        signed_in(terry).get(f"/trainer/submissions/{sent.public_id}/"),
        signed_in(terry).get(f"/trainer/submissions/{sent.public_id}/rubric/answer/"),
    ]

    for page in pages:
        assert "&lt;script&gt;alert(1)&lt;/script&gt; [a](javascript:alert(1)) **bold** \u202e" in page.content.decode()
        assert "<script>alert" not in page.content.decode()


# --- After the mark ---


def test_mark_with_two_of_four_everywhere_passes_and_earns_the_skill(signed_in, exercise, alice, terry):
    mark = arrived(send(exercise, by=alice))
    assert (mark.passed, Evidence.objects.count()) == (False, 0)

    judge(mark, by=terry, finding=2, advice=3)

    sent = mark.submission
    said = words(main(signed_in(alice).get(f"/submissions/{sent.public_id}/")))
    assert [(e.learner, e.skill_id, e.level) for e in Evidence.objects.all()] == [(alice, "fairness", Level.WORKING)]
    assert ItemProgress.objects.get(learner=alice).completed_at == NOON
    assert "4 of 6 points You have passed this reflection." in said
    assert "Decided by Terry, a trainer, on" in said
    assert "What the trainer says Say who decides." in said
    assert "States the finding Level 2 of 4: A number Gives advice Level 3 of 4: Says what and who" in said
    assert f"What you sent {TEXT} Back to the reflection" in said
    assert "Marks before this one" not in said  # the first one says only that it waited


def test_mark_before_that_a_person_gave_can_be_looked_up(signed_in, exercise, alice, terry):
    first = judge(arrived(send(exercise, by=alice)), by=terry, finding=1, advice=2)
    judge(first, by=terry, finding=2, advice=2, comment="I read it again.")

    page = signed_in(alice).get(f"/submissions/{first.submission.public_id}/")

    said = words(main(page))
    assert "Marks before this one 2.5 of 6 points decided by Terry" in said
    assert [url for url, label in links(page) if label.startswith("Receipt")] == [
        f"/submissions/{first.submission.public_id}/marks/{number}/" for number in (3, 2)
    ]


@pytest.mark.parametrize(("finding", "advice"), [(1, 4), (4, 1), (0, 0)])
def test_one_criterion_below_two_of_four_does_not_pass_whatever_the_points(exercise, alice, terry, finding, advice):
    mark = arrived(send(exercise, by=alice))

    new = judge(mark, by=terry, finding=finding, advice=advice)

    assert (new.passed, Evidence.objects.count()) == (False, 0)


@pytest.mark.parametrize(("lowest", "level"), [(2, Level.WORKING), (3, Level.PRACTITIONER)])
def test_practitioner_takes_three_of_four_everywhere(alice, terry, lowest, level):
    SkillFactory()
    exercise = real_reflection(level=3)
    mark = arrived(send(exercise, by=alice))

    judge(mark, by=terry, finding=lowest, advice=4)

    assert [e.level for e in Evidence.objects.all()] == [level]


def test_after_the_mark_the_text_can_be_changed_and_sent_again(signed_in, exercise, alice, terry):
    client = signed_in(alice)
    judge(arrived(send(exercise, by=alice)), by=terry, finding=1, advice=2)
    page = client.get(url(exercise))
    assert (box(page), listed(page, css="app-attempt__state")) == (TEXT, ["Not passed yet 2.5 of 6 points"])

    unchanged = post(client, exercise, f"  {TEXT}\n")
    better = post(client, exercise, f"{TEXT} We look again in May.")

    said = "You have sent this text already. Change it before you send it again."
    assert (unchanged.status_code, errors(unchanged)) == (422, [("id_text", said)])
    assert better.status_code == 302
    sent = Submission.objects.order_by("attempt")
    assert [reflections.text_of(each) for each in sent] == [TEXT, f"{TEXT} We look again in May."]
    assert listed(client.get(url(exercise)), css="app-attempt__state") == [
        "Waiting for a trainer", "Not passed yet 2.5 of 6 points",
    ]  # fmt: skip


def test_text_saved_after_the_last_one_was_sent_is_gone_on_with(signed_in, exercise, alice, terry):
    judge(arrived(send(exercise, by=alice)), by=terry, finding=1, advice=2)
    client = signed_in(alice)

    post(client, exercise, "Something new.", save="yes")

    assert box(client.get(url(exercise))) == "Something new."


def test_text_that_waits_with_its_trainer_says_so_on_every_page(signed_in, exercise, alice):
    sent = arrived(send(exercise, by=alice)).submission
    client = signed_in(alice)

    pages = [client.get("/learning/"), client.get(url(exercise))]

    assert [listed(page, css="app-attempt__state") for page in pages] == [["Waiting for a trainer"]] * 2
    assert listed(client.get(f"/submissions/{sent.public_id}/"), css="app-steps__now") == ["Waiting for a trainer"]


def test_text_that_a_fault_of_ours_holds_up_says_that_nothing_is_lost(signed_in, exercise, alice):
    sent = send(exercise, by=alice)
    sent.jobs.update(state=Job.State.FAILED_OURS, ended_at=NOON)

    said = words(main(signed_in(alice).get(f"/submissions/{sent.public_id}/")))

    assert "A fault of ours stopped the marking." in said


# --- The trainer ---


def test_trainer_reads_the_text_the_rubric_and_the_model_answer_and_marks_it(signed_in, exercise, alice, terry):
    mark = arrived(send(exercise, by=alice))
    client, address = signed_in(terry), f"/trainer/submissions/{mark.submission.public_id}/"
    listed_page = client.get(f"/trainer/{exercise.item_version.item.course_id}/", {"show": "waiting"})
    before, page = client.get(address), client.get(f"{address}rubric/answer/")

    levels = {"mark": str(mark.pk), "level-finding": "3", "level-advice": "3", "comment": "Say who decides."}
    done = client.post(f"{address}rubric/answer/", levels)

    said = words(main(page))
    assert (address, "Learner") in [(link, label.split()[0]) for link, label in links(listed_page)]
    assert "Nothing of it is marked yet Up to 6 more points wait for a trainer." in words(main(before))
    assert f"What the learner wrote One page {TEXT}" in said
    assert "Show the model answer A pause, until somebody has read the 14 cases." in said
    assert "Level 2 of 4 A number Level 3 of 4 A number in context" in said
    assert (done.status_code, done["Location"]) == (302, address)
    assert [(e.learner, e.level) for e in Evidence.objects.all()] == [(alice, Level.WORKING)]
