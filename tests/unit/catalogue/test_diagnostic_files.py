"""A diagnostic's rules: what its author did wrong is told with line and cure, and what is right fits every answer."""

from pathlib import Path

import pytest

from tests.unit.catalogue.small_course import BASICS, COURSE, FILES, write_library
from tests.unit.catalogue.test_paths import PATHS
from upskill.catalogue.course_files.library import Library, read_library

DIAGNOSTIC = """\
---
title: Find your start
minutes: 3
diagnostic:
  - skill: fairness
    at_least: 1
    because: You know who gets none.
  - skill: fairness
    path: guest
    start: tea-for-teams/basics
    because: Begin with sharing.
  - skill: brewing
    at_least: 1
    path: host
    start: tea-for-teams
    because: You can brew.
  - skill: brewing
    path: guest
    start: tea-for-teams/basics
    because: Begin at the basics.
---

## who-is-left  {skill=fairness@awareness}
Three cups, four people. Who is left out?

- ( ) Nobody
  > Count the people.
- (x) One person
  > Yes: 4 - 3.

## what-is-tea  {skill=brewing@awareness}
Which is tea?

- (x) Assam
  > Yes.
- ( ) Mocha
  > That is coffee.
"""
QUIZ = f"{BASICS}/start.quiz.md"
MODULE = FILES[f"{BASICS}/module.yml"].replace("double]", "double, start]")


def library(root: Path, text: str = DIAGNOSTIC) -> Library:
    more = {QUIZ: text, "paths.yml": PATHS, f"{BASICS}/module.yml": MODULE}
    return read_library([write_library(root, files={**FILES, **more})])


def test_diagnostic_is_read_as_a_quiz_without_a_pass_mark_that_earns_nothing(tmp_path):
    found = library(tmp_path)

    assert found.refused == {}
    [course] = found.courses
    quiz = course.modules[0].items[-1]
    assert (quiz.kind, quiz.skills, sorted(quiz.page)) == ("quiz", (), ["diagnostic", "questions"])
    assert quiz.page["diagnostic"] == [
        {"skill": "fairness", "at_least": 1, "because": "You know who gets none."},
        {
            "skill": "fairness", "at_least": 0, "because": "Begin with sharing.",
            "path": "guest", "course": COURSE, "module": "basics",
        },
        {"skill": "brewing", "at_least": 1, "because": "You can brew.", "path": "host", "course": COURSE, "module": ""},
        {
            "skill": "brewing", "at_least": 0, "because": "Begin at the basics.",
            "path": "guest", "course": COURSE, "module": "basics",
        },
    ]  # fmt: skip


# (old passage, new passage, [(line, problem, cure)]); the passage stands once
ONE_CHANGE = {
    "unknown key": (
        "    because: You can brew.\n", "    why: You can brew.\n", [
            (12, "A key is missing: 'because'.", "Add it."),
            (16, "The key 'why' is not known here.", "Use only these keys: skill, at_least, path, start, because."),
        ],
    ),
    "pass mark": (
        "minutes: 3\n", "minutes: 3\npass: 0.8\n",
        [(4, "The key 'pass' is not known here.", "Use only these keys: title, minutes, diagnostic.")],
    ),
    "skills to earn": (
        "minutes: 3\n", "minutes: 3\nskills: [fairness@awareness]\n",
        [(4, "The key 'skills' is not known here.", "Use only these keys: title, minutes, diagnostic.")],
    ),
    "path without a start": (
        "    start: tea-for-teams\n", "",
        [(12, "The value of 'diagnostic' number 3 does not fit.", "Give a rule both path and start, or neither.")],
    ),
    "answers without a rule": (
        "  - skill: fairness\n    path: guest\n    start: tea-for-teams/basics\n    because: Begin with sharing.\n", "",
        [(5, "No rule speaks where fewer than 1 answers about 'fairness' are right.",
          "Add a last rule for it, without at_least.")],
    ),
    "answers without a suggestion": (
        "    path: host\n    start: tea-for-teams\n", "",
        [(4, "Some answers lead to no suggestion: each skill has a rule without a path.",
          "Give every rule of one skill a path and a start, best of the last one.")],
    ),
    "rule that asks for more than there is": (
        "at_least: 1\n    because: You know", "at_least: 2\n    because: You know", [
            (6, "Only 1 questions are about 'fairness'.", "Give at most 1."),
        ],
    ),
    "rule that never speaks": (
        "at_least: 1\n    because: You know", "at_least: 0\n    because: You know", [
            (8, "This rule never speaks: one above it fits 0 right answers about 'fairness'.",
             "Put the rule that asks for more above it."),
        ],
    ),
    "rule about what is not asked": (
        "## what-is-tea  {skill=brewing@", "## what-is-tea  {skill=fairness@",
        [(12, "No question is about 'brewing'.", "Ask one, or take the rule out.")],
    ),
    "skill without a rule": (
        "  - skill: fairness\n    at_least: 1\n    because: You know who gets none.\n"
        "  - skill: fairness\n    path: guest\n    start: tea-for-teams/basics\n    because: Begin with sharing.\n", "",
        [(4, "No rule is about 'fairness'.", "Add one: - skill: fairness")],
    ),
    "hint": (
        "  > That is coffee.\n", "  > That is coffee.\n\n> hint: Smell it.\n",
        [(39, "A diagnostic gives no hints.", "Take the hint out: it would have somebody begin too far on.")],
    ),
    "wrong option without feedback": (
        "  > That is coffee.\n", "",
        [(36, "This answer has no feedback.", "Say under it, after >, why it is right or wrong.")],
    ),
    "unknown path": (
        "    path: host\n", "    path: hots\n", [(14, "There is no path 'hots'.", "Did you mean 'host'?")],
    ),
    "unknown course": (
        "    start: tea-for-teams\n", "    start: tea-for-team\n",
        [(15, "There is no course 'tea-for-team'.", "Did you mean 'tea-for-teams'?")],
    ),
    "unknown module": (
        "    start: tea-for-teams\n", "    start: tea-for-teams/basic\n",
        [(15, "The course 'tea-for-teams' has no module 'basic'.", "Did you mean 'basics'?")],
    ),
    "start outside of the path": (
        "    path: guest\n    start: tea-for-teams/basics\n    because: Begin at",
        "    path: guest\n    start: tea-for-teams\n    because: Begin at",
        [(19, "The path 'guest' does not take 'tea-for-teams'.",
          "Begin at one of its steps, or at a module of a course that it takes.")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", ONE_CHANGE)
def test_mistake_is_told_with_line_and_cure_and_keeps_the_course_out(tmp_path, what):
    old, new, expected = ONE_CHANGE[what]
    assert DIAGNOSTIC.count(old) == 1

    found = library(tmp_path, DIAGNOSTIC.replace(old, new))

    mistakes = found.refused[tmp_path / COURSE].mistakes
    assert [(each.line, each.problem, each.cure) for each in mistakes] == expected
    assert {each.file for each in mistakes} == {tmp_path / QUIZ}
    assert found.courses == ()


def test_course_alone_is_read_without_looking_for_what_it_suggests(tmp_path):
    library(tmp_path, DIAGNOSTIC.replace("path: host", "path: hots"))

    assert read_library([tmp_path / COURSE]).refused == {}


def test_paths_with_a_mistake_keep_no_diagnostic_out(tmp_path):
    library(tmp_path)
    (tmp_path / "paths.yml").write_text(PATHS.replace("why:", "wy:"), encoding="utf-8")

    assert list(read_library([tmp_path]).refused) == [tmp_path / "paths.yml"]
