"""What product code never does with what people send: run it, unpickle it, or hand it to a shell."""

import ast

import pytest

from .tree import python_files, text_of

MODULES = python_files("platform/", "grading/", "manage.py")
RUNS_TEXT = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "subprocess.getoutput"}
BUILDS_OBJECTS = {"pickle", "_pickle", "cPickle", "dill", "marshal", "shelve", "jsonpickle", "joblib", "xml", "lxml"}
# What runs code or names pickle by design: authors' tests behind the wall, our own text, and syntax only.
BY_DESIGN = {
    "grading/channel/testcell.py": {"exec", "eval", "compile"},
    "grading/bench/forkfloor.py": {"exec", "compile"},
    "grading/runner/rehearsal.py": {"exec", "compile"},
    "grading/lint/reading.py": {"compile"},
    "grading/channel/judge_setup.py": {"pickle"},  # to refuse it
    "platform/upskill/catalogue/course_files/svg.py": {"xml"},  # what a reader is called; defusedxml reads
    "platform/upskill/browser_runtime/precompiled.py": {"marshal"},  # files of the site, in the browser
}
YAML_READERS = {"yaml.SafeLoader", "yaml.safe_load", "yaml.YAMLError", "yaml.Node", "yaml.ScalarNode"}
YAML_READERS |= {"yaml.MappingNode", "yaml.SequenceNode"}


def names_called(text: str) -> set[str]:
    """What a module calls, as it is written."""
    return {ast.unparse(node.func) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)}


def modules_imported(text: str) -> set[str]:
    """The first part of each name that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
    return found


def shells(text: str) -> list[int]:
    """Lines of calls that pass shell= with anything but False."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "shell" and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
    ]


def yaml_names(text: str) -> set[str]:
    """What a module uses of yaml."""
    used = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)]
    return {ast.unparse(node) for node in used if ast.unparse(node.value) == "yaml"}


@pytest.mark.parametrize("path", MODULES)
def test_no_module_runs_unpickles_or_shells_out_text(path):
    text = text_of(path)

    known = BY_DESIGN.get(path, set())

    assert names_called(text) & RUNS_TEXT - known == set()
    assert modules_imported(text) & BUILDS_OBJECTS - known == set()
    assert shells(text) == []


def test_yaml_is_only_read_with_the_loader_that_builds_no_objects():
    assert {name for path in MODULES for name in yaml_names(text_of(path))} <= YAML_READERS


@pytest.mark.parametrize(
    "planted",
    [
        "eval(x)",
        "import pickle",
        "from pickle import loads",
        "os.system(x)",
        "run(x, shell=True)",
        "exec(x)",
    ],
)
def test_the_search_finds_what_is_planted(planted):
    assert names_called(planted) & RUNS_TEXT or modules_imported(planted) & BUILDS_OBJECTS or shells(planted)


def test_the_search_finds_an_unsafe_loader():
    assert yaml_names("import yaml\nyaml.load(text, yaml.Loader)") == {"yaml.load", "yaml.Loader"}
