from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "upskill.people"
    verbose_name = "People and organisations"
