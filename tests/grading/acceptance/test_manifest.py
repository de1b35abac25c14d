"""Reading manifests nobody here has written: both kinds, defaults, and everything that is not understood."""

import json

import pytest

from grading.acceptance.fields import FolderProblem
from grading.acceptance.manifest import read_folder, read_folders, unknown_tokens
from grading.protocol import Limits
from tests.grading.acceptance.folders import doubling, notebooks_folder, sandbox_folder


def sandbox_case(tmp_path, **fields):
    (case,) = read_folder(sandbox_folder(tmp_path, ("print(1)", fields))).sandbox
    return case


def notebook_case(tmp_path, **fields):
    (case,) = read_folder(notebooks_folder(tmp_path, (doubling("pass"), fields))).notebooks
    return case


def problems(folder):
    return list(read_folder(folder).problems)


def test_a_sandbox_case_is_read_whole(tmp_path):
    case = sandbox_case(
        tmp_path,
        limits={"wall": 4, "cpu": 3, "mem_mb": 512, "tmp_mb": 32, "fsize_mb": 16, "raw_mb": 2, "nproc": 8},
        max_wall_s=6,
        max_cpu_s=5,
        max_rss_mb=600,
        max_disk_mb=70,
        max_result_mb=1,
        core_check=True,
        must_not_pass=True,
        allow_escape_markers={"ns": ["kill 0 "], "landlock": ["stat"]},
        known_weak={"landlock": "stat works"},
    )

    assert case.limits == Limits(
        cell_seconds=3, total_seconds=4, memory_mb=512, files_mb=16, output_kb=2048, processes=8
    )
    assert (case.max_wall_seconds, case.bounds) == (
        6,
        {"max_cpu_s": 5, "max_rss_mb": 600, "max_disk_mb": 70, "max_result_mb": 1},
    )
    assert case.checks == {"core_check", "must_not_pass", "must_not_escape"}
    assert case.allowed_escapes == {"namespace": ("kill 0 ",), "landlock": ("stat",)}
    assert case.text["known_weak"] == "{'landlock': 'stat works'}"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"new_check": True}, "the field new_check is not known."),
        ({"max_cpu_s": "much"}, "max_cpu_s is not a number above zero."),
        ({"core_check": "yes"}, "core_check is not true or false."),
        ({"limits": {"inodes": 5}}, "limits: the field inodes is not known."),
        ({"allow_escape_markers": {"jail": ["x"]}}, "allow_escape_markers: the mode jail is not known."),
        ({"kind": "exe"}, "the kind exe is not known, only py, gen, nb are."),
    ],
)
def test_what_a_sandbox_case_says_beyond_what_is_known_is_reported(tmp_path, fields, problem):
    folder = sandbox_folder(tmp_path / "sandbox", ("print(1)", fields))

    assert [text.replace("sandbox/case_0: ", "") for text in problems(folder)] == [problem]


def test_what_the_head_of_a_manifest_says_beyond_what_is_known_is_reported(tmp_path):
    head = {"universal": ["victim process alive", "no clock moved"], "tokens": "{{TCP}} {{CLOCK}}", "owner": "me"}
    folder = sandbox_folder(tmp_path, ("", {}), **head, version=2)

    assert [text.partition("manifest.json: ")[2] for text in problems(folder)] == [
        "the rule 'no clock moved' is not known.",
        "the token CLOCK is not known.",
        "version 2 is not known, only 1 is.",
        "the field owner is not known.",
    ]


def test_placeholders_that_nobody_fills_in_are_found():
    assert unknown_tokens("{{TCP}} {{NOVEL}} {x} {{lower}}") == ["NOVEL"]


def test_a_notebook_case_is_read_whole(tmp_path):
    case = notebook_case(
        tmp_path,
        points={"test_double": 2},
        accept="marked, or also refused",
        also_ok="the cell may be held for a person",
        must_hold="no file is left",
        max_wall_s=40,
        cell_limit_s=7,
        valid_nbformat=True,
    )

    assert (case.points, case.may_be_refused, case.may_wait) == ({"test_double": 2.0}, True, True)
    assert (case.must_hold, case.max_wall_seconds, case.cell_seconds) == ("no file is left", 40, 7)
    assert case.valid_nbformat is True


@pytest.mark.parametrize(
    ("fields", "may_be_refused"),
    [
        ({"class": "cheat"}, True),
        ({"class": "break"}, True),
        ({"class": "leak"}, True),
        ({"class": "control"}, False),
        ({"class": "fidelity"}, False),
        ({"class": "cheat", "accept": "marked"}, False),
        ({"class": "break", "accept": ["marked", "refused"]}, True),
        ({"class": "control", "also_ok": ["refused"]}, True),
    ],
)
def test_who_may_be_refused(tmp_path, fields, may_be_refused):
    assert notebook_case(tmp_path, **fields).may_be_refused == may_be_refused


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"colour": "red"}, "the field colour is not known."),
        ({"also_ok": "half marks"}, "also_ok says 'half marks', which is not understood."),
        ({"accept": "ignored"}, "accept says 'ignored', which is not known."),
        ({"points": {"test_double": "all"}}, "points.test_double is not a number of points."),
    ],
)
def test_what_a_notebook_case_says_beyond_what_is_known_is_reported(tmp_path, fields, problem):
    folder = notebooks_folder(tmp_path / "notebooks", (doubling("pass"), fields))

    assert [text.replace("notebooks/case_0: ", "") for text in problems(folder)] == [problem]


def test_a_folder_above_both_kinds_gives_both(tmp_path):
    sandbox_folder(tmp_path / "sandbox", ("", {}))
    notebooks_folder(tmp_path / "notebooks", (doubling("pass"), {}), (doubling("pass"), {}))

    folders = read_folders(tmp_path)

    assert [(len(folder.notebooks), len(folder.sandbox)) for folder in folders] == [(2, 0), (0, 1)]


def test_notebook_cases_may_also_stand_in_an_object(tmp_path):
    folder = notebooks_folder(tmp_path, (doubling("pass"), {}))
    cases = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({"version": 1, "cases": cases}))

    found = read_folder(folder)

    assert (len(found.notebooks), found.problems) == (1, ())


def test_missing_things_are_one_sentence_each(tmp_path):
    sandbox = sandbox_folder(tmp_path / "sandbox", ("", {}))
    (sandbox / "case_0.py").unlink()
    nameless = tmp_path / "nameless"
    nameless.mkdir()
    (nameless / "manifest.json").write_text('[{"class": "cheat"}]')
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "manifest.json").write_text("{")
    empty = tmp_path / "empty"
    empty.mkdir()

    said = []
    for folder in (sandbox, nameless, broken, empty, tmp_path / "nowhere"):
        with pytest.raises(FolderProblem) as problem:
            read_folders(folder)
        said.append(str(problem.value))

    assert said[0] == f"The file {sandbox}/case_0.py is missing."
    assert said[1] == "nameless case 1 has no id."
    assert said[2].startswith(f"{broken}/manifest.json is not JSON: Expecting property name")
    assert said[3] == f"There is no manifest.json in {empty} or below it."
    assert said[4] == f"{tmp_path}/nowhere is not a folder."
