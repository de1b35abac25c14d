"""Brings Python for the browser, so that pages can run exercises."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from upskill.browser_runtime import manifest, places
from upskill.browser_runtime.fetching import FetchProblem, fetch
from upskill.browser_runtime.sources import Brought, PackageIndex, Source


class Command(BaseCommand):
    """Takes only what the manifest names. What has come is kept, so that a second try goes on."""

    help = "Bring Python for the browser from the package index, or from files that you have. Safe to repeat."
    requires_system_checks = ()  # they would load every page

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--from", dest="paths", action="append", default=[], type=Path, metavar="PATH",
            help="a folder or an archive with files of it: an official Pyodide release, wheels. Can be given again; "
            "the package index is not asked then",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.BROWSER_RUNTIME_DIR is None:
            raise CommandError("UPSKILL_BROWSER_RUNTIME is off: this site does without Python in the browser.")
        wanted = manifest.read()
        title = f"Pyodide {wanted.pyodide}, {len(wanted.files)} files, {manifest.megabytes(wanted.bytes)}"
        self.stdout.write(f"Python for the browser: {title}")
        sources = _sources(wanted, options["paths"])
        try:
            is_new = fetch(wanted, sources=sources, into=settings.BROWSER_RUNTIME_DIR, say=self.stdout.write)
        except FetchProblem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"It {'is complete' if is_new else 'was complete already'} in {places.folder()}")


def _sources(wanted: manifest.Manifest, paths: list[Path]) -> list[Source]:
    if gone := [str(path) for path in paths if not path.exists()]:
        raise CommandError(f"There is nothing at {', '.join(gone)}. Give --from a folder or an archive that is there.")
    return [Brought(path) for path in paths] or [PackageIndex(wanted, address=settings.PACKAGE_INDEX)]
