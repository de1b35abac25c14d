"""Reflections: a prompt that learners answer with text in its page, and a rubric by which a person marks it.

name.rubric.yml beside name.reflection.md has one entry of an exercise's rubric. What is published is an exercise of one
cell, which the service fills with the learner's text.
"""

from decimal import Decimal
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from grading.notebooks import AuthorError, release
from upskill.catalogue import prose

from .fingerprint import fingerprint
from .front_matter import Page, read_page
from .lesson import check_text
from .levels import Skills
from .schemas import REFLECTION, REFLECTION_RUBRIC
from .shape import CheckContent, ExerciseContent, ItemContent
from .texts import Folder
from .yaml_files import YamlText, read_yaml

CHECK = "answer"  # the name of the one cell, and of the check that a person marks
USUAL_WORDS = 300
_MOST_POINTS = 1000  # below which nbgrader's points must stay
_HUNDREDTH = Decimal("0.01")


def read_reflection(file: Path, *, slug: str, key: str, folder: Folder, skills: Skills) -> ItemContent | None:
    """The reflection in `file` with the rubric beside it, or None with its mistakes noted. `key` ties answers to it."""
    notes = folder.notes
    before = len(notes.mistakes)
    text = folder.text(file, why="")
    page = read_page(text, file=file, schema=REFLECTION, notes=notes) if text is not None else None
    rubric = _rubric(file.with_name(f"{slug}.rubric.yml"), folder=folder)
    earned = skills.read(page.front, highest=3, what="A reflection", notes=notes) if page else ()
    if page:
        check_text(page, file=file, what="reflection", notes=notes)
    if len(notes.mistakes) > before or not (page and rubric):
        return None
    try:
        content = _content(page, rubric=rubric, key=key)
    except AuthorError as error:
        notes.add(file, line=page.first_line, problem=str(error), cure="Correct the text.")
        return None
    data = page.front.data
    shown = {"html": prose.to_html(page.body), "words": data.get("words", USUAL_WORDS)}
    facts = {"kind": "reflection", "front": data, "body": page.body, "rubric": rubric.data}
    title, minutes = data["title"], data["minutes"]
    return ItemContent(file, slug, "reflection", title, minutes, earned, shown, fingerprint(facts), content)


def _rubric(file: Path, *, folder: Folder) -> YamlText | None:
    text = folder.text(file, why="A person marks the reflection and needs criteria.")
    found = read_yaml(text, file=file, schema=REFLECTION_RUBRIC, notes=folder.notes) if text is not None else None
    if found is None:
        return None
    names = [criterion["id"] for criterion in found.data["criteria"]]
    for number, name in enumerate(names):
        if name in names[:number]:
            line = found.line("criteria", number, "id")
            problem = f"The criterion '{name}' is there twice."
            folder.notes.add(file, line=line, problem=problem, cure="Give each its own id.")
    points = _points(found)
    if points >= _MOST_POINTS or points != points.quantize(_HUNDREDTH):
        cure = f"Give points with at most 2 decimal places, fewer than {_MOST_POINTS} together."
        problem = f"The criteria give {points} points together."
        folder.notes.add(file, line=found.line("criteria"), problem=problem, cure=cure)
    return found


def _points(rubric: YamlText) -> Decimal:
    return sum((Decimal(str(criterion["points"])) for criterion in rubric.data["criteria"]), Decimal(0))


def _content(page: Page, *, rubric: YamlText, key: str) -> ExerciseContent:
    """The exercise of one cell. `pass_share` plays no part, as there are no tests. Raises AuthorError."""
    source = _notebook(page, points=_points(rubric), key=key)
    check = CheckContent(
        slug=CHECK,
        title=page.front.data["title"],
        max_points=_points(rubric),
        by_person=True,
        rubric=tuple(rubric.data["criteria"]),
        model_answer=rubric.data["model_answer"],
    )
    return ExerciseContent(
        source=nbformat.writes(source),
        release=nbformat.writes(release(source)),
        files={},
        limits={},
        hidden_messages={},
        pass_share=Decimal(1),
        checks=(check,),
    )


def _notebook(page: Page, *, points: Decimal, key: str) -> NotebookNode:
    """The prompt, and below it the cell for the learner's text, as nbgrader knows a written answer."""
    graded = {"schema_version": 3, "grade_id": CHECK, "grade": True, "solution": True, "locked": False, "task": False}
    answer = nbformat.v4.new_markdown_cell("", id=CHECK)
    answer.metadata["nbgrader"] = graded | {"points": float(points)}
    answer.metadata["upskill"] = {"title": page.front.data["title"]}
    prompt = nbformat.v4.new_markdown_cell(f"# {page.front.data['title']}\n\n{page.body.strip()}", id="prompt")
    about = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "upskill": {"exercise": key},
    }
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=[prompt, answer], metadata=nbformat.from_dict(about))
    return notebook
