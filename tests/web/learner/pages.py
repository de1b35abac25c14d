"""What the tests of learners' pages share: a course to take, somebody who takes it, and how a page is read."""

import html
import re
from dataclasses import dataclass

from django.http import HttpResponse

from tests.factories.catalogue import (
    CourseVersionFactory,
    ExerciseFactory,
    ItemVersionFactory,
    ModuleFactory,
    QuizFactory,
)
from tests.factories.marking import MarkFactory, SkillFactory
from tests.factories.people import NOON, PersonFactory
from upskill import pipeline
from upskill.catalogue.models import CourseVersion, ExerciseVersion, ItemVersion
from upskill.learning import services as learning
from upskill.learning.models import Enrolment
from upskill.marking.models import Mark
from upskill.people.models import User
from upskill.skills import services as skills


@dataclass(frozen=True)
class Taught:
    """A course of one module: a lesson, a quiz and an exercise."""

    version: CourseVersion
    lesson: ItemVersion
    quiz: ItemVersion
    exercise: ExerciseVersion

    @property
    def url(self) -> str:
        return f"/courses/{self.version.course_id}/"

    def item_url(self, item: ItemVersion, more: str = "") -> str:
        return f"{self.url}{item.item.key}/{more}"

    @property
    def exercise_url(self) -> str:
        return self.item_url(self.exercise.item_version)


def taught(*, exercise: dict[str, object] | None = None, **version) -> Taught:
    """A published course with one item of each kind. `exercise`: fields of its exercise."""
    SkillFactory(slug="fairness")
    course = CourseVersionFactory(**version)
    module = ModuleFactory(course_version=course, slug="audits", title="Audits", objectives=["You can read one."])
    return Taught(
        version=course,
        lesson=ItemVersionFactory(module=module, slug="why", position=1, title="Why we audit", minutes=10),
        quiz=QuizFactory(module=module, slug="check", position=2, title="Check", minutes=5),
        exercise=ExerciseFactory(
            item_version__module=module,
            item_version__slug="audit",
            item_version__position=3,
            item_version__title="Audit a model",
            item_version__minutes=45,
            **{"files": {}, **(exercise or {})},
        ),
    )


def learner_of(course: Taught, **fields) -> User:
    """A person who takes this course."""
    person = PersonFactory(**fields)
    Enrolment.objects.create(learner=person, course=course.version.course, enrolled_at=NOON)
    return person


def finish(course: Taught, person: User) -> Mark:
    """Everything of the course is done and passed; the mark of the exercise, given by its tests."""
    learning.complete_item(person, item=course.lesson.item, now=NOON)
    pipeline.answer_quiz(course.quiz, answers={"one-of-two": ["this"]}, by=person, now=NOON)
    mark: Mark = MarkFactory(submission__learner=person, submission__exercise=course.exercise)
    skills.add_mark_evidence(mark, now=NOON)
    learning.complete_item(person, item=course.exercise.item_version.item, now=NOON)
    return mark


def words(page: HttpResponse | str) -> str:
    """What a page says, as one line: no tags, single spaces."""
    text = page if isinstance(page, str) else page.content.decode()
    text = re.sub(r"<(head|svg|script).*?</\1>", " ", text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def main(page: HttpResponse) -> str:
    """The HTML of a page's main part."""
    found = re.search(r"<main.*</main>", page.content.decode(), flags=re.DOTALL)
    assert found is not None
    return found[0]


def links(page: HttpResponse) -> list[tuple[str, str]]:
    """Where the links of the main part lead, with their words."""
    found = re.findall(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', main(page), flags=re.DOTALL)
    return [(html.unescape(url), words(label)) for url, label in found]


def listed(page: HttpResponse, *, css: str) -> list[str]:
    """The words of each element of this class in the main part."""
    pattern = rf'<(\w+)\b[^>]*class="[^"]*\b{css}(?=[ "])[^"]*"[^>]*>(.*?)</\1>'
    return [words(inner) for _tag, inner in re.findall(pattern, main(page), flags=re.DOTALL)]


def crumbs(page: HttpResponse) -> list[str]:
    """The way back up, as a page shows it."""
    trail = page.content.decode().split('govuk-breadcrumbs__list">')[1].split("</ol>")[0]
    return [words(label) for label in re.findall(r"<li.*?</li>", trail, flags=re.DOTALL)]


def errors(page: HttpResponse) -> list[tuple[str, str]]:
    """The error summary: where each line leads (empty: nowhere), and its words."""
    summary = re.search(r'govuk-error-summary__list">(.*?)</ul>', page.content.decode(), flags=re.DOTALL)
    lines = (
        re.findall(r"<li>(?:<a href=\"#([^\"]*)\">)?(.*?)(?:</a>)?</li>", summary[1], flags=re.DOTALL)
        if summary
        else []
    )
    return [(target, words(text)) for target, text in lines]


def title(page: HttpResponse) -> str:
    """The title of a page, as a browser tab shows it."""
    found = re.search(r"<title>(.*?)</title>", page.content.decode(), flags=re.DOTALL)
    assert found is not None
    return html.unescape(found[1])
