"""What learners upload is read in bounded time, refused with a cure, or reduced to their own words."""

import json
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.answers import AnswerRefused, is_unchanged, read_answer
from grading.release import release
from tests.grading.answering import RIGHT, answered, exercise, released

SOURCE = exercise("doubling")
RELEASE = release(SOURCE)
AGAIN = "Download the exercise again, copy your work into it and upload that file."
NOT_A_NOTEBOOK = "This file is not a notebook. Upload the file that Jupyter saved, ending in .ipynb."


def refusal_of(data, **options):
    """The code and the sentence with which an upload is refused."""
    with pytest.raises(AnswerRefused) as refusal:
        read_answer(data, source=RELEASE, **options)
    assert str(refusal.value) == refusal.value.message
    return refusal.value.code, refusal.value.message


def changed(change, **answers):
    """A good answer after `change` has been at it, as bytes."""
    notebook = json.loads(answered(SOURCE, **(answers or RIGHT)))
    change(notebook)
    return json.dumps(notebook).encode()


def test_an_answer_is_reduced_to_types_names_and_text():
    answer = read_answer(answered(SOURCE, **RIGHT).encode(), source=SOURCE)

    named = {cell.metadata.nbgrader.grade_id: cell for cell in answer.cells if cell.metadata}
    assert {name: named[name].source for name in RIGHT} == RIGHT
    assert {key for cell in answer.cells for key in cell} == {"cell_type", "id", "metadata", "source"}
    assert {tuple(cell.metadata.nbgrader) for cell in named.values()} == {("grade_id",)}
    assert answer.metadata == {"upskill": {"exercise": "tests/doubling"}}


def test_source_and_release_read_an_answer_alike():
    data = answered(SOURCE, **RIGHT).encode()

    assert read_answer(data, source=SOURCE) == read_answer(data, source=RELEASE)


def test_text_in_lines_is_joined_and_cleaned():
    def split(notebook):
        notebook["cells"][3]["source"] = ["def double(x):\r\n", "    return 2 * x\0 # \ud800 \ud83d\ude00"]

    answer = read_answer(changed(split), source=RELEASE)

    assert answer.cells[3].source == "def double(x):\n    return 2 * x # ? 😀"
    assert answer.cells[3].source.encode()


def test_a_byte_order_mark_does_no_harm():
    data = b"\xef\xbb\xbf" + answered(SOURCE, **RIGHT).encode()

    assert read_answer(data, source=RELEASE) == read_answer(data[3:], source=RELEASE)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ("not_json", NOT_A_NOTEBOOK)),
        (b"print(1)", ("not_json", NOT_A_NOTEBOOK)),
        (b"%PDF-1.7 ...", ("not_json", NOT_A_NOTEBOOK)),
        (b"<html></html>", ("not_json", NOT_A_NOTEBOOK)),
        (b'{"nbformat": 4', ("not_json", NOT_A_NOTEBOOK)),
        (b"1" * 5000, ("not_json", NOT_A_NOTEBOOK)),
        (b"null", ("not_a_notebook", NOT_A_NOTEBOOK)),
        (b"[]", ("not_a_notebook", NOT_A_NOTEBOOK)),
        (b"{}", ("not_a_notebook", NOT_A_NOTEBOOK)),
        (b'"nbformat"', ("not_a_notebook", NOT_A_NOTEBOOK)),
        (
            "Prüfung".encode("latin-1"),
            (
                "not_utf8",
                "This file is not a notebook, or not saved as UTF-8 text. Upload the .ipynb file that Jupyter saved.",
            ),
        ),
        (
            "{}".encode("utf-16"),
            (
                "not_utf8",
                "This file is not a notebook, or not saved as UTF-8 text. Upload the .ipynb file that Jupyter saved.",
            ),
        ),
        (b"[" * 200_000, ("too_deep", f"This file is nested too deeply to be a notebook. {AGAIN}")),
        (b'{"a":' * 200_000, ("too_deep", f"This file is nested too deeply to be a notebook. {AGAIN}")),
        (
            b" " * 10_000_001,
            ("too_large", "This file is larger than 10 MB. Clear all outputs, save it and upload it again."),
        ),
        (
            b"[" + b"{}," * 500_001,
            ("too_complex", "This file holds too much to read. Clear all outputs, save it and upload it again."),
        ),
        (
            b'{"nbformat": 3, "worksheets": []}',
            (
                "wrong_format",
                "This notebook is not in format 4. Open it in a newer Jupyter, save it and upload it again.",
            ),
        ),
        (
            b'{"nbformat": true}',
            (
                "wrong_format",
                "This notebook is not in format 4. Open it in a newer Jupyter, save it and upload it again.",
            ),
        ),
        (b'{"nbformat": 4}', ("damaged", f"This notebook is damaged: it has no list of cells. {AGAIN}")),
        (
            b'{"nbformat": 4, "cells": {}}',
            ("damaged", f"This notebook is damaged: it has no list of cells. {AGAIN}"),
        ),
        (
            b'{"nbformat": 4, "cells": [], "metadata": 3}',
            ("damaged", f"This notebook is damaged: it has no list of cells. {AGAIN}"),
        ),
        (
            b'{"nbformat": 4, "cells": []}',
            ("no_answer_cells", f"This notebook has none of the cells for your answers. {AGAIN}"),
        ),
    ],
)
def test_what_is_no_answer_is_refused_in_a_sentence_of_its_own(data, expected):
    assert refusal_of(data) == expected


@pytest.mark.parametrize(
    "cell",
    [
        None,
        [],
        "code",
        {},
        {"cell_type": "code"},
        {"cell_type": "code", "source": None},
        {"cell_type": "code", "source": 3},
        {"cell_type": "code", "source": ["a", 3]},
        {"cell_type": "code", "source": {"a": "b"}},
        {"cell_type": "heading", "source": "a"},
        {"cell_type": ["code"], "source": "a"},
    ],
)
def test_a_damaged_cell_is_named(cell):
    data = changed(lambda notebook: notebook["cells"].insert(1, cell))

    assert refusal_of(data) == ("damaged", f"This notebook is damaged in cell 2. {AGAIN}")


@pytest.mark.parametrize(
    "metadata",
    [None, 3, [], {"nbgrader": 3}, {"nbgrader": []}, {"nbgrader": {"grade_id": 3}}, {"nbgrader": {"grade_id": None}}],
)
def test_metadata_of_any_type_is_only_metadata(metadata):
    data = changed(lambda notebook: notebook["cells"][3].update(metadata=metadata))

    answer = read_answer(data, source=RELEASE)

    assert answer.cells[3].metadata == {}
    assert answer.cells[3].source == RIGHT["double"]


@pytest.mark.parametrize(
    ("own", "name"),
    [
        ({"exercise": "ethics/audit-referrals"}, " (ethics/audit-referrals)"),
        ({"exercise": "<script>alert(1)</script>"}, ""),
        ({"exercise": "x" * 121}, ""),
    ],
)
def test_the_notebook_of_another_exercise_is_named_where_its_name_is_plain(own, name):
    data = changed(lambda notebook: notebook["metadata"].update(upskill=own))

    assert refusal_of(data) == (
        "other_exercise",
        f"This notebook belongs to another exercise{name}. Hand in the one for this exercise.",
    )


@pytest.mark.parametrize("own", [None, 3, {}, {"exercise": None}, {"exercise": ["tests/doubling"]}])
def test_a_notebook_that_lost_the_name_of_its_exercise_is_known_by_its_cells(own):
    data = changed(lambda notebook: notebook["metadata"].update(upskill=own))

    answer = read_answer(data, source=RELEASE)

    assert [cell.source for cell in answer.cells if cell.source in RIGHT.values()] == list(RIGHT.values())


def test_a_notebook_of_another_exercise_without_a_name_is_known_by_its_cells():
    other = json.loads(answered(exercise("telling"), told="told = 1"))
    del other["metadata"]["upskill"]

    code, message = refusal_of(json.dumps(other).encode())

    assert (code, message) == ("no_answer_cells", f"This notebook has none of the cells for your answers. {AGAIN}")


def test_the_downloaded_file_itself_is_refused_unless_it_may_be_unchanged():
    data = answered(SOURCE).encode()

    refused = refusal_of(data)
    answer = read_answer(data, source=RELEASE, allow_unchanged=True)

    assert refused == (
        "unchanged",
        "There are no answers in this notebook yet. Write in the cells for your answers, then hand it"
        " in again. In Jupyter, save it first.",
    )
    assert is_unchanged(answer, source=SOURCE)


def test_saving_in_jupyter_without_writing_is_still_unchanged():
    def save(notebook):
        notebook["metadata"]["kernelspec"] = {"name": "other"}
        for cell in notebook["cells"]:
            cell["source"] = cell["source"].splitlines(keepends=True)
            if cell["cell_type"] == "code":
                cell.update(execution_count=7, outputs=[{"output_type": "stream", "name": "stdout", "text": "4"}])
        del notebook["cells"][-1]

    code, _ = refusal_of(changed(save, why=RELEASE.cells[-1].source))

    assert code == "unchanged"


@pytest.mark.parametrize("name", ["double", "long_words", "why"])
def test_one_changed_answer_is_enough(name):
    answer = read_answer(answered(SOURCE, **{name: RIGHT[name]}).encode(), source=RELEASE)

    assert not is_unchanged(answer, source=RELEASE)


def test_work_in_a_cell_of_ones_own_is_a_change():
    cell = {"cell_type": "code", "source": "def double(x): return x + x", "metadata": {}}
    notebook = released(SOURCE)
    notebook["cells"].insert(4, cell)

    answer = read_answer(json.dumps(notebook).encode(), source=RELEASE)

    assert not is_unchanged(answer, source=RELEASE)


def test_notes_in_a_text_cell_of_ones_own_are_no_answer():
    notebook = released(SOURCE)
    notebook["cells"].insert(4, {"cell_type": "markdown", "source": "I will do this later.", "metadata": {}})

    code, _ = refusal_of(json.dumps(notebook).encode())

    assert code == "unchanged"


def test_too_many_cells_are_refused():
    own = [{"cell_type": "code", "source": f"x = {number}", "metadata": {}} for number in range(500)]

    too_many_own = refusal_of(changed(lambda notebook: notebook["cells"].extend(own[:101])))
    too_many = refusal_of(changed(lambda notebook: notebook["cells"].extend(own)))
    read_answer(changed(lambda notebook: notebook["cells"].extend(own[:100])), source=RELEASE)

    assert too_many_own == (
        "too_many_cells",
        "You added more than 100 cells to this notebook. Delete some, save it and upload it again.",
    )
    assert too_many == (
        "too_many_cells",
        "This notebook has more than 500 cells. Delete the cells you do not need and upload it again.",
    )


def test_a_cell_too_long_is_refused():
    long = "#" * 200_001

    refused = refusal_of(answered(SOURCE, double=long).encode())
    read_answer(answered(SOURCE, double=long[1:]).encode(), source=RELEASE)

    assert refused == (
        "cell_too_long",
        "Cell 4 is longer than 200,000 characters. Shorten it and upload it again.",
    )


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 9_999_999,
        b'{"a":' * 1_999_999,
        b'{"nbformat": 4, "cells": [' + b"[]," * 240_000 + b"[]]}",
        b'{"nbformat": 4, "cells": [' + b"0," * 1_000_000 + b"0]}",
        b'{"nbformat": 4, "cells": "' + b"x" * 9_900_000 + b'"}',
        b'{"nbformat": ' + b"9" * 9_900_000 + b"}",
        b'"' + b"\\ud800" * 1_600_000 + b'"',
    ],
    ids=["deep lists", "deep objects", "many lists", "many numbers", "long text", "long number", "half characters"],
)
def test_a_hostile_file_costs_bounded_time_and_memory(data):
    began = time.process_time()
    refusal_of(data)
    seconds = time.process_time() - began

    tracemalloc.start()
    refusal_of(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert seconds < 2
    assert peak < 200_000_000


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_bring_more_than_a_refusal(data):
    code, message = refusal_of(data)

    assert code
    assert message


@settings(deadline=None, max_examples=30)
@given(
    st.sampled_from(["cells", "metadata", "nbformat", "nbformat_minor"]),
    st.sampled_from(["cell_type", "source", "metadata", "id", "outputs", "attachments"]),
    json_values,
)
def test_no_value_anywhere_brings_more_than_a_refusal(field, cell_field, value):
    def spoil(notebook):
        notebook["cells"][3][cell_field] = value

    for data in (changed(spoil), changed(lambda notebook: notebook.update({field: value}))):
        try:
            answer = read_answer(data, source=RELEASE)
        except AnswerRefused as refusal:
            assert refusal.message.endswith(".")  # noqa: PT017 (most values are refused, some do no harm)
        else:
            assert all(isinstance(cell.source, str) for cell in answer.cells)
