"""What the browser is given: pinned, licensed, complete, and fit for the strict Content-Security-Policy."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
FRONTEND = ROOT / "frontend"
TEMPLATES = sorted((ROOT / "platform" / "upskill" / "web" / "templates").rglob("*.html"))
TEXT_FILES = sorted(path for path in STATIC.rglob("*") if path.suffix in {".css", ".js", ".svg", ""} and path.is_file())
LICENCE = STATIC / "vendor" / "govuk" / "LICENSE"


def locked_version(package: str) -> str:
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    return lock["packages"][f"node_modules/{package}"]["version"]


def words_found(paths: list[Path], *, pattern: str) -> list[str]:
    """Where the pattern stands: 'file: what was found', for a message that names the culprit."""
    found = re.compile(pattern, re.IGNORECASE)
    return [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in paths
        for match in found.finditer(path.read_text(encoding="utf-8"))
    ]


def test_vendored_version_is_the_locked_and_exactly_pinned_one():
    wanted = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))["devDependencies"]["govuk-frontend"]

    vendored = (STATIC / "vendor" / "govuk" / "VERSION").read_text(encoding="utf-8").strip()

    assert (vendored, wanted) == (locked_version("govuk-frontend"), vendored)


def test_built_css_comes_from_the_locked_version():
    css = (STATIC / "css" / "app.css").read_text(encoding="utf-8")

    built_from = re.search(r"--govuk-frontend-version: ?\"([^\"]+)\"", css)

    assert built_from is not None
    assert built_from.group(1) == locked_version("govuk-frontend")


def test_vendor_folder_carries_its_licence():
    files = sorted(path.name for path in LICENCE.parent.iterdir())

    assert files == ["LICENSE", "VERSION", "govuk-frontend.min.js"]
    assert LICENCE.read_text(encoding="utf-8") == (FRONTEND / "licences" / "govuk-frontend.txt").read_text(
        encoding="utf-8"
    )


def test_nothing_that_only_gov_uk_may_use_is_served():
    ours = [path for path in TEXT_FILES if path != LICENCE]  # the licence says "Crown Copyright", as it must

    assert words_found(ours, pattern="GDS Transport|crest|crown") == []


def test_served_files_have_no_typeface_and_no_picture_of_the_vendor():
    kinds = sorted({path.suffix for path in STATIC.rglob("*") if path.is_file()})

    assert kinds == ["", ".css", ".js", ".png", ".svg"]
    assert sorted(path.name for path in (STATIC / "img").iterdir()) == ["favicon.png", "favicon.svg"]


def test_css_asks_for_no_other_file():
    assert words_found([STATIC / "css" / "app.css"], pattern=r"url\([^)]*\)|@import[^;]*|@font-face") == []


def test_no_source_map_comment_is_left_to_stop_the_hashing_of_names():
    assert words_found(TEXT_FILES, pattern="sourceMappingURL") == []


@pytest.mark.parametrize("kind", ["js", "img"])
def test_own_files_are_the_sources_byte_for_byte(kind):
    sources, served = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (FRONTEND / kind, STATIC / kind)
    )

    assert served == sources


def test_scripts_import_only_files_that_are_there():
    imports = [
        (script, target)
        for script in sorted((STATIC / "js").rglob("*.js"))
        for target in re.findall(r'from "([^"]+)"', script.read_text(encoding="utf-8"))
    ]

    missing = [target for script, target in imports if not (script.parent / target).resolve().is_file()]

    assert (STATIC / "js" / "init.js", "../vendor/govuk/govuk-frontend.min.js") in imports
    assert (STATIC / "js" / "notebook" / "editor.js", "../../vendor/editor/editor.js") in imports
    assert missing == []


def test_versions_of_the_editor_are_the_locked_ones_and_each_comes_with_its_licence():
    folder = STATIC / "vendor" / "editor"
    vendored = dict(line.split() for line in (folder / "VERSION").read_text(encoding="utf-8").splitlines())

    licences = re.findall(
        r"^(\S+): (.+)$\n\n(?=\S)", (folder / "LICENSE").read_text(encoding="utf-8"), flags=re.MULTILINE
    )

    assert vendored == {package: locked_version(package) for package in vendored}
    assert {"@codemirror/view", "@codemirror/lang-python", "dompurify"} <= vendored.keys()
    assert vendored.keys() <= {package for package, _ in licences}


def test_templates_name_only_static_files_that_are_there():
    named = {name for path in TEMPLATES for name in re.findall(r"{% static '([^']+)' %}", path.read_text("utf-8"))}

    missing = sorted(name for name in named if not (STATIC / name).is_file())

    assert {"css/app.css", "js/boot.js", "js/init.js", "img/favicon.svg", "img/favicon.png"} <= named
    assert missing == []


def test_lock_names_no_package_host():
    assert words_found([FRONTEND / "package-lock.json", FRONTEND / ".npmrc"], pattern=r'"resolved"|registry\.') == []


def test_templates_have_nothing_inline_that_the_policy_would_block():
    inline = r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=|\son[a-z]+=|javascript:"

    assert words_found(TEMPLATES, pattern=inline) == []


def test_templates_ask_no_other_site_for_anything():
    assert words_found(TEMPLATES, pattern=r"(?:src|href|action)=[\"'](?:https?:)?//[^\"']*") == []


def test_every_word_of_a_template_goes_through_gettext():
    spoken = {path.name: untranslated(path.read_text(encoding="utf-8")) for path in TEMPLATES}

    assert {name: words for name, words in spoken.items() if words} == {}


def untranslated(template: str) -> list[str]:
    """Words that stand in a template as they are: text, and the attributes that are read out."""
    template = re.sub(r"{% comment %}.*?{% endcomment %}", "", template, flags=re.DOTALL)
    template = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}", "", template, flags=re.DOTALL)
    template = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", template, flags=re.DOTALL)
    read_out = re.findall(r"\s(?:aria-label|alt|title|placeholder)=[\"']([^\"']*)[\"']", template)
    text = re.sub(r"<!--.*?-->|<[^>]*>|&[a-z]+;", " ", template, flags=re.DOTALL)
    return [words for words in [*read_out, *text.split()] if re.search(r"[A-Za-z]{2}", words)]


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ('<p>{% translate "Hello" %} {{ name }}</p>', []),
        ("<p>Hello {{ name }}</p>", ["Hello"]),
        ('<nav aria-label="Menu"></nav>', ["Menu"]),
        ("{% blocktranslate %}Page {{ n }}{% endblocktranslate %}", []),
        ("{% comment %}For authors{% endcomment %}<svg viewBox='0 0 1 1'></svg>&nbsp;", []),
    ],
)
def test_untranslated_finds_words_that_stand_in_a_template_as_they_are(template, words):
    assert untranslated(template) == words


def luminance(colour: str) -> float:
    """WCAG's relative luminance of a colour such as #fff or #12436d."""
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_black_on_white_is_21():
    assert round(contrast("#000", "#ffffff"), 2) == 21


@pytest.mark.parametrize("level", range(5))
def test_figures_in_a_heatmap_can_be_read_on_their_colour(level):
    css = (STATIC / "css" / "app.css").read_text(encoding="utf-8")

    cell = re.search(rf"\.app-heat__cell--{level}{{color:(#\w+);background:(#\w+)}}", css)

    assert cell is not None
    assert contrast(cell.group(1), cell.group(2)) >= 4.5


def test_colours_of_code_can_be_read_on_grey():
    source = (FRONTEND / "scss" / "_notebook.scss").read_text(encoding="utf-8")

    colours = re.findall(r"^  \.\w.*color: (#\w+);", source, flags=re.MULTILINE)

    assert len(colours) == 6
    assert [colour for colour in colours if contrast(colour, "#f7f8f8") < 4.5] == []
