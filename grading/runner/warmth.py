"""What a warm process imports and uses once, so that the children it forks find it done and share its memory.

Every shared library that a process has loaded makes its fork and its end dearer, used or not: an answer is marked by
the process that has loaded what it names (docs/decisions/0021).
"""

import importlib
import io
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from enum import StrEnum
from types import ModuleType


class Warmth(StrEnum):
    """How much a warm process has imported; each holds what stands before it too."""

    PLAIN = "plain"  # IPython, numpy and the standard library
    TABLES = "tables"  # pandas and matplotlib
    MODELS = "models"  # scipy and scikit-learn


_MODULES = {
    Warmth.PLAIN: (
        *("ast", "bisect", "collections", "csv", "dataclasses", "datetime", "decimal", "enum", "fractions"),
        *("functools", "heapq", "inspect", "io", "itertools", "json", "math", "operator", "random", "re", "sqlite3"),
        *("statistics", "string", "textwrap", "typing", "unittest.mock", "urllib.parse", "zoneinfo"),
        *("numpy", "numpy.linalg", "numpy.random", "numpy.testing"),  # numpy.random seeded before code can use it
    ),
    Warmth.TABLES: ("pandas", "pandas.testing", "matplotlib.pyplot"),
    Warmth.MODELS: (
        *("scipy.stats", "sklearn.base", "sklearn.cluster", "sklearn.compose", "sklearn.datasets", "sklearn.dummy"),
        *("sklearn.ensemble", "sklearn.feature_extraction.text", "sklearn.impute", "sklearn.inspection"),
        *("sklearn.linear_model", "sklearn.metrics", "sklearn.model_selection", "sklearn.naive_bayes"),
        *("sklearn.neighbors", "sklearn.pipeline", "sklearn.preprocessing", "sklearn.tree", "sklearn.utils.validation"),
    ),
}
# Words in code that show what it will import. What is imported without them is imported behind the wall, and late.
_WORDS = {
    Warmth.TABLES: re.compile(r"\b(?:pandas|matplotlib|pylab|plt)\b"),
    Warmth.MODELS: re.compile(
        r"\b(?:scipy|sklearn|statsmodels|seaborn|joblib|pickle|importlib|runpy|__import__|spearman|kendall|interpolate)\b|%run\b"
    ),
}


def needed(code: Iterable[str]) -> Warmth:
    """The least warmth that has imported what this code names."""
    text = "\n".join(code)
    return next(
        (warmth for warmth in reversed(Warmth) if warmth in _WORDS and _WORDS[warmth].search(text)), Warmth.PLAIN
    )


def import_modules(warmth: Warmth) -> None:
    """Import every module of this warmth that is installed here."""
    for each in Warmth:
        for name in _MODULES[each]:
            with suppress(ImportError):
                importlib.import_module(name)
        if each is warmth:
            return


def touch() -> None:
    """Use what most exercises use, so that caches are full."""
    if pandas := sys.modules.get("pandas"):
        _touch_tables(pandas)


def settle() -> None:
    """Use once what asks the machine about itself, which the wall will refuse later."""
    if clusters := sys.modules.get("sklearn.cluster"):
        numpy = sys.modules["numpy"]
        clusters.KMeans(2, n_init=1).fit(numpy.eye(4))  # reads /proc for its thread pools


def _touch_tables(pandas: ModuleType) -> None:
    table = pandas.DataFrame({"k": list("aabc"), "v": [1, 2, 3, 4.0], "n": [1, 2, 3, None], "i": [1, 0, 1, 0]})
    table.groupby("k")["v"].agg(["sum", "mean"])
    table.loc[table["v"] > 1, "v"].mean()
    table.equals(table.copy())
    table.sort_values("v").isna().any().any()
    table.pivot_table(index="k", values="v")
    table.assign(z=table["v"] * 2)["z"].tolist()
    table.merge(table, on="k").drop_duplicates()
    pandas.read_csv(io.StringIO("a,b,c\n1,x,2.5\n2,,3\n")).head()
    pandas.to_datetime(pandas.Series(["2026-01-03", "2026-02-01"])).dt.month.tolist()
    repr(table)
