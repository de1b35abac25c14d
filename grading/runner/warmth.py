"""What the warm process imports and uses once, so that the children it forks find it done and share its memory."""

import importlib
import io
import sys
from contextlib import suppress
from types import ModuleType

WARM_MODULES = (
    *("ast", "bisect", "collections", "csv", "dataclasses", "datetime", "decimal", "enum", "fractions", "functools"),
    *("heapq", "inspect", "io", "itertools", "json", "math", "operator", "random", "re", "sqlite3", "statistics"),
    *("string", "textwrap", "typing", "unittest.mock", "urllib.parse", "zoneinfo"),
    *("numpy", "numpy.testing", "pandas", "pandas.testing", "scipy.stats", "matplotlib.pyplot"),
    *("sklearn.base", "sklearn.cluster", "sklearn.compose", "sklearn.datasets", "sklearn.dummy", "sklearn.ensemble"),
    *("sklearn.feature_extraction.text", "sklearn.impute", "sklearn.inspection", "sklearn.linear_model"),
    *("sklearn.metrics", "sklearn.model_selection", "sklearn.naive_bayes", "sklearn.neighbors", "sklearn.pipeline"),
    *("sklearn.preprocessing", "sklearn.tree", "sklearn.utils.validation"),
)


def import_all() -> None:
    """Import every module that is installed here."""
    for name in WARM_MODULES:
        with suppress(ImportError):
            importlib.import_module(name)


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
