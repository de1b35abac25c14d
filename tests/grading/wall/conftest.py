"""Other hosts and other users, as processes of their own: nothing here confines the tests' own process."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from grading.sandbox import landlock, linux
from grading.sandbox.modes import Mode

HOST = Path(__file__).with_name("host.py")
USERS = ("root", "nobody") if os.geteuid() == 0 else ("self",)
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def ask_host(what, *, python=sys.executable, **wishes):
    """What a process on such a host answers."""
    program = [str(python), str(HOST), what, json.dumps(wishes)]
    environment = {**os.environ, **ONE_THREAD, "SITE_SECRET": "the secret of the site"}
    ended = subprocess.run(program, capture_output=True, text=True, timeout=200, check=False, env=environment)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def told_behind(mode, code, **wishes):
    """The value of `told` after a learner's lines ran behind the wall."""
    (answer,) = ask_host("run", mode=mode, codes=[textwrap.dedent(code)], **wishes)
    assert "told" in answer, answer
    return answer["told"]


def _allows_namespaces():
    pid = os.fork()
    if pid == 0:
        wanted = linux.NEW_MOUNTS | (0 if os.geteuid() == 0 else linux.NEW_USER)
        os._exit(0 if linux.works(lambda: linux.unshare(wanted)) else 1)
    return os.waitpid(pid, 0)[1] == 0


@pytest.fixture(params=USERS)
def user(request):
    """Who runs the engine: root, which gives its children ids of their own, and somebody without rights."""
    return request.param


@pytest.fixture(params=[Mode.NAMESPACE, Mode.LANDLOCK], ids=str)
def mode(request):
    """The two modes that this repository's own wall offers, where this kernel has what they rest on."""
    if request.param is Mode.NAMESPACE and not _allows_namespaces():
        pytest.skip("This machine refuses namespaces.")
    if request.param is Mode.LANDLOCK and not landlock.version():
        pytest.skip("This kernel has no Landlock.")
    return request.param
