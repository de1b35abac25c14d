"""The shape of the house: small modules and functions, one direction, a reason for each folder."""

import ast
import re
import subprocess
import sys

import pytest

from .tree import ROOT, functions, lines, python_files, text_of, tracked

OURS = ("platform/", "grading/", "tests/", "manage.py")
PRODUCT = ("platform/", "grading/", "manage.py")
SERVICES = [path for path in python_files("platform/upskill/") if path.endswith("/services.py")]
WITHOUT_A_CLOCK = [
    path
    for path in python_files("platform/upskill/")
    if path.endswith(("/services.py", "/queries.py", "/rules.py", "/models.py", "/pipeline.py", "/signin.py"))
]


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its signature and docstring."""
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1


def has_reason(path: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """True if a comment stands directly above the function (or its decorators) and can say why it is long."""
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return text_of(path).splitlines()[first - 2].lstrip().startswith("#")


# --- Sizes ---


def test_no_module_has_more_than_600_lines():
    assert {path: count for path in python_files(*OURS) if (count := lines([path])) > 600} == {}


def test_no_function_has_more_than_50_lines():
    long = {
        f"{path}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in python_files(*OURS)
        for node in functions(path)
    }

    assert {name: count for name, count in long.items() if count > 50} == {}


def test_function_with_a_body_of_more_than_25_lines_says_why():
    long = [
        f"{path}:{node.name}"
        for path in python_files(*PRODUCT)
        for node in functions(path)
        if body_lines(node) > 25 and not has_reason(path, node)
    ]

    assert long == []


def test_module_of_more_than_400_lines_says_why():
    long = [path for path in python_files(*PRODUCT) if lines([path]) > 400 and "# Long because" not in text_of(path)]

    assert long == []


def test_tests_are_at_least_as_long_as_what_they_test():
    product, tests = lines(python_files("platform/", "grading/")), lines(python_files("tests/"))

    assert tests >= product


# --- Names and places ---


def test_platform_is_a_source_root_and_no_package():
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_platform_of_the_standard_library_is_not_shadowed():
    asked = [sys.executable, "-c", "import platform; print(platform.python_version())"]

    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)

    assert re.fullmatch(r"3\.\d+\.\d+\S*\n", said.stdout)


@pytest.mark.parametrize("name", ["utils", "helpers", "misc", "common", "util", "helper"])
def test_no_module_is_named_for_nothing(name):
    assert [path for path in tracked() if f"/{name}.py" in path or (f"/{name}/" in path and path.endswith(".py"))] == []


def test_courses_hold_no_python_packages():
    assert [path for path in tracked() if path.startswith("courses/") and path.endswith("__init__.py")] == []


def folders_of(prefix: str) -> set[str]:
    """Names of the folders directly below `prefix` that hold a tracked file."""
    inside = [path.removeprefix(prefix) for path in tracked() if path.startswith(prefix)]
    return {path.split("/")[0] for path in inside if "/" in path}


def test_readme_gives_every_top_level_folder_its_reason():
    said = set(re.findall(r"^\| `([^`/]+)/`", text_of("README.md"), re.MULTILINE))

    assert folders_of("") - said == set()


def test_readme_gives_every_app_its_reason():
    rows = re.findall(r"^\| ((?:`[^`/]+/`(?:, )?)+) \|", text_of("README.md"), re.MULTILINE)
    said = {name for row in rows for name in re.findall(r"`([^`/]+)/`", row)}

    assert folders_of("platform/upskill/") - said == set()


def test_every_package_and_module_begins_with_what_it_is_for():
    """Django's own files of a few lines (apps.py, urls.py, wsgi.py) and empty __init__.py say it by their name."""
    bare = [
        path
        for path in python_files("platform/", "grading/")
        if not ast.get_docstring(ast.parse(text_of(path)))
        and not path.endswith(("/__init__.py", "/apps.py", "/urls.py"))
    ]

    assert bare == []


# --- Services ---


@pytest.mark.parametrize("path", SERVICES)
def test_services_take_one_argument_by_place_and_the_others_by_name(path):
    by_place = [node.name for node in ast.parse(text_of(path)).body
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
                and len(node.args.args) + len(node.args.posonlyargs) > 1]  # fmt: skip

    assert by_place == []


@pytest.mark.parametrize("path", WITHOUT_A_CLOCK)
def test_the_moment_comes_in_as_an_argument(path):
    looks = re.findall(r"(timezone\.now\(\)|datetime\.now\(|date\.today\(|time\.time\()", text_of(path))

    assert looks == []


def test_services_of_people_say_who_and_when():
    path = "platform/upskill/people/services.py"

    silent = [
        node.name
        for node in ast.parse(text_of(path)).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and not {"by", "now"} <= {argument.arg for argument in node.args.kwonlyargs}
    ]

    assert silent == []


FOREIGN = r"process begins here|learner|test's own"


def test_broad_excepts_stand_only_where_a_process_begins():
    """One that passes the exception on is none; one that stays says on its line which process begins there or, in the
    engine, that it is a learner's or a test's own code that may raise anything.
    """
    broad = [
        f"{path}:{handler.lineno}"
        for path in python_files(*PRODUCT)
        for handler in ast.walk(ast.parse(text_of(path)))
        if isinstance(handler, ast.ExceptHandler)
        and isinstance(handler.type, ast.Name)
        and handler.type.id in {"Exception", "BaseException"}
        and not isinstance(handler.body[-1], ast.Raise)
        and not re.search(FOREIGN, text_of(path).splitlines()[handler.lineno - 1])
    ]

    assert broad == []
