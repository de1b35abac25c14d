"""Where managers ask their team to learn something, and where those who plan for an organisation ask it."""

from django.urls import path

from . import asking, ending, exemptions, organisations, team

app_name = "planning"

ASKED = "asked/<uuid:assignment>/"

urlpatterns = [
    path("team/learning/", team.page, name="team"),
    path("team/learning/ask/", asking.ask_team, name="ask_team"),
    path("learning/", organisations.page, name="organisations"),
    path("learning/<slug:code>/", organisations.one, name="organisation"),
    path("learning/<slug:code>/ask/", asking.ask_organisation, name="ask_organisation"),
    path(f"{ASKED}end/", ending.end, name="end"),
    path(f"{ASKED}exempt/", exemptions.find, name="find_exempt"),
    path(f"{ASKED}exempt/<uuid:person>/", exemptions.exempt, name="exempt"),
    path(f"{ASKED}exempt/<uuid:person>/end/", exemptions.end, name="end_exemption"),
]
