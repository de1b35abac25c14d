"""Copies what the browser needs into ../static: our CSS, JS and images, and the vendored JS of others.

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
PACKAGE = re.compile(r"node_modules/((?:@[^/]+/)?[^/]+)/")
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


def write_editor() -> None:
    """The bundle of the packages that bundles/editor.js names, with their versions and licences."""
    inputs = json.loads((HERE / ".build" / "editor.json").read_text(encoding="utf-8"))["inputs"]
    packages = sorted({match[1] for name in inputs if (match := PACKAGE.match(name))})
    folder = STATIC / "vendor" / "editor"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(HERE / ".build" / "editor.js", folder / "editor.js")
    versions = [f"{name} {_about(name)['version']}\n" for name in packages]
    (folder / "VERSION").write_text("".join(versions), encoding="utf-8")
    licences = [f"{name}: {_about(name)['license']}\n\n{_licence(name)}\n" for name in packages]
    (folder / "LICENSE").write_text("\n".join(licences), encoding="utf-8")


def _about(package: str) -> dict[str, str]:
    return dict(json.loads((HERE / "node_modules" / package / "package.json").read_text(encoding="utf-8")))


def _licence(package: str) -> str:
    return (HERE / "node_modules" / package / "LICENSE").read_text(encoding="utf-8").strip()


def copy_own_files() -> None:
    """Our scripts and images, byte for byte."""
    for kind in ("js", "img"):
        shutil.copytree(HERE / kind, STATIC / kind, dirs_exist_ok=True)


if __name__ == "__main__":
    (STATIC / "css").mkdir(parents=True, exist_ok=True)
    write_css()
    write_govuk()
    write_editor()
    copy_own_files()
