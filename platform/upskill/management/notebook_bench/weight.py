"""What our own scripts and styles weigh as they are served: packed where the server packs them."""

from collections.abc import Iterable
from urllib.parse import urlsplit

import requests

from upskill.browser_runtime.places import PREFIX
from upskill.management.bench_stack.stack import BenchProblem


def kilobytes(addresses: Iterable[str]) -> float:
    """Of all these scripts and styles but the files of Python. Raises BenchProblem where one does not come."""
    return round(sum(map(_served, own(addresses))) / 1000, 1)


def own(addresses: Iterable[str]) -> list[str]:
    """Each address once, without the files of Python."""
    return sorted({address for address in addresses if not urlsplit(address).path.startswith(PREFIX)})


def _served(address: str) -> int:
    with requests.Session() as session:
        session.trust_env = False  # no proxy leads to this machine itself
        answer = session.get(address, stream=True, timeout=30, headers={"Accept-Encoding": "gzip, br"})
        if answer.status_code != 200:
            raise BenchProblem(f"{address} was loaded by the page and now answers {answer.status_code}.")
        return len(answer.raw.read(decode_content=False))
