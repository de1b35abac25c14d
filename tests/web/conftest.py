"""Pages are the same whether or not this machine happens to have Python for the browser."""

import pytest


@pytest.fixture(autouse=True)
def _without_browser_runtime(settings) -> None:
    """Whoever wants it says so."""
    settings.BROWSER_RUNTIME_DIR = None
