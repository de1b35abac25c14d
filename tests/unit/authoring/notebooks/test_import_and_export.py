"""What an imported notebook becomes, what may change in it, and what the export says then."""

import hashlib
import io
from pathlib import Path

import nbformat
import pytest
import yaml
from django.core.management import call_command
from nbgrader.preprocessors import CheckCellMetadata

from tests.unit.authoring.notebooks import cells
from upskill.authoring.notebooks.exporting import export_notebook, notebook_of
from upskill.authoring.notebooks.importing import cleared, import_notebook
from upskill.authoring.notebooks.refusals import CannotExport
from upskill.authoring.whole_folders import InTheWay

AUDIT = Path(__file__).parents[4] / "courses/ai-ethics-in-practice/modules/bias-audits/audit-referrals"


@pytest.fixture
def made() -> nbformat.NotebookNode:
    """A notebook with a cell of every kind."""
    tagged = cells.code("double(4)")
    tagged.metadata.update(tags=["keep"], collapsed=True)
    tagged.update(execution_count=2, outputs=[nbformat.v4.new_output("stream", text="8\n")])
    return cells.notebook(
        cells.text("# Doubles\n\nRead waits.csv.", attachments={}),
        cells.marked("read only", "Read this.", name="intro", cell_type="markdown"),
        cells.task(),
        tagged,
        cells.check(cells.HIDDEN),
        cells.written("Because of\n\ntwo.\n"),
        cells.marked("manual", "x = 1", name="own", points=1),
        cells.project(f"Find an example.\n\n\n{cells.SCHEME}"),
    )


@pytest.fixture
def folder(made, tmp_path) -> Path:
    """The exercise that the notebook becomes."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "waits.csv").write_text("days\n4\n")
    (tmp_path / "in" / "other.csv").write_text("not named\n")
    import_notebook(cells.saved(made, tmp_path / "in"), folder=tmp_path / "doubles")
    return tmp_path / "doubles"


def exported(folder: Path) -> nbformat.NotebookNode:
    notebook, _ = notebook_of(folder)
    return notebook


def change(folder: Path, old: str, new: str) -> None:
    """Exchange a passage of the script."""
    file = folder / "exercise.py"
    assert file.read_text().count(old) == 1
    file.write_text(file.read_text().replace(old, new))


def test_every_kind_of_cell_becomes_a_cell_with_a_short_tag(folder):
    lines = (folder / "exercise.py").read_text().splitlines()

    assert [line for line in lines if line.startswith("# %%")] == [
        "# %% [markdown]",
        "# %% [markdown]",
        '# %% task="double"',
        "# %%",
        '# %% test="test_double" points=2',
        '# %% [markdown] manual="why" points=3',
        '# %% manual="own" points=1',
        "# %% [markdown]",
        '# %% [markdown] manual="example" points=4',
    ]


def test_files_that_the_notebook_names_become_data_with_their_sums(folder):
    assert sorted(path.name for path in (folder / "data").iterdir()) == ["DATASHEET.md", "waits.csv"]
    sha256 = hashlib.sha256(b"days\n4\n").hexdigest()
    settings = yaml.safe_load((folder / "exercise.yml").read_text())
    assert settings == {"title": "Doubles", "minutes": 0, "skills": [], "pass": 0.8, "data": {"waits.csv": sha256}}
    assert f"| waits.csv | 7 bytes | {sha256} |" in (folder / "data" / "DATASHEET.md").read_text()


def test_model_answers_come_from_the_notebook_and_levels_are_left_to_write(folder):
    found = yaml.safe_load((folder / "rubric.yml").read_text())

    assert {name: entry["model_answer"] for name, entry in found.items()} == {
        "why": "Because of\n\ntwo.",
        "own": "x = 1",
        "example": "An example of full marks.",
    }
    assert {tuple(entry["criteria"][0]["levels"]) for entry in found.values()} == {("",) * 5}
    assert [entry["criteria"][0]["points"] for entry in found.values()] == [3, 1, 4]


def test_notebook_goes_out_as_it_came_in_with_its_data(made, folder, tmp_path):
    (tmp_path / "out").mkdir()

    done = export_notebook(folder, file=tmp_path / "out" / "doubles.ipynb")

    assert nbformat.read(tmp_path / "out" / "doubles.ipynb", as_version=nbformat.NO_CONVERT) == cleared(made)
    assert [path.name for path in done.files] == ["waits.csv", "doubles.ipynb"]
    assert done.remarks == ()


def test_only_files_that_the_exercise_names_go_out(folder, tmp_path):
    for name in (".env", ".waits.csv.swp", "answers.csv"):
        (folder / "data" / name).write_text("not for learners")
    (tmp_path / "out").mkdir()

    export_notebook(folder, file=tmp_path / "out" / "doubles.ipynb", released=True)

    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["doubles.ipynb", "waits.csv"]


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("../exercise.py", "exercise.yml:2: The value of 'data' '../exercise.py' does not fit. Name files"),
        ("gone.csv", "data/gone.csv:1: This file is missing. exercise.yml names it."),
        ("link.csv", "data/link.csv:1: This file is a link that leads out of the course folder."),
    ],
)
def test_name_of_data_that_leads_elsewhere_is_told_and_nothing_is_written(folder, tmp_path, named, said):
    settings = yaml.safe_load((folder / "exercise.yml").read_text())
    settings["data"] |= {named: "0" * 64}
    (folder / "exercise.yml").write_text(yaml.safe_dump(settings))
    (folder / "data" / "link.csv").symlink_to(tmp_path / "in" / "other.csv")
    (tmp_path / "out").mkdir()

    with pytest.raises(CannotExport) as refusal:
        export_notebook(folder, file=tmp_path / "out" / "doubles.ipynb")

    assert said in str(refusal.value)
    assert list((tmp_path / "out").iterdir()) == []


def test_what_the_author_changes_goes_out_changed_and_all_else_as_it_was(made, folder):
    change(folder, 'test="test_double" points=2', 'test="test_double" points=5 hidden_message="For every number."')
    change(folder, "return 2 * x", "return x + x")

    wanted = cleared(made)
    wanted.cells[2].source = wanted.cells[2].source.replace("2 * x", "x + x")
    wanted.cells[4].metadata.nbgrader.points = 5
    wanted.cells[4].metadata["upskill"] = {"hidden_message": "For every number."}
    assert exported(folder) == wanted


def test_new_cells_go_out_too_and_a_changed_one_loses_what_was_kept_with_a_sentence(made, folder):
    change(folder, "# %%\ndouble(4)", "# %%\ndouble(5)\n\n# %%\ndouble(6)")

    notebook, remarks = notebook_of(folder)

    assert [cell.source for cell in notebook.cells[3:5]] == ["double(5)", "double(6)"]
    assert [dict(cell.metadata) for cell in notebook.cells[3:5]] == [{}, {}]
    assert len(notebook.cells) == len(made.cells) + 1
    assert remarks == ["Cell 4 of the imported script is gone or has other words: what was kept of it is left out."]


def test_written_answer_with_words_of_its_own_goes_out_with_a_region(folder):
    change(
        folder,
        "# Write your answer here.\n#\n# === BEGIN MARK SCHEME ===\n# Because of",
        "# In your own words:\n#\n# === BEGIN MARK SCHEME ===\n# Because of",
    )

    notebook, remarks = notebook_of(folder)

    (why,) = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "why"]
    assert why.source.startswith("In your own words:\n### BEGIN SOLUTION\n")
    assert remarks[0] == "why is no longer as it was imported: it becomes a written answer of its own."


def test_exercise_of_ours_goes_out_and_comes_in_again_as_it_was(tmp_path):
    export_notebook(AUDIT, file=tmp_path / "audit.ipynb")
    import_notebook(tmp_path / "audit.ipynb", folder=tmp_path / "audit-referrals")

    def cells_of(file: Path) -> list[str]:
        return file.read_text().split("# %%", 1)[1].split()

    assert cells_of(tmp_path / "audit-referrals" / "exercise.py") == cells_of(AUDIT / "exercise.py")
    assert exported(tmp_path / "audit-referrals") == exported(AUDIT)


def test_release_holds_no_solution_and_nbgrader_accepts_both(folder, tmp_path):
    export_notebook(folder, file=tmp_path / "source.ipynb")
    export_notebook(folder, file=tmp_path / "release.ipynb", released=True)

    text = (tmp_path / "release.ipynb").read_text()
    assert [each for each in ("return 2 * x", "double(3)", "full marks", "Because") if each in text] == []
    for name in ("source.ipynb", "release.ipynb"):
        notebook = nbformat.read(tmp_path / name, as_version=nbformat.NO_CONVERT)
        CheckCellMetadata().preprocess(notebook, {})


def test_nothing_is_overwritten_by_an_export(folder, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "waits.csv").write_text("somebody's own\n")

    for name in ("waits.csv", "new.ipynb"):
        with pytest.raises(InTheWay):
            export_notebook(folder, file=tmp_path / "out" / name)

    assert [path.name for path in (tmp_path / "out").iterdir()] == ["waits.csv"]
    assert (tmp_path / "out" / "waits.csv").read_text() == "somebody's own\n"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"nbformat": 4}', "[" * 100_000])
def test_what_was_kept_and_is_spoilt_is_told_with_a_cure(folder, text):
    (folder / "notebook.json").write_text(text)

    with pytest.raises(CannotExport) as refusal:
        notebook_of(folder)

    assert "Take the file back from git, or delete it" in str(refusal.value)


def test_script_with_a_mistake_is_told_with_its_line(folder):
    change(folder, 'task="double"', 'taks="double"')

    with pytest.raises(CannotExport, match=r"exercise\.py:\d+: There is no tag taks\."):
        notebook_of(folder)


def test_command_says_what_it_wrote_and_what_is_left_to_do(made, tmp_path):
    out = io.StringIO()
    (tmp_path / "in").mkdir()

    call_command("import_notebook", str(cells.saved(made, tmp_path / "in")), str(tmp_path / "doubles"), stdout=out)

    place = tmp_path / "doubles"
    assert out.getvalue().splitlines() == [
        f"written: {place}/exercise.py",
        f"written: {place}/exercise.yml",
        f"written: {place}/rubric.yml",
        f"written: {place}/notebook.json",
        "note: Outputs are not kept, of 1 cells: they come back when the notebook is run.",
        "note: Cell 8 (example) is nbgrader's task, answered in cells that learners make. "
        "Here it has a cell below it to answer in.",
        "Still to do, before the gate (manage.py check_course) lets it pass:",
        "  - exercise.yml: replace the 0 minutes, and name the skills.",
        '  - exercise.py: add hidden_message="..." to test_double: one line that names the mistakes.',
        "  - rubric.yml: write the criteria, and what an answer at each level looks like.",
        "  - wrong/: write three typical wrong answers or more, at least one for each check.",
        "  - module.yml: add doubles to items.",
    ]


def test_links_beside_a_notebook_are_not_followed(made, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "secret").write_text("not for learners")
    (tmp_path / "in" / "waits.csv").symlink_to(tmp_path / "secret")

    done = import_notebook(cells.saved(made, tmp_path / "in"), folder=tmp_path / "doubles")

    assert not (tmp_path / "doubles" / "data").exists()
    assert done.remarks[0] == "waits.csv is not a plain file and was left behind. Put the file itself into data/."
