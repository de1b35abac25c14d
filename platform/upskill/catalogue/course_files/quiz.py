"""Quiz files: questions in Markdown, with feedback for every answer a learner can give.

    ## question-id  {skill=fairness@awareness}
    The question. Choose ( ) one, [ ] several, = a number, or with {type=order} numbered steps.

    - (x) The right answer
      > Feedback, needed for each answer. {misconception=name-of-the-mistake}
    > hint: As many hints as help, the first one least.

A number question gives `= 15 +- 0.5`, then `! 75` for each known mistake, then `! other`, each with feedback.
"""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from upskill.catalogue import prose

from .diagnostic import check_rules, drawn_rules, is_diagnostic, suggestions
from .fingerprint import fingerprint
from .front_matter import Page, read_page
from .levels import Skills
from .mistakes import Notes
from .schemas import DIAGNOSTIC, LEVELS, QUIZ
from .shape import ItemContent

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ATTRIBUTES = re.compile(r"\{([^{}]*)\}\s*$")
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_NUMBERS = {"number", "known", "other"}
_CHOICE = re.compile(r"- ([(\[])([xX ])[)\]]\s+(.+)")
_RIGHT_NUMBER = re.compile(rf"=\s*{_NUMBER}(?:\s*\+-\s*(\d+(?:\.\d+)?))?\s*$")
_WRONG_NUMBER = re.compile(rf"!\s*(?:{_NUMBER}(?:\s*\+-\s*(\d+(?:\.\d+)?))?|other)\s*$")
_STEP = re.compile(r"\d+\.\s+(.+)")
_QUOTE = re.compile(r"\s*>\s?(.*)")
_HINT = re.compile(r">\s*hint:\s*(.*)")


@dataclass
class _Answer:
    """One answer as written: an option, a step, a right or a known wrong number, or any other number."""

    line: int
    kind: str  # single, multiple, order, number, known, other
    text: str = ""
    right: bool = False
    number: float = 0.0
    tolerance: float = 0.0
    feedback: list[str] = field(default_factory=list)
    misconception: str = ""


@dataclass
class _Question:
    """One question as written."""

    line: int
    id: str
    attributes: dict[str, str]
    prompt: list[str] = field(default_factory=list)
    answers: list[_Answer] = field(default_factory=list)
    hints: list[tuple[int, list[str]]] = field(default_factory=list)  # each with its line

    @property
    def type(self) -> str:
        """single, multiple, number or order; empty while there is no answer."""
        kind = self.answers[0].kind if self.answers else ""
        return "number" if kind in _NUMBERS else kind


def read_quiz(text: str, *, file: Path, slug: str, skills: Skills, notes: Notes) -> ItemContent | None:
    """The quiz in `text`, or None with every mistake noted."""
    before = len(notes.mistakes)
    finds_start = is_diagnostic(text)
    page = read_page(text, file=file, schema=DIAGNOSTIC if finds_start else QUIZ, notes=notes)
    if page is None:
        return None
    questions = _Reader(file, page.first_line, notes).read(page.body)
    if not questions:
        notes.add(file, line=page.first_line, problem="The quiz has no question.", cure="Add one: ## question-id")
    for question in questions:
        _check(question, file=file, skills=skills, notes=notes)
    earned = skills.read(page.front, highest=1, what="A quiz", notes=notes)
    if finds_start and len(notes.mistakes) == before:
        _check_diagnostic(page, questions, notes=notes)
    if len(notes.mistakes) > before:
        return None
    data = page.front.data
    drawn: dict[str, Any] = {"questions": [_drawn(question) for question in questions]}
    drawn |= {"diagnostic": drawn_rules(data["diagnostic"])} if finds_start else {"pass_share": data["pass"]}
    suggests = suggestions(page.front) if finds_start else ()
    named = fingerprint({"kind": "quiz", "front": data, "body": page.body})
    return ItemContent(file, slug, "quiz", data["title"], data["minutes"], earned, drawn, named, suggests=suggests)


def _check_diagnostic(page: Page, questions: list["_Question"], *, notes: Notes) -> None:
    """Note rules that leave some answers without a suggestion, and hints: who needs one begins too far on."""
    asked = Counter(question.attributes["skill"].partition("@")[0] for question in questions)
    check_rules(page.front, asked=dict(asked), notes=notes)
    for question in questions:
        for line, _hint in question.hints:
            cure = "Take the hint out: it would have somebody begin too far on."
            notes.add(page.front.file, line=line, problem="A diagnostic gives no hints.", cure=cure)


class _Reader:
    """Reads the questions of a quiz body line by line."""

    def __init__(self, file: Path, first_line: int, notes: Notes) -> None:
        self.file, self.first_line, self.notes = file, first_line, notes
        self.questions: list[_Question] = []
        self.quoted: list[str] | None = None  # where a line beginning with > goes: feedback or a hint

    def read(self, body: str) -> list[_Question]:
        """The questions; mistakes of form are noted."""
        for number, text in enumerate(body.split("\n"), self.first_line):
            if text.startswith("## "):
                self._heading(number, text[3:])
            elif not self.questions:
                if text.strip():
                    self._note(number, "There is text above the first question.", "Begin with a line ## question-id.")
            else:
                self._line(number, text, self.questions[-1])
        for question in self.questions:
            for answer in question.answers:
                self._take_misconception(answer)
        return self.questions

    def _heading(self, number: int, text: str) -> None:
        name, attributes = self._attributes(number, text)
        if not _SLUG.fullmatch(name):
            self._note(number, f"The question id '{name}' has other signs.", "Use small letters, numbers and hyphens.")
        if name in {question.id for question in self.questions}:
            self._note(number, f"The question id '{name}' is used twice.", "Give each question its own id.")
        if attributes.keys() - {"skill", "type"}:
            unknown = ", ".join(sorted(attributes.keys() - {"skill", "type"}))
            self._note(number, f"The attribute '{unknown}' is not known.", "Use skill= and type=order only.")
        self.questions.append(_Question(number, name, attributes))
        self.quoted = None

    def _line(self, number: int, text: str, question: _Question) -> None:
        if hint := _HINT.match(text):
            self.quoted = [hint[1]]
            question.hints.append((number, self.quoted))
        elif quote := _QUOTE.match(text):
            if self.quoted is None:
                self._note(number, "This feedback has no answer above it.", "Put it under the answer it belongs to.")
            else:
                self.quoted.append(quote[1])
        elif answer := self._answer(number, text, question):
            question.answers.append(answer)
            self.quoted = answer.feedback
        elif text.strip() and question.answers:
            cure = "Begin feedback with >, or move the line above the answers."
            self._note(number, "This line is neither an answer nor feedback.", cure)
        elif not question.answers:
            question.prompt.append(text)

    def _answer(self, number: int, text: str, question: _Question) -> _Answer | None:
        if found := _CHOICE.match(text):
            kind = "single" if found[1] == "(" else "multiple"
            return _Answer(number, kind, found[3].strip(), right=found[2] != " ")
        if found := _RIGHT_NUMBER.match(text):
            return _Answer(number, "number", right=True, number=float(found[1]), tolerance=float(found[2] or 0))
        if found := _WRONG_NUMBER.match(text):
            kind = "known" if found[1] else "other"
            return _Answer(number, kind, number=float(found[1] or 0), tolerance=float(found[2] or 0))
        if question.attributes.get("type") == "order" and (found := _STEP.match(text)):
            return _Answer(number, "order", found[1].strip())
        return None

    def _attributes(self, number: int, text: str) -> tuple[str, dict[str, str]]:
        found = _ATTRIBUTES.search(text)
        if not found:
            return text.strip(), {}
        pairs = [pair.partition("=") for pair in found[1].split()]
        for name, equals, value in pairs:
            if not (name and equals and value):
                self._note(number, f"'{name}' in curly brackets has no value.", "Write it as {name=value}.")
        return text[: found.start()].strip(), {name: value for name, _, value in pairs}

    def _take_misconception(self, answer: _Answer) -> None:
        """Move {misconception=...} out of the feedback."""
        text, attributes = self._attributes(answer.line, " ".join(answer.feedback).strip())
        answer.feedback = [text] if text else []
        answer.misconception = attributes.pop("misconception", "")
        if attributes or (answer.misconception and not _SLUG.fullmatch(answer.misconception)):
            cure = "Write it as {misconception=small-letters-and-hyphens}."
            self._note(answer.line, "The curly brackets of this feedback are not understood.", cure)

    def _note(self, line: int, problem: str, cure: str) -> None:
        self.notes.add(self.file, line=line, problem=problem, cure=cure)


def _check(question: _Question, *, file: Path, skills: Skills, notes: Notes) -> None:
    """Note what is missing from a question, or contradicts itself."""

    def note(problem: str, cure: str, line: int = question.line) -> None:
        notes.add(file, line=line, problem=problem, cure=cure)

    if not any(text.strip() for text in question.prompt):
        note(f"The question '{question.id}' has no text.", "Write the question under its heading.")
    if "skill" not in question.attributes:
        note(f"The question '{question.id}' names no skill.", "Add one to its heading: {skill=fairness@awareness}")
    else:
        skills.check(question.attributes["skill"], highest=1, what="A quiz", file=file, line=question.line, notes=notes)
    if question.attributes.get("type", "order") != "order":
        note("The type of this question is not known.", "Write type=order, or no type: the answers show it.")
    for answer in question.answers:
        if not answer.feedback:
            note("This answer has no feedback.", "Say under it, after >, why it is right or wrong.", answer.line)
        if answer.right and answer.misconception:
            note("A right answer has a misconception.", "Take {misconception=...} out.", answer.line)
    for problem, cure in _contradictions(question):
        note(problem, cure)
    _check_prose(question, file=file, notes=notes)


def _contradictions(question: _Question) -> list[tuple[str, str]]:
    """What the answers of a question, taken together, get wrong: problem and cure."""
    kinds = [answer.kind for answer in question.answers]
    right = sum(answer.right for answer in question.answers)
    texts = [answer.text for answer in question.answers if answer.text]
    if not kinds:
        return [("This question has no answers.", "Add them: - (x) text, - [x] text, = number, or numbered steps.")]
    if len(set(kinds)) > 1 and not set(kinds) <= _NUMBERS:
        return [("This question mixes kinds of answers.", "Use only ( ), only [ ], only numbers, or only steps.")]
    if set(kinds) <= _NUMBERS:
        if (right, kinds.count("other")) == (1, 1):
            return []
        return [("A number question needs one = line and one ! other line.", "Add what is missing, or take one out.")]
    found = []
    if len(kinds) < 2:
        found.append(("This question has only one answer.", "Give at least two."))
    if kinds[0] == "single" and right != 1:
        found.append((f"{right} answers are marked (x).", "Mark exactly one, or use [x] for several."))
    if kinds[0] == "multiple" and not right:
        found.append(("No answer is marked [x].", "Mark at least one."))
    if len(texts) != len(set(texts)):
        found.append(("Two answers have the same text.", "Make each answer different."))
    return found


def _check_prose(question: _Question, *, file: Path, notes: Notes) -> None:
    texts = [(question.line + 1, "\n".join(question.prompt))]
    texts += [(answer.line, answer.text) for answer in question.answers]
    texts += [(answer.line + 1, " ".join(answer.feedback)) for answer in question.answers]
    texts += [(line, " ".join(hint)) for line, hint in question.hints]
    for line, text in texts:
        for complaint in prose.complaints(text):
            notes.add(file, line=line + complaint.line - 1, problem=complaint.problem, cure=complaint.cure)


def _drawn(question: _Question) -> dict[str, Any]:
    """A question as pages, and the rules that judge an answer, read it.

    {"id", "type", "skill", "level", "html", "hints": [html], "options": [...], "answer"} with, by type:
    single and multiple: option {"id", "html", "right", "feedback", "misconception"}; answer: ids of the right ones.
    order: option {"id", "html", "feedback"}, shown in an order that is not the right one; answer: ids in right order.
    number: no options; answer: {"number", "tolerance", "feedback", "misconception": ""}; "wrong": the same for each
    known mistake, tried in turn; "otherwise": {"feedback", "misconception"} for any other number.
    """
    drawn: dict[str, Any] = {
        "id": question.id,
        "type": question.type,
        "skill": question.attributes["skill"].partition("@")[0],
        "level": LEVELS["awareness"],
        "html": prose.to_html("\n".join(question.prompt)),
        "hints": [prose.to_line(" ".join(hint).strip()) for _, hint in question.hints],
        "options": [],
    }
    draw = {"number": _drawn_number, "order": _drawn_steps}.get(question.type, _drawn_options)
    return drawn | draw(question)


def _drawn_options(question: _Question) -> dict[str, Any]:
    options = [_drawn_option(question, answer) | {"right": answer.right} for answer in question.answers]
    return {"options": options, "answer": [option["id"] for option in options if option["right"]]}


def _drawn_steps(question: _Question) -> dict[str, Any]:
    """The steps are shown in the order of their ids: mixed, the same every time, and never the right one."""
    steps = [_drawn_option(question, answer) for answer in question.answers]
    shown = sorted(steps, key=lambda step: step["id"])
    return {"options": shown if shown != steps else shown[::-1], "answer": [step["id"] for step in steps]}


def _drawn_option(question: _Question, answer: _Answer) -> dict[str, Any]:
    """The id comes from the text, so that it gives neither the right answer nor its place away."""
    name = hashlib.sha256(f"{question.id} {answer.text}".encode()).hexdigest()[:8]
    return {"id": name, "html": prose.to_line(answer.text), **_drawn_feedback(answer)}


def _drawn_number(question: _Question) -> dict[str, Any]:
    drawn: dict[str, list[dict[str, Any]]] = {"number": [], "known": [], "other": []}
    for answer in question.answers:
        value = {} if answer.kind == "other" else {"number": answer.number, "tolerance": answer.tolerance}
        drawn[answer.kind].append(value | _drawn_feedback(answer))
    return {"answer": drawn["number"][0], "wrong": drawn["known"], "otherwise": drawn["other"][0]}


def _drawn_feedback(answer: _Answer) -> dict[str, str]:
    return {"feedback": prose.to_line(" ".join(answer.feedback)), "misconception": answer.misconception}
