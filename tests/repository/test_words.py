"""What must not stand in any file: other people's machines, unfinished work, and tests that do not test."""

import re

import pytest

from .tree import NOT_OURS, ROOT, python_files, text_of, tracked

TEXTS = [path for path in tracked() if not path.startswith(NOT_OURS) and not path.endswith((".csv", ".png", ".ipynb"))]

# Written in two halves, so that this file does not hold what it looks for.
PACKAGE_HOSTS = ["py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "conda" + ".anaconda"]
MACHINES = [r"(?<![\w.~])/" + folder + r"/\w" for folder in ("root", "home", "Users", "work", "mnt")]
UNFINISHED = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
NO_TESTS = [r"unittest\." + "mock", r"import " + "mock", r"pytest\." + r"(mark\.)?skip", r"x" + "fail\\("]


# Cells as authors write them, stand-ins included; and what a host must offer for its wall to be tried at all.
ABOUT_TESTS = ("tests/grading/link/", "tests/grading/lint/", "tests/grading/wall/")


def found(patterns: list[str], *, paths: list[str], flags: int = 0) -> list[str]:
    """Where one of the patterns stands: 'path: what was found'."""
    sought = re.compile("|".join(f"(?:{pattern})" for pattern in patterns), flags)
    return [f"{path}: {match.group(0)}" for path in paths for match in sought.finditer(text_of(path))]


def test_no_file_names_a_host_of_packages():
    names = [re.escape(name) for name in PACKAGE_HOSTS]

    assert found(names, paths=[path for path in tracked() if not path.startswith("static/vendor/")]) == []


def test_locks_carry_hashes_and_no_addresses():
    locks = [path for path in tracked() if path.startswith("requirements/") and path.endswith(".txt")]

    assert found([r"https?://"], paths=locks) == []
    assert [path for path in locks if "--hash=sha256:" not in text_of(path)] == []
    assert len(locks) == 3


def test_no_file_names_a_folder_of_somebodys_machine():
    assert found(MACHINES, paths=TEXTS) == []


def test_nothing_is_left_for_later_without_a_place():
    words = [rf"\b{word}\b" for word in UNFINISHED]

    assert found(words, paths=TEXTS) == []


def test_no_test_is_left_out_or_runs_against_a_stand_in_of_our_own_code():
    assert found(NO_TESTS, paths=[path for path in python_files("tests/") if not path.startswith(ABOUT_TESTS)]) == []


def test_no_code_is_kept_as_a_comment_of_a_conflict():
    assert found([r"^<{7} ", r"^>{7} ", r"^={7}$"], paths=TEXTS, flags=re.MULTILINE) == []


def test_no_file_ends_without_a_line_end():
    assert [path for path in TEXTS if (text := text_of(path)) and not text.endswith("\n")] == []


def test_no_file_has_line_ends_of_another_system():
    assert [path for path in TEXTS if "\r\n" in text_of(path)] == []


def test_no_secret_is_tracked():
    assert found([r"-----BEGIN [A-Z ]*PRIVATE KEY", r"AKIA[0-9A-Z]{16}"], paths=TEXTS) == []
    assert [path for path in tracked() if path.startswith("var/") or path.endswith((".key", ".pem", ".env"))] == []


# --- Licences ---


def test_code_is_under_the_mit_licence():
    assert text_of("LICENSE").startswith("MIT License\n")
    assert 'license = "MIT"' in text_of("pyproject.toml")


def test_course_text_is_under_cc_by():
    assert "Creative Commons Attribution 4.0" in text_of("courses/LICENSE")
    courses = [path for path in tracked() if path.endswith("/course.yml") and path.startswith("courses/")]
    assert [path for path in courses if "licence: CC-BY-4.0" not in text_of(path)] == []


def test_data_of_others_stands_beside_its_source_and_licence():
    folders = {path.rpartition("/")[0] for path in tracked() if path.endswith(".csv") and path.startswith("platform/")}

    assert [folder for folder in folders if "Open Government Licence v3.0" not in text_of(f"{folder}/README.md")] == []


@pytest.mark.parametrize("name", ["run", "test", "manage.py", ".ci/run", "requirements/refresh"])
def test_commands_can_be_run(name):
    assert (ROOT / name).stat().st_mode & 0o111
    assert text_of(name).startswith("#!")


# --- Documents ---


def without_examples(text: str) -> str:
    """Without lines of code, whose links are about other places."""
    return re.sub(r"^ {4}.*$", "", text, flags=re.MULTILINE)


def test_links_between_documents_lead_somewhere():
    documents = [path for path in tracked() if path.endswith(".md") and not path.startswith(("courses/", "static/"))]
    broken = [
        f"{path}: {target}"
        for path in documents
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", without_examples(text_of(path)))
        if not (ROOT / path).parent.joinpath(target).exists()
    ]

    assert broken == []


def test_every_decision_is_listed_and_says_why_and_what_it_costs():
    files = [path for path in tracked() if re.match(r"docs/decisions/\d{4}-", path)]

    assert [path for path in files if path.rpartition("/")[2] not in text_of("docs/decisions/README.md")] == []
    assert [path for path in files if not re.search(r"\*\*(Why|Costs)", text_of(path))] == []
