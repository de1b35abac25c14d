"""What programs ask about the service. Answered by first.py, before all other middleware."""

from django.urls import path

from . import health, metrics

app_name = "service"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
]
