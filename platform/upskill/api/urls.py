"""Version 1 of the API. JSON only; so are refusals and addresses that lead nowhere."""

from django.urls import path, re_path

from .views import anybody, courses, drafts, exercises, me, planning, reports, submissions, tokens

app_name = "api"

EXERCISE = "exercises/<slug:course>/<slug:module>/<slug:item>/"

urlpatterns = [
    path("me/", me.Me.as_view(), name="me"),
    path("me/skills/", me.MySkills.as_view(), name="my_skills"),
    path("me/certificates/", me.MyCertificates.as_view(), name="my_certificates"),
    path("me/assignments/", planning.MyAssignments.as_view(), name="my_assignments"),
    path("me/trail/", me.MyTrail.as_view(), name="my_trail"),
    path("courses/", courses.Courses.as_view(), name="courses"),
    path("courses/<slug:course>/", courses.OneCourse.as_view(), name="course"),
    path("courses/<slug:course>/enrolment/", courses.MyEnrolment.as_view(), name="enrolment"),
    path("exercises/", exercises.Exercises.as_view(), name="exercises"),
    path(EXERCISE, exercises.OneExercise.as_view(), name="exercise"),
    path(f"{EXERCISE}notebook/", exercises.Notebook.as_view(), name="notebook"),
    path(f"{EXERCISE}files/<str:file>", exercises.DataFile.as_view(), name="file"),
    path(f"{EXERCISE}draft/", drafts.MyDraft.as_view(), name="draft"),
    path(f"{EXERCISE}submissions/", exercises.HandIn.as_view(), name="submit"),
    path("submissions/", submissions.MySubmissions.as_view(), name="submissions"),
    path("submissions/<uuid:public_id>/", submissions.OneSubmission.as_view(), name="submission"),
    path("submissions/<uuid:public_id>/marks/", submissions.Marks.as_view(), name="marks"),
    path("team/", reports.MyTeam.as_view(), name="team"),
    path("team/assignments/", planning.TeamAssignments.as_view(), name="team_assignments"),
    path("departments/", reports.Departments.as_view(), name="departments"),
    path("departments/<slug:code>/", reports.OneDepartment.as_view(), name="department"),
    path("departments/<slug:code>/parts/", reports.DepartmentParts.as_view(), name="department_parts"),
    path("departments/<slug:code>/slices/", reports.DepartmentSlices.as_view(), name="department_slices"),
    path("departments/<slug:code>/trend/", reports.DepartmentTrend.as_view(), name="department_trend"),
    path("government/", reports.Government.as_view(), name="government"),
    path("government/slices/", reports.GovernmentSlices.as_view(), name="government_slices"),
    path("government/trend/", reports.GovernmentTrend.as_view(), name="government_trend"),
    path("tokens/", tokens.Tokens.as_view(), name="tokens"),
    path("tokens/<uuid:public_id>/", tokens.OneToken.as_view(), name="token"),
    path("schema/", anybody.Schema.as_view(), name="schema"),
    re_path("", anybody.Nowhere.as_view(), name="nowhere"),
]
