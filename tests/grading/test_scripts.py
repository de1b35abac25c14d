"""Authors' scripts become nbgrader notebooks, exactly; each mistake is told with its line and its cure."""

import nbformat
import pytest

from grading.scripts import ScriptError, read_script
from tests.grading.answering import EXERCISES, exercise

HEADER = """# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

"""
WHOLE = """# %% task="a"
a = 1

# %% test="t" points=1
assert a == 1
"""


def problem_of(script, *, name="exercise.py"):
    """The line, problem and cure of the mistake in a script."""
    with pytest.raises(ScriptError) as mistake:
        read_script(script, name=name)
    error = mistake.value
    assert str(error) == f"{name}:{error.line}: {error.problem} {error.cure}"
    return error.line, error.problem, error.cure


def test_short_tags_become_exactly_nbgraders_metadata():
    notebook = exercise("doubling")

    metadata = [dict(cell.metadata["nbgrader"]) for cell in notebook.cells if "nbgrader" in cell.metadata]

    task = {"grade": False, "solution": True, "locked": False, "task": False, "schema_version": 3}
    test = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3}
    manual = {"grade": True, "solution": True, "locked": False, "task": False, "schema_version": 3}
    assert metadata == [
        {**task, "grade_id": "double"},
        {**test, "grade_id": "test_double", "points": 2.0},
        {**task, "grade_id": "long_words"},
        {**test, "grade_id": "test_long_words", "points": 3.0},
        {**test, "grade_id": "test_share", "points": 2.0},
        {**manual, "grade_id": "why", "points": 4.0},
    ]


def test_a_script_becomes_a_valid_notebook_cell_by_cell():
    notebook = exercise("doubling")

    nbformat.validate(notebook)
    kinds = [cell.cell_type for cell in notebook.cells]
    shape = "".join("m" if kind == "markdown" else "c" for kind in kinds)
    assert shape == "mcmcccmcccmm"
    assert notebook.cells[1].source == "BASE = 2"
    assert notebook.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "upskill": {"exercise": "tests/doubling"},
    }


def test_the_same_script_gives_the_same_notebook():
    text = (EXERCISES / "doubling.py").read_text()

    notebooks = [nbformat.writes(read_script(text, name="doubling.py")) for _ in range(2)]

    assert notebooks[0] == notebooks[1]


def test_tagged_cells_have_their_name_as_id_and_no_two_cells_share_one():
    notebook = read_script(WHOLE + "\n# %%\nprint(1)\n\n# %%\nprint(1)\n", name="x.py")

    ids = [cell["id"] for cell in notebook.cells]

    assert ids[:2] == ["a", "t"]
    assert len(set(ids)) == 4


def test_an_id_stays_when_cells_are_put_before_it():
    before = read_script(WHOLE + "\n# %%\nprint(1)\n", name="x.py")
    after = read_script("# %%\nprint(2)\n\n" + WHOLE + "\n# %%\nprint(1)\n", name="x.py")

    ids = [cell["id"] for cell in before.cells]

    assert [cell["id"] for cell in after.cells][1:] == ids


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("courses/ethics/bias/audit-referrals/exercise.py", "audit-referrals"),
        ("audit.py", "audit"),
        ("exercise.py", "exercise"),
    ],
)
def test_an_exercise_is_called_after_its_folder_unless_told_otherwise(name, key):
    by_default = read_script(WHOLE, name=name)
    named = read_script(WHOLE, name=name, exercise="ethics/bias/audit")

    assert by_default.metadata.upskill.exercise == key
    assert named.metadata.upskill.exercise == "ethics/bias/audit"


def test_messages_and_titles_may_hold_quotes_and_equals_signs():
    line = r'# %% test="t" points=1.5 hidden_message="It\'s \"so\", a = b" title="Say \\ so"'
    script = f"# %% task=a\na = 1\n\n{line}\n### BEGIN HIDDEN TESTS\nassert a == 1\n### END HIDDEN TESTS\n"

    notebook = read_script(script, name="x.py")

    assert notebook.cells[1].metadata["upskill"] == {"hidden_message": 'It\'s "so", a = b', "title": r"Say \ so"}
    assert notebook.cells[1].metadata["nbgrader"]["points"] == 1.5


def test_magics_and_a_header_are_read():
    notebook = read_script(HEADER + "# %%\n# %matplotlib inline\n\n" + WHOLE, name="x.py")

    assert notebook.cells[0].source == "%matplotlib inline"
    assert len(notebook.cells) == 3


def test_a_manual_cell_keeps_its_own_words_and_its_mark_scheme_becomes_a_region():
    notebook = exercise("doubling")

    assert notebook.cells[-1].source == (
        "Say in your own words why doubling is useful.\n"
        "### BEGIN SOLUTION\n"
        "=== BEGIN MARK SCHEME ===\n# The model answer\nIt makes two of one.\n=== END MARK SCHEME ===\n"
        "### END SOLUTION"
    )


def test_a_manual_cell_without_words_gets_a_line_to_write_on():
    scheme = "# === BEGIN MARK SCHEME ===\n# Secret\n# === END MARK SCHEME ==="
    notebook = read_script(f'# %% [markdown] manual="m" points=1\n{scheme}\n', name="x.py")

    assert notebook.cells[0].source.split("\n")[0] == "Write your answer here."


def test_a_manual_cell_may_hold_code():
    script = '# %% manual="m" points=1\n### BEGIN SOLUTION\nplot = 1\n### END SOLUTION\n'

    (cell,) = read_script(script, name="x.py").cells

    assert (cell.cell_type, cell.metadata["nbgrader"]["solution"]) == ("code", True)
    assert cell.source == "### BEGIN SOLUTION\nplot = 1\n### END SOLUTION"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("", (1, "The script has no cell.", 'Start each cell with a line "# %%".')),
        ("print(1)\n", (1, "The script has no cell.", 'Start each cell with a line "# %%".')),
        ("print(1)\n\n# %%\nprint(2)\n", (3, "There is text before the first cell.", 'Put "# %%" above it.')),
        (
            '# %%\ntext = """\n# %% no cell\n"""\n',
            (1, "The cells cannot be told apart.", 'Let no line inside a string or comment start with "# %%".'),
        ),
        ("# %%\n1\n\n# %% [raw]\nx\n", (4, "There is no cell type [raw].", "Use [markdown] or nothing.")),
        (
            "# %% task\na = 1\n",
            (1, "'task' cannot be read as a tag.", 'Write each tag once, like task="name" or points=4.'),
        ),
        (
            '# %% task="a" task="b"\na = 1\n',
            (1, "'task=\"b\"' cannot be read as a tag.", 'Write each tag once, like task="name" or points=4.'),
        ),
        (
            '# %% task="a\na = 1\n',
            (1, "'task=\"a' cannot be read as a tag.", 'Write each tag once, like task="name" or points=4.'),
        ),
        (
            '# %% task="a" colour=red\na = 1\n',
            (1, "There is no tag colour.", "Use task=, test= or manual=, with points= and title=."),
        ),
        (
            '# %% task="a" test="t" points=1\na = 1\n',
            (1, "A cell cannot be task and test.", "Split it into one cell for each."),
        ),
        ("# %% points=3\na = 1\n", (1, "points= needs a test or manual cell.", "Add test= or manual=.")),
        (
            '# %% task="1 a"\na = 1\n',
            (1, "'1 a' is no name for a cell.", "Use up to 64 letters, digits, - and _, a letter first."),
        ),
        (
            '# %% [markdown] task="a"\n# words\n',
            (1, "A task cell holds code.", "Take away [markdown], or use manual=."),
        ),
        ('# %% task="a" points=3\na = 1\n', (1, "A task cell takes no points=.", "Move points= to its test cell.")),
        (
            '# %%\n\n# %% test="t"\nassert 1\n',
            (3, "The test cell 't' has no points.", "Add a number above zero, like points=4."),
        ),
        (
            '# %% test="t" points=0\nassert 1\n',
            (1, "The test cell 't' has no points.", "Add a number above zero, like points=4."),
        ),
        (
            '# %% test="t" points=-1\nassert 1\n',
            (1, "The test cell 't' has no points.", "Add a number above zero, like points=4."),
        ),
        (
            '# %% test="t" points=nan\nassert 1\n',
            (1, "The test cell 't' has no points.", "Add a number above zero, like points=4."),
        ),
        (
            '# %% test="t" points=1 hidden_message="Ha."\nassert 1\n',
            (
                1,
                "hidden_message= needs hidden tests.",
                "Add a BEGIN HIDDEN TESTS region, or take the message away.",
            ),
        ),
    ],
)
def test_a_wrong_tag_is_told_with_its_line_and_cure(script, expected):
    assert problem_of(script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            "# %%\na = 1\n### BEGIN SOLUTION\n### END SOLUTION\n",
            (3, "SOLUTION belongs in a task cell.", "Give this cell the tag task=."),
        ),
        (
            '# %% task="a"\na = 1\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\n',
            (3, "HIDDEN TESTS belongs in a test cell.", "Give this cell the tag test=."),
        ),
        (
            "# %% [markdown]\n# === BEGIN MARK SCHEME ===\n",
            (2, "MARK SCHEME belongs in a manual cell.", "Give this cell the tag manual=."),
        ),
        (
            '# %% task="a"\n### BEGIN SOLUTION\na = 1\n',
            (2, "BEGIN SOLUTION has no end.", "Write END SOLUTION below it."),
        ),
        (
            '# %% task="a"\na = 1\n### END SOLUTION\n',
            (3, "END SOLUTION has no BEGIN.", "Write BEGIN SOLUTION above it."),
        ),
        (
            '# %% task="a"\n### BEGIN SOLUTION\na = 1\n### BEGIN SOLUTION\n### END SOLUTION\n',
            (4, "BEGIN SOLUTION is inside another.", "Write END SOLUTION first."),
        ),
        (
            '# %% test="t" points=1\nassert 1\n### BEGIN HIDDEN TESTS\nassert 2\n',
            (3, "BEGIN HIDDEN TESTS has no end.", "Write END HIDDEN TESTS below it."),
        ),
        (
            '# %% task="a"\na = 1\n\n# %% test="t" points=1\nx = 1\nassert a ==\n',
            (6, "This is not Python: invalid syntax.", "Correct the line."),
        ),
        (
            '# %% test="t" points=1\n# nothing\n',
            (1, "The test cell 't' is empty.", "Write its code, or delete the cell."),
        ),
        (
            WHOLE + '\n# %% test="a" points=1\nassert 1\n',
            (1, "The name 'a' is used twice.", "Give each tagged cell its own name."),
        ),
        ('# %% task="a"\na = 1\n', (1, "Nothing gives points.", "Add a test= or manual= cell with points=.")),
        (
            '# %% test="t" points=1\nassert 1\n',
            (1, "Learners can write nowhere.", "Add a task= or manual= cell."),
        ),
    ],
)
def test_a_wrong_cell_is_told_with_its_line_and_cure(script, expected):
    assert problem_of(script, name="audit/exercise.py") == expected


def test_lines_are_counted_from_the_top_of_the_file_header_and_all():
    script = HEADER + WHOLE + '\n# %% test="u" points=1\nassert True\nassert (\n'

    line, problem, _ = problem_of(script)

    assert script.split("\n")[line - 1] == "assert ("
    assert problem == "This is not Python: '(' was never closed."
