"""Runs in the browser's Python before all else: imports IPython without its terminal.

"import IPython" brings the terminal for one function that opens one: 116 modules, nearly half of all that is compiled
at a start, and packages that the manifest leaves out. Here it finds an empty module, and there is no IPython.embed.
"""

import sys
import types

_TERMINAL = "IPython.terminal.embed"
sys.modules[_TERMINAL] = types.ModuleType(_TERMINAL)
sys.modules[_TERMINAL].embed = None  # type: ignore[attr-defined]

import IPython  # noqa: E402  # only now

del sys.modules[_TERMINAL], IPython.embed
