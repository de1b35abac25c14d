"""Figures of lessons: read with their lesson, refused with file, line and cure, named by their bytes, stored once."""

import hashlib

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import NOON
from tests.factories.pictures import PICTURE
from tests.hostile import MARKUP
from tests.unit.catalogue.small_course import BASICS, FILES, write_library
from tests.unit.catalogue.test_author_mistakes import mistakes_in
from upskill.catalogue import prose, queries
from upskill.catalogue.course_files.library import read_library
from upskill.catalogue.course_files.shape import CourseContent
from upskill.catalogue.course_files.svg import ELEMENTS, LARGEST_BYTES, NAMESPACES, Drawing, read_svg
from upskill.catalogue.models import Item, ItemVersion
from upskill.catalogue.prose import Picture
from upskill.catalogue.search import Found
from upskill.catalogue.services import publish_course
from upskill.core import blobs
from upskill.core.models import Blob

LESSON, SVG, PROGRAM = f"{BASICS}/sharing.md", f"{BASICS}/figures/cups.svg", f"{BASICS}/figures/cups.py"
SHOWN = '![Bar chart of cups: Ada has one.](figures/cups.svg "Made up.")'
SHA256 = hashlib.sha256(PICTURE.encode()).hexdigest()


def with_figure(*, shown: str = SHOWN, picture: str = PICTURE) -> dict[str, str]:
    """The small course, with a figure in its lesson, on line 26."""
    lesson = f"{FILES[LESSON]}\n{shown}\n"
    return {**FILES, LESSON: lesson, SVG: picture, PROGRAM: "import matplotlib\n"}


def read(root, files: dict[str, str]) -> CourseContent:
    return read_library([write_library(root, files=files)]).courses[0]


def drawn_as(part: str, *, head: str = "") -> str:
    """A picture with this part in it, on line 4, and more in its first tag."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"\n'
        f'  viewBox="0 0 360 180"{head}>\n'
        "<g>\n"
        f"{part}\n"
        "</g></svg>\n"
    )


def flaws(svg: str) -> list[tuple[int, str]]:
    """Line and problem of everything that is wrong with a picture."""
    return [(flaw.line, flaw.problem) for flaw in read_svg(svg.encode()).flaws]


# --- Reading ---


def test_a_lesson_shows_its_figure_with_its_words_its_caption_and_its_size(tmp_path):
    course = read(tmp_path, with_figure())

    lesson = course.modules[0].items[0]
    assert lesson.page["figures"] == [SHA256]
    assert [(each.name, each.svg, each.width, each.height) for each in lesson.figures] == [
        ("figures/cups.svg", PICTURE.encode(), 480, 240)
    ]
    assert lesson.page["html"].endswith(
        f'<figure class="prose-figure"><img src="figures/{SHA256}.svg" alt="Bar chart of cups: Ada has one."'
        ' width="480" height="240" loading="lazy"><figcaption>Made up.</figcaption></figure>'
    )


def test_a_lesson_without_a_figure_is_what_it_was_before_there_were_any(tmp_path):
    lesson = read(tmp_path, FILES).modules[0].items[0]

    assert (sorted(lesson.page), lesson.figures) == (["html"], ())


def test_another_picture_is_another_content_and_another_program_is_not(tmp_path):
    plain = read(tmp_path / "plain", with_figure())
    redrawn = read(tmp_path / "redrawn", with_figure(picture=PICTURE.replace("#ffffff", "#eeeeee")))
    rewritten = read(tmp_path / "rewritten", {**with_figure(), PROGRAM: "# draws the same\n"})

    assert plain.sha256 != redrawn.sha256
    assert plain.sha256 == rewritten.sha256


def test_a_figure_that_is_shown_twice_is_kept_once(tmp_path):
    lesson = read(tmp_path, with_figure(shown=f"{SHOWN}\n\n{SHOWN}")).modules[0].items[0]

    assert (lesson.page["figures"], lesson.page["html"].count("<img")) == ([SHA256], 2)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {LESSON: FILES[LESSON]},
            (SVG, 1, "No lesson of the module shows this figure.",
             "Write ![what it shows](figures/cups.svg) in a lesson, or delete the figure and its program."),
        ),
        (
            {LESSON: f"{FILES[LESSON]}\n{SHOWN.replace('cups.svg', 'pots.svg')}\n\n{SHOWN}\n"},
            (LESSON, 26, "There is no figures/pots.svg beside this lesson.",
             "Write figures/pots.py, which draws it, and run `manage.py draw_figures`."),
        ),
        (
            {LESSON: f"{FILES[LESSON]}\n![](figures/cups.svg)\n"},
            (LESSON, 26, "An image has no alternative text.",
             "Say in the square brackets what it shows: ![text](file)."),
        ),
        (
            {LESSON: f"{FILES[LESSON]}\n![Cups](https://example.org/cups.svg)\n\n{SHOWN}\n"},
            (LESSON, 26, "The image https://example.org/cups.svg is no figure of this module.",
             "Write ![what it shows](figures/name.svg), with small letters, numbers and hyphens in the name."),
        ),
        (
            {LESSON: f"{FILES[LESSON]}\n![Cups](../double/figures/cups.svg)\n\n{SHOWN}\n"},
            (LESSON, 26, "The image ../double/figures/cups.svg is no figure of this module.",
             "Write ![what it shows](figures/name.svg), with small letters, numbers and hyphens in the name."),
        ),
        (
            {LESSON: f"{FILES[LESSON]}\nLook at this: {SHOWN}\n"},
            (LESSON, 26, "An image stands among other words.", "Give it a paragraph of its own."),
        ),
        (
            {LESSON: f"{FILES[LESSON]}\n## {SHOWN}\n"},
            (LESSON, 26, "An image stands among other words.", "Give it a paragraph of its own."),
        ),
        (
            {LESSON: f"{FILES[LESSON]}\n![Cups < 3](figures/cups.svg)\n"},
            (LESSON, 26, "The words of a figure hold < or >.",
             "Say it in words, as somebody would read it out: more than, less than."),
        ),
        (
            {f"{BASICS}/figures/notes.txt": "Draw again in May."},
            (f"{BASICS}/figures/notes.txt", 1, "This is neither a figure nor its program.",
             "Keep here only name.svg and name.py: small letters, numbers and single hyphens."),
        ),
        (
            {SVG: drawn_as("<script>1</script>")},
            (SVG, 4, "The picture holds <script>.", "A picture runs nothing. Take it out."),
        ),
    ],
)  # fmt: skip
def test_a_mistake_with_a_figure_is_reported_with_file_line_and_cure(tmp_path, change, expected):
    assert mistakes_in(tmp_path, {**with_figure(), **change}) == [expected]


def test_a_picture_without_its_program_and_a_program_without_its_picture_are_mistakes(tmp_path):
    no_program = {name: text for name, text in with_figure().items() if name != PROGRAM}
    no_picture = {name: text for name, text in with_figure().items() if name not in {SVG, LESSON}}

    assert [each[:3] for each in mistakes_in(tmp_path / "a", no_program)] == [
        (SVG, 1, "The program that draws this figure is missing.")
    ]
    assert [each[:3] for each in mistakes_in(tmp_path / "b", {**no_picture, LESSON: FILES[LESSON]})] == [
        (PROGRAM, 1, "What this program draws is not here.")
    ]


def test_a_figure_in_a_quiz_or_an_exercise_is_a_mistake_there(tmp_path):
    quiz = f"{BASICS}/check.quiz.md"
    asked = FILES[quiz].replace("Which of these are tea?\n", f"Which of these are tea?\n\n{SHOWN}\n")

    assert [each[:3] for each in mistakes_in(tmp_path, {**with_figure(), quiz: asked})] == [
        (quiz, 21, "The image figures/cups.svg would not be shown.")
    ]


# --- What a picture may hold ---


def test_the_size_of_a_picture_is_that_of_its_view_in_pixels():
    assert read_svg(PICTURE.encode()) == Drawing(480, 240, ())


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ("<script>alert(1)</script>", "The picture holds <script>."),
        ("<xlink:script/>", "The picture holds <xlink:script>."),
        ("<foreignObject/>", "The picture holds <foreignObject>."),
        ('<image width="1" height="1"/>', "The picture holds <image>."),
        ('<a xlink:href="#x"/>', "The picture holds <a>."),
        ('<animate attributeName="x"/>', "The picture holds <animate>."),
        ('<set attributeName="onload"/>', "The picture holds <set>."),
        ("<iframe/>", "The picture holds <iframe>."),
        ('<g onload="alert(1)"/>', "The picture holds the event handler onload."),
        ('<g ONCLICK="alert(1)"/>', "The picture holds the event handler ONCLICK."),
        ('<use xlink:href="https://evil.example/x.svg#a"/>', "The picture refers to https://evil.example/x.svg#a."),
        ('<use href="data:image/svg+xml,x"/>', "The picture refers to data:image/svg+xml,x."),
        ('<g xml:base="https://evil.example/"/>', "The picture refers to https://evil.example/."),
        ('<g style="fill: url(https://evil.example/x)"/>', "The attribute style loads something."),
        ("<g fill=\"url('x.svg#a')\"/>", "The attribute fill loads something."),
        ('<g style="fill: \\75rl(x)"/>', "The attribute style loads something."),
        ("<style>@import 'x.css'</style>", "The style of the picture loads something."),
        ("<style>g{fill: u<![CDATA[rl(]]>x)}</style>", "The style of the picture loads something."),
        ("<style>&#64;import 'x.css'</style>", "The style of the picture loads something."),
        ('<g xmlns="http://www.w3.org/1999/xhtml"/>', "The picture holds xmlns for something other than SVG."),
        ('<?xml-stylesheet href="x.css"?>', "The picture holds <?xml-stylesheet?>."),
        ("<g>", "This is not whole XML: mismatched tag."),
        ("<g>&nbsp;</g>", "This is not whole XML: undefined entity."),
    ],
)
def test_what_could_run_or_load_is_refused_with_its_line(part, problem):
    line = 5 if "mismatched" in problem else 4

    assert flaws(drawn_as(part)) == [(line, problem)]


def test_parts_of_the_picture_may_name_each_other():
    assert flaws(drawn_as('<path id="a"/><clipPath id="b"/><g clip-path="url(#b)"/><use xlink:href="#a"/>')) == []


def test_a_part_may_be_drawn_before_it_is_there():
    assert flaws(drawn_as('<use href="#a"/><defs><path id="a"/></defs>')) == []


BOMB = '<g id="a"><path id="p"/></g>' + "".join(
    f'<g id="{chr(98 + number)}">{f"""<use href="#{chr(97 + number)}"/>""" * 10}</g>' for number in range(9)
)


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        (BOMB, "<use> draws #a, which is no <path> of the picture."),
        ('<use href="#nobody"/>', "<use> draws #nobody, which is no <path> of the picture."),
        ('<g id="a"/><path id="a"/><use href="#a"/>', "<use> draws #a, which is no <path> of the picture."),
        ('<path id="a"/><g xml:id="a"/><use href="#a"/>', "<use> draws #a, which is no <path> of the picture."),
        ('<path id="a"/><g id="b"/><use href="#a" xlink:href="#b"/>',
         "<use> draws #b, which is no <path> of the picture."),
        ('<path id="a"/><g id="b"/><use href="#b" xlink:href="#a"/>',
         "<use> draws #b, which is no <path> of the picture."),
        ('<path id="a"/>' + '<use href="#a"/>' * 5_001, "The picture draws its parts 5,001 times."),
        (f'<path id="a" d="{"M 1 1" * 9_000}"/>' + '<use href="#a"/>' * 50, "The picture draws its parts 50 times."),
        ('<path id="a"/><clipPath id="b"><use href="#a"/></clipPath>', "A <clipPath> is made of other parts."),
        ('<clipPath id="b"><path clip-path="URL(#c)"/></clipPath>', "A <clipPath> is made of other parts."),
        ('<clipPath id="b" style="clip-path: url(#c)"/>', "A <clipPath> is made of other parts."),
        ("<style>g{clip-path: url(#b)}</style>", "The style of the picture holds a bracket."),
        ('<style>path{d: path("M 1 1")}</style>', "The style of the picture holds a bracket."),
    ],
)  # fmt: skip
def test_a_short_file_that_takes_long_to_draw_is_one_mistake(part, problem):
    assert flaws(drawn_as(part)) == [(4, problem)]


def test_as_many_uses_as_are_allowed_are_accepted():
    assert flaws(drawn_as('<path id="a" d="M 1 1"/>' + '<use href="#a"/>' * 5_000)) == []


def test_a_document_type_is_refused_before_anything_in_it_is_read():
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\n' + drawn_as("&b;")

    assert flaws(bomb) == [(1, "The picture has a document type.")]


@pytest.mark.parametrize(
    ("svg", "problem"),
    [
        ("", "This is not whole XML: no element found."),
        ("<html/>", "This is no SVG picture."),
        ("<svg/>", "This is no SVG picture."),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "The picture does not say how large it is."),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 nan 9"/>',
         "The picture is nan by 9 points; on a telephone nobody could read it."),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 401 9"/>',
         "The picture is 401 by 9 points; on a telephone nobody could read it."),
        (" " * (LARGEST_BYTES + 1), "The picture has 150 kB, more than 150."),
    ],
)  # fmt: skip
def test_what_is_no_picture_or_too_large_is_refused(svg, problem):
    assert problem in [said for _, said in flaws(svg)]


@given(st.lists(st.sampled_from([*MARKUP, "<g>", "</g>", "<svg", 'href="', '"', "url(", "&", "]]>"]), max_size=8))
def test_whatever_is_accepted_holds_nothing_that_runs_or_loads(parts):
    svg = drawn_as("".join(parts))

    if not flaws(svg):
        parts_of_it = list(fromstring(svg).iter())
        assert {part.tag for part in parts_of_it} <= {f"{{{NAMESPACES['xmlns']}}}{name}" for name in ELEMENTS}
        attributes = [(name, value) for part in parts_of_it for name, value in part.attrib.items()]
        assert [name for name, value in attributes if "on" in name.lower() or "//" in value] == []


# --- In the text ---


def test_an_image_that_is_no_figure_of_the_text_loads_nothing():
    known = {"figures/cups.svg": Picture("figures/1.svg", 4, 3)}

    html = prose.to_html("![Cups](figures/cups.svg)\n\n![Pots](figures/pots.svg)\n", pictures=known)

    assert html == (
        '<figure class="prose-figure"><img src="figures/1.svg" alt="Cups" width="4" height="3" loading="lazy">'
        '</figure>\n<p><img alt="Pots"></p>\n'
    )


def test_words_of_a_figure_cannot_end_its_tag():
    known = {"figures/cups.svg": Picture("figures/1.svg", 4, 3)}

    html = prose.to_html('![A "cup" & more](figures/cups.svg "Ada & \\"Bo\\"")\n', pictures=known)

    assert html == (
        '<figure class="prose-figure"><img src="figures/1.svg" alt="A &quot;cup&quot; &amp; more" width="4" height="3"'
        ' loading="lazy"><figcaption>Ada &amp; "Bo"</figcaption></figure>'
    )


def test_a_text_of_a_learner_shows_no_figure():
    assert prose.to_html("![Cups](figures/cups.svg)\n") == '<p><img alt="Cups"></p>\n'


# --- In the catalogue ---


@pytest.mark.django_db
def test_publishing_stores_the_picture_by_its_bytes_and_the_lesson_knows_it(tmp_path):
    publish_course(read(tmp_path, with_figure()), by=None, now=NOON)

    lesson = ItemVersion.objects.get(item__key="basics/sharing")
    assert lesson.content["figures"] == [SHA256]
    assert blobs.read(SHA256) == PICTURE.encode()
    assert queries.has_figure(lesson.item, sha256=SHA256)
    assert not queries.has_figure(lesson.item, sha256="0" * 64)
    assert not queries.has_figure(Item.objects.get(key="basics/check"), sha256=SHA256)


@pytest.mark.django_db
def test_a_picture_of_a_version_that_was_replaced_is_still_its_lessons(tmp_path):
    publish_course(read(tmp_path / "old", with_figure()), by=None, now=NOON)
    course_yml = f"{BASICS.split('/')[0]}/course.yml"
    redrawn = with_figure(picture=PICTURE.replace("#ffffff", "#eeeeee"))
    redrawn[course_yml] = redrawn[course_yml].replace("1.0.0", "1.1.0")
    publish_course(read(tmp_path / "new", redrawn), by=None, now=NOON)

    lesson = Item.objects.get(key="basics/sharing")
    assert queries.has_figure(lesson, sha256=SHA256)
    assert Blob.objects.filter(pk=SHA256).count() == 1


@pytest.mark.django_db
def test_search_finds_the_caption_and_shows_nothing_of_the_tag(tmp_path):
    shown = '![Bar chart: a zebra & "two" cups.](figures/cups.svg "Made up by a giraffe.")'
    publish_course(read(tmp_path, with_figure(shown=shown)), by=None, now=NOON)

    (found,) = Found("giraffe")[0:10]
    assert found.title == "Sharing a pot"
    assert "Made up by a <mark>giraffe</mark>." in found.snippet
    assert "zebra" not in found.snippet
    assert "figure" not in found.snippet
    assert len(Found("zebra")) == 0
