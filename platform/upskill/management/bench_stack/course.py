"""The course of the bench, and answers to its exercise whose points are known.

The exercise is the one that `python -m grading bench` calls pandas, without its written answer: what a mark costs here
can be held against what it costs there.
"""

import json
from pathlib import Path

from grading.bench import scripts

ID, MODULE, LESSON, QUIZ, EXERCISE = "bench", "lending", "reading", "check", "loans"
LEARNERS_PAGES = (  # what somebody who learns looks at, again and again
    "/", "/courses/", "/learning/", "/skills/", f"/courses/{ID}/",
    f"/courses/{ID}/{MODULE}/{LESSON}/", f"/courses/{ID}/{MODULE}/{QUIZ}/", f"/courses/{ID}/{MODULE}/{EXERCISE}/",
)  # fmt: skip
EXERCISE_PAGE = LEARNERS_PAGES[-1]
DRAFT = f"/api/v1/exercises/{ID}/{MODULE}/{EXERCISE}/draft/"
RIGHT, WRONG = 8.0, 6.0  # points of the two answers

SKILLS = """\
skills:
  - id: counting
    name: Counting
    levels:
      awareness: You can say what a total leaves out.
      working: You can work out totals for groups.
      practitioner: You can lead others who count.
"""
_COURSE = f"""\
id: {ID}
title: Counting what libraries lend
summary: Totals, seasons and what is missing from both.
version: 1.0.0
language: en-GB
licence: CC-BY-4.0
audience: [new-recruit]
skills: [counting@working]
modules: [{MODULE}]
"""
_MODULE = f"""\
title: Lending
summary: From rows to totals.
objectives:
  - You can work out totals for groups.
items: [{LESSON}, {QUIZ}, {EXERCISE}]
"""
_LESSON = """\
---
title: Reading a table of totals
minutes: 5
---

::: objectives
- You can say what a total leaves out.
:::
"""
_SECTION = """
## Branch {number}

A branch that reports **no number** is not a branch that lent nothing. A total over what was reported counts it as if it
had. Look at the row, ask who is missing from it, and write beside the total how many rows it rests on.

| Month | Books | Rows |
|---|---|---|
| January | 5,120 | 831 |
| February | 4,876 | 829 |
"""
_QUIZ = """\
---
title: "Check: totals"
minutes: 3
skills: [counting@awareness]
pass: 0.8
---

## missing  {skill=counting@awareness}
A branch reports no number. What does the total say of it?

- ( ) That it lent nothing
  > It says nothing of it. {misconception=missing-is-zero}
- (x) Nothing
  > Yes: look at how many rows it rests on.

> hint: Count the rows.
"""
_EXERCISE = """\
title: What libraries lend
minutes: 15
skills: [counting@working]
pass: 0.7
"""
_HIDDEN = "It must hold for every branch and every month."  # what learners read of a hidden test


def write(folder: Path) -> None:
    """The course's files below `folder`, as an author would have written them."""
    module = folder / ID / "modules" / MODULE
    (module / EXERCISE).mkdir(parents=True)
    (folder / "skills.yml").write_text(SKILLS)
    (folder / ID / "course.yml").write_text(_COURSE)
    (module / "module.yml").write_text(_MODULE)
    (module / f"{LESSON}.md").write_text(_LESSON + "".join(_SECTION.format(number=number) for number in range(1, 9)))
    (module / f"{QUIZ}.quiz.md").write_text(_QUIZ)
    (module / EXERCISE / "exercise.yml").write_text(_EXERCISE)
    script, _by_person, _words = scripts.PANDAS.partition("# %% [markdown] manual=")
    (module / EXERCISE / "exercise.py").write_text(script.replace(" points=", f' hidden_message="{_HIDDEN}" points='))


def draft(solution: str, *, named: str) -> dict[str, str]:
    """What a learner has in the cells for answers, id by id. No two are the same."""
    cells = [cell for cell in json.loads(solution)["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]
    return {cell["id"]: f"# {named}\n{''.join(cell['source'])}" for cell in cells}


def answer(solution: str, *, named: str, is_right: bool) -> bytes:
    """The author's solution as a learner hands it in: no two are the same. The wrong one's chart has no title."""
    text = solution.replace("plt.subplots()", f"plt.subplots()  # {named}")
    return (text if is_right else text.replace("chart.set_title(", "chart.set_xlabel(")).encode()
