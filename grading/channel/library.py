"""Functions and classes of libraries: each side names them to the other, and each side uses its own copy.

That a name leads to the judge's own object is what makes a library patched in the learner's process worthless.
"""

import importlib
import sys
import types
from typing import Any

LIBRARIES = frozenset(
    [
        "numpy",
        "pandas",
        "sklearn",
        "scipy",
        "matplotlib",
        "seaborn",
        "math",
        "cmath",
        "statistics",
        "random",
        "re",
        "json",
        "collections",
        "itertools",
        "functools",
        "datetime",
        "string",
        "operator",
        "decimal",
        "fractions",
        "csv",
        "io",
        "textwrap",
        "typing",
        "enum",
        "dataclasses",
        "abc",
        "builtins",
        "copy",
        "bisect",
        "heapq",
        "time",
        "calendar",
        "zoneinfo",
        "uuid",
        "pathlib",
        "numbers",
        "hashlib",
        "base64",
        "sqlite3",
        "array",
        "queue",
    ]
)
# Within those: what reads or rewrites the process that calls it, or hands out objects that compare as they like.
_REFUSED = frozenset(
    [
        "exec",
        "eval",
        "compile",
        "globals",
        "locals",
        "vars",
        "dir",
        "input",
        "breakpoint",
        "open",
        "exit",
        "quit",
        "help",
        "setattr",
        "delattr",
        "getattr",
        "__import__",
        "memoryview",
        "super",
        "load",
        "loads",
        "fromfile",
        "memmap",
        "read_pickle",
        "to_pickle",
        "methodcaller",
        "attrgetter",
        "FileIO",
        "open_code",
        "eval_expr",
        "testing",
    ]
)
_QUIET_PARTS = frozenset({"tests", "test", "testing", "conftest", "__main__", "f2py", "distutils", "setup"})
_KINDS: tuple[type, ...] = (
    types.FunctionType,
    types.MethodType,
    types.GeneratorType,
    types.BuiltinFunctionType,
    types.CodeType,
    types.CoroutineType,
    types.MappingProxyType,
    types.ModuleType,
    types.CellType,
    types.MethodWrapperType,
    types.WrapperDescriptorType,
    types.MethodDescriptorType,
    types.GetSetDescriptorType,
    types.MemberDescriptorType,
    type({}.keys()),
    type({}.values()),
    type({}.items()),
    type(iter([])),
    type(iter(())),
    type(iter({})),
    type(iter(set())),
    type(iter(range(0))),
    type(iter("")),
    type(iter(b"")),
)
_INTERNAL = {kind.__name__: kind for kind in _KINDS}
Name = tuple[str, str]


def is_library(module: object) -> bool:
    """Whether a module's name, as some object gives it, is one of a library that both sides have."""
    return type(module) is str and module.partition(".")[0] in LIBRARIES


def name_of(value: object) -> Name | None:
    """Module and qualified name under which the other side finds its own copy, if there is such a name."""
    name: Any = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    module: Any = "numpy" if type(value).__name__ == "ufunc" else getattr(value, "__module__", None)
    if module is None and isinstance(value, types.BuiltinFunctionType):
        module = "builtins"
    if type(module) is not str or type(name) is not str:
        return None
    try:
        found = resolve(module, name)
    except LookupError:
        return None
    return (module, name) if found is value else None


def resolve(module: object, name: object) -> Any:
    """This process's own object of that name. Raises LookupError for all but functions and classes of libraries."""
    if type(module) is not str or type(name) is not str or not is_library(module) or _REFUSED & {*name.split(".")}:
        raise LookupError(f"{module}.{name} is no function or class that both sides have.")
    if module == "builtins" and name in _INTERNAL:
        return _INTERNAL[name]
    found: Any = _module(module)
    for part in name.split("."):
        if part.startswith("__") or not hasattr(found, part):
            raise LookupError(f"{module} has no {name}.")
        found = getattr(found, part)
    if not _is_code(found):
        raise LookupError(f"{module}.{name} is neither a function nor a class.")
    return found


def module_named(name: object) -> types.ModuleType:
    """This process's own module of that name. Raises LookupError."""
    if type(name) is not str or not is_library(name):
        raise LookupError(f"{name} is no module that both sides have.")
    return _module(name)


def _module(name: str) -> types.ModuleType:
    """A module of a library, imported if need be: importing one of the fixed list does no more than that."""
    if name not in sys.modules:
        parts = name.split(".")
        if _QUIET_PARTS & set(parts) or not all(map(str.isidentifier, parts)):
            raise LookupError(f"{name} is not imported.")
        try:
            importlib.import_module(name)
        except ImportError as problem:
            raise LookupError(f"{name} cannot be imported.") from problem
    return sys.modules[name]


def _is_code(found: object) -> bool:
    kinds = (type, types.FunctionType, types.BuiltinFunctionType)
    return isinstance(found, kinds) or type(found).__name__ in {"ufunc", "_ArrayFunctionDispatcher"}
