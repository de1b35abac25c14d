"""What is worked out of published figures: never more than somebody could who has them all."""

from hypothesis import given
from hypothesis import strategies as st

from upskill.reports.figures import Hidden
from upskill.reports.unit_figures import EVERYBODY, SkillCounts, Slice, reaching, rest, share, slice_of

FEW, WITH, OWN = Hidden.FEW, Hidden.WITH, Hidden.OWN_TEAM
FIGURES = st.one_of(st.integers(2, 40).map(lambda n: 5 * n), st.sampled_from([FEW, WITH]))


def counts(*levels, people=100, needs=FEW, short=FEW, **more) -> SkillCounts:
    return SkillCounts("fairness", "Fairness", people=people, levels=levels, needs=needs, short=short, **more)


def test_people_at_working_level_or_above_are_added_up():
    assert reaching(counts(40, 30, 15, 10, 10), level=2) == 35


def test_hidden_levels_above_are_what_is_left_of_everybody():
    assert reaching(counts(40, 30, 15, FEW, WITH), level=2) == 30


def test_what_is_left_is_hidden_where_it_is_about_few():
    assert reaching(counts(80, 15, WITH, FEW, FEW), level=2) is FEW


def test_what_three_roundings_could_have_made_is_few():
    """Each hidden level may be rounded up by four: 15 could be three people, 20 are eight at least."""
    assert reaching(counts(70, 15, WITH, FEW, FEW), level=2) is FEW
    assert reaching(counts(70, 10, WITH, FEW, FEW), level=2) == 20
    assert reaching(counts(400, 100, WITH, FEW, FEW, people=560, farthest=20), level=2) is FEW


def test_own_reports_are_taken_off_what_is_worked_out():
    shown = [reaching(counts(70, 10, WITH, FEW, FEW, reports=reports), level=2) for reports in (0, 3, 4, 12)]

    assert shown == [20, 20, OWN, OWN]


def test_nothing_is_worked_out_where_too_much_is_hidden():
    assert reaching(counts(WITH, 30, 15, FEW, 20), level=2) is FEW
    assert reaching(counts(40, WITH, WITH, FEW, 20), level=2) is WITH


def test_own_team_hides_what_is_worked_out_as_well():
    assert reaching(counts(40, 30, OWN, 10, 10), level=2) is OWN
    assert reaching(counts(OWN, 30, 15, 10, 10), level=2) is OWN


@given(st.lists(FIGURES, min_size=5, max_size=5), st.integers(0, 100))
def test_what_is_worked_out_follows_from_what_is_shown(levels, more):
    """Shown levels alone decide: the number is a sum of figures in sight, or everybody less figures in sight."""
    people = sum(each for each in levels if isinstance(each, int)) + 5 * more

    found = reaching(counts(*levels, people=people), level=2)

    above, below = levels[2:], levels[:2]
    known = [sum(above)] if all(isinstance(each, int) for each in above) else []
    known += [people - sum(below)] if all(isinstance(each, int) for each in below) else []
    assert isinstance(found, Hidden) or (found in known and found >= 10)


def test_share_is_whole_per_cent_and_never_more_than_all():
    shares = [share(figure, of=of) for figure, of in ((30, 90), (95, 90), (FEW, 90), (30, WITH), (0, 0))]

    assert shares == [33, 100, None, None, None]


def test_rest_of_a_figure_is_hidden_with_a_part_of_it_and_where_few_are_left():
    assert [
        rest(100, parts=[40, 30]),
        rest(100, parts=[100]),
        rest(100, parts=[40, WITH]),
        rest(FEW, parts=[40]),
        rest(100, parts=[95]),
        rest(100, parts=[80], away=20),
        rest(100, parts=[70], away=20),
        rest(100, parts=[80], reports=12),
    ] == [30, 0, WITH, FEW, FEW, FEW, 30, OWN]


def test_slice_is_named_by_a_word_and_by_nothing_else():
    known = [slice_of(word) for word in ("grade:EO", "profession:Data: science", "", "grade:", "team:x", "EO")]

    assert known == [Slice("grade", "EO"), Slice("profession", "Data: science"), None, None, None, None]
    assert (Slice("grade", "EO").word, EVERYBODY.word) == ("grade:EO", "")
