"""Where administrators keep the staff records of their organisations, and operators import those of all."""

from django.urls import path

from . import grants, imports, people, units

app_name = "administrator"
urlpatterns = [
    path("", units.home, name="home"),
    path("organisations/<slug:code>/", units.unit, name="unit"),
    path("organisations/<slug:code>/parts/add/", units.add_part, name="add_part"),
    path("organisations/<slug:code>/change/", units.change, name="change"),
    path("organisations/<slug:code>/split/", units.split, name="split"),
    path("organisations/<slug:code>/close/", units.close, name="close"),
    path("organisations/<slug:code>/roles/", grants.grants, name="grants"),
    path("organisations/<slug:code>/roles/add/", grants.add_grant, name="add_grant"),
    path("roles/<int:number>/end/", grants.end_grant, name="end_grant"),
    path("people/<uuid:public_id>/", people.person, name="person"),
    path("people/<uuid:public_id>/move/", people.move, name="move"),
    path("people/<uuid:public_id>/line-manager/", people.line_manager, name="line_manager"),
    path("people/<uuid:public_id>/leave/", people.leave, name="leave"),
    path("people/<uuid:public_id>/posts/add/", people.add_post, name="add_post"),
    path("people/<uuid:public_id>/posts/<int:number>/end/", people.end_post, name="end_post"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<uuid:public_id>/", imports.imported, name="import"),
    path("imports/<uuid:public_id>/state/", imports.import_state, name="import_state"),
    path("imports/<uuid:public_id>/confirm/", imports.confirm, name="confirm"),
    path("imports/<uuid:public_id>/withdraw/", imports.withdraw, name="withdraw"),
]
