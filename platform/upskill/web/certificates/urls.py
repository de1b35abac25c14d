"""Where certificates are: the learner's own page, and the address that they may give to others."""

from django.urls import path

from . import views

app_name = "certificates"

CERTIFICATE = "certificates/<uuid:public_id>/"

urlpatterns = [
    path("courses/<slug:course>/certificate/", views.certificate, name="certificate"),
    path(CERTIFICATE, views.genuine, name="genuine"),
    path(f"{CERTIFICATE}certificate.pdf", views.pdf, name="pdf"),
    path(f"{CERTIFICATE}withdraw/", views.withdraw, name="withdraw"),
]
