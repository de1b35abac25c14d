"""Copies what the browser needs into ../static: our CSS, JS and images, and the vendored JS of govuk-frontend.

Run by ./build. Hashing of file names at deploy fails on a reference to a file that is not there, so source map
comments go, and a build that still names a typeface, crest or crown we have no licence for is stopped.
"""

import json
import re
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
STATIC = HERE.parent / "static"
SOURCE_MAP = re.compile(r"//# sourceMappingURL=\S*\s*$")
LOGO_RULE = re.compile(r"\.govuk-footer__crown\{[^}]*\}")  # a class for a logo this service does not show
NOT_OURS = ("GDS Transport", "crest", "crown")


def write_css() -> None:
    """The compiled style sheet, or a stop with the forbidden word that it contains."""
    css = LOGO_RULE.sub("", (HERE / ".build" / "app.css").read_text(encoding="utf-8-sig"))
    found = [word for word in NOT_OURS if word.lower() in css.lower()]
    if found:
        sys.exit(f"The built CSS contains {found}. It is not ours to use: take the rule out of scss/.")
    (STATIC / "css" / "app.css").write_text(css, encoding="utf-8")


def write_govuk() -> None:
    """The vendored script of govuk-frontend, with the version it came from and its licence."""
    package = HERE / "node_modules" / "govuk-frontend"
    folder = STATIC / "vendor" / "govuk"
    folder.mkdir(parents=True, exist_ok=True)
    script = (package / "dist" / "govuk" / "govuk-frontend.min.js").read_text(encoding="utf-8")
    (folder / "govuk-frontend.min.js").write_text(SOURCE_MAP.sub("", script), encoding="utf-8")
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    (folder / "VERSION").write_text(f"{version}\n", encoding="utf-8")
    shutil.copyfile(HERE / "licences" / "govuk-frontend.txt", folder / "LICENSE")


def copy_own_files() -> None:
    """Our scripts and images, byte for byte."""
    for kind in ("js", "img"):
        (STATIC / kind).mkdir(parents=True, exist_ok=True)
        for source in sorted((HERE / kind).iterdir()):
            shutil.copyfile(source, STATIC / kind / source.name)


if __name__ == "__main__":
    (STATIC / "css").mkdir(parents=True, exist_ok=True)
    write_css()
    write_govuk()
    copy_own_files()
