"""The database server of the local stack: PostgreSQL on a Unix socket in a folder that only its user may enter."""

import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg

from upskill_stack.binaries import Program, find_postgres
from upskill_stack.folders import Folders, as_owner, make_private
from upskill_stack.problems import StackProblem, disk_full
from upskill_stack.supervision import Order, clean_environment

NAME = "postgres"
TITLE = "PostgreSQL"
ROLE = DATABASE = "upskill"

# The socket's folder keeps strangers out, so the server trusts whoever gets in (see folders.py).
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "cluster_name": "upskill",
    "max_wal_size": "512MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def prepare(folders: Folders, *, durable: bool = True) -> Order:
    """Make the database's files if there are none yet, and return how the server is started.

    Without `durable`, data survives the server's sudden death but not the machine's: good for tests, and faster.
    """
    program = find_postgres(folders)
    data = folders.server_data(NAME)
    if not data.exists():
        _make_files(program, folders)
    _check_version(program, data)
    settings = SETTINGS | {"unix_socket_directories": f'"{folders.server_sockets}"'} | ({} if durable else NOT_DURABLE)
    command = [str(program.path), "-D", str(data), *(f"--{name}={value}" for name, value in settings.items())]
    return Order(
        name=NAME, command=command, environment=clean_environment(), owner=folders.owner, dies_by=signal.SIGINT
    )


def is_ready(folders: Folders) -> bool:
    """Whether the server takes connections and the database is there; makes the database when it is missing."""
    try:
        _connect(folders, DATABASE).close()
    except psycopg.OperationalError as refusal:
        if f'database "{DATABASE}" does not exist' not in str(refusal):
            return False
        with _connect(folders, "postgres") as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
    return True


def url(folders: Folders) -> str:
    """The server's address for DATABASE_URL."""
    return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(folders.server_sockets), safe='')}"


def _connect(folders: Folders, database: str) -> psycopg.Connection:
    return psycopg.connect(
        host=str(folders.server_sockets), user=ROLE, dbname=database, autocommit=True, connect_timeout=5
    )


def _make_files(program: Program, folders: Folders) -> None:
    """Run initdb beside the final place and rename, so that a half-made database is never used."""
    data = folders.server_data(NAME)
    half = data.with_name(f"{NAME}.half")
    shutil.rmtree(half, ignore_errors=True)
    make_private(half, owner=folders.owner)
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if program.version[0] >= 17 else []
    command = [str(program.path.with_name("initdb")), "-D", str(half), "-U", ROLE, "-E", "UTF8", "--locale=C", *locale]
    command += ["--auth-local=trust", "--auth-host=reject", "--data-checksums", "--no-instructions"]
    made = subprocess.run(
        command, cwd="/", env=clean_environment(), capture_output=True, text=True, **as_owner(folders.owner)
    )
    if made.returncode:
        if "No space left" in made.stderr:
            raise StackProblem(disk_full(folders.home))
        raise StackProblem(f"PostgreSQL could not make its database files in {half}:\n{made.stderr.strip()}")
    half.rename(data)


def _check_version(program: Program, data: Path) -> None:
    made_by = (data / "PG_VERSION").read_text().strip()
    if made_by != str(program.version[0]):
        raise StackProblem(
            f"The database in {data} was made by PostgreSQL {made_by}, and {program.path} is {program.version[0]}. "
            f"Name the folder of PostgreSQL {made_by} in UPSKILL_PG_BIN, or delete {data} to start afresh."
        )
