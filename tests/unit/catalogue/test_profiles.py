"""Learner profiles: read with the course, named with its content, and kept with its version."""

import pytest

from tests.conftest import NOON
from tests.unit.catalogue.small_course import COURSE, FILES, write_library
from tests.unit.catalogue.test_author_mistakes import mistakes_in
from upskill.catalogue.course_files.library import read_library
from upskill.catalogue.models import CourseVersion
from upskill.catalogue.services import publish_course

ADA, BO = f"{COURSE}/profiles/ada.md", f"{COURSE}/profiles/bo.md"
TEXT = "---\nname: Ada Olin\nrole: Makes the tea\n---\n\nAda pours **slowly**.\n\n## At work\n"


def read(root, **profiles: str):
    """The small course with profiles: the name of the file -> its text."""
    files = {**FILES, **{f"{COURSE}/profiles/{name}.md": text for name, text in profiles.items()}}
    return read_library([write_library(root, files=files)]).courses[0]


def test_profiles_are_read_by_the_names_of_their_files(tmp_path):
    course = read(tmp_path, bo=TEXT.replace("Ada", "Bo"), ada=TEXT, _draft="not yet")

    assert [profile.as_json() for profile in course.profiles] == [
        {
            "name": f"{name} Olin",
            "role": "Makes the tea",
            "html": f"<p>{name} pours <strong>slowly</strong>.</p>\n<h3>At work</h3>\n",
        }
        for name in ("Ada", "Bo")
    ]


def test_course_without_profiles_has_none_and_each_profile_is_content(tmp_path):
    none, empty, one, other = (
        read(tmp_path / str(number), **profiles)
        for number, profiles in enumerate([{}, {"_later": ""}, {"ada": TEXT}, {"ada": TEXT.replace("slowly", "fast")}])
    )

    assert (none.profiles, empty.sha256) == ((), none.sha256)
    assert len({none.sha256, one.sha256, other.sha256}) == 3


@pytest.mark.parametrize(
    ("text", "line", "problem", "cure"),
    [
        (TEXT.replace("role: Makes the tea\n", ""), 2, "A key is missing: 'role'.", "Add it."),
        (TEXT.replace("role:", "age: 30\nrole:"), 3, "The key 'age' is not known here.",
         "Use only these keys: name, role."),
        (TEXT.replace("## At", "# At"), 8, "A heading begins with a single #.",
         "Begin with ##: the title of the page is above it."),
        (
            TEXT[: TEXT.index("Ada pours")], 5, "The profile has no text.",
            "Say in some sentences what they know, want and fear, and what they work with.",
        ),
        (
            "Ada pours.", 1, "The block with name: and role: is missing.",
            "Begin the file with a line ---, then name: and role:, then a line ---.",
        ),
        (
            TEXT.replace("Ada pours", "::: trainer\nA\n:::\n\nAda"), 6, "Only a workshop has parts for its trainer.",
            "Move it into a workshop kit (name.workshop.md): whoever reads this has no trainer beside them.",
        ),
    ],
)  # fmt: skip
def test_mistake_in_a_profile_is_reported_with_line_and_cure(tmp_path, text, line, problem, cure):
    assert mistakes_in(tmp_path, {**FILES, ADA: text}) == [(ADA, line, problem, cure)]


def test_file_that_is_no_profile_is_a_stray(tmp_path):
    stray = f"{COURSE}/profiles/ada.yml"

    cure = "Write each profile as name.md, or begin the file's name with an underscore."
    assert mistakes_in(tmp_path, {**FILES, stray: TEXT}) == [(stray, 1, "This is no learner profile.", cure)]


@pytest.mark.django_db
def test_profiles_are_kept_with_the_version(tmp_path):
    course = read(tmp_path, ada=TEXT)

    publish_course(course, by=None, now=NOON)

    assert CourseVersion.objects.get().profiles == [profile.as_json() for profile in course.profiles]
