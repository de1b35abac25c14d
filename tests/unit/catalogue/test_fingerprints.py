"""Content has one name, whatever the order of files and keys, the line ends, or the time of the checkout."""

import os

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.catalogue.small_course import BASICS, COURSE, FILES, with_change, write_library
from upskill.catalogue.course_files.fingerprint import fingerprint
from upskill.catalogue.course_files.library import read_library
from upskill.catalogue.course_files.shape import CourseContent

YAML_FILES = [f"{COURSE}/course.yml", f"{BASICS}/module.yml", f"{BASICS}/double/exercise.yml"]


def read(root, files=None, *, order=None) -> CourseContent:
    """The course in these files."""
    return read_library([write_library(root, files=files, order=order)]).courses[0]


def items(course: CourseContent) -> dict[str, str]:
    """Item slug -> sha256."""
    return {item.slug: item.sha256 for module in course.modules for item in module.items}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(list(FILES)), seed=st.randoms(use_true_random=False))
def test_order_of_files_keys_and_times_changes_nothing(tmp_path_factory, order, seed):
    expected = read(tmp_path_factory.mktemp("plain"))
    shuffled = dict(FILES)
    for name in YAML_FILES:
        keys = list(yaml.safe_load(FILES[name]).items())
        seed.shuffle(keys)
        shuffled[name] = yaml.safe_dump(dict(keys), sort_keys=False)
    root = tmp_path_factory.mktemp("shuffled")

    course = read(root, shuffled, order=order)
    for name in order:
        os.utime(root / name, (seed.randint(0, 2**31), seed.randint(0, 2**31)))

    assert (course.sha256, items(course)) == (expected.sha256, items(expected))
    assert read(root, shuffled).sha256 == expected.sha256


def test_line_ends_of_another_system_change_nothing(tmp_path):
    windows = {
        name: text if "/data/" in name else text.replace("\n", "\r\n")  # data are bytes: git leaves them alone
        for name, text in FILES.items()
    }

    plain, converted = read(tmp_path / "plain"), read(tmp_path / "windows", windows)

    assert converted.sha256 == plain.sha256
    assert converted.modules[0].items[2].exercise == plain.modules[0].items[2].exercise


def test_byte_order_mark_and_last_line_end_change_nothing(tmp_path):
    name = f"{BASICS}/sharing.md"
    marked = {**FILES, name: "\ufeff" + FILES[name] + "\n"}

    assert read(tmp_path / "marked", marked).sha256 == read(tmp_path / "plain").sha256


@pytest.mark.parametrize(
    ("name", "old", "new", "changed"),
    [
        (f"{COURSE}/course.yml", "Tea for teams", "Tea for all", set()),
        (f"{COURSE}/course.yml", "1.0.0", "1.0.1", set()),
        (f"{BASICS}/module.yml", "You can share a pot.", "You can pour.", set()),
        (f"{BASICS}/module.yml", "[sharing, check, double]", "[check, sharing, double]", set()),
        (f"{BASICS}/module.yml", "items:", "prerequisites: [brewing@awareness]\nitems:", set()),
        (f"{COURSE}/course.yml", "skills:", "principles: [2]\nskills:", set()),
        (f"{BASICS}/sharing.md", "Four people", "Five people", {"sharing"}),
        (f"{BASICS}/sharing.md", "minutes: 5", "minutes: 6", {"sharing"}),
        (f"{BASICS}/check.quiz.md", "Yes: 4 - 3.", "Yes.", {"check"}),
        (f"{BASICS}/check.quiz.md", "pass: 0.8", "pass: 0.5", {"check"}),
        (f"{BASICS}/double/exercise.py", "double(7) == 14", "double(8) == 16", {"double"}),
        (f"{BASICS}/double/exercise.yml", "cell_seconds: 5", "cell_seconds: 6", {"double"}),
        (f"{BASICS}/double/rubric.yml", "Buy a bigger pot.", "Make two pots.", {"double"}),
    ],
)
def test_change_of_content_changes_the_course_and_the_item_that_changed(tmp_path, name, old, new, changed):
    before = read(tmp_path / "before")

    after = read(tmp_path / "after", with_change(name, old=old, new=new))

    assert after.sha256 != before.sha256
    assert {slug for slug, sha256 in items(after).items() if sha256 != items(before)[slug]} == changed


def test_course_without_principles_and_prerequisites_is_named_as_before_there_were_any(tmp_path):
    course = read(tmp_path)
    module = yaml.safe_load(FILES[f"{BASICS}/module.yml"])
    outline = {key: module[key] for key in ("title", "summary", "objectives")}
    outline |= {"slug": "basics", "items": [[slug, items(course)[slug]] for slug in module["items"]]}

    before = fingerprint({"course": yaml.safe_load(FILES[f"{COURSE}/course.yml"]), "modules": [outline]})
    no_prerequisites = with_change(f"{BASICS}/module.yml", old="items:", new="prerequisites: []\nitems:")

    assert course.sha256 == before
    assert read(tmp_path / "none", no_prerequisites).sha256 == before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (f"{BASICS}/double/wrong/adds.py", "return 2 + cups", "return cups + 2"),
        (f"{BASICS}/double/data/DATASHEET.md", "Made up.", "Made up by us."),
        (f"{COURSE}/course.yml", "language: en-GB", "language: en-GB  # British spelling"),
    ],
)
def test_what_neither_learner_nor_mark_depends_on_needs_no_new_version(tmp_path, name, old, new):
    after = read(tmp_path / "after", with_change(name, old=old, new=new))

    assert after.sha256 == read(tmp_path / "before").sha256


def test_fingerprint_is_sha256_of_canonical_json():
    assert fingerprint({"b": [1, 2], "a": "é"}) == fingerprint({"a": "é", "b": [1, 2]})
    assert fingerprint({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert fingerprint([1, 2]) != fingerprint([2, 1])


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.booleans(), min_size=2))
def test_fingerprint_does_not_depend_on_the_order_of_keys(facts):
    turned = dict(reversed(list(facts.items())))

    assert fingerprint(turned) == fingerprint(facts)
