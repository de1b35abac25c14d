"""The report on one page: five sentences, tables and a chart, and how the figures were made; the same as a PDF."""

import datetime as dt
import io

import pytest
from django.utils import timezone
from pypdf import PdfReader

from tests import hostile
from tests.factories.people import OrganisationFactory, viewer_of
from tests.factories.published import FEW, WITH, publication, published
from tests.web.certificates.test_sheet import root_of, tags, text_of
from tests.web.learner.pages import errors, links, listed, main, words
from tests.web.tables import rows
from upskill.core.models import AuditEntry

pytestmark = pytest.mark.django_db
SKILLS = tuple(f"skill-{number}" for number in range(12))
ROW = (200, 100, 60, 40, 10, 300, 120)


@pytest.fixture
def health():
    return OrganisationFactory(name="Department of Health", code="health")


def night(health, *, parts=12, on=None, row=ROW, name="A directorate with a very long name, of which there are many"):
    made = publication(on=on, skills=SKILLS)
    published(made, health, people=410, each=row)
    published(made, None, people=900, each=ROW)
    for number in range(parts):
        part = OrganisationFactory(name=f"{number} {name}", parent=health)
        published(made, part, people=100, each=(50, 20, 10, 10, 10, 80, 40))


def test_report_has_five_sentences_and_says_how_the_figures_were_made(signed_in, health):
    night(health, on=timezone.localdate() - dt.timedelta(days=7), parts=0, row=(230, 100, 30, 40, 10, 300, 120))
    night(health)

    page = signed_in(viewer_of(health)).get("/manager/departments/health/report/")

    said, method = listed(page, css="govuk-list--bullet")
    assert said.count(".") == 5
    assert said.startswith("About 410 people work here or in a part of it. About 120 of the 300 people")
    assert "rose from 20% to 27%" in said
    assert "made once a night for the whole of government by one method (version 3)." in method
    assert "People at each level" in words(page)
    assert "Against what roles ask for" in words(page)


def test_every_figure_in_a_table_opens_into_what_it_counts(signed_in, health):
    night(health, parts=1, row=(200, 100, FEW, WITH, 10, 300, 120))
    client = signed_in(viewer_of(health))

    page = client.get("/manager/departments/health/report/")

    cells = [cell for table in range(3) for _name, *found in rows(page, table=table)[1:] for cell in found]
    ways = [(url, text) for url, text in links(page) if "/figure/?" in url]
    assert [text for _url, text in ways] == cells
    assert {client.get(url).status_code for url, _text in ways} == {200}
    assert ("/manager/departments/health/figure/?skill=skill-0&of=working", "[c] hidden: At working level") in ways
    assert ("/manager/departments/health/figure/?skill=skill-0&of=short", "40%") in ways


def test_pdf_says_what_the_page_says_on_one_sheet_with_tags(signed_in, health):
    night(health)
    client = signed_in(viewer_of(health))

    answer = client.get("/manager/departments/health/report.pdf")

    reader = PdfReader(io.BytesIO(answer.content))
    [sentences, _method] = listed(client.get("/manager/departments/health/report/"), css="govuk-list--bullet")
    assert len(reader.pages) == 1
    assert sentences in text_of(reader)
    kinds = [kind for kind, _words in tags(reader)]
    assert (kinds.count("/H1"), kinds.count("/H2"), root_of(reader)["/MarkInfo"]["/Marked"]) == (1, 4, True)
    aloud = [said for _kind, said in tags(reader) if said]
    assert "skill-0. Role asks for it: 300; Below that: 120; Share below: 40%" in aloud
    assert (answer["Content-Type"], answer["Content-Disposition"].partition(";")[0]) == (
        "application/pdf",
        "attachment",
    )


def test_download_is_written_down(signed_in, health):
    night(health, parts=0)
    viewer = viewer_of(health)

    signed_in(viewer).get("/manager/departments/health/report.pdf")

    written = [(each.event, each.by, each.subject_id, each.details) for each in AuditEntry.objects.all()]
    assert written == [("figures.exported", viewer, str(health.pk), {"form": "pdf"})]


def test_report_of_nothing_says_so_and_there_is_no_pdf(signed_in, health):
    client = signed_in(viewer_of(health))

    assert "No figures are published yet." in words(client.get("/manager/departments/health/report/"))
    assert client.get("/manager/departments/health/report.pdf").status_code == 404
    assert AuditEntry.objects.count() == 0


def test_report_of_a_part_that_is_too_small_says_so(signed_in, health):
    night(health, parts=0)
    OrganisationFactory(code="small", parent=health)

    page = signed_in(viewer_of(health)).get("/manager/departments/small/report/")

    assert "No figures are shown here: too few people work here" in words(page)
    assert "come back tomorrow" not in words(page)


def test_report_has_the_field_that_its_error_leads_to(signed_in, health):
    night(health, parts=0)

    page = signed_in(viewer_of(health)).get("/manager/departments/health/report/?people=grade:SCS")

    said = "There are no figures about these people here. Choose from the list."
    assert (page.status_code, errors(page)) == (422, [("id_people", said)])
    assert 'id="id_people"' in main(page)


def test_hidden_figures_are_hidden_on_paper(signed_in, health):
    night(health, parts=0, row=(200, 150, WITH, FEW, 40, 300, FEW))

    text = text_of(PdfReader(io.BytesIO(
        signed_in(viewer_of(health)).get("/manager/departments/health/report.pdf").content
    )))  # fmt: skip

    assert "skill-0 200 150 [c] [c] 40 15%" in text


@pytest.mark.parametrize("name", [hostile.MARKUP[0], "{nb}", "名前", "=1+1"])
def test_hostile_names_make_a_sheet(signed_in, health, name):
    night(health, parts=2, name=name)

    answer = signed_in(viewer_of(health)).get("/manager/departments/health/report.pdf")

    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1
