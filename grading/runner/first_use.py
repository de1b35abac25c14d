"""What a shell does once before it is forked, so that children find it done: imports, caches and one figure."""

import importlib
import sys
from contextlib import suppress
from typing import Any

from IPython.core.pylabtools import activate_matplotlib

INLINE_BACKEND = "module://matplotlib_inline.backend_inline"


def use_once(ipython: Any) -> None:
    """Compile a cell, render a traceback and format what learners show, without a trace in the notebook."""
    ipython.run_cell("1;", silent=True)
    try:
        1 / 0  # noqa: B018 (the error is what is wanted)
    except ZeroDivisionError as problem:
        ipython.InteractiveTB.structured_traceback(type(problem), problem, problem.__traceback__)
    ipython.displayhook.compute_format_data([1])
    with suppress(ImportError):
        _draw_inline(ipython)
    if pandas := sys.modules.get("pandas"):
        ipython.displayhook.compute_format_data(pandas.DataFrame({"a": [1.5, None], "b": ["x", "y"]}))


def _draw_inline(ipython: Any) -> None:
    """Make matplotlib draw into cells, as it does in a kernel from its first figure on, and draw that figure."""
    pyplot = importlib.import_module("matplotlib.pyplot")
    inline = importlib.import_module("matplotlib_inline.backend_inline")
    activate_matplotlib(INLINE_BACKEND)
    inline.configure_inline_support(ipython, INLINE_BACKEND)
    figure, axes = pyplot.subplots()
    axes.plot([1, 2], label="a")
    axes.legend()
    ipython.displayhook.compute_format_data(figure)
    pyplot.close("all")
    inline.flush_figures()
