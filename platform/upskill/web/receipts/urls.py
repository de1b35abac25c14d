"""Where the receipt of a mark is, for its learner and the trainers of the course."""

from django.urls import path

from . import views

app_name = "receipts"

MARK = "submissions/<uuid:public_id>/marks/<int:number>/"

urlpatterns = [
    path(MARK, views.receipt, name="receipt"),
    path(f"{MARK}again/", views.mark_again, name="mark_again"),
    path(f"{MARK}again/state/", views.rerun_state, name="rerun_state"),
]
