"""What a shell uses before its first cell, so that the cell finds it done: imports, caches, and once one figure."""

import importlib
import sys
from types import ModuleType
from typing import Any

from IPython.core.pylabtools import activate_matplotlib

_INLINE_MODULE = "matplotlib_inline.backend_inline"
INLINE_BACKEND = f"module://{_INLINE_MODULE}"


_CELL = """\
def total(rows):
    \"\"\"Of the numbers.\"\"\"
    return sum(number for _, number in rows)

total([("a", 1)]);
"""


def use_once(ipython: Any) -> None:
    """All of it, in the warm process: what learners show, and one figure where matplotlib is loaded."""
    use_again(ipython)
    if "matplotlib" in sys.modules:
        _draw_inline(ipython)


def use_again(ipython: Any) -> None:
    """Compile a cell, render a traceback and format what learners show, without a trace in the notebook."""
    ipython.run_cell(_CELL, silent=True)
    ipython.user_ns.pop("total", None)
    try:
        1 / 0  # noqa: B018 (the error is what is wanted)
    except ZeroDivisionError as problem:
        ipython.InteractiveTB.structured_traceback(type(problem), problem, problem.__traceback__)
    ipython.displayhook.compute_format_data([1])
    if pandas := sys.modules.get("pandas"):
        ipython.displayhook.compute_format_data(pandas.DataFrame({"a": [1.5, None], "b": ["x", "y"]}))


def _draw_inline(ipython: Any) -> None:
    """Draw one figure as a cell would, then let matplotlib forget it: in a kernel, the first figure switches it on."""
    matplotlib: Any = importlib.import_module("matplotlib")
    pyplot: Any = importlib.import_module("matplotlib.pyplot")
    default, draw_if_interactive = matplotlib.rcParamsDefault._get("backend"), pyplot.draw_if_interactive
    inline = importlib.import_module(_INLINE_MODULE)
    activate_matplotlib(INLINE_BACKEND)
    inline.configure_inline_support(ipython, INLINE_BACKEND)
    figure, axes = pyplot.subplots()
    axes.plot([1, 2], label="a")
    axes.legend()
    ipython.displayhook.compute_format_data(figure)
    pyplot.close("all")
    inline.flush_figures()
    _switch_off(ipython, inline)
    matplotlib.interactive(False)
    matplotlib.rcParams._set("backend", INLINE_BACKEND)
    matplotlib.rcParamsDefault._set("backend", default)
    del matplotlib.backends.backend
    pyplot._backend_mod, pyplot.draw_if_interactive = None, draw_if_interactive


def _switch_off(ipython: Any, inline: ModuleType) -> None:
    """As before the inline backend was loaded: loading it again, for the first figure, switches all of it on."""
    importlib.import_module("matplotlib.pyplot").uninstall_repl_displayhook()
    while inline.flush_figures in ipython.events.callbacks["post_execute"]:
        ipython.events.unregister("post_execute", inline.flush_figures)
    settings = inline.InlineBackend.instance()
    ipython.configurables.remove(settings)
    inline.InlineBackend.clear_instance()
    for formatter in ipython.display_formatter.formatters.values():
        formatter.type_printers.pop(inline.Figure, None)
    del ipython._saved_rcParams
    del sys.modules[_INLINE_MODULE]
