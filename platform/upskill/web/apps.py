from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "upskill.web"
    verbose_name = "Pages"
