from django.apps import AppConfig


class MarkingConfig(AppConfig):
    name = "upskill.marking"
    verbose_name = "Jobs and marks"
