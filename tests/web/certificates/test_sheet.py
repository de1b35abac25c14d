"""The PDF of a certificate: what it says, what programs that read it aloud are told, and names that mean harm."""

import io
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ArrayObject

from tests import hostile
from tests.conftest import NOON
from tests.web.learner.pages import finish, learner_of, taught
from upskill.catalogue.models import CourseVersion
from upskill.skills.certificates import Facts, Genuine
from upskill.skills.models import Certificate, Level
from upskill.web.certificates.sheet import FONTS, CannotDraw, drawable, pdf

ADDRESS = "https://skills.example.gov.uk/certificates/8d3f7d60-9a53-4d2c-9b5a-0a6a6ff4c3b2/"


def sheet(*, name: str = "Alice Adams", course: str = "AI ethics", skills: int = 1) -> PdfReader:
    """The sheet of a certificate, read back."""
    outline: Any = SimpleNamespace(version=CourseVersion(title=course, version="1.0.0"), minutes=165)
    awards = [("Fairness", Level.WORKING)] * skills
    facts = Facts(outline=outline, finished_at=NOON, awards=awards, by_tests=3, by_people=1)
    return PdfReader(io.BytesIO(pdf(Genuine(Certificate(name=name), facts), address=ADDRESS, now=NOON)))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def root_of(reader: PdfReader) -> Any:
    return reader.trailer["/Root"]


def tags(reader: PdfReader) -> list[tuple[str, str | None]]:
    """(kind, words for programs that read aloud) of each piece of text, in their order."""
    kids = root_of(reader)["/StructTreeRoot"]["/K"][0]["/K"]
    pieces = [kid.get_object() for kid in kids]
    return [(str(piece["/S"]), piece.get("/Alt")) for piece in pieces if piece["/S"] != "/Link"]


def test_sheet_says_everything_and_how_to_check_it():
    assert text_of(sheet()) == (
        "AI skills for government Certificate Alice Adams has finished the course AI ethics "
        "Version 1.0.0, finished on 23 November 2026 Time that the course takes: 2 hours 45 minutes "
        "Skills that the evidence shows Fairness: level Working "
        "How it was marked 3 attempts marked automatically 1 attempt marked by a person "
        "How to check it Open this address. If it says otherwise than this sheet, the address is right and the sheet "
        f"is not. {ADDRESS} Read from the records on 23 November 2026."
    )


def test_sheet_has_a_title_a_language_tags_and_its_typefaces_within():
    reader = sheet()
    root = root_of(reader)
    resources: Any = reader.pages[0]["/Resources"]
    fonts: Any = [font.get_object() for font in resources["/Font"].values()]

    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Certificate: AI ethics", "AI skills for government")
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == (
        "en-gb",
        True,
        True,
    )
    assert [kind for kind, _alt in tags(reader)] == [
        "/P", "/H1", "/H2", "/P", "/H2", "/P", "/P", "/H2", "/P", "/H2", "/P", "/P", "/H2", "/P", "/P", "/P",
    ]  # fmt: skip
    assert ["/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts] == [True, True]


@pytest.mark.parametrize("name", ["Siân Ŵyn Ŷork", "Łukasz Żółć", "Đặng Thị Hồng", "Ωμέγα Ὀδυσσεύς", "Жанна", "Հայկ"])
def test_names_of_many_languages_are_drawn(name):
    assert name in text_of(sheet(name=name))


def test_letters_that_are_put_together_are_drawn_as_one():
    assert drawable("Ŷork") == "Ŷork"


@pytest.mark.parametrize("name", ["李雷", "محمد", "דוד", "🦊"])
def test_name_that_cannot_be_drawn_is_said_to_be_so_and_given_to_programs_that_read_aloud(name):
    reader = sheet(name=name)

    assert "(in letters that this sheet cannot show: read it at the address below)" in text_of(reader)
    assert tags(reader)[2] == ("/H2", name)


@pytest.mark.parametrize("name", ["\u200b", "\x00", "\u202e\ufeff"])
def test_name_of_nothing_that_is_seen_is_said_to_be_so(name):
    assert "(in letters that this sheet cannot show: read it at the address below)" in text_of(sheet(name=name))


@pytest.mark.parametrize("name", [*hostile.NAMES, "{nb}", "**a** __b__", "(\\) ) Tj ET", "a\u202eb\nc\td"])
def test_name_that_means_harm_is_text(name):
    reader = sheet(name=name[:200])

    assert said_of(name[:200]).replace(" ", "") in text_of(reader).replace(" ", "")
    root = root_of(reader)
    assert {"/AA", "/Names", "/AcroForm"} & set(root) == set()
    assert isinstance(root["/OpenAction"], ArrayObject)  # a place in the document and nothing to do


def said_of(name: str) -> str:
    """The name, or what the sheet says where it cannot be drawn."""
    try:
        return drawable(name)
    except CannotDraw:
        return "(in letters that this sheet cannot show: read it at the address below)"


def test_long_names_and_many_skills_go_on_to_more_pages():
    reader = sheet(name="W" * 200, course="M" * 120, skills=60)

    assert len(reader.pages) > 1
    assert text_of(reader).count("Fairness: level Working") == 60


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.text(min_size=1, max_size=200))
def test_any_name_makes_a_sheet(name):
    assert len(sheet(name=name).pages) >= 1


@given(text=st.text(max_size=40))
def test_what_is_drawn_has_no_controls_and_one_line(text):
    try:
        shown = drawable(text)
    except CannotDraw:
        return

    assert shown == " ".join(shown.split())
    assert shown.isprintable()


def test_typefaces_carry_their_licence():
    assert sorted(path.name for path in FONTS.iterdir()) == ["DejaVuSans-Bold.ttf", "DejaVuSans.ttf", "LICENSE"]
    assert "Bitstream Vera Fonts Copyright" in (FONTS / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.django_db
def test_download_is_a_pdf_with_the_address_of_the_service(signed_in, settings):
    settings.SERVICE_ADDRESS = "https://skills.example.gov.uk"
    course = taught(title="AI ethics")
    learner = learner_of(course, full_name="Alice Adams")
    finish(course, learner)
    client = signed_in(learner)
    client.post(f"{course.url}certificate/")
    certificate = Certificate.objects.get()

    answer = client.get(f"/certificates/{certificate.public_id}/certificate.pdf")

    file = f"certificate-{course.version.course_id}.pdf"
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/pdf",
        f'attachment; filename="{file}"',
    )
    text = text_of(PdfReader(io.BytesIO(answer.content)))
    assert f"https://skills.example.gov.uk/certificates/{certificate.public_id}/" in text
    assert "Alice Adams" in text
