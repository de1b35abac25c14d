"""Have answers marked again whose marking a fault of ours stopped, or give them up."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from upskill.celery import announce
from upskill.marking import stopped

NEW_LINE = "\n"
RELEASE = stopped.release, "waits again", "queued again"
GIVE_UP = stopped.give_up, "is given up and its learner told to hand in again", "given up"


class Command(BaseCommand):
    """For operators, once the fault is mended. Safe to repeat: a job that waits already is left alone."""

    help = "Queue again the jobs that ended as failed_ours, all of them or those with the ids given; or give some up."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "ids", nargs="*", type=int, metavar="ID", help="ids of jobs, as the operators' page names them"
        )
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--newest-tests", action="store_true", help="mark them by the newest tests of their exercise that fit"
        )
        how.add_argument(
            "--give-up", action="store_true", help="end them instead, and ask their learners to hand in again"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["give_up"] and not options["ids"]:
            raise CommandError("Name the jobs to give up by their ids: it can not be undone.")
        related = ("submission__learner", "submission__exercise__item_version", "tests")
        found = stopped.stopped_jobs().select_related(*related)
        if options["ids"]:
            found = found.filter(pk__in=options["ids"])
        act, one, all_ = GIVE_UP if options["give_up"] else RELEASE
        more = {"newest_tests": True} if options["newest_tests"] else {}
        done = 0
        for job in found:
            try:
                act(job, by=None, now=timezone.now(), **more)
            except stopped.NotStopped as refusal:  # somebody else was faster
                self.stdout.write(str(refusal))
            else:
                done += 1
                self.stdout.write(f"Job {job.pk} {one}. It had stopped: {job.reason.partition(NEW_LINE)[0]}")
        if done and not options["give_up"]:
            announce()
        self.stdout.write(f"{done} jobs {all_}.")
