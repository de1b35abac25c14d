from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "upskill.core"
    verbose_name = "Audit trail, blobs, outbox"
