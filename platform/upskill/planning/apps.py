from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "upskill.planning"
    verbose_name = "Assigned learning"
