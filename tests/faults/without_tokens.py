"""For a worker's --include: it takes every job for its own, whoever holds the lease. Shows what tokens are for."""

from django.db.models import QuerySet

from upskill.marking import jobs
from upskill.marking.models import Job


def _held_by_anybody(claim: jobs.Claim) -> "QuerySet[Job]":
    return Job.objects.filter(pk=claim.job_id)


jobs._held = _held_by_anybody
