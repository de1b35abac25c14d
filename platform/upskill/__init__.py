"""The site. Importing the package binds Celery's app, so that a web process sends to the right broker."""

from .celery import app as celery_app

__all__ = ["celery_app"]
