"""A small course without a mistake, written into a folder, with one passage exchanged at will."""

import hashlib
from pathlib import Path

DATA = "pot,cups\nbrown,4\n"
DATA_SHA256 = hashlib.sha256(DATA.encode()).hexdigest()
COURSE = "tea-for-teams"
BASICS = f"{COURSE}/modules/basics"

FILES = {
    "skills.yml": """\
skills:
  - id: fairness
    name: Fairness
    levels:
      awareness: You can say who gets no tea.
      working: You can share a pot so that everybody gets some.
      practitioner: You can lead a tea audit.
  - id: brewing
    name: Brewing
    levels:
      awareness: You can tell tea from coffee.
      working: You can brew a pot.
      practitioner: You can teach others to brew.
""",
    f"{COURSE}/course.yml": """\
id: tea-for-teams
title: Tea for teams
summary: Share a pot fairly.
version: 1.0.0
language: en-GB
licence: CC-BY-4.0
audience: [new-recruit]
skills: [fairness@working]
modules: [basics]
""",
    f"{BASICS}/module.yml": """\
title: The basics
summary: One pot, many cups.
objectives:
  - You can share a pot.
items: [sharing, check, double]
""",
    f"{BASICS}/sharing.md": """\
---
title: Sharing a pot
minutes: 5
---

::: objectives
- You can share a pot.
:::

## A pot for four

Four people share **one pot**. See [the standard](https://example.org/tea).

:::: challenge Who is left out?
The pot holds three cups.

::: solution
One person.
:::
::::

| Person | Cups |
|---|---|
| Ada | 1 |
""",
    f"{BASICS}/check.quiz.md": """\
---
title: "Check: sharing"
minutes: 3
skills: [fairness@awareness]
pass: 0.8
---

## who-is-left  {skill=fairness@awareness}
Three cups, four people. Who is left out?

- ( ) Nobody
  > Count the *people*. {misconception=counts-cups}
- (x) One person
  > Yes: 4 - 3.

> hint: Count the people.

## what-is-tea  {skill=brewing@awareness}
Which of these are tea?

- [x] Assam
  > Yes.
- [ ] Mocha
  > That is coffee.

## how-many  {skill=brewing@awareness}
How many cups in two pots of four?

= 8 +- 0.5
  > Yes: two times four.
! 6
  > You added. {misconception=adds}
! other
  > Multiply pots
  > by cups.

## steps  {skill=brewing@awareness type=order}
Put the steps in order.

1. Boil the water
   > Cold water makes no tea.
2. Pour it on the leaves
   > Then it can brew.
3. Drink
   > Last of all.
""",
    f"{BASICS}/double/exercise.py": """\
# %% [markdown]
# # Double the pots
# Write a function.

# %% task="double"
def double(cups):
    ### BEGIN SOLUTION
    return 2 * cups
    ### END SOLUTION

# %% test="test_double" points=4 hidden_message="It must work for every number of cups."
assert double(4) == 8, "Two pots of four are 8."
### BEGIN HIDDEN TESTS
assert double(7) == 14, "Two pots of seven are 14."
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Advise the host

# %% [markdown] manual="advice" points=2
# Write here.
#
# === BEGIN MARK SCHEME ===
# Buy a bigger pot.
# === END MARK SCHEME ===
""",
    f"{BASICS}/double/exercise.yml": f"""\
title: Double the pots
minutes: 15
skills: [fairness@working]
pass: 0.8
limits:
  cell_seconds: 5
data:
  pots.csv: {DATA_SHA256}
""",
    f"{BASICS}/double/rubric.yml": """\
advice:
  model_answer: Buy a bigger pot.
  criteria:
    - id: useful
      title: The advice helps
      points: 2
      levels: [None, A little, Some, Much, All]
""",
    f"{BASICS}/double/data/pots.csv": DATA,
    f"{BASICS}/double/data/DATASHEET.md": f"# Pots\n\nMade up. SHA-256: {DATA_SHA256}\n",
    f"{BASICS}/double/wrong/adds.py": """\
# expect: test_double | Two pots of four are 8 | 0

# %% task="double"
def double(cups):
    return 2 + cups
""",
}


def write_library(root: Path, *, files: dict[str, str] | None = None, order: list[str] | None = None) -> Path:
    """Write the files (path -> text) below `root`, in this order, and give back `root`."""
    files = FILES if files is None else files
    for name in order or list(files):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files[name].encode())
    return root


def with_change(name: str, *, old: str, new: str) -> dict[str, str]:
    """The files, with one passage of one file exchanged."""
    assert FILES[name].count(old) == 1, f"{old!r} must be in {name} once"
    return {**FILES, name: FILES[name].replace(old, new)}


def without(name: str) -> dict[str, str]:
    """The files, one of them missing."""
    return {path: text for path, text in FILES.items() if path != name}
