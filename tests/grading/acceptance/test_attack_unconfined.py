"""Attacks on an engine without a wall: every kind of harm is seen from outside, so that the tool can fail."""

import pytest

from tests.grading.acceptance.folders import attacked, judged, sandbox_folder

pytestmark = pytest.mark.slow  # starts engines

UNCONFINED = "unconfined:Unconfined"
CONNECT = "import socket\nsocket.create_connection(('127.0.0.1', {{TCP}}), 5).close()"
CONNECT_FILE = "import socket\nsocket.socket(socket.AF_UNIX).connect('{{UNIX}}')"
SEND = "import socket\nsocket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {{UDP}}))"
SEND_ABSTRACT = "import socket\nsocket.socket(socket.AF_UNIX).connect('\\0{{ABSTRACT}}')"
KILL = "import os\nos.kill({{VICTIM}}, 9)"
STOP = "import os\nos.kill({{VICTIM}}, 19)"
KILL_WORKER = "import os\nos.kill({{PPID}}, 9)"
DAEMON = (
    "import os, time\n"
    "if os.fork() == 0:\n    os.setsid()\n"
    "    for number in range(3): os.close(number)\n"
    "    if os.fork() == 0: time.sleep(60)\n    os._exit(0)"
)
SECRET = "import os\nprint([value for name, value in os.environ.items() if name == 'DATABASE_URL'])"
FORGE = "import os\nos._exit(0)"

HARM: dict[str, tuple[str, dict[str, object], list[str]]] = {
    "nothing": ("print('hello')", {}, []),
    "tcp": (CONNECT, {}, ["the TCP was reached"]),
    "udp": (SEND, {}, ["the UDP was reached"]),
    "unix": (CONNECT_FILE, {}, ["the socket file was reached"]),
    "abstract": (SEND_ABSTRACT, {}, ["the abstract socket was reached"]),
    "kill": (KILL, {}, ["the neighbouring process was ended"]),
    "stop": (STOP, {}, ["the neighbouring process is stopped"]),
    "daemon": (DAEMON, {}, ["a process was left behind"]),
    "overwrite": ("open('{{OTHER}}/submission.ipynb', 'w')", {}, ["submission.ipynb has changed"]),
    "writable": ("open('{{SECRETW}}', 'a').write('x')", {}, ["writable has changed"]),
    "secret": (SECRET, {}, ["the worker's secret was shown"]),
    "escaped": ("print('ESCAPED here')", {}, ["escaped: ESCAPED here"]),
    "not_escaped": ("print('ESCAPED here')", {"must_not_escape": False}, []),
    "forged": (FORGE, {"must_not_pass": True}, ["a check that nobody can pass was passed"]),
    "wrong_state": ("import os\nos._exit(7)", {}, ["ended as exit_7, not as done"]),
    "right_state": ("import os\nos._exit(7)", {"allowed_states": ["exit_7"]}, []),
    "script": ("print('<script>a()</script>')", {"render_check": True}, ["active content: <script>a()"]),
    "grader": ("open('{{PROTO}}/sbx.py', 'a').close()", {}, ["the marking engine changed"]),
    "unknown_token": ("print('{{NOVEL}}')", {}, ["the token NOVEL is not known"]),
    "unknown_kind": ("", {"kind": "exe"}, ["the kind exe is not known"]),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """All of it in one run: each case is also judged on the ground that the one before has left."""
    cases = [(text, {**fields, "id": name}) for name, (text, fields, _) in HARM.items()]
    return attacked(sandbox_folder(tmp_path_factory.mktemp("sandbox"), *cases), subject=UNCONFINED)


@pytest.mark.parametrize("name", HARM)
def test_harm_is_seen_from_outside(report, name):
    found, _ = report

    assert judged(found)[name] == HARM[name][2]


def test_a_run_with_harm_exits_with_one_and_counts_what_held(report):
    found, code = report

    assert (code, found["held"], found["of"]) == (1, sum(not why for *_, why in HARM.values()), len(HARM))


def test_unknown_kinds_are_listed_as_not_judged(report):
    found, _ = report

    assert [text.partition("/")[2] for text in found["not_judged"]] == [
        "unknown_kind: the kind exe is not known, only py, gen, nb are."
    ]


def test_a_killed_worker_is_reported_and_the_rest_still_runs(tmp_path):
    folder = sandbox_folder(tmp_path, (KILL_WORKER, {}), ("print(1)", {}))

    found, code = attacked(folder, subject=UNCONFINED)

    (lost,), held = judged(found)["case_0"], judged(found)["case_1"]
    assert lost.startswith("The worker that holds the engine was ended.")
    assert (held, code) == ([], 1)


def test_files_left_in_shared_folders_are_found_by_us_and_by_the_next_submission(tmp_path):
    poison = "open('/tmp/{{POISON}}', 'w')\nopen('{{BASE}}/pickled', 'w')"

    found, _ = attacked(sandbox_folder(tmp_path, (poison, {})), subject=UNCONFINED)

    why = judged(found)["case_0"]
    assert [text for text in why if text.startswith("/tmp/upskill-poison-")]  # noqa: S108
    assert [text for text in why if text.endswith("/submissions/pickled was left behind")]
    assert why[-1].startswith("the next submission did not run clean: failed")


def test_time_and_result_beyond_the_case_s_bounds_are_found(tmp_path):
    slow = ("import time\ntime.sleep(1.5)", {"max_wall_s": 1})
    loud = ("print('x' * 3_000_000)", {"max_result_mb": 2})
    busy = ("import time\nwhile time.process_time() < 2: pass", {"max_cpu_s": 1})
    fat = ("import time\nheld = bytearray(300_000_000)\ntime.sleep(1)", {"max_rss_mb": 200})

    found, _ = attacked(sandbox_folder(tmp_path, slow, loud, busy, fat), subject=UNCONFINED)

    more_than = [[text.partition(", ")[2] for text in why] for why in judged(found).values()]
    assert more_than == [["more than 1"], ["more than 2"], ["more than 1"], ["more than 200"]]


def test_known_weakness_is_a_note_and_no_excuse(tmp_path):
    case = ("print('ESCAPED x')", {"known_weak": {"landlock": "stat works"}})

    found, _ = attacked(sandbox_folder(tmp_path, case), subject=UNCONFINED)

    (case,) = found["cases"]
    assert (case["held"], case["notes"]) == (False, ["known weak: {'landlock': 'stat works'}"])
