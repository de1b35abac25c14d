"""Outputs merged, updated and bounded, apart from any shell."""

from hypothesis import given
from hypothesis import strategies as st

from grading.runner.outputs import DisplayUpdate, NotebookOutputs, bounded_error, printable

LIMIT = 2_000


def display(text):
    return {"output_type": "display_data", "data": {"text/plain": text}, "metadata": {}}


def stream(name, text):
    return {"output_type": "stream", "name": name, "text": text}


def cell(limit=LIMIT):
    return NotebookOutputs().start("a", limit=limit)


def test_streams_are_joined_until_something_comes_between():
    outputs = cell()

    outputs.write("stderr", "e")
    outputs.write("stdout", "a")
    outputs.write("stdout", "b")
    outputs.flush()
    outputs.write("stderr", "f")
    outputs.flush()
    outputs.add(display("x"), size=1)
    outputs.write("stderr", "g")

    assert outputs.close() == (
        [stream("stdout", "ab"), stream("stderr", "ef"), display("x"), stream("stderr", "g")],
        [],
    )


def test_cleared_cell_keeps_what_was_printed_but_not_sent():
    outputs = cell()

    outputs.write("stdout", "sent")
    outputs.flush()
    outputs.write("stdout", "kept")
    outputs.clear(wait=False)

    assert outputs.close() == ([stream("stdout", "kept")], [])


def test_waiting_clear_is_done_by_the_next_output_or_never():
    replaced, left = cell(), cell()

    for outputs in (replaced, left):
        outputs.add(display("old"), size=1)
        outputs.clear(wait=True)
    replaced.add(display("new"), size=1)

    assert (replaced.close()[0], left.close()[0]) == ([display("new")], [display("old")])


def test_clearing_gives_room_back():
    outputs = cell(limit=500)

    outputs.write("stdout", "x" * 1000)
    outputs.flush()
    outputs.clear(wait=False)
    outputs.write("stdout", "y" * 10)

    assert outputs.close() == ([stream("stdout", "y" * 10)], [])
    assert not outputs.truncated


def test_update_reaches_every_place_of_the_name_in_this_cell_and_earlier_ones():
    notebook = NotebookOutputs()
    first = notebook.start("a", limit=LIMIT)
    first.add(display("1"), size=1)
    first.add(display("2"), size=1, display_id="named")
    first.close()
    second = notebook.start("b", limit=LIMIT)

    second.add(display("3"), size=1, display_id="named")
    second.update("named", data={"text/plain": "4"}, metadata={"k": 1}, size=1)
    second.update("unknown", data={}, metadata={}, size=1)

    change = DisplayUpdate(cell_id="a", index=1, data={"text/plain": "4"}, metadata={"k": 1})
    assert second.close() == ([{**display("4"), "metadata": {"k": 1}}], [change])


def test_closed_cell_takes_nothing_more():
    outputs = cell()
    outputs.close()

    outputs.write("stdout", "late")
    outputs.add(display("late"), size=1)
    outputs.clear(wait=False)

    assert outputs.close() == ([], [])


def test_error_is_kept_after_the_limit_but_not_a_thousand():
    outputs = cell(limit=100)
    error = bounded_error({"ename": "E", "evalue": "v", "traceback": ["x" * 900]})
    outputs.write("stdout", "x" * 200)

    for _ in range(1_000):
        outputs.add(error, size=900)

    kept, _ = outputs.close()
    assert kept[0] == error
    assert 1 <= len(kept) < 250


def test_error_is_cut_to_a_bounded_size():
    huge = {"ename": "E" * 999, "evalue": "\ud800" * 10**6, "traceback": ["x" * 10**5] * 10**4}

    error = bounded_error(huge)

    assert len(error["ename"]) <= 200
    assert len(error["evalue"]) <= 4_000
    assert len(error["traceback"]) <= 101
    assert max(map(len, error["traceback"])) <= 400


def test_printable_text_can_be_encoded_and_is_exact():
    class Odd(str):
        def isascii(self):
            raise ValueError

    assert printable("a\ud800é") == "a?é"
    assert type(printable(Odd("x"))) is str


steps = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(["stdout", "stderr"]), st.text(max_size=300)),
    st.tuples(st.just("display"), st.sampled_from(["", "a", "b"]), st.text(max_size=300)),
    st.tuples(st.just("update"), st.sampled_from(["a", "b"]), st.text(max_size=600)),
    st.tuples(st.just("clear"), st.booleans(), st.none()),
    st.tuples(st.just("flush"), st.none(), st.none()),
)


@given(st.lists(steps, max_size=60), st.integers(0, 3_000))
def test_outputs_and_updates_never_take_more_than_the_limit(taken, limit):
    notebook = NotebookOutputs()
    earlier = notebook.start("earlier", limit=LIMIT)
    earlier.add(display("e"), size=1, display_id="a")
    earlier.close()
    outputs = notebook.start("later", limit=limit)

    for kind, which, text in taken:
        if kind == "write":
            outputs.write(which, text)
        elif kind == "display":
            outputs.add(display(text), size=len(text.encode()), display_id=which or None)
        elif kind == "update":
            outputs.update(which, data={"text/plain": text}, metadata={}, size=len(text.encode()))
        elif kind == "clear":
            outputs.clear(wait=which)
        else:
            outputs.flush()

    kept, updates = outputs.close()
    texts = [output["text"] if "text" in output else output["data"]["text/plain"] for output in kept]
    texts += [update.data["text/plain"] for update in updates]
    assert sum(len(text.encode()) for text in texts) <= limit
