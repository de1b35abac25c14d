"""The brokers that the site is tried with: the Valkey that ./run brings, and RabbitMQ where it is installed."""

import os
import secrets
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import redis

from tests.running import RunningSite, free_port, wait_until

_PLACES = os.pathsep.join(["/usr/lib/rabbitmq/bin", "/opt/homebrew/sbin", os.environ.get("PATH", os.defpath)])
RABBITMQ = shutil.which("rabbitmq-server", path=_PLACES)
START_SECONDS = 90


class Valkey:
    """The site's own. ./run starts it again when it dies."""

    settings: dict[str, str] = {}

    def kill(self, site: RunningSite) -> bool:
        """It dies, and knows nothing of its messages when it comes back."""
        pid = site.stack.supervisor.process_ids().get("valkey")
        if pid is None:
            return False
        with suppress(redis.RedisError):
            redis.Redis(unix_socket_path=str(site.stack.folders.server_sockets / "valkey.sock")).flushall()
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            return True
        return False


class RabbitMQ:
    """A node of the test's own, with quorum queues, which is started again when it dies."""

    def __init__(self, folder: Path) -> None:
        self._port, self._folder = free_port(), folder
        self.settings = {"CELERY_BROKER_URL": f"amqp://127.0.0.1:{self._port}//"}  # as guest
        self._home = folder / "home"
        self._home.mkdir(parents=True)
        self._environment = {
            "PATH": _PLACES,
            "HOME": str(self._home),
            "LC_ALL": "C.UTF-8",
            "ERL_EPMD_PORT": str(free_port()),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_NODE_PORT": str(self._port),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"upskill-{secrets.token_hex(4)}@localhost",
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(folder / "none"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
        }
        self._is_over, self._is_away = threading.Event(), threading.Event()
        self._process = self._started()
        self._keeper = threading.Thread(target=self._keep_up)
        self._keeper.start()

    def wait_ready(self) -> None:
        """Returns once it takes connections."""
        assert wait_until(self._answers, seconds=START_SECONDS, pause=0.5), self._said()

    def kill(self, site: RunningSite) -> bool:
        """It dies; what was confirmed is on its disk."""
        process = self._process
        if process.poll() is not None:
            return False
        os.killpg(process.pid, signal.SIGKILL)
        return True

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """While the block lasts, it takes connections and answers nothing."""
        node = self._process.pid
        os.killpg(node, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(node, signal.SIGCONT)

    @contextmanager
    def away(self) -> Iterator[None]:
        """While the block lasts, nothing listens."""
        self._is_away.set()
        os.killpg(self._process.pid, signal.SIGKILL)
        try:
            yield
        finally:
            self._is_away.clear()
            self.wait_ready()

    def close(self) -> None:
        """End it, and the name server that Erlang has started beside it."""
        self._is_over.set()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._keeper.join()
        wait_until(self._is_forgotten, seconds=10)

    def _is_forgotten(self) -> bool:
        """Whether the name server has noticed that the node is gone, and has ended."""
        return subprocess.run(["epmd", "-kill"], env=self._environment, capture_output=True).returncode == 0

    def _started(self) -> subprocess.Popen[bytes]:
        assert RABBITMQ
        with (self._folder / "output.txt").open("ab") as output:
            return subprocess.Popen(
                [RABBITMQ],
                env=self._environment,
                stdout=output,
                stderr=output,
                cwd=self._folder,
                start_new_session=True,
            )

    def _keep_up(self) -> None:
        while not self._is_over.wait(0.5):
            if self._process.poll() is not None and not self._is_away.is_set():
                self._process = self._started()
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        import amqp  # a client of RabbitMQ, which a site with Valkey never loads

        try:
            with amqp.Connection(f"127.0.0.1:{self._port}", connect_timeout=2):
                return True
        except (OSError, amqp.AMQPError):
            return False

    def _said(self) -> str:
        return (self._folder / "output.txt").read_text(errors="replace")[-2000:]


@contextmanager
def started(name: str, folder: Path) -> Iterator[Valkey | RabbitMQ]:
    """The broker of this name, for a site whose settings are extended by its own."""
    if name == "valkey":
        yield Valkey()
        return
    broker = RabbitMQ(folder)
    try:
        broker.wait_ready()
        yield broker
    finally:
        broker.close()
