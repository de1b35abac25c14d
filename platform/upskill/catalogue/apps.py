from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "upskill.catalogue"
    verbose_name = "Courses and their versions"
