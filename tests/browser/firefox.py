"""Firefox as it is installed (firefox-esr of Debian, or the one that FIREFOX names), driven over WebDriver BiDi."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

PROGRAM = os.environ.get("FIREFOX") or shutil.which("firefox-esr")


def launch(playwright: Playwright) -> Browser:
    """Without a window. The channel is what makes Playwright speak BiDi and not to a Firefox that it has patched."""
    return playwright.firefox.launch(channel="moz-firefox", executable_path=PROGRAM)
