"""Any nbgrader notebook goes out as it came in, or is refused with the cell that stands in the way."""

from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode

from tests.unit.authoring.notebooks import cells
from upskill.authoring.notebooks.exporting import export_notebook
from upskill.authoring.notebooks.importing import cleared, import_notebook
from upskill.authoring.notebooks.refusals import CannotImport

HARMLESS = "abc xyz =()[]{}'\"+-*#:.,äß\n\n"
ANYTHING = HARMLESS + "%!\t\\`<>&|~@?\u00a0\u2028\u2029\x85\x0b\x0c\x00\r😀"
MARKERS = ("# %%", "%%time", "%matplotlib inline", "!ls", "# ---", "### BEGIN SOLUTION", "### END HIDDEN TESTS", '"""')
METADATA = st.fixed_dictionaries(
    {},
    optional={
        "tags": st.lists(st.text("abcé", min_size=1, max_size=4), max_size=2, unique=True),
        "collapsed": st.booleans(),
        "somebody's own": st.one_of(st.integers(), st.lists(st.text(max_size=3), max_size=2)),
    },
)
ANY_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["grade", "task", "x"]), inner)
    ),
)


def words(alphabet: str, *markers: str) -> st.SearchStrategy[str]:
    """Some lines of text."""
    line = st.one_of(st.text(alphabet, max_size=30), *([st.sampled_from(markers)] if markers else []))
    return st.lists(line, max_size=5).map("\n".join)


def one_cell(source: st.SearchStrategy[str]) -> st.SearchStrategy[NotebookNode]:
    """A cell of every kind. Names are given later."""
    inside = source.map(lambda text: text.replace("BEGIN", "begin").replace("END", "end"))
    points = st.sampled_from([0.5, 1, 2.25, 3.0, 40])
    region = inside.map(lambda text: f"{text}\n### BEGIN SOLUTION\n{text}\n### END SOLUTION")
    scheme = inside.map(lambda text: f"{text}\n\n=== BEGIN MARK SCHEME ===\n{text}\n=== END MARK SCHEME ===")
    ours = scheme.map(lambda text: text.replace("\n\n===", "\n### BEGIN SOLUTION\n===", 1) + "\n### END SOLUTION")
    return st.one_of(
        source.map(cells.text),
        source.map(cells.code),
        source.map(lambda text: cells.marked("read only", text, name="n", cell_type="markdown")),
        source.map(lambda text: cells.marked("read only", text, name="n")),
        st.sampled_from([cells.SOLUTION, "x = 1"]).map(cells.task),
        st.builds(cells.check, st.sampled_from([cells.TEST, cells.HIDDEN]), points=points),
        st.builds(cells.written, st.one_of(inside, region, ours), points=points),
        st.builds(lambda text, given: cells.marked("manual", text, name="n", points=given), inside, points),
        st.builds(cells.project, st.one_of(inside, scheme), points=points),
    )


@st.composite
def notebooks(draw: st.DrawFn, source: st.SearchStrategy[str]) -> NotebookNode:
    """A notebook that nbgrader could take: something to write, something that gives points, each name once."""
    made = draw(st.lists(one_cell(source), max_size=5))
    made += [cells.task(), cells.check()]
    made = draw(st.permutations(made))
    for number, cell in enumerate(made):
        cell = NotebookNode(cell, metadata=NotebookNode(cell.metadata))
        if "nbgrader" in cell.metadata:
            cell.metadata["nbgrader"] = {**cell.metadata.nbgrader, "grade_id": f"cell-{number}"}
        cell.metadata.update(draw(METADATA))
        if cell.cell_type == "markdown" and draw(st.booleans()):
            cell["attachments"] = {}
        if cell.cell_type == "code" and draw(st.booleans()):
            cell.update(execution_count=3, outputs=[nbformat.v4.new_output("stream", text="4\n")])
        made[number] = cell
    return cells.notebook(*made, minor=draw(st.sampled_from([0, 4, 5])), authors=draw(st.just([{"name": "é"}])))


def there_and_back(made: NotebookNode) -> NotebookNode:
    """The notebook after it was imported and exported."""
    with TemporaryDirectory() as room:
        folder = Path(room) / "exercise"
        import_notebook(cells.saved(made, Path(room) / "in"), folder=folder)
        export_notebook(folder, file=Path(room) / "out.ipynb")
        return nbformat.read(Path(room) / "out.ipynb", as_version=nbformat.NO_CONVERT)


@settings(max_examples=40, deadline=None)
@given(notebooks(words(HARMLESS)))
def test_notebook_of_harmless_words_goes_out_as_it_came_in(made):
    assert there_and_back(made) == cleared(made)


@settings(max_examples=60, deadline=None)
@given(notebooks(words(ANYTHING, *MARKERS)))
def test_notebook_of_anything_goes_out_as_it_came_in_or_is_refused_in_words(made):
    try:
        out = there_and_back(made)
    except CannotImport as refusal:
        said = refusal.problems
    else:
        said = ()
        assert out == cleared(made)

    assert [sentence for sentence in said if not sentence.startswith("Cell ")] == []


@settings(max_examples=50, deadline=None)
@given(value=ANY_JSON)
def test_metadata_that_nbgrader_never_wrote_is_refused_in_words(tmp_path_factory, value):
    made = cells.notebook(cells.task(), cells.check())
    made.cells[0].metadata["nbgrader"] = value
    folder = tmp_path_factory.mktemp("in")

    with pytest.raises(CannotImport):
        import_notebook(cells.saved(made, folder), folder=folder / "exercise")
