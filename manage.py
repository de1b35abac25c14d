#!/usr/bin/env python3
"""Django's commands, with PostgreSQL and Valkey up for as long as the command runs (see upskill_stack.services)."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
NEED_NO_SERVERS = {"help", "--help", "-h", "version", "--version"}
FILES_ALONE = {"check_course", "new_course", "new_exercise", "import_notebook", "export_notebook"}  # authors': seconds
NOWHERE = {"DATABASE_URL": "postgresql://nobody@localhost/none", "CELERY_BROKER_URL": "redis://localhost/0"}


def main() -> None:
    """Run the command on the command line."""
    use_our_python()
    sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upskill.settings")
    from django.core.management import execute_from_command_line

    from upskill_stack import services, site_programs
    from upskill_stack.problems import StackProblem

    if len(sys.argv) < 2 or sys.argv[1] in NEED_NO_SERVERS:
        execute_from_command_line(sys.argv)
        return
    data = site_programs.data_folder()
    if sys.argv[1] in FILES_ALONE:  # the settings want addresses, which nobody asks
        data.mkdir(parents=True, exist_ok=True)
        addresses = {name: os.environ.get(name) or address for name, address in NOWHERE.items()}
        os.environ.update(site_programs.site_environment(addresses, data=data))
        execute_from_command_line(sys.argv)
        return
    try:
        with services.running(data) as addresses:
            if addresses:  # a local stack; with both addresses named, every setting is the operator's
                os.environ.update(site_programs.site_environment(addresses, data=data))
            execute_from_command_line(sys.argv)
    except StackProblem as problem:
        sys.exit(str(problem))


def use_our_python() -> None:
    """Go on with .venv's Python when this one has no Django."""
    ours = ROOT / ".venv" / "bin" / "python"
    if find_spec("django") and find_spec("psycopg"):
        return
    if not ours.exists() or Path(sys.prefix) == ROOT / ".venv":
        sys.exit("Django is not installed. Prepare the Python packages with: ./run setup")
    os.execv(ours, [str(ours), *sys.argv])  # noqa: S606 - the same command line, in another Python


if __name__ == "__main__":
    main()
