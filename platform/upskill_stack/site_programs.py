"""The programs of the site, and the environment that a local one needs."""

import os
import secrets
import signal
import sys
from pathlib import Path

from upskill_stack.supervision import Order

ROOT = Path(__file__).resolve().parents[2]
FETCHER = "browser-runtime"
SITE = (FETCHER, "beat", "bookkeeper", "housekeeper", "worker", "web")  # in the order in which they stop

OFF = ("off", "no", "false", "0")


def orders(environment: dict[str, str], *, port: int) -> list[Order]:
    """How web, worker, housekeeper, bookkeeper, beat and the fetching of Python for the browser are started, web first.

    The housekeeper sends mail and sweeps the queue: both must go on while every marking slot is busy, and while the
    bookkeeper does what takes minutes: the nightly figures, and files of staff records. What fetches ends by itself;
    when it could not, the next start tries again.
    """
    gunicorn = ["gunicorn", "upskill.wsgi", "--bind", f"127.0.0.1:{port}", "--preload", "--no-control-socket"]
    # A connection is kept longer than a client pauses: closed under a request, it would look like a failure of ours.
    gunicorn += ["--keep-alive", "75"]
    celery, solo = ["celery", "--app", "upskill"], ["worker", "--pool", "solo", "--loglevel", "INFO"]
    commands = {
        "web": [*gunicorn, "--worker-class", "gthread", "--workers", "2", "--threads", "8"],
        "worker": [*celery, "worker", "--concurrency", "2", "--queues", "marking", "--loglevel", "INFO"],
        "housekeeper": [*celery, *solo, "--queues", "housekeeping", "--hostname", "housekeeper@%h"],
        "bookkeeper": [*celery, *solo, "--queues", "bookkeeping", "--hostname", "bookkeeper@%h"],
        "beat": [*celery, "beat", "--scheduler", "celery.beat.Scheduler", "--pidfile=", "--loglevel", "INFO"],
    }
    if environment.get("UPSKILL_BROWSER_RUNTIME", "").strip().lower() not in OFF:
        commands[FETCHER] = ["django", "fetch_browser_runtime"]
    return [
        Order(
            name=name,
            command=[sys.executable, "-m", *command],
            environment=environment,
            folder=str(ROOT),
            # Celery would wait for a broker that has gone as well; its children end when their parent does.
            dies_by=signal.SIGQUIT if name == "web" else signal.SIGKILL,
        )
        for name, command in commands.items()
    ]


def data_folder() -> Path:
    """The folder that UPSKILL_DATA names, or var/ beside this code."""
    return Path(os.environ.get("UPSKILL_DATA") or ROOT / "var").absolute()


def site_environment(addresses: dict[str, str], *, data: Path) -> dict[str, str]:
    """Our environment with everything that a local site needs besides; what we have set ourselves stays."""
    local = {
        "DJANGO_SETTINGS_MODULE": "upskill.settings",
        "DEBUG": "true",
        "SECRET_KEY": _secret_key(data / "secret.key"),
        "PYTHONUNBUFFERED": "1",
    }
    ours = {name: value for name, value in os.environ.items() if value}
    path = os.pathsep.join([str(ROOT / "platform"), str(ROOT)])
    return {**local, **ours, **addresses, "UPSKILL_DATA": str(data), "PYTHONPATH": path}


def _secret_key(path: Path) -> str:
    """The key in `path`, made at the first start."""
    if not path.exists():
        new = path.with_name(f"{path.name}.{os.getpid()}")
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(50))
        try:
            os.link(new, path)  # unlike a rename, never replaces the key of somebody who came first
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return path.read_text()
