from django.apps import AppConfig

from . import checks  # noqa: F401 - registers what `manage.py check` looks at


class PeopleConfig(AppConfig):
    name = "upskill.people"
    verbose_name = "People and organisations"
