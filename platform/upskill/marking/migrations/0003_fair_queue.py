import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The learner is that of the submission; the department is where they work now, for jobs that are still to be marked.
FILL = """
UPDATE marking_job SET learner_id = submission.learner_id FROM learning_submission submission
WHERE submission.id = marking_job.submission_id;
UPDATE marking_job SET department = split_part(organisation.path, '/', 1)
FROM people_membership post JOIN people_organisation organisation ON organisation.id = post.organisation_id
WHERE marking_job.state IN ('queued', 'running', 'failed_ours') AND post.person_id = marking_job.learner_id
  AND post.valid_from <= current_date AND (post.valid_to IS NULL OR post.valid_to > current_date);
-- One running job of a learner is the rule from now on: others wait again, as after a worker that stopped.
UPDATE marking_job SET state = 'queued', token = NULL, lease_until = NULL FROM (
  SELECT id, row_number() OVER (PARTITION BY learner_id ORDER BY started_at DESC, id) AS place
  FROM marking_job WHERE state = 'running'
) running WHERE running.id = marking_job.id AND running.place > 1;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0001_initial"),
        ("people", "0004_tokens_feedback_and_the_probe"),
        ("marking", "0002_reviews_and_reruns"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="job", name="job_queue"),
        migrations.AddField(
            model_name="job",
            name="department",
            field=models.CharField(blank=True, default="", max_length=50),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="job",
            name="learner",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="job",
            name="learner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="job",
            name="lane",
            field=models.CharField(
                choices=[
                    ("interactive", "Interactive"),
                    ("deadline", "Deadline"),
                    ("preview", "Preview"),
                    ("regrade", "Regrade"),
                ],
                default="interactive",
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("state", "queued")),
                fields=["lane", "department", "queued_at", "id"],
                name="job_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="job", index=models.Index(fields=["lane", "department", "-started_at"], name="job_turns")
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "running"])), fields=["learner"], name="job_open_of_learner"
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(condition=models.Q(("ended_at__isnull", False)), fields=["-ended_at"], name="job_ended"),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")), fields=("learner",), name="job_one_running_per_learner"
            ),
        ),
    ]
