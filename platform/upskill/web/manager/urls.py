"""Where managers see their team by name, and an organisation in counts."""

from django.urls import path

from . import departments, exports, team

app_name = "manager"
urlpatterns = [
    path("team/", team.team, name="team"),
    path("team/gaps/", team.gaps, name="team_gaps"),
    path("team/training/", team.training, name="team_training"),
    path("team/people/<uuid:public_id>/", team.direct_report, name="direct_report"),
    path("team/levels.csv", exports.team, {"form": "csv"}, name="team_csv"),
    path("team/levels.xlsx", exports.team, {"form": "xlsx"}, name="team_xlsx"),
    path("departments/", departments.departments, name="departments"),
    path("departments/<slug:code>/", departments.department, name="department"),
    path("departments/<slug:code>/figures.csv", exports.department, {"form": "csv"}, name="department_csv"),
    path("departments/<slug:code>/figures.xlsx", exports.department, {"form": "xlsx"}, name="department_xlsx"),
]
