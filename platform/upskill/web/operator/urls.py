"""Where operators see the state of the service."""

from django.urls import path

from . import state

app_name = "operator"
urlpatterns = [path("", state.state, name="state")]
