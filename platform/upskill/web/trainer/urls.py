"""Where trainers see what was handed in, and mark it."""

from django.urls import path

from . import courses, exercises, kits, reviews, submissions

app_name = "trainer"
urlpatterns = [
    path("", courses.courses, name="courses"),
    path("kits/", kits.kits, name="kits"),
    path("kits/<slug:course>/<slug:module>/<slug:item>/", kits.kit, name="kit"),
    path("submissions/<uuid:public_id>/", submissions.submission, name="submission"),
    path("submissions/<uuid:public_id>/points/", submissions.override, name="override"),
    path("submissions/<uuid:public_id>/review/", reviews.decide, name="decide_review"),
    path("submissions/<uuid:public_id>/rubric/<str:check>/", submissions.rubric, name="rubric"),
    path("<slug:course>/", courses.submissions, name="submissions"),
    path("<slug:course>/exercises/", exercises.exercises, name="exercises"),
]
