"""One step in the environment of the bench's own stack: `crowd PEOPLE`, `earlier ANSWERS`, `flood REGRADES RUSH`,
`reader`.

Prints what it made as JSON. It writes into the database that the environment names: the bench calls it, nobody else.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from upskill.management.bench_stack.stack import FOLDER_PREFIX


def main(step: str, numbers: list[int]) -> None:
    """Do the step and say what came of it. Refuses where the stack is not the bench's own."""
    if not Path(os.environ["UPSKILL_DATA"]).parent.name.startswith(FOLDER_PREFIX):
        sys.exit("This writes into a database that a bench has made for itself. Run a bench command of manage.py.")
    django.setup()
    from upskill.management.bench_stack import crowd, earlier, flood  # models: not before Django is set up
    from upskill.management.notebook_bench import reader

    steps: dict[str, Callable[..., dict[str, Any]]] = {
        "crowd": crowd.make,
        "earlier": earlier.make,
        "flood": flood.make,
        "reader": reader.make,
    }
    print(json.dumps(steps[step](*numbers)))


if __name__ == "__main__":
    main(sys.argv[1], [int(number) for number in sys.argv[2:]])
