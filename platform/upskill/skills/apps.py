from django.apps import AppConfig


class SkillsConfig(AppConfig):
    name = "upskill.skills"
    verbose_name = "Skills and evidence"
