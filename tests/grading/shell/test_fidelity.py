"""What a cell leaves in a notebook is what nbclient stores for a real ipykernel."""

from pathlib import Path

import nbformat
import nbgrader
import pytest

from tests.grading.shell.probes import EXCEPTIONS, PROBES
from tests.grading.shell.running import comparable, in_a_kernel, stored

pytestmark = pytest.mark.slow
MOST_EXCEPTIONS = 5
# Notebooks of nbgrader's own tests that cannot be run to an end.
ENDLESS = {
    "apps/files/infinite-loop.ipynb": "runs until a time limit, which is not the shell's",
    "apps/files/infinite-loop-with-output.ipynb": "likewise; its output is cut (test_shell.py)",
    "apps/files/timeout.ipynb": "likewise",
}


NBGRADER = Path(nbgrader.__file__).parent / "tests"
NBCLIENT = Path(__file__).with_name("nbclient")


def notebooks(folder):
    """The sources of the code cells of each notebook, by its path in the folder."""
    for path in sorted(folder.rglob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        sources = [cell.source for cell in cells if cell.cell_type == "code"]
        if sources and (name := str(path.relative_to(folder))) not in ENDLESS:
            yield name, sources


def in_both(warm, tmp_path_factory, sources):
    """Each cell's outputs: a kernel's, and ours. Both run in a folder of their own."""
    theirs = in_a_kernel(sources, folder=tmp_path_factory.mktemp("work"))
    reports, _ = warm.run(*sources, folder=tmp_path_factory.mktemp("work"))
    return list(zip(theirs, stored(reports), strict=True))


@pytest.fixture(scope="module")
def probed(warm, tmp_path_factory):
    pairs = in_both(warm, tmp_path_factory, list(PROBES.values()))
    return dict(zip(PROBES, pairs, strict=True))


@pytest.mark.parametrize("name", sorted(PROBES.keys() - EXCEPTIONS.keys()))
def test_outputs_are_a_kernels(probed, name):
    theirs, ours = probed[name]

    assert comparable(ours) == comparable(theirs)


def test_exceptions_are_few_and_each_is_one(probed):
    same = [name for name in EXCEPTIONS if comparable(probed[name][0]) == comparable(probed[name][1])]

    assert same == []
    assert len(EXCEPTIONS) <= MOST_EXCEPTIONS


@pytest.mark.parametrize(("folder", "least"), [(NBGRADER, 51), (NBCLIENT, 14)], ids=["nbgrader", "nbclient"])
def test_their_own_notebooks_give_a_kernels_outputs(warm, tmp_path_factory, folder, least):
    found = dict(notebooks(folder))
    cells = [(name, source) for name, sources in found.items() for source in ["%reset -f", *sources]]

    pairs = in_both(warm, tmp_path_factory, [source for _, source in cells])

    wrong = {
        name for (name, _), (theirs, ours) in zip(cells, pairs, strict=True) if comparable(ours) != comparable(theirs)
    }
    assert wrong == set()
    assert len(found) >= least
