"""The look: GOV.UK markup from plain Django forms, the frame of every page, and the parts that pages are made of."""

import re
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import override_settings

from upskill.web.errors import server_error
from upskill.web.govuk import GovukRenderer, HintedLabel
from upskill.web.manager.heat import Cell


class ReviewForm(forms.Form):
    """One field of each kind that pages use."""

    name = forms.CharField(label="Full name", help_text="As on your pass", error_messages={"required": "Enter a name"})
    why = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 4, "class": "extra"}), required=False)
    grade = forms.ChoiceField(label="Grade", choices=[("", "Choose"), ("EO", "EO")], required=False)
    scope = forms.ChoiceField(
        label="What to look at",
        widget=forms.RadioSelect,
        choices=[("all", HintedLabel("The whole mark", hint="Every check")), ("one", "One check")],
        error_messages={"required": "Choose what to look at"},
    )
    checks = forms.MultipleChoiceField(
        label="Which checks",
        widget=forms.CheckboxSelectMultiple,
        choices=[("a", "Rates"), ("b", "Gap")],
        required=False,
    )
    sure = forms.BooleanField(label="I have read it", error_messages={"required": "Say that you have read it"})
    file = forms.FileField(label="Notebook", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, initial="42", required=False)


def squeezed(html: str) -> str:
    """The same HTML without space between tags and with single spaces, so that whole values can be compared."""
    return re.sub(r"\s+", " ", re.sub(r">\s+", ">", re.sub(r"\s+<", "<", html))).strip()


def field(name: str, *, form: forms.Form) -> str:
    return squeezed(form[name].as_field_group())


def frame(**context) -> str:
    return squeezed(render_to_string("errors/404.html", {"service_name": "Skills", **context}))


def test_settings_name_the_renderer_so_that_every_form_is_govuk(settings):
    assert settings.FORM_RENDERER == "upskill.web.govuk.GovukRenderer"
    assert isinstance(ReviewForm().renderer, GovukRenderer)


def test_text_field_ties_label_and_hint_to_the_input():
    assert field("name", form=ReviewForm()) == (
        '<div class="govuk-form-group"><label class="govuk-label govuk-label--s" for="id_name">Full name</label>'
        '<div id="id_name_helptext" class="govuk-hint">As on your pass</div>'
        '<input type="text" name="name" aria-describedby="id_name_helptext" class="govuk-input" id="id_name"></div>'
    )


def test_text_field_with_an_error_says_so_in_words_and_is_marked_invalid():
    assert field("name", form=ReviewForm({"scope": "all"})) == (
        '<div class="govuk-form-group govuk-form-group--error">'
        '<label class="govuk-label govuk-label--s" for="id_name">Full name</label>'
        '<div id="id_name_helptext" class="govuk-hint">As on your pass</div>'
        '<div id="id_name_error"><p class="govuk-error-message"><span class="govuk-visually-hidden">Error:</span>'
        'Enter a name</p></div><input type="text" name="name" aria-invalid="true" '
        'aria-describedby="id_name_helptext id_name_error" class="govuk-input govuk-input--error" id="id_name"></div>'
    )


def test_textarea_keeps_the_class_its_form_asked_for():
    assert field("why", form=ReviewForm()) == (
        '<div class="govuk-form-group"><label class="govuk-label govuk-label--s" for="id_why">Why</label>'
        '<textarea name="why" cols="40" rows="4" class="govuk-textarea extra" id="id_why"></textarea></div>'
    )


def test_select_is_a_govuk_select():
    assert field("grade", form=ReviewForm({"grade": "EO"})) == (
        '<div class="govuk-form-group"><label class="govuk-label govuk-label--s" for="id_grade">Grade</label>'
        '<select name="grade" class="govuk-select" id="id_grade"><option value="">Choose</option>'
        '<option value="EO" selected>EO</option></select></div>'
    )


def test_radios_stand_in_a_fieldset_and_an_option_is_tied_to_its_own_hint():
    assert field("scope", form=ReviewForm()) == (
        '<div class="govuk-form-group"><fieldset class="govuk-fieldset">'
        '<legend class="govuk-fieldset__legend govuk-fieldset__legend--s">What to look at</legend>'
        '<div class="govuk-radios" data-module="govuk-radios">'
        '<div class="govuk-radios__item"><input type="radio" name="scope" value="all" id="id_scope_0" '
        'class="govuk-radios__input" aria-describedby="id_scope_0_hint">'
        '<label class="govuk-label govuk-radios__label" for="id_scope_0">The whole mark</label>'
        '<div id="id_scope_0_hint" class="govuk-hint govuk-radios__hint">Every check</div></div>'
        '<div class="govuk-radios__item"><input type="radio" name="scope" value="one" id="id_scope_1" '
        'class="govuk-radios__input">'
        '<label class="govuk-label govuk-radios__label" for="id_scope_1">One check</label></div>'
        "</div></fieldset></div>"
    )


def test_checkboxes_keep_what_was_chosen():
    html = field("checks", form=ReviewForm({"checks": ["b"]}))

    assert re.findall(r'value="(\w)" id="(\w+)"[^>]*?( checked)?>', html) == [
        ("a", "id_checks_0", ""),
        ("b", "id_checks_1", " checked"),
    ]


def test_single_checkbox_has_its_label_beside_it_and_no_second_one():
    assert field("sure", form=ReviewForm()) == (
        '<div class="govuk-form-group"><div class="govuk-checkboxes" data-module="govuk-checkboxes">'
        '<div class="govuk-checkboxes__item">'
        '<input type="checkbox" name="sure" class="govuk-checkboxes__input" id="id_sure">'
        '<label class="govuk-label govuk-checkboxes__label" for="id_sure">I have read it</label></div></div></div>'
    )


def test_file_field_is_a_govuk_file_upload():
    assert '<input type="file" name="file" class="govuk-file-upload" id="id_file">' in field("file", form=ReviewForm())


def test_form_draws_every_field_once_and_hidden_ones_without_a_label():
    html = squeezed(str(ReviewForm()))

    names = re.findall(r' name="(\w+)"', html)

    assert names == ["name", "why", "grade", "scope", "scope", "checks", "checks", "sure", "file", "secret"]
    assert html.endswith('<input type="hidden" name="secret" value="42" id="id_secret">')


def test_no_field_asks_the_browser_to_check_it():
    assert " required" not in str(ReviewForm({}))


def test_form_may_ask_for_larger_labels():
    class OneQuestion(forms.Form):
        label_size = "l"
        email = forms.EmailField(label="E-mail address")

    assert 'class="govuk-label govuk-label--l" for="id_email"' in field("email", form=OneQuestion())


def test_label_cannot_smuggle_in_html():
    class Hostile(forms.Form):
        pick = forms.ChoiceField(
            label="<b>", widget=forms.RadioSelect, choices=[("a", HintedLabel("<i>", hint="<script>"))]
        )

    html = str(Hostile())

    assert re.findall(r"<(?:b|i|script)>", html) == []
    assert html.count("&lt;") == 3


def test_error_summary_links_each_error_to_the_first_control_of_its_field():
    form = ReviewForm({})
    form.add_error(None, "Send one form at a time")

    summary = squeezed(render_to_string("components/error_summary.html", {"form": form}))

    assert re.findall(r"<li>(.*?)</li>", summary) == [
        "Send one form at a time",
        '<a href="#id_name">Enter a name</a>',
        '<a href="#id_scope_0">Choose what to look at</a>',
        '<a href="#id_sure">Say that you have read it</a>',
    ]


def test_error_summary_of_a_page_without_a_form_takes_a_list():
    errors = [("Answer question 2", "q2"), ("Nothing was saved", "")]

    summary = squeezed(render_to_string("components/error_summary.html", {"errors": errors}))

    assert re.findall(r"<li>(.*?)</li>", summary) == ['<a href="#q2">Answer question 2</a>', "Nothing was saved"]


def test_error_summary_is_absent_when_nothing_is_wrong():
    assert squeezed(render_to_string("components/error_summary.html", {"form": ReviewForm()})) == ""


def test_page_title_begins_with_error_when_the_form_has_one():
    titles = [re.findall(r"<title>(.*?)</title>", frame(form=form)) for form in (ReviewForm({}), ReviewForm(), None)]

    assert titles == [["Error: Page not found – Skills"], ["Page not found – Skills"], ["Page not found – Skills"]]


def test_frame_has_one_main_a_skip_link_to_it_and_its_language():
    html = frame()

    assert re.findall(r'<a href="#main-content" class="govuk-skip-link"', html) == [
        '<a href="#main-content" class="govuk-skip-link"'
    ]
    assert re.findall(r'<main [^>]*id="([\w-]+)"', html) == ["main-content"]
    assert re.findall(r'<html lang="([\w-]+)"', html) == ["en-gb"]


def test_navigation_says_which_page_this_is_and_which_section():
    nav = [("/", "Home", False), ("/courses/", "Courses", True)]

    on_page = frame(nav=nav, request=SimpleNamespace(path="/courses/"))
    below = frame(nav=nav, request=SimpleNamespace(path="/courses/ethics/"))

    links = r'<a class="govuk-service-navigation__link" href="([^"]+)"(?: aria-current="(\w+)")?>'
    assert re.findall(links, on_page) == [("/", ""), ("/courses/", "page")]
    assert re.findall(links, below) == [("/", ""), ("/courses/", "true")]


def test_header_of_a_signed_in_person_names_them_and_offers_to_sign_out():
    person = SimpleNamespace(is_authenticated=True, full_name="Amira <Okafor>")

    html = frame(user=person)

    assert "Amira &lt;Okafor&gt;" in html
    assert ("Sign out" in html, "Sign in<" in html) == (True, False)


def test_header_of_a_visitor_offers_to_sign_in():
    html = frame(user=AnonymousUser())

    assert ("Sign out" in html, "Sign in<" in html) == (False, True)


def test_banner_over_unprotected_marking_shows_only_where_it_is_on():
    shown = ["For trying out on this computer only." in frame(marking_banner=on) for on in (True, False)]

    assert shown == [True, False]


ERROR_PAGES = {
    "400": "Sorry, we could not read what was sent",
    "403": "You do not have access to this page",
    "403_csrf": "Sorry, the page was open for too long",
    "404": "Page not found",
    "405": "This address is not a page",
    "409": "This cannot be done now",
    "410": "This link no longer works",
    "413": "What you sent is too large",
    "429": "You have done this too often",
    "500": "Sorry, there is a problem with the service",
}


@pytest.mark.parametrize(("page", "heading"), ERROR_PAGES.items())
def test_error_page_needs_no_context_and_says_what_happened_and_what_to_do(page, heading):
    html = squeezed(render_to_string(f"errors/{page}.html"))

    assert re.findall(r"<h1[^>]*>(.*?)</h1>", html) == [heading]
    assert re.findall(r"<title>(.*?)</title>", html) == [f"{heading} – AI skills for government"]
    assert len(re.findall(r'<p class="govuk-body">', html)) >= 2
    assert re.findall(r'<p class="govuk-body"><a class="govuk-link" href="([^"]+)"', html) != []


@override_settings(STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}})
def test_frame_links_the_style_sheet_and_both_scripts_from_our_own_origin():
    html = frame()

    assert re.findall(r'(?:src|href)="(/static/[^"]+)"', html) == [
        "/static/img/favicon.svg",
        "/static/img/favicon.png",
        "/static/css/app.css",
        "/static/js/boot.js",
        "/static/js/init.js",
    ]


def test_breadcrumbs_lead_from_the_top_down():
    crumbs = [("/courses/", "Courses"), ("/courses/ethics/", "AI ethics")]

    html = squeezed(render_to_string("components/breadcrumbs.html", {"crumbs": crumbs}))

    assert re.findall(r'href="([^"]+)">([^<]+)<', html) == [("/", "Home"), *crumbs]


def test_page_just_below_home_has_one_breadcrumb_and_home_has_none():
    below = render_to_string("components/breadcrumbs.html", {"crumbs": []})
    home = render_to_string("components/breadcrumbs.html")

    assert re.findall(r'href="([^"]+)">([^<]+)<', below) == [("/", "Home")]
    assert squeezed(home) == ""


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1, ["1", "2", "⋯", "40"]),
        (20, ["1", "⋯", "19", "20", "21", "⋯", "40"]),
        (40, ["1", "⋯", "39", "40"]),
    ],
)
def test_long_list_names_the_pages_at_its_ends_and_beside_this_one(number, shown):
    page = Paginator(range(400), 10).page(number)

    html = squeezed(render_to_string("components/pagination.html", {"page": page}))

    assert re.findall(r"pagination__item[^>]*>(?:<a[^>]*>)?([^<]+)<", html) == shown


def check(status: str, *, points="4", message="") -> SimpleNamespace:
    return SimpleNamespace(title=f"Check {status}", status=status, points=points, max_points="6", message=message)


def test_check_list_says_each_status_in_words_beside_its_sign():
    checks = [
        check("passed", points="6"),
        check("partial"),
        check("failed", points="0", message="You got 2/3 & not 1/2"),
        check("waiting", points=None),
        check("not_run", points="0"),
    ]

    html = squeezed(render_to_string("components/check_list.html", {"checks": checks}))

    rows = r'check__title">(.*?)</h3><p class="app-check__status">(.*?)</p></div><p class="app-check__points">(.*?)<'
    assert re.findall(rows, html) == [
        ("Check passed", "Passed", "6 of 6"),
        ("Check partial", "Partly right", "4 of 6"),
        ("Check failed", "Not passed yet", "0 of 6"),
        ("Check waiting", "Waiting for a person to look at it", "up to 6"),
        ("Check not_run", "Not run, because something before it stopped", "0 of 6"),
    ]
    assert re.findall(r'app-check__message">(.*?)</p>', html) == ["You got 2/3 &amp; not 1/2"]
    assert html.count('aria-hidden="true"') == len(checks)


def test_heatmap_prints_the_figure_in_every_cell_and_says_why_one_is_hidden():
    cells = [
        Cell("20", level=3),
        Cell("[c]", level="hidden", said="Hidden: fewer than 5 people"),
    ]
    context = {
        "id": "heat",
        "title": "People at working level",
        "corner": "Team",
        "columns": ["Fairness", "Oversight"],
        "rows": [("Analysis", "/teams/1/", cells), ("Policy", "", cells)],
        "key": [(3, "15 or more")],
    }

    html = squeezed(render_to_string("components/heatmap.html", context))

    hidden = '<span aria-hidden="true">[c]</span><span class="govuk-visually-hidden">Hidden: fewer than 5 people</span>'
    both = [("3", "20"), ("hidden", hidden)]
    assert re.findall(r'app-heat__cell--(\w+)">(.*?)</td>', html) == both + both
    assert re.findall(r'<th scope="(\w+)" class="govuk-table__header">(.*?)</th>', html) == [
        ("col", "Team"),
        ("col", "Fairness"),
        ("col", "Oversight"),
        ("row", '<a class="govuk-link" href="/teams/1/">Analysis</a>'),
        ("row", "Policy"),
    ]
    assert '<div class="app-scroll" role="region" aria-labelledby="heat" tabindex="0">' in html


@pytest.mark.parametrize(("rank", "reached"), [(0, 0), (1, 1), (3, 3), (4, 4)])
def test_levels_fill_as_many_steps_as_are_reached(rank, reached):
    html = render_to_string("components/levels.html", {"rank": rank})

    assert html.count("app-levels__step--reached") == reached


def test_pagination_of_a_lesson_names_the_neighbours():
    context = {"previous": {"url": "/a/", "label": "Why"}, "next": {"url": "/b/", "label": "Check"}}

    html = squeezed(render_to_string("components/pagination.html", context))

    assert re.findall(r'href="([^"]+)" rel="(\w+)"', html) == [("/a/", "prev"), ("/b/", "next")]
    assert re.findall(r'link-label">(\w+)<', html) == ["Why", "Check"]


def test_notification_of_success_is_announced_and_others_are_a_region():
    kinds = [
        re.findall(r' role="(\w+)"', render_to_string("components/notification.html", {"kind": kind, "text": "Saved"}))
        for kind in ("success", "")
    ]

    assert kinds == [["alert"], ["region"]]


def test_server_error_page_asks_nothing_of_what_may_have_failed(rf):
    page = server_error(rf.get("/"))  # no database here: this test is not marked for one

    assert page.status_code == 500
    assert "Sorry, there is a problem with the service" in page.content.decode()
