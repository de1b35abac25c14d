"""Where operators see the state of the service, and have marked again what a fault stopped."""

from django.urls import path

from . import release, state

app_name = "operator"
urlpatterns = [
    path("", state.state, name="state"),
    path("jobs/<int:job>/release/", release.release, name="release"),
    path("jobs/<int:job>/release-alike/", release.release_alike, name="release_alike"),
    path("jobs/<int:job>/give-up-alike/", release.give_up_alike, name="give_up_alike"),
]
