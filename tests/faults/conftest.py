"""What a host must allow for some of the faults."""

import os
import subprocess

from tests.faults.brokers import RABBITMQ

_PROBE = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]  # in a view of the disk of its own


def _may_mount() -> bool:
    return os.geteuid() == 0 and subprocess.run(_PROBE, capture_output=True).returncode == 0


collect_ignore = [] if _may_mount() else ["test_full_disk.py"]  # a small disk has to be mounted
collect_ignore += [] if RABBITMQ else ["test_rabbitmq.py"]
