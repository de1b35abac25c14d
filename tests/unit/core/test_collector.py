"""What Python's collector has set aside, in processes of their own: it is one for the whole process."""

import json
import os
import subprocess
import sys

FOUND = """
import gc, json
from upskill.core.collector import spare_what_stays

class Kept: pass

def is_looked_through(one):
    return any(each is one for each in gc.get_objects())

before = Kept()
spare_what_stays(freezes=1, slow_seconds=%s)
found = [is_looked_through(before)]
later = Kept()
for generation in (1, 2):
    gc.collect(generation)
    found.append(is_looked_through(later))
last = Kept()
gc.collect()
found.append(is_looked_through(last))
print(json.dumps(found))
"""
SITE = "import gc, json, upskill.wsgi; print(json.dumps([gc.get_freeze_count(), len(gc.callbacks)]))"


def printed(program: str) -> list[int]:
    """What this program says, run by itself."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def test_what_is_there_and_what_the_next_full_collections_leave_is_set_aside_and_then_no_more():
    before, young, after_the_first, after_the_second = printed(FOUND % 0)

    assert (before, young, after_the_first, after_the_second) == (False, True, False, True)


def test_what_a_quick_collection_leaves_is_not_set_aside():
    assert printed(FOUND % 60) == [False, True, True, True]


def test_the_site_sets_aside_what_it_loads_before_it_forks_and_what_its_processes_load_later():
    frozen, callbacks = printed(SITE)

    assert frozen > 50_000
    assert callbacks == 1
