from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "upskill.reports"
    verbose_name = "Team and department views"
