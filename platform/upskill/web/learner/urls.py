"""Where a learner's pages are."""

from django.urls import path

from . import asked, catalogue, courses, items, paths, recall, reviews, search, skills, submissions

app_name = "learner"

ITEM = "courses/<slug:course>/<slug:module>/<slug:item>/"

urlpatterns = [
    path("", courses.home, name="home"),
    path("courses/", catalogue.catalogue, name="catalogue"),
    path("courses/<slug:course>/", courses.course, name="course"),
    path("courses/<slug:course>/enrol/", courses.enrol, name="enrol"),
    path("paths/<slug:path>/", paths.page, name="path"),
    path("paths/<slug:path>/follow/", paths.follow, name="follow_path"),
    path("paths/<slug:path>/stop/", paths.stop, name="stop_path"),
    path("learning/", courses.learning, name="learning"),
    path("learning/asked/", asked.page, name="asked"),
    path("review/", recall.page, name="recall"),
    path("search/", search.results, name="search"),
    path("skills/", skills.skills, name="skills"),
    path("skills/role/", skills.role, name="role"),
    path("skills/self-view/", skills.say_self_view, name="self_view"),
    path(ITEM, items.item, name="item"),
    path(f"{ITEM}complete/", items.complete, name="complete"),
    path(f"{ITEM}answers/", items.quiz_answer, name="quiz_answer"),
    path(f"{ITEM}start/", items.find_start, name="find_start"),
    path(f"{ITEM}submit/", items.submit, name="submit"),
    path(f"{ITEM}text/", items.write, name="write"),
    path(f"{ITEM}notebook.ipynb", items.notebook, name="notebook"),
    path(f"{ITEM}files/<str:file>", items.data_file, name="file"),
    path(f"{ITEM}figures/<str:file>", items.figure, name="figure"),
    path("submissions/<uuid:public_id>/", submissions.submission, name="submission"),
    path("submissions/<uuid:public_id>/notebook.ipynb", submissions.answer_file, name="answer_file"),
    path("submissions/<uuid:public_id>/state/", submissions.submission_state, name="submission_state"),
    path("submissions/<uuid:public_id>/review/", reviews.ask, name="ask_review"),
    path("submissions/<uuid:public_id>/review/asked/", reviews.asked, name="review_asked"),
]
