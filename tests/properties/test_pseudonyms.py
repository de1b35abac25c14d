"""No two people share a pseudonym, whoever takes the course."""

from hypothesis import given
from hypothesis import strategies as st

from upskill.learning.pseudonyms import pseudonym
from upskill.people.models import User

ids = st.integers(min_value=1, max_value=2**63 - 1)
courses = st.from_regex(r"[a-z][a-z0-9-]{0,49}", fullmatch=True)


@given(st.sets(ids | st.integers(min_value=1, max_value=2000), min_size=2, max_size=50), courses)
def test_different_people_have_different_pseudonyms_in_every_course(people, course):
    assert len({pseudonym(User(pk=person), course=course) for person in people}) == len(people)


def test_a_course_of_ten_thousand_has_ten_thousand_pseudonyms():
    assert len({pseudonym(User(pk=person), course="ethics") for person in range(1, 10_001)}) == 10_000
