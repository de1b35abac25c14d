"""Have answers marked again whose marking a fault of ours stopped."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from upskill.celery import announce
from upskill.marking import jobs

NEW_LINE = "\n"


class Command(BaseCommand):
    """For operators, once the fault is mended. Safe to repeat: a job that waits already is left alone."""

    help = "Queue again the jobs that ended as failed_ours: all of them, or those with the ids given."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "ids", nargs="*", type=int, metavar="ID", help="ids of jobs, as the operators' page names them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stopped = jobs.stopped_jobs().select_related("submission__learner")
        if options["ids"]:
            stopped = stopped.filter(pk__in=options["ids"])
        released = 0
        for job in stopped:
            try:
                jobs.release(job, by=None, now=timezone.now())
            except jobs.NotStopped as refusal:  # somebody else was faster
                self.stdout.write(str(refusal))
            else:
                released += 1
                self.stdout.write(f"Job {job.pk} waits again. It had stopped: {job.reason.partition(NEW_LINE)[0]}")
        if released:
            announce()
        self.stdout.write(f"{released} jobs queued again.")
