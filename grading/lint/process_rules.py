"""Rules about what works in one process only: tests run apart from the learner's code, in plain Python."""

import ast
import re
from collections.abc import Iterator

from grading.channel.exposed import PATCHABLE
from grading.channel.magics import needs_ipython
from grading.channel.shared_files import looks_like_file
from grading.lint.findings import Finding, cannot, note, weak
from grading.lint.kinds import HANDLES, Kind
from grading.lint.notebook import SESSION
from grading.lint.reading import lines_of, root
from grading.lint.reliance import Check

_PATCHED = frozenset({"sys.stdin", "sys.stdout", *map(".".join, PATCHABLE)})  # these reach the learner's code
_LISTS = re.compile(r"^glob\.i?glob$|^os\.(listdir|scandir|walk)$|\.(iterdir|glob|rglob)$")
_FIGURES = frozenset({"gcf", "gca", "gci", "get_fignums", "get_figlabels"})
_PICKLES = frozenset({"pickle", "joblib", "dill", "cloudpickle", "shelve", "torch"})
_LOADS = frozenset({"load", "loads", "open", "Unpickler", "read_pickle"})
_DUMPS = frozenset({"dump", "dumps", "save", "to_pickle"})
_OUTSIDE = frozenset({"subprocess", "socket", "requests", "httpx", "http.client", "urllib.request", "multiprocessing"})
_OUTSIDE_CALLS = frozenset({"os.system", "os.popen", "os.fork", "os.execv", "os.spawnv"})


def ipython(check: Check) -> Iterator[Finding]:
    """Magics and the session's own names."""
    if needs_ipython(check.cell.source):
        line = next((n for n, text in enumerate(check.cell.source.splitlines(), 1) if needs_ipython(text)), 1)
        yield _ipython(line, what="a magic, a shell line or get_ipython")
    made = check.code.made | check.notebook.made_by_learner_side | check.earlier_names
    for node in ast.walk(check.code.tree):
        if isinstance(node, ast.Name) and node.id in (SESSION & check.code.read) - made - {"get_ipython"}:
            yield _ipython(node.lineno, what=node.id)


def _ipython(line: int, *, what: str) -> Finding:
    return cannot(
        "ipython",
        at=line,
        problem=f"The test uses {what}, which belongs to the notebook session and not to Python.",
        cure="Write the test in plain Python.",
    )


def waiting(check: Check) -> Iterator[Finding]:
    """`await` at the top of a test."""
    for node in lines_of(check.code.tree):
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith) or getattr(node, "is_async", False):
            yield cannot(
                "await",
                at=getattr(node, "lineno", 1),
                problem="The test waits with await, which plain Python allows within functions only.",
                cure="Use asyncio.run(...).",
            )


def patched(check: Check) -> Iterator[Finding]:
    """Library functions replaced for the time of a test."""
    for node in ast.walk(check.code.tree):
        if isinstance(node, ast.Call) and (way := _way_of_patching(check, node)):
            yield from _patched(check, node, way=way)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and _is_replacement(check, target, by=node.value):
                    yield from _reached(check, node, target=check.path(target))


def _way_of_patching(check: Check, node: ast.Call) -> str:
    match = re.search(r"(?:^|\.)(patch(?:\.object|\.dict|\.multiple)?)$", check.path(node.func))
    return match[1] if match and node.args else ""


def _patched(check: Check, node: ast.Call, *, way: str) -> Iterator[Finding]:
    what = node.args[0]
    if isinstance(what, ast.Constant) and isinstance(what.value, str):
        yield from _reached(check, node, target=what.value)
    elif way != "patch" and check.touches(what):
        return  # an object of the learner's: setting its attributes travels
    elif way != "patch" and (path := check.path(what)):
        names = [arg.value for arg in node.args[1:2] if isinstance(arg, ast.Constant)]
        yield from _reached(check, node, target=".".join([path, *map(str, names)]) if way == "patch.object" else path)
    else:
        yield weak(
            "patched",
            at=node,
            problem="The lint cannot tell what the test replaces, and not everything reaches the learner's code.",
            cure='Write the name as text: patch("builtins.input").',
        )


def _reached(check: Check, node: ast.AST, *, target: str) -> Iterator[Finding]:
    own = target.removeprefix("__main__.")
    shared = own != target and own.partition(".")[0] in check.notebook.made_by_learner_side
    if target not in _PATCHED and not shared and own not in check.code.made:
        yield cannot(
            "patched",
            at=node,
            problem=f"The test replaces {target} for itself only: the learner's code keeps the real one.",
            cure="Let learners' functions take it as an argument; input, print, time.sleep and random.choice do work.",
        )


def _is_replacement(check: Check, target: ast.Attribute, *, by: ast.AST) -> bool:
    """Whether a part of a module, such as `time.sleep`, is replaced by code or a stream of the test's own."""
    if root(target) not in check.imports:
        return False
    made_by = check.path(by.func) if isinstance(by, ast.Call) else ""
    return made_by.endswith(("Mock", "StringIO")) or check.kinds.of(by) in (Kind.FUNCTION, Kind.CLASS)


def copied(check: Check) -> Iterator[Finding]:
    """Pickles and copies of what stays with the learner."""
    for node in _calls(check):
        path = check.path(node.func)
        library, _, name = path.rpartition(".")
        theirs = any(check.is_given(arg) and check.kinds.of(arg) in HANDLES for arg in node.args)
        pickles = library.partition(".")[0] in _PICKLES or name == "read_pickle"
        if (pickles and name in _LOADS) or (pickles and name in _DUMPS and theirs):
            problem = "The test reads or writes a pickle, and the judge never opens a learner's pickle."
            yield cannot(
                "pickled",
                at=node,
                problem=problem,
                cure="Ask for the object itself, and call it or compare its values.",
            )
        elif path in ("copy.copy", "copy.deepcopy") and theirs:
            yield note(
                "copied",
                at=node,
                problem=f"The learner's process makes the copy of {ast.unparse(node.args[0])}.",
                cure="Compare values, or let the test make a second object itself.",
            )


def current_figure(check: Check) -> Iterator[Finding]:
    """Charts found through pyplot's idea of the current one."""
    drawn = bool(check.called) or any(check.path(node.func) == "matplotlib.pyplot.figure" for node in _calls(check))
    for node in _calls(check):
        library, _, name = check.path(node.func).rpartition(".")
        if library == "matplotlib.pyplot" and name in _FIGURES:
            problem = f"The test asks pyplot for the current chart with {name}()"
            cure = "Ask learners to keep or return the chart: fig, ax = plt.subplots(), and test ax."
            if drawn:
                yield weak("current-figure", at=node, problem=f"{problem}, which may be another one.", cure=cure)
            else:
                words = f"{problem}, but a chart is closed when its cell ends."
                yield cannot("current-figure", at=node, problem=words, cure=cure)


def files_by_pattern(check: Check) -> Iterator[Finding]:
    """Folders that are listed: a test sees the learner's files only where it names them."""
    texts = [node.value for node in ast.walk(check.code.tree) if isinstance(node, ast.Constant)]
    if any(isinstance(text, str) and looks_like_file(text) for text in texts):
        return
    for node in _calls(check):
        if _LISTS.search(check.path(node.func) or f".{getattr(node.func, 'attr', '')}"):
            yield weak(
                "files-by-pattern",
                at=node,
                problem="The test lists a folder, and sees a file of the learner's only if it names it.",
                cure='Name the file that learners have to write: open("result.csv").',
            )


def outside_world(check: Check) -> Iterator[Finding]:
    """Networks and other programs."""
    for node in _calls(check):
        path = check.path(node.func)
        library = path.rpartition(".")[0]
        if path in _OUTSIDE_CALLS or library in _OUTSIDE or library.partition(".")[0] in _OUTSIDE:
            yield cannot(
                "outside",
                at=node,
                problem=f"The test uses {path}, but marking has no network and starts no other program.",
                cure="Put what the test needs into a file beside the notebook, or into the test.",
            )


def names_as_text(check: Check) -> Iterator[Finding]:
    """Names that are looked up by text."""
    for node in _calls(check):
        name = check.path(node.func)
        if name in ("eval", "exec", "globals", "locals") or (name == "vars" and not node.args):
            yield note(
                "names-as-text",
                at=node,
                problem=f"The test uses {name}(), so the lint cannot tell which names it needs.",
                cure="Write the name itself: if learners have not made it, the test fails.",
            )


def _calls(check: Check) -> list[ast.Call]:
    return [node for node in ast.walk(check.code.tree) if isinstance(node, ast.Call)]
