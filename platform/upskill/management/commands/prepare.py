"""Everything a start needs, in one process: tables, courses, files to serve, and the demo where DEBUG is on."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from upskill.browser_runtime import manifest, places
from upskill.core import stamps

READERS = [settings.ROOT / "platform" / "upskill" / "catalogue", settings.ROOT / "grading"]  # new code reads anew
FRAMEWORKS = [settings.ROOT / "platform" / "upskill" / "skills" / "data"]
COLLEAGUES = settings.ROOT / "platform" / "upskill" / "management" / "population"
DEMO = [settings.ROOT / "platform" / "upskill" / "people" / "data", COLLEAGUES, *FRAMEWORKS]
COMPLETIONS = "as of November 2026"  # once: since then each is taken down when it comes about


class Command(BaseCommand):
    """Skips what would change nothing, so that a second start is quick."""

    help = "Bring the tables, the courses and what browsers load up to date, with DEBUG=true the demo. Safe to repeat."
    requires_system_checks = ()  # they would load every page

    def handle(self, *args: Any, **options: Any) -> None:
        self._migrate()
        if not settings.DEBUG:  # each under a name that changes with it; old ones stay, for pages that are open
            call_command("collectstatic", interactive=False, verbosity=0)
            self.stdout.write("Styles and scripts: collected")
        courses = [*map(Path, settings.COURSE_DIRS), *READERS]
        self._unless_unchanged("Courses", "sync_courses", digest=stamps.digest_of(courses))
        self._unless_unchanged("Frameworks", "load_frameworks", digest=stamps.digest_of([*FRAMEWORKS, *courses]))
        self._unless_unchanged("Completions", "record_completions", digest=COMPLETIONS)
        self._say_what_browsers_need()
        if settings.DEBUG:
            self._unless_unchanged("Demo department", "load_demo", digest=stamps.digest_of([*DEMO, *courses]))
            self.stdout.write("\nDemo accounts, which sign in without an e-mail:")
            call_command("demo_accounts", stdout=self.stdout)

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            call_command("migrate", verbosity=0)
        self.stdout.write(f"Tables: {len(waiting)} changes made" if waiting else "Tables: up to date")

    def _say_what_browsers_need(self) -> None:
        if places.state() in {places.State.COMING, places.State.MISSING}:
            size = manifest.megabytes(manifest.read().bytes)
            self.stdout.write(
                f"Python for the browser: {size}, which ./run fetches in the background, once "
                "(UPSKILL_BROWSER_RUNTIME=off: without); elsewhere: manage.py fetch_browser_runtime"
            )

    def _unless_unchanged(self, what: str, command: str, *, digest: str) -> None:
        """A mistake in a course is told and does not stop the start: the other courses are there."""
        if stamps.is_unchanged(command, digest=digest):
            self.stdout.write(f"{what}: up to date")
            return
        try:
            call_command(command, stdout=self.stdout, stderr=self.stderr)
        except CommandError as refusal:
            self.stderr.write(str(refusal))
        else:
            stamps.keep(command, digest=digest)
