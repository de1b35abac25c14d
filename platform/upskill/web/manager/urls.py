"""Where managers see their team by name, and an organisation in counts."""

from django.urls import path

from . import comparing, departments, exports, one_figure, paper, saved, team

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
    path("departments/<slug:code>/compare/", comparing.compare, name="compare"),
    path("departments/<slug:code>/figure/", one_figure.figure, name="figure"),
    path("departments/<slug:code>/report/", paper.report, name="report"),
    path("departments/<slug:code>/report.pdf", paper.report_pdf, name="report_pdf"),
    path("departments/<slug:code>/save/", saved.save, name="save_view"),
    path("departments/<slug:code>/figures.csv", exports.department, {"form": "csv"}, name="department_csv"),
    path("departments/<slug:code>/figures.xlsx", exports.department, {"form": "xlsx"}, name="department_xlsx"),
    path("government/", departments.department, name="government"),
    path("government/compare/", comparing.compare, name="government_compare"),
    path("government/figure/", one_figure.figure, name="government_figure"),
    path("government/figures.csv", exports.department, {"form": "csv"}, name="government_csv"),
    path("government/figures.xlsx", exports.department, {"form": "xlsx"}, name="government_xlsx"),
    path("views/", saved.views, name="saved_views"),
    path("views/<uuid:view>/", saved.open_view, name="open_view"),
    path("views/<uuid:view>/change/", saved.change, name="change_view"),
    path("views/<uuid:view>/delete/", saved.delete, name="delete_view"),
]
