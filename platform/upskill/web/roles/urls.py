"""Where administrators keep the roles that an organisation has written for itself."""

from django.urls import path

from . import views

app_name = "roles"
urlpatterns = [
    path("", views.organisations, name="organisations"),
    path("<slug:code>/", views.roles, name="roles"),
    path("<slug:code>/<slug:role>/", views.role, name="role"),
    path("<slug:code>/<slug:role>/end/", views.end, name="end"),
    path("<slug:code>/<slug:role>/<slug:level>/", views.level, name="level"),
]
