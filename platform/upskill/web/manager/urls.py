"""Where managers see their team by name, and an organisation in counts."""

from django.urls import path

from . import departments, team

app_name = "manager"
urlpatterns = [
    path("team/", team.team, name="team"),
    path("departments/", departments.departments, name="departments"),
    path("departments/<slug:code>/", departments.department, name="department"),
]
