"""Have every answer to one exercise marked again."""

import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from upskill import pipeline
from upskill.catalogue import queries as catalogue
from upskill.catalogue.models import ExerciseVersion
from upskill.celery import announce
from upskill.management import regrade_words as words
from upskill.management.system_user import system_user
from upskill.marking import engines, regrades, regrading
from upskill.marking.models import Regrade
from upskill.marking.reasons import ReasonUnusable
from upskill.marking.regrades import RegradeLine

EXAMPLE = "ai-ethics-in-practice/bias-audits/audit-referrals"
REFUSALS = (
    ReasonUnusable,
    regrading.NothingToPause,
    regrading.NothingToRegrade,
    regrading.NothingToResume,
    regrading.RegradeUnderWay,
    regrading.TestsUnchecked,
)


class Command(BaseCommand):
    """For operators. What people decided stays; learners whose points change are told by mail, with the reason."""

    help = "Mark every answer to an exercise again, because a test was mended or the engine changed."

    def __init__(
        self,
        *args: Any,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        user: Callable[[], str] = system_user,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._sleep, self._clock, self._user = sleep, clock, user

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("exercise", metavar="COURSE/MODULE/ITEM", help="as in the address of its page")
        parser.add_argument("--reason", help="start it; learners whose mark changes read why")
        parser.add_argument("--dry-run", action="store_true", help="with --reason: find out what would change")
        parser.add_argument("--pause", action="store_true", help="let no more answers be marked until --resume")
        parser.add_argument("--resume", action="store_true", help="go on, also with those that a fault of ours stopped")
        parser.add_argument("--all", action="store_true", help="list every change, not the first 50 alone")

    def handle(self, *args: Any, **options: Any) -> None:
        _refuse_contradictions(options)
        newest = _exercise(options["exercise"])
        try:
            if options["reason"] is not None:
                regrade = self._start(newest, reason=options["reason"], is_dry_run=options["dry_run"])
            else:
                regrade = self._known(newest, options=options)
        except REFUSALS as refusal:
            raise CommandError(str(refusal)) from refusal
        if regrade:
            for line in words.report(regrade, shows_all=options["all"]):
                self.stdout.write(line)

    def _start(self, newest: ExerciseVersion, *, reason: str, is_dry_run: bool) -> Regrade | None:
        """The regrade once it is over or paused, None if nobody wants to wait for that."""
        earlier = regrades.newest_regrade(newest.item_version.item)
        regrade = pipeline.regrade(
            newest, reason=reason, is_dry_run=is_dry_run, ran_by=self._user(), now=timezone.now(), announce=announce
        )
        self.stdout.write(words.heading(regrade))
        if earlier and (left := _not_done(regrades.line_of(earlier))):
            self.stdout.write(f"An earlier regrade was not over. It is given up: {left} of its answers were left.")
        return regrade if self._watch(regrade) else None

    def _known(self, newest: ExerciseVersion, *, options: dict[str, Any]) -> Regrade | None:
        """The newest regrade as it stands; None once it is paused or resumed."""
        regrade = regrades.newest_regrade(newest.item_version.item)
        if regrade is None:
            raise CommandError(f"{newest.item_version.item} has never been regraded. Start with --reason.")
        if options["pause"]:
            number = regrading.pause(regrade, ran_by=self._user(), now=timezone.now())
            self.stdout.write(f"Paused: {number} answers wait. Go on with: {words.command(regrade)} --resume")
            return None
        if options["resume"]:
            number = regrading.resume(regrade, ran_by=self._user(), now=timezone.now())
            announce()
            self.stdout.write(f"Resumed: {number} answers wait for a worker. Look again with: {words.command(regrade)}")
            return None
        self.stdout.write(words.heading(regrade))
        self.stdout.write(words.progress(regrades.line_of(regrade)))
        return regrade

    def _watch(self, regrade: Regrade) -> bool:
        """Show how far it is until it is over or paused; False if whoever looks has had enough."""
        if why_not := engines.state().why_not:
            self.stdout.write(f"{why_not} Answers wait until that is mended.")
        first, begun = regrades.line_of(regrade), self._clock()
        line = first
        try:
            while True:
                self._show(line, seconds_left=_seconds_left(line, first=first, seconds=self._clock() - begun))
                if not line.left or line.is_paused:
                    break
                self._sleep(2 if self.stdout.isatty() else 10)
                line = regrades.line_of(regrade)
        except KeyboardInterrupt:
            look = words.command(regrade)
            self.stdout.write(f"\nIt goes on without you. Look again with: {look}  Pause it with: {look} --pause")
            return False
        if self.stdout.isatty():
            self.stdout.write("")
        return True

    def _show(self, line: RegradeLine, *, seconds_left: float | None) -> None:
        said = words.progress(line, seconds_left=seconds_left)
        if self.stdout.isatty():
            self.stdout.write(f"\r{said}\x1b[K", ending="")  # over the line before
            self.stdout.flush()
        else:
            self.stdout.write(said)


def _refuse_contradictions(options: dict[str, Any]) -> None:
    if (options["reason"] is not None) + options["pause"] + options["resume"] > 1:
        raise CommandError("Give one of --reason, --pause and --resume, or none of them to see how it stands.")
    if options["dry_run"] and options["reason"] is None:
        raise CommandError("A dry run needs its --reason as well: it stands above the result.")


def _exercise(name: str) -> ExerciseVersion:
    course, _slash, key = name.strip("/").partition("/")
    newest = catalogue.newest_exercise(course, key=key)
    if newest is None:
        raise CommandError(f"There is no exercise {name}. Write COURSE/MODULE/ITEM, such as {EXAMPLE}.")
    return newest


def _not_done(line: RegradeLine) -> int:
    return line.left + line.failed


def _seconds_left(line: RegradeLine, *, first: RegradeLine, seconds: float) -> float | None:
    """By the pace since somebody looks; None as long as nothing was done in that time."""
    done = first.left - line.left
    return line.left * seconds / done if done > 0 else None
