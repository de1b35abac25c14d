"""Which functions write rows, and which of them leave an audit entry: read from the code, through all that they call.

A function counts as calling whatever function of ours it names, also where it only passes it on.
"""

import ast
from dataclasses import dataclass, field
from functools import cache

from .tree import python_files, text_of

WRITES = {
    "create", "get_or_create", "update_or_create", "save", "delete", "bulk_create", "bulk_update", "aupdate", "adelete",
    "acreate", "asave", "aget_or_create", "aupdate_or_create", "abulk_create", "abulk_update",
}  # fmt: skip
STATEMENTS = ("INSERT ", "UPDATE ", "DELETE ", "MERGE ", "COPY ", "TRUNCATE ")
AUDIT = "upskill.core.audit."
NOT_SERVICES = ("/migrations/", "/models.py", "/web/", "/api/", "/management/commands/", "/tasks.py")
Functions = dict[str, "Function"]


@dataclass
class Function:
    """One function at the top of a module: whether it writes by itself, and the functions of ours that it names."""

    name: str  # upskill.people.services.suspend
    path: str
    is_public: bool
    writes: bool = False
    named: set[str] = field(default_factory=set)


def functions_of(modules: dict[str, str]) -> Functions:
    """Dotted name -> function, for every function at the top of these modules (dotted name -> source)."""
    found = {function.name: function for name, source in modules.items() for function in _read(name, source)}
    for function in found.values():
        function.named = {name for name in function.named if name in found or name.startswith(AUDIT)}
    return found


@cache
def services() -> Functions:
    """Every function of the site that is neither a page nor a command."""
    paths = [path for path in python_files("platform/upskill/") if not any(part in path for part in NOT_SERVICES)]
    return functions_of({_dotted(path): text_of(path) for path in paths})


def unaudited(functions: Functions, *, exempt: set[str]) -> list[str]:
    """Public functions that write, by themselves or through others, and leave no entry. What an exempt one does is not
    held against its callers.
    """
    writers = [name for name, function in functions.items() if function.is_public and name not in exempt]
    return sorted(
        name
        for name in writers
        if any(functions[each].writes for each in _reached(name, functions=functions, past=exempt))
        and not _leaves_an_entry(name, functions=functions)
    )


def writes_outside_of_functions(paths: list[str], *, also_in_them: bool) -> list[str]:
    """Where something is written in a class or at the top of a module, and with `also_in_them` in any function."""
    return [
        f"{path}:{node.lineno}"
        for path in paths
        for top in ast.parse(text_of(path)).body
        if also_in_them or not isinstance(top, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(top)
        if isinstance(node, ast.Call) and _writes(node, raw=set())
    ]


def writers(functions: Functions) -> set[str]:
    """Functions that write, by themselves or through others."""
    return {name for name in functions
            if any(functions[each].writes for each in _reached(name, functions=functions, past=set()))}  # fmt: skip


def _leaves_an_entry(name: str, *, functions: Functions) -> bool:
    reached = _reached(name, functions=functions, past=set())
    return any(named.startswith(AUDIT) for each in reached for named in functions[each].named)


def _reached(name: str, *, functions: Functions, past: set[str]) -> set[str]:
    """The function and all that it calls, directly or not; not through those in `past`, and not into the audit."""
    reached, waiting = {name}, [name]
    while waiting:
        named = functions[waiting.pop()].named & functions.keys() - past - reached
        named = {each for each in named if not each.startswith(AUDIT)}
        reached |= named
        waiting.extend(named)
    return reached


def _dotted(path: str) -> str:
    return path.removeprefix("platform/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _read(module: str, source: str) -> list[Function]:
    tree = ast.parse(source)
    names = _imported(tree, module=module)
    tops = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    names |= {node.name: f"{module}.{node.name}" for node in tops}
    raw = {target.id for node in tree.body if isinstance(node, ast.Assign) and _is_statement(node.value)
           for target in node.targets if isinstance(target, ast.Name)}  # fmt: skip
    return [_function(node, module=module, names=names, raw=raw) for node in tops]


def _function(
    node: ast.FunctionDef | ast.AsyncFunctionDef, *, module: str, names: dict[str, str], raw: set[str]
) -> Function:
    parts = list(ast.walk(node))
    return Function(
        name=f"{module}.{node.name}",
        path=module,
        is_public=not node.name.startswith("_"),
        writes=any(_writes(part, raw=raw) for part in parts),
        named={name for part in parts if (name := _name(part, names=names))} - {f"{module}.{node.name}"},
    )


def _writes(node: ast.AST, *, raw: set[str]) -> bool:
    """SQL that writes, or a call of a method that does. `update` of rows takes all by name; that of a dict does not."""
    if isinstance(node, ast.Name) and node.id in raw:
        return True
    if _is_statement(node):
        return True
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    return node.func.attr in WRITES or (node.func.attr == "update" and bool(node.keywords) and not node.args)


def _is_statement(node: ast.AST) -> bool:
    """SQL that writes, as a text."""
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_text and node.value.lstrip().startswith(STATEMENTS)  # type: ignore[attr-defined]


def _name(node: ast.AST, *, names: dict[str, str]) -> str:
    """The dotted name of what a part of the code names, "" for what is not of ours."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
        return f"{names[node.value.id]}.{node.attr}"
    return ""


def _imported(tree: ast.Module, *, module: str) -> dict[str, str]:
    """Name in the module -> dotted name of what it stands for, for what is imported from the site."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        package = module.rsplit(".", node.level)[0] if node.level else ""
        origin = ".".join(part for part in (package, node.module) if part)
        if origin.startswith("upskill"):
            names |= {alias.asname or alias.name: f"{origin}.{alias.name}" for alias in node.names}
    return names
