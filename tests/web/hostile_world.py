"""A world in which every text that somebody can bring says the same, and every page that shows such texts."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import nbformat
from django.test import Client
from django.utils import timezone

from tests.factories import exercises, reflections
from tests.factories.catalogue import (
    CERTIFICATE,
    CourseVersionFactory,
    ExerciseItemFactory,
    ItemVersionFactory,
    ModuleFactory,
    clear,
)
from tests.factories.catalogue import QuizFactory as QuizItemFactory
from tests.factories.marking import DoneJobFactory, EvidenceFactory, ReviewFactory, SkillFactory, SubmissionFactory
from tests.factories.people import (
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    operator,
    trainer_of,
    viewer_of,
)
from tests.factories.roles import role_asking
from upskill.catalogue import prose
from upskill.catalogue.models import Check, CourseVersion, ExerciseVersion, Item, ItemVersion
from upskill.catalogue.notebook_page import to_page
from upskill.core import blobs
from upskill.learning.models import Enrolment, QuizAttempt, Submission
from upskill.marking.models import CheckMark, Job, Mark
from upskill.marking.reflections import notebook_of
from upskill.people.models import Feedback, Organisation, User

LEVELS = {"finding": 3, "advice": 3}


@dataclass(frozen=True)
class World:
    """Who and what there is."""

    learner: User
    trainer: User
    manager: User
    viewer: User
    organisation: Organisation
    course: CourseVersion
    lesson: ItemVersion
    quiz: ItemVersion
    exercise: ExerciseVersion
    marked: Submission
    refused: Submission
    reflection: ExerciseVersion
    sent: Submission

    def url(self, item: ItemVersion, more: str = "") -> str:
        return f"/courses/{self.course.course_id}/{item.item.key}/{more}"


def world(text: str, *, long: str) -> World:
    """Everybody is called `text` and everything has it as its title; what people write at length is `long`."""
    skill = SkillFactory(name=text[:120], statements={"1": long, "2": long})
    course = CourseVersionFactory(title=text, summary=long)
    module = ModuleFactory(course_version=course, title=text, summary=long, objectives=[long])
    lesson = ItemVersionFactory(module=module, title=text, content={"html": prose.to_html(long)})
    quiz = QuizItemFactory(module=module, title=text, content={"pass_share": 0.5, "questions": _questions(long)})
    exercise = _exercise(text, long=long, module=module)
    learner, manager = PersonFactory(full_name=text), PersonFactory(full_name=text)
    trainer = trainer_of(course.course_id, person__full_name=text)
    organisation = OrganisationFactory(name=text)
    part = OrganisationFactory(name=text, parent=organisation)
    role = role_asking({skill.pk: 4}, name=text[:120])
    MembershipFactory(person=learner, organisation=part, line_manager=manager, job_title=text, role=role)
    for _ in range(5):
        MembershipFactory(organisation=part)
    Enrolment.objects.create(learner=learner, course=course.course, enrolled_at=NOON)
    marked, refused = (_sent(long, learner=learner, exercise=exercise, attempt=attempt) for attempt in (1, 2))
    mark = _marked(text, long=long, submission=marked, trainer=trainer)
    ReviewFactory(mark=mark, reason=long)
    Feedback.objects.create(text=long, page=f"/{text}"[:200], sent_at=NOON)
    DoneJobFactory(submission=refused, state=Job.State.REFUSED, reason=long)
    EvidenceFactory(learner=learner, skill=skill, mark=mark)
    answers = {"one": ["this"], "number": "7", "order": ["this", "that"]}
    QuizAttempt.objects.create(
        learner=learner, quiz=quiz, answers=answers, right=1, questions=3, passed=False, answered_at=NOON
    )
    reflection = _reflection(text, long=long, module=module)
    return World(
        learner,
        trainer,
        manager,
        viewer_of(organisation),
        organisation,
        course,
        lesson,
        quiz,
        exercise,
        marked,
        refused,
        reflection,
        _sent_text(text, long=long, learner=learner, reflection=reflection),
    )


def pages(world: World, *, text: str) -> dict[str, Any]:
    """Every page that shows one of these texts, by a name of its own."""
    of_people = _of_learner(world, text=text) | _of_account(world, text=text) | _of_trainer(world, text=text)
    return _of_visitors(text) | of_people | _of_managers(world)


def _of_visitors(text: str) -> dict[str, Any]:
    client = Client()
    return {
        "sign in refused": client.post("/sign-in/", {"email": text, "next": f"/{text}"}),
        "sign in with a query": client.get("/sign-in/", {"next": f"/{text}", text[:50]: text}),
        "not found": client.get(f"/{text}/", {text[:50]: text}),
        "link not good": client.get(f"/sign-in/{text.replace('/', '')}/"),
        "demo": client.get("/demo/"),
    }


def _of_learner(world: World, *, text: str) -> dict[str, Any]:
    client = _signed_in(world.learner)
    quiz, exercise = world.quiz, world.exercise.item_version
    answers = {"one": text, "number": text[:40], "order.this": text}
    return {
        "home": client.get("/"),
        "catalogue": client.get("/courses/"),
        "catalogue narrowed": client.get("/courses/", {"q": _printable(text), "skill": text, "level": [text] * 2}),
        "course": client.get(f"/courses/{world.course.course_id}/"),
        "course not taken": _signed_in(world.manager).get(f"/courses/{world.course.course_id}/"),
        "learning": client.get("/learning/"),
        "certificate": client.get(f"/courses/{world.course.course_id}/certificate/"),
        "skills": client.get("/skills/"),
        "lesson": client.get(world.url(world.lesson)),
        "quiz result": client.get(world.url(quiz)),
        "quiz": client.get(world.url(quiz, "?again")),
        "quiz refused": client.post(world.url(quiz, "answers/"), answers),
        "exercise": client.get(world.url(exercise)),
        "exercise refused": client.post(world.url(exercise, "submit/"), {"idempotency_key": text}),
        "mark": client.get(f"/submissions/{world.marked.public_id}/"),
        "mark by itself": client.get(f"/submissions/{world.marked.public_id}/state/"),
        "reflection": client.get(world.url(world.reflection.item_version)),
        "reflection refused": client.post(
            world.url(world.reflection.item_version, "text/"), {"text": text, "revision": text, "idempotency_key": text}
        ),
        "text": client.get(f"/submissions/{world.sent.public_id}/"),
        "answer refused": client.get(f"/submissions/{world.refused.public_id}/"),
        "no such item": client.get(f"/courses/{world.course.course_id}/x/y/", {"q": text}),
        "forbidden": client.get("/manager/team/"),
    }


def _of_account(world: World, *, text: str) -> dict[str, Any]:
    client, sent = _signed_in(world.learner), f"/submissions/{world.marked.public_id}/"
    token = {"name": text[:80], "scopes": ["read"], "days": text[:10]}
    return {
        "receipt": client.get(f"{sent}marks/1/"),
        "review asked": client.get(f"{sent}review/asked/"),
        "account": client.get("/account/"),
        "trail": client.get("/account/trail/", {"show": "everything", "page": text}),
        "token refused": client.post("/account/tokens/new/", token),
        "search": client.get("/search/", {"q": _printable(text)}),
        "feedback": client.get("/feedback/", {"page": f"/{text}"}),
        "feedback refused": client.post("/feedback/", {"text": "", "page": text}),
        "state of the service": _signed_in(operator()).get("/operator/"),
    }


def _of_trainer(world: World, *, text: str) -> dict[str, Any]:
    client, address = _signed_in(world.trainer), f"/trainer/submissions/{world.marked.public_id}/"
    sent = {"points-test_double": text, "reason": text, "level-finding": text, "level-advice": text, "comment": text}
    changed = {"points-test_double": "3", "reason": text}
    return {
        "answers": client.get(f"/trainer/{world.course.course_id}/", {"page": text, "show": text}),
        "exercises": client.get(f"/trainer/{world.course.course_id}/exercises/"),
        "submission": client.get(address),
        "submission refused": client.get(f"/trainer/submissions/{world.refused.public_id}/"),
        "review": client.get(f"{address}review/"),
        "review refused": client.post(f"{address}review/", {**sent, "outcome": text}),
        "points": client.get(f"{address}points/"),
        "points refused": client.post(f"{address}points/", sent),
        "rubric": client.get(f"{address}rubric/reflection/"),
        "rubric of a text": client.get(f"/trainer/submissions/{world.sent.public_id}/rubric/answer/"),
        "text for its trainer": client.get(f"/trainer/submissions/{world.sent.public_id}/"),
        "rubric refused": client.post(f"{address}rubric/reflection/", sent),
        "points changed": client.post(f"{address}points/", changed, follow=True),
    }


def _of_managers(world: World) -> dict[str, Any]:
    viewer, manager = _signed_in(world.viewer), _signed_in(world.manager)
    return {
        "team": manager.get("/manager/team/"),
        "gaps of a team": manager.get("/manager/team/gaps/"),
        "training of a team": manager.get("/manager/team/training/"),
        "direct report": manager.get(f"/manager/team/people/{User.objects.get(pk=world.learner.pk).public_id}/"),
        "department": viewer.get(f"/manager/departments/{world.organisation.code}/"),
        "part": viewer.get(f"/manager/departments/{world.organisation.children.get().code}/"),
    }


def _printable(text: str) -> str:
    """What can be searched for."""
    return "".join(filter(str.isprintable, text))[:100] or "x"


def _signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def _questions(text: str) -> list[dict[str, Any]]:
    html, line = prose.to_html(text), prose.to_line(text)
    said = {"feedback": line, "misconception": text}
    options = [{"id": name, "html": line, "right": name == "this", **said} for name in ("this", "that")]
    common = {"skill": "fairness", "level": 1, "html": html, "hints": [line]}
    number = {"number": 7, "tolerance": 0, **said}
    return [
        {**common, "id": "one", "type": "single", "options": options, "answer": ["this"]},
        {**common, "id": "number", "type": "number", "options": [], "answer": number, "wrong": [], "otherwise": said},
        {**common, "id": "order", "type": "order", "options": options, "answer": ["this", "that"]},
    ]


def _exercise(text: str, *, long: str, module: Any) -> ExerciseVersion:
    cells = [nbformat.v4.new_markdown_cell(long), nbformat.v4.new_code_cell(long)]
    html = to_page(nbformat.v4.new_notebook(cells=cells))
    item = ExerciseItemFactory(module=module, title=text, content={"html": html})
    files = {text.replace("/", "").replace("\n", " "): blobs.store(b"a,b")}
    source, released = (blobs.store(notebook.encode()) for notebook in exercises.notebooks())
    exercise = ExerciseVersion.objects.create(
        item_version=item, source_sha256=source, release_sha256=released, files=files, filename="a.ipynb", pass_share=1
    )
    told = {"engine": text, "python": text, "libraries": {text: text}, "tricks": {text: 1}, "guarded": [text]}
    clear(exercise, certificate={**CERTIFICATE, **told, "answers": {text: {"points": 1, "loses": text}}})
    rubric = [{"id": name, "title": text, "points": 3, "levels": [long] * 5} for name in LEVELS]
    common = {"exercise": exercise, "title": text}
    Check.objects.create(slug="test_double", position=0, max_points=4, **common)
    Check.objects.create(
        slug="reflection", position=1, max_points=6, by_person=True, rubric=rubric, model_answer=long, **common
    )
    return exercise


def _reflection(text: str, *, long: str, module: Any) -> ExerciseVersion:
    """With the text for everything that an author writes of it."""
    real = reflections.real_reflection(module=module, slug="plain")
    item = ItemVersionFactory(
        module=module, kind=Item.Kind.REFLECTION, title=text, content={"html": prose.to_html(long), "words": 2000}
    )
    exercise = ExerciseVersion.objects.create(
        item_version=item, source_sha256=real.source_sha256, release_sha256=real.release_sha256, filename="a.ipynb"
    )
    rubric = [{"id": name, "title": text, "points": 3, "levels": [long] * 5} for name in LEVELS]
    Check.objects.create(
        exercise=exercise, slug="answer", position=0, title=text, max_points=6, by_person=True, rubric=rubric,
        model_answer=long,
    )  # fmt: skip
    return exercise


def _sent_text(text: str, *, long: str, learner: User, reflection: ExerciseVersion) -> Submission:
    """A text that waits for a trainer."""
    content = notebook_of(reflection, text=f"{text} {long}"[:30_000], most_words=100_000)
    sent: Submission = SubmissionFactory(
        learner=learner, exercise=reflection, blob_id=blobs.store(content), submitted_at=timezone.now()
    )
    DoneJobFactory(submission=sent)
    mark = Mark.objects.create(
        submission=sent, points=0, max_points=0, waiting_points=6, passed=False, marked_at=NOON, provenance={}
    )
    check = {"slug": "answer", "position": 0, "title": text, "max_points": 6, "status": "waiting"}
    CheckMark.objects.create(mark=mark, answer=f"{text} {long}", **check)
    return sent


def _sent(text: str, *, learner: User, exercise: ExerciseVersion, attempt: int) -> Submission:
    content = exercises.answer(text, reflection=text, added=text)
    return SubmissionFactory(learner=learner, exercise=exercise, blob_id=blobs.store(content), attempt=attempt)


def _marked(text: str, *, long: str, submission: Submission, trainer: User) -> Mark:
    """A mark of the machine, and one by a person that replaces it."""
    DoneJobFactory(submission=submission)
    made = {"tests_sha256": text, "engine_version": text, "libraries": {text: text}, "python": text, "isolation": text}
    points = {"points": Decimal(2), "max_points": Decimal(4), "waiting_points": Decimal(6), "passed": False}
    common = {"submission": submission, "marked_at": NOON, "provenance": {**made, "seed": text}, **points}
    first = Mark.objects.create(**common)
    mark = Mark.objects.create(given_by=trainer, reason=long, replaces=first, **common)
    by_test = {"slug": "test_double", "position": 0, "points": 2, "max_points": 4, "status": "partial", "message": long}
    by_person = {"slug": "reflection", "position": 1, "max_points": 6, "status": "waiting", "answer": long}
    for each in (first, mark):
        for check in (by_test, by_person):
            CheckMark.objects.create(mark=each, title=text, **check)
    return mark
