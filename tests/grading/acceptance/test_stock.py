"""Plain nbgrader in its jail: it marks as nbgrader does, and what it lets through is seen."""

import pytest

from grading.acceptance import stock
from tests.grading.acceptance.folders import RIGHT, doubling, source

pytestmark = pytest.mark.slow  # each starts nbgrader and a kernel
REACH = (
    "import os, socket, subprocess\n"
    "socket.create_connection(('127.0.0.1', 45990), 5).close()\n"
    "print(os.environ['DATABASE_URL'])\n"
    "subprocess.Popen(['sleep', '60'], start_new_session=True)\n"
    "from IPython.display import HTML\n"
    "display(HTML('<script>stolen()</script>'))\n"
    "def double(x):\n    return 2 * x"
)


def mark(answer):
    return stock.mark(answer.encode(), source=source(), cell_seconds=20, seconds=120, secret="s3cret")


def test_the_jail_can_be_built_and_gives_a_right_answer_its_point():
    stock.check()


def test_marks_are_nbgrader_s_and_harm_is_listed():
    marked = mark(doubling(REACH))

    assert (marked.marking.outcome, marked.marking.points) == ("marked", {"test_double": 2.0, "why": None})
    assert set(marked.harm) == {
        "the worker's secret was shown",
        "active content: <script>stolen()",
        "TCP port 45990 was reached",
        "a process was left behind",
    }


def test_an_answer_that_ends_python_leaves_no_mark_and_cannot_write_to_the_machine(tmp_path):
    tmp_path.chmod(0o777)
    poison = f"try:\n    open('{tmp_path}/poison', 'w')\nexcept OSError:\n    pass\nimport os\nos._exit(0)"

    marked = mark(doubling(f"{poison}\n{RIGHT}"))

    assert (marked.marking.outcome, list(tmp_path.iterdir())) == ("failed", [])
    assert marked.marking.reason.startswith("DeadKernelError")
