"""Whatever is chosen: a box more of one kind never hides a course, a box of another kind never brings one."""

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from upskill.catalogue.choosing import Choice, Length, Published
from upskill.catalogue.models import CourseVersion

WORDS, SKILLS = st.sampled_from(["manager", "analyst", "trainer"]), st.sampled_from(["fairness", "privacy"])
LEVELS = st.integers(1, 4)
CHOICES = st.builds(
    Choice,
    audience=st.frozensets(WORDS),
    levels=st.frozensets(LEVELS),
    lengths=st.frozensets(st.sampled_from(Length)),
    skills=st.frozensets(SKILLS),
)
AWARDS = st.lists(st.fixed_dictionaries({"skill": SKILLS, "level": LEVELS}), max_size=3)
COURSES = st.builds(
    lambda audience, skills, minutes: Published(CourseVersion(audience=audience, skills=skills), minutes),
    st.lists(WORDS, max_size=2),
    AWARDS,
    st.integers(0, 600),
)
KINDS = st.sampled_from([field.name for field in fields(Choice)])


@given(course=COURSES)
def test_without_a_choice_every_course_fits(course):
    assert Choice().fits(course)


@given(choice=CHOICES, more=CHOICES, kind=KINDS, course=COURSES)
def test_another_box_of_the_same_kind_hides_nothing(choice, more, kind, course):
    chosen = getattr(choice, kind)
    wider = replace(choice, **{kind: chosen | getattr(more, kind)}) if chosen else choice

    assert wider.fits(course) or not choice.fits(course)


@given(choice=CHOICES, kind=KINDS, course=COURSES)
def test_taking_a_whole_kind_away_hides_nothing(choice, kind, course):
    assert replace(choice, **{kind: frozenset()}).fits(course) or not choice.fits(course)
