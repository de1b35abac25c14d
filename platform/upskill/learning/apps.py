from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "upskill.learning"
    verbose_name = "Enrolment, progress and submissions"
