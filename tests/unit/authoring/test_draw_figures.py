"""`manage.py draw_figures`: programs draw, what is committed is compared, and nothing else is touched."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from upskill.authoring.figures import programs
from upskill.authoring.figures.comparing import are_same
from upskill.authoring.figures.drawing import tidy

LINE = "import matplotlib.pyplot as plt\nplt.plot([1, 2], [3, 4])\nplt.title('Up')\n"
ONE = b'<svg><g id="p1a"><path d="M 1.25 2 L 30 4"/></g><use href="#p1a"/><!-- Up --></svg>'


def course(root: Path, program: str, *, name: str = "line.py") -> Path:
    """A course folder as far as drawing looks at it; where its program is."""
    figures = root / "tea" / "modules" / "basics" / "figures"
    figures.mkdir(parents=True)
    (root / "tea" / "course.yml").write_text("id: tea\n")
    (figures / name).write_text(program)
    return figures / name


def run(root: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[list[str], list[str]]:
    """What the command says and complains of, without the folder's name."""
    try:
        call_command("draw_figures", str(root), *options)
    except CommandError as error:
        code = [f"{error} {error.returncode}"]
    else:
        code = []
    said = capsys.readouterr()
    return said.out.replace(f"{root}/", "").splitlines(), [*said.err.replace(f"{root}/", "").splitlines(), *code]


def test_a_program_draws_the_same_bytes_each_time_and_they_can_be_shown(tmp_path, capsys):
    program = course(tmp_path, LINE)

    first = run(tmp_path, capsys)
    svg = program.with_suffix(".svg").read_bytes()
    second = run(tmp_path, capsys)

    assert first == (["drawn: tea/modules/basics/figures/line.svg", "1 figure."], [])
    assert second == (["1 figure."], [])
    assert program.with_suffix(".svg").read_bytes() == svg
    (again,) = programs.drawn([program])
    assert (again.svg, again.mistakes, again.is_committed) == (svg, (), True)
    assert b"<!DOCTYPE" not in svg
    assert b"Matplotlib v" not in svg
    assert b"<!-- Up -->" in svg  # a difference can be read


def test_a_picture_is_written_through_no_link(tmp_path, capsys):
    program = course(tmp_path, LINE)
    (tmp_path / "elsewhere").write_text("somebody's own")
    program.with_suffix(".svg").symlink_to(tmp_path / "elsewhere")

    run(tmp_path, capsys)

    assert (tmp_path / "elsewhere").read_text() == "somebody's own"
    assert program.with_suffix(".svg").read_bytes().startswith(b"<?xml")
    assert sorted(path.name for path in program.parent.iterdir()) == ["line.py", "line.svg"]


def test_check_writes_nothing_and_names_the_picture_that_differs(tmp_path, capsys):
    program = course(tmp_path, LINE)
    program.with_suffix(".svg").write_text("<svg/>")

    assert run(tmp_path, capsys, "--check") == (
        [],
        [
            "tea/modules/basics/figures/line.svg:1: This is not what its program draws. Run `manage.py draw_figures`, "
            "look at the picture, commit it, and raise the course's version.",
            "1 mistake found. 1",
        ],
    )
    assert program.with_suffix(".svg").read_text() == "<svg/>"


@pytest.mark.parametrize(
    ("program", "line", "problem"),
    [
        ("a = 1\nb = c\n", 2, "The program failed: NameError: name 'c' is not defined."),
        ("a = (\n", 1, "The program failed: SyntaxError: '(' was never closed."),
        ("a = 1\n", 1, "The program failed: The program leaves 0 figures open, not one."),
        (
            "import matplotlib.pyplot as plt\nplt.figure()\nplt.figure()\n",
            1,
            "The program failed: The program leaves 2 figures open, not one.",
        ),
        (
            "import matplotlib.pyplot as plt\nplt.figure(figsize=(9, 3))\n",
            1,
            "The picture is 648 by 216 points; on a telephone nobody could read it.",
        ),
        (
            "import matplotlib.pyplot as plt\nplt.imshow([[1, 2], [3, 4]])\n",
            1,
            "The picture holds <image>.",
        ),
    ],
)
def test_a_program_that_draws_nothing_to_show_is_a_mistake_with_its_line(tmp_path, program, line, problem):
    (drawn,) = programs.drawn([course(tmp_path, program)])

    assert (line, problem) in [(each.line, each.problem) for each in drawn.mistakes]
    assert not drawn.is_committed


def test_a_program_finds_no_secret_of_the_site_and_no_module_of_it(tmp_path):
    program = course(
        tmp_path,
        "import os, importlib.util\n"
        "print(sorted(name for name in os.environ if 'SECRET' in name or 'DATABASE' in name))\n"
        "raise SystemExit(f\"{sorted(os.environ)} {importlib.util.find_spec('tests')}\")\n",
    )

    (drawn,) = programs.drawn([program])

    assert [each.problem for each in drawn.mistakes] == ["The program failed: ['HOME', 'LC_ALL', 'MPLCONFIGDIR'] None."]


SAYS = {
    "no UTF-8": "import sys\nsys.stderr.buffer.write(b'\\xff\\n')\nsys.stderr.flush()\nb = c\n",
    "more than anybody reads": "import sys\nfor _ in range(5):\n    print('x' * 1_000_000, file=sys.stderr)\nb = c\n",
    "as much in its output": "for _ in range(50):\n    print('x' * 1_000_000)\nb = c\n",
}


@pytest.mark.parametrize("what", SAYS)
def test_whatever_a_program_says_the_end_of_it_is_told_with_its_line(tmp_path, what):
    (drawn,) = programs.drawn([course(tmp_path, SAYS[what])])

    last = len(SAYS[what].splitlines())
    assert [(each.line, each.problem) for each in drawn.mistakes] == [
        (last, "The program failed: NameError: name 'c' is not defined.")
    ]


def test_a_program_that_does_not_stop_talking_is_stopped_and_told_briefly(tmp_path):
    program = course(tmp_path, "import sys\nwhile True:\n    print('x' * 100_000, file=sys.stderr)\n")

    (drawn,) = programs.drawn([program])

    [mistake] = drawn.mistakes
    assert mistake.problem == f"The program failed: {'x' * 300}."


def test_a_program_that_begins_with_an_underscore_is_no_figure(tmp_path):
    course(tmp_path, LINE, name="_shared.py")

    assert programs.programs_in([tmp_path]) == []


def test_a_folder_without_a_course_is_said(tmp_path, capsys):
    said, complaint = run(tmp_path, capsys)

    assert said == []
    assert complaint == [
        f"{tmp_path}:1: There is no course here. Name a folder that holds a course.yml, or a folder of such folders. 2"
    ]


# --- When two pictures are the same ---


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (ONE, True),
        (ONE.replace(b"1.25", b"1.2501"), True),  # another processor rounds otherwise
        (ONE.replace(b"p1a", b"p2b"), True),  # and a digest of numbers names the part otherwise
        (ONE.replace(b"1.25", b"1.3"), False),
        (ONE.replace(b"L 30", b"L 31"), False),
        (ONE.replace(b"Up", b"Down"), False),
        (ONE.replace(b"#p1a", b"#p1b"), False),
        (ONE.replace(b" L 30 4", b""), False),
        (ONE.replace(b"<use href", b"<g href"), False),
    ],
)
def test_pictures_are_the_same_where_nobody_could_see_a_difference(other, same):
    assert are_same(ONE, other) is same


def test_tidying_takes_the_document_type_out_and_nothing_else():
    svg = '<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"\n  "http://x">\n<svg>  \n</svg>\n'

    assert tidy(svg) == '<?xml version="1.0"?>\n<svg>\n</svg>\n'
