"""What figures say in sentences."""

import datetime as dt

from upskill.reports import headlines
from upskill.reports.figures import Hidden
from upskill.reports.unit_figures import EVERYBODY, Night, SkillCounts, UnitCounts

FEW, WITH = Hidden.FEW, Hidden.WITH
MONDAY = dt.date(2026, 11, 23)


def counts(slug="fairness", *, share=30, needs=FEW, short=FEW, people=1000) -> SkillCounts:
    reached = people * share // 100
    levels = (people - reached - 100, 100, reached, FEW, WITH) if share else (WITH, FEW, FEW, FEW, FEW)
    return SkillCounts(slug, slug.capitalize(), people=people, levels=levels, needs=needs, short=short)


def unit(*skills, code="health", name="Health", people=1000) -> UnitCounts:
    return UnitCounts(code, name, EVERYBODY, people=people, skills=skills)


def nights(*shares) -> list[Night]:
    return [Night(MONDAY + dt.timedelta(days=day), unit(counts(share=share))) for day, share in enumerate(shares)]


def test_largest_gap_is_the_headline():
    found = unit(counts(share=0, needs=300, short=120), counts("privacy", needs=1400, short=1200), counts("law"))

    assert headlines.headline(found) == (
        "About 1,200 of the 1,400 people whose role asks for Privacy are below the level it asks for."
    )


def test_without_a_gap_the_widest_reach_is_the_headline():
    found = unit(counts(needs=WITH, short=WITH), SkillCounts("law", "Law", 1000, (500, 0, 300, 200, 0), FEW, FEW))

    assert headlines.headline(found) == "In Law, 50% of people have reached working level or above."


def test_without_figures_the_headline_says_so():
    assert headlines.headline(unit(counts(share=0))) == (
        "In no skill have enough people reached a level yet to show a figure."
    )


def test_change_is_between_the_first_and_the_last_day_that_is_shown():
    [rose], [fell], [stayed], hidden = (headlines.changes(nights(*each)) for each in
                                        ((0, 31, 40, 38), (38, 31), (31, 31), (31, 0)))  # fmt: skip

    assert [headlines.change_sentence(each) for each in (rose, fell, stayed)] == [
        "In Fairness, the share at working level or above rose from 31% to 38% since 24 November 2026.",
        "In Fairness, the share at working level or above fell from 38% to 31% since 23 November 2026.",
        "In Fairness, the share at working level or above is 31%, as on 23 November 2026.",
    ]
    assert hidden == []


def test_share_is_compared_with_a_larger_whole_where_both_are_shown():
    government = unit(counts(share=20), code="", name="All of government")

    assert headlines.benchmark_sentence(counts(share=30), whole=government) == (
        "In Fairness, 30% here have reached working level or above; in all of government it is 20%."
    )
    assert headlines.benchmark_sentence(counts(share=0), whole=government) == ""
    assert headlines.benchmark_sentence(counts("law"), whole=government) == ""


def test_part_with_the_largest_share_below_is_named_and_none_where_all_are_hidden():
    parts = [
        unit(counts(needs=200, short=50), name="North"),
        unit(counts(needs=40, short=30), name="South"),
        unit(counts(needs=100, short=WITH), name="West"),
    ]

    assert headlines.parts_sentence(parts, skill="fairness") == (
        "In South, 75% of those whose role asks for Fairness are below that: the most of the parts shown."
    )
    assert headlines.parts_sentence(parts[2:], skill="fairness") == ""
