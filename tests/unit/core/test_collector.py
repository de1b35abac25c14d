"""What Python's collector has set aside, in processes of their own: it is one for the whole process."""

import json
import os
import subprocess
import sys

COUNTED = """
import gc, json
from upskill.core.collector import spare_what_stays

class Kept: pass

def is_looked_through(one):
    return any(each is one for each in gc.get_objects())

before, later, last = Kept(), Kept(), Kept()
spare_what_stays(freezes=1)
found = [is_looked_through(before)]
later = Kept()
gc.collect(1)
found.append(is_looked_through(later))
gc.collect()
found.append(is_looked_through(later))
last = Kept()
gc.collect()
found.append(is_looked_through(last))
print(json.dumps(found))
"""
SITE = "import gc, upskill.wsgi; print(gc.get_freeze_count())"


def printed(program: str) -> str:
    """What this program says, run by itself."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "upskill.settings"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def test_what_is_there_and_what_the_next_full_collections_leave_is_set_aside_and_then_no_more():
    set_aside, young, survived, after_the_last = json.loads(printed(COUNTED))
    assert (set_aside, young, survived, after_the_last) == (False, True, False, True)


def test_the_site_sets_aside_what_it_loads_before_it_forks():
    assert int(printed(SITE)) > 50_000
