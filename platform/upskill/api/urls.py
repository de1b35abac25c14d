"""Version 1 of the API. JSON only; so are refusals and addresses that lead nowhere."""

from django.urls import path, re_path

from . import views

app_name = "api"
urlpatterns = [
    path("me/", views.Me.as_view(), name="me"),
    path("submissions/<uuid:public_id>/", views.OneSubmission.as_view(), name="submission"),
    re_path("", views.Nowhere.as_view(), name="nowhere"),
]
