"""Where each part answers."""

from django.urls import include, path, re_path

from upskill.web import browser_python, csp_reports, errors, well_known

urlpatterns = [
    path("", include("upskill.web.account.urls")),
    path("", include("upskill.web.learner.urls")),
    path("", include("upskill.web.service.urls")),
    path("", include("upskill.web.receipts.urls")),
    path("", include("upskill.web.certificates.urls")),
    path("trainer/", include("upskill.web.trainer.urls")),
    path("manager/", include("upskill.web.manager.urls")),
    path("manager/", include("upskill.web.planning.urls")),
    path("roles/", include("upskill.web.roles.urls")),
    path("administrator/", include("upskill.web.administrator.urls")),
    path("operator/", include("upskill.web.operator.urls")),
    path("api/v1/", include("upskill.api.urls")),
    path("browser-python.js", browser_python.worker, name="browser_python"),
    path("csp-report/", csp_reports.receive, name="csp_report"),
    path(".well-known/security.txt", well_known.security, name="security_txt"),
    re_path("", errors.page_not_found),  # our own page also where DEBUG would show Django's
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
