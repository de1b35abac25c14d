"""A quiz that helps somebody find where to start: fixed rules in its front matter, which fit whatever is answered.

    diagnostic:
      - skill: data-handling
        at_least: 2
        path: analyst
        start: python-and-data/clean-and-join
        because: You answered both questions about tables, so you can begin at Clean and join.

Of each skill the first rule speaks that has enough right answers. Of those that speak, the first one that names a path
and a start makes the suggestion.
"""

from collections.abc import Iterable
from typing import Any

from .mistakes import Mistake, Notes
from .paths import Parts, PathContent, cure_for
from .shape import CourseContent, Suggestion
from .yaml_files import YamlText

Asked = dict[str, int]  # skill -> how many questions of the quiz are about it


def is_diagnostic(text: str) -> bool:
    """True for a quiz file whose front matter has the key `diagnostic`."""
    front = text.split("\n---", 1)[0]
    return any(line.startswith("diagnostic:") for line in front.split("\n"))


def check_rules(found: YamlText, *, asked: Asked, notes: Notes) -> None:
    """Note rules that do not lead to one sentence for each skill and one suggestion, whatever is answered."""
    rules = found.data["diagnostic"]
    by_skill: dict[str, list[int]] = {}
    for number, rule in enumerate(rules):
        by_skill.setdefault(rule["skill"], []).append(number)
    for skill in sorted(asked.keys() - by_skill.keys()):
        cure = f"Add one: - skill: {skill}"
        notes.add(found.file, line=found.line("diagnostic"), problem=f"No rule is about '{skill}'.", cure=cure)
    for skill, numbers in by_skill.items():
        _check_skill(found, skill, numbers, asked=asked.get(skill, 0), notes=notes)
    if not any(all("path" in rules[number] for number in numbers) for numbers in by_skill.values()):
        problem = "Some answers lead to no suggestion: each skill has a rule without a path."
        cure = "Give every rule of one skill a path and a start, best of the last one."
        notes.add(found.file, line=found.line("diagnostic"), problem=problem, cure=cure)


def _check_skill(found: YamlText, skill: str, numbers: list[int], *, asked: int, notes: Notes) -> None:
    """Note rules of one skill that can never speak, and right answers that no rule speaks about."""
    if not asked:
        line = found.line("diagnostic", numbers[0], "skill")
        cure = "Ask one, or take the rule out."
        notes.add(found.file, line=line, problem=f"No question is about '{skill}'.", cure=cure)
        return
    before = asked + 1
    for number in numbers:
        least = _at_least(found.data["diagnostic"][number])
        line = found.line("diagnostic", number, "at_least")
        if least > asked:
            problem, cure = f"Only {asked} questions are about '{skill}'.", f"Give at most {asked}."
            notes.add(found.file, line=line, problem=problem, cure=cure)
        elif least >= before:
            problem = f"This rule never speaks: one above it fits {least} right answers about '{skill}'."
            notes.add(found.file, line=line, problem=problem, cure="Put the rule that asks for more above it.")
        before = min(before, least)
    if before > 0:
        problem = f"No rule speaks where fewer than {before} answers about '{skill}' are right."
        line, cure = found.line("diagnostic", numbers[-1]), "Add a last rule for it, without at_least."
        notes.add(found.file, line=line, problem=problem, cure=cure)


def suggestions(found: YamlText) -> tuple[Suggestion, ...]:
    """What the rules suggest, with the lines that say so: only all courses together show whether it is there."""
    return tuple(
        Suggestion(
            rule["path"],
            rule["start"],
            path_line=found.line("diagnostic", number, "path"),
            start_line=found.line("diagnostic", number, "start"),
        )
        for number, rule in enumerate(found.data["diagnostic"])
        if "path" in rule
    )


def drawn_rules(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rules as pages read them: "skill", "at_least", "because", and "path", "course", "module" if they suggest."""
    return [_drawn(rule) for rule in rules]


def _drawn(rule: dict[str, Any]) -> dict[str, Any]:
    said = {"skill": rule["skill"], "at_least": _at_least(rule), "because": rule["because"]}
    if "path" not in rule:
        return said
    course, _, module = rule["start"].partition("/")
    return said | {"path": rule["path"], "course": course, "module": module}


def _at_least(rule: dict[str, Any]) -> int:
    return int(rule.get("at_least", 0))


def mistakes_in(course: CourseContent, *, paths: Iterable[PathContent], parts: Parts) -> list[Mistake]:
    """Each path that a diagnostic of the course suggests and that is not there, and each start outside of its path."""
    known = {path.id: path for path in paths}
    found = []
    for module in course.modules:
        for item in module.items:
            for each in item.suggests:
                if said := _complaint(each, known=known, parts=parts):
                    found.append(Mistake(item.file, *said))
    return found


def _complaint(said: Suggestion, *, known: dict[str, PathContent], parts: Parts) -> tuple[int, str, str] | None:
    if said.path not in known:
        return said.path_line, f"There is no path '{said.path}'.", cure_for(said.path, known=known, what="path")
    if complaint := parts.complaint(said.start):
        return said.start_line, *complaint
    course, _, module = said.start.partition("/")
    if not known[said.path].takes(course, module=module):
        cure = "Begin at one of its steps, or at a module of a course that it takes."
        return said.start_line, f"The path '{said.path}' does not take '{said.start}'.", cure
    return None
