"""The programs that ./test all asks about safety: each says when something is wrong, and when it could not look."""

import json
import os
import subprocess
import sys

import pytest

from tests.safety.known_holes import FOUND, NOT_RUN, read, told

from .test_settings import SAFE
from .tree import ROOT, python_files, text_of

KEY = "AKIA" + "QYLPMN5HHHFPZAM2"  # of the form of a cloud key, in two halves so that this file holds none


def run(*command: str, **environment: str) -> tuple[int, str]:
    """Exit status and output of a program in the repository."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


# --- manage.py check --deploy ---


def deploy_warnings(**changes: str) -> list[str]:
    """What Django says of a service with these settings; the API's schema is tested in tests/api."""
    random_enough = "Zq7".join("abcdefghijklmnopqrstuvwxyz")
    safe = {**SAFE, "SECRET_KEY": random_enough, "DEBUG": "", **changes}
    status, said = run("manage.py", "check", "--deploy", **safe)
    assert status == 0, said
    return [line for line in said.splitlines() if line.startswith("?:") and "(drf_spectacular." not in line]


def test_service_for_real_people_passes_every_check_of_deployment():
    assert deploy_warnings() == []


def test_check_of_deployment_finds_an_unsafe_setting():
    found = deploy_warnings(SECRET_KEY="short")

    assert [line for line in found if "security.W009" in line] != []


# --- bandit ---


def test_bandit_finds_what_is_planted(tmp_path):
    planted = tmp_path / "planted.py"
    planted.write_text("import pickle\n\n\ndef load(text):\n    return eval(text), pickle.loads(text)\n")

    status, said = run("-m", "bandit", "-q", "-ll", str(planted))

    assert (status, "B307" in said, "B301" in said) == (1, True, True)


def test_every_exception_from_bandit_names_its_test_and_says_why():

    lines = [line for path in python_files("platform/", "grading/") for line in text_of(path).splitlines()]
    excepted = [line for line in lines if "# nosec" in line]

    assert [line for line in excepted if not _says_why(line)] == []


def _says_why(line: str) -> bool:
    """Words before `# nosec`, and after it nothing but the names of tests."""
    before, _, after = line.partition("# nosec")
    comment = before.partition("#")[2].replace("noqa:", "")
    return len(comment.split()) > 3 and all(word.startswith("B") and word[1:].isdigit() for word in after.split())


# --- detect-secrets ---


def test_a_planted_key_is_found(tmp_path):
    planted = tmp_path / "settings.py"
    planted.write_text(f'aws_access_key_id = "{KEY}"\n')

    status, said = run("-m", "tests.safety.secrets", str(planted))

    assert (status, "AWS Access Key" in said) == (1, True)


def test_a_file_without_a_key_passes(tmp_path):
    plain = tmp_path / "plain.py"
    plain.write_text("name = 'Alice'\n")

    assert run("-m", "tests.safety.secrets", str(plain))[0] == 0


# --- pip-audit ---


def answer(*packages: dict) -> str:
    return json.dumps({"dependencies": list(packages), "fixes": []})


SOUND = {"name": "django", "version": "5.2.19", "vulns": []}
HOLED = {
    "name": "pillow",
    "version": "9.0.0",
    "vulns": [{"id": "PYSEC-2022-10", "fix_versions": ["9.0.1"], "aliases": [], "description": "..."}],
}
UNKNOWN = {"name": "celery", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("packages", "status", "words"),
    [
        ([SOUND], 0, "1 packages, no known hole"),
        ([SOUND, HOLED], FOUND, "pillow 9.0.0: PYSEC-2022-10, mended in 9.0.1"),
        ([UNKNOWN, HOLED], FOUND, "pillow 9.0.0: PYSEC-2022-10, mended in 9.0.1"),
        ([SOUND, UNKNOWN], NOT_RUN, "not run: the database of known holes knew nothing of 1 of 2 packages."),
        ([], NOT_RUN, "not run: the database of known holes knew nothing of 0 of 0 packages."),
    ],
)
def test_silence_about_a_package_is_not_taken_for_safety(packages, status, words):
    assert told(read(answer(*packages))) == (status, words)


def test_anything_but_an_answer_is_none():
    with pytest.raises(ValueError, match="Expecting value"):
        read("ERROR: no network")


def test_all_three_are_part_of_the_whole_check():
    script = text_of("test")

    assert "bandit -q -ll -r platform grading manage.py" in script
    assert "tests.safety.secrets" in script
    assert "tests.safety.known_holes" in script
