"""The special methods that decide what one can do with an object: what a class is described by, and handles offer."""

ORDER = ("__lt__", "__le__", "__gt__", "__ge__")
EQUALITY = ("__eq__", "__ne__")
ARITHMETIC = tuple(
    f"__{side}{name}__"
    for name in [
        "add",
        "sub",
        "mul",
        "truediv",
        "floordiv",
        "mod",
        "pow",
        "matmul",
        "and",
        "or",
        "xor",
        "lshift",
        "rshift",
    ]
    for side in ("", "r")
)
IN_PLACE = tuple(
    f"__i{name}__" for name in ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor"]
)
UNARY = ("__neg__", "__pos__", "__abs__", "__invert__")
CONVERSIONS = ("__bool__", "__int__", "__float__", "__index__", "__complex__", "__round__", "__floor__", "__ceil__")
PROTOCOLS = (
    "__len__", "__getitem__", "__setitem__", "__delitem__", "__contains__", "__iter__", "__next__", "__reversed__",
    "__call__", "__enter__", "__exit__", "__hash__", "__format__",
)  # fmt: skip
TRAITS = (*ORDER, *EQUALITY, *ARITHMETIC, *IN_PLACE, *UNARY, *CONVERSIONS, *PROTOCOLS)
OF_CLASSES = ("__iter__", "__len__", "__getitem__", "__contains__", "__reversed__")  # of a metaclass, as Enum's
KNOWN = frozenset(TRAITS)

# Attributes with two underscores that a test may read: they describe, and no library builds anything upon them.
DESCRIPTIVE = frozenset(
    [
        "__name__",
        "__qualname__",
        "__doc__",
        "__module__",
        "__wrapped__",
        "__defaults__",
        "__kwdefaults__",
        "__annotations__",
        "__code__",
        "__closure__",
        "__func__",
        "__self__",
        "__cause__",
        "__context__",
        "__slots__",
        "__abstractmethods__",
        "__members__",
        "__match_args__",
        "__version__",
        "__author__",
        "__post_init__",
        "__isabstractmethod__",
        "__cached__",
    ]
)
# Attributes with one underscore by which libraries recognise their own, so that no claim may stand behind them.
_PROBES = ("_repr_", "_ipython_", "_typ", "_mgr", "_data", "_estimator_type", "_sklearn", "_mpl_", "_xarray", "_dask")


def traits_of(kind: type) -> list[str]:
    """The special methods that a class has beyond those of every object."""
    found = []
    for name in TRAITS:
        method = getattr(kind, name, None)
        if method is not None and method is not getattr(object, name, None):
            found.append(name)
    if getattr(kind, "__hash__", None) is None:
        found.append("unhashable")
    return found


def may_be_read(name: str) -> bool:
    """Whether a test may ask an object of the learner's for the attribute of this name."""
    if name.startswith("__"):
        return name in DESCRIPTIVE
    return not name.startswith(_PROBES)
