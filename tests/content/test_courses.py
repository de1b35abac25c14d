"""The courses that ship: no mistake in them, and what each promises."""

import re

import pytest

from tests.content.library import COURSES, course, item, library
from upskill.catalogue.course_files.schemas import LEVELS
from upskill.catalogue.course_files.shape import SkillLevel

# The names of skills, from the curriculum. A course that needs another one changes the curriculum first.
CURRICULUM_SKILLS = {
    "ai-literacy", "genai-use", "data-handling", "data-viz", "stats-reasoning", "ml-modelling", "ml-evaluation",
    "explainability", "forecasting", "text-analysis", "policy-simulation", "fairness", "privacy", "oversight",
    "ai-governance", "public-engagement", "strategy-investment", "change-leadership", "team-delivery",
    "reproducibility",
}  # fmt: skip
EVERY_ITEM = [(each.id, it) for each in library().courses for module in each.modules for it in module.items]


def test_no_course_has_a_mistake():
    assert [str(error) for error in library().refused.values()] == []
    assert [each.id for each in library().courses] == [
        "ai-ethics-in-practice", "ai-foundations", "first-90-days", "python-and-data"
    ]  # fmt: skip


def test_ethics_course_is_laid_out_as_the_curriculum_says():
    ethics = course("ai-ethics-in-practice")

    assert (ethics.version, ethics.language, ethics.licence) == ("1.5.0", "en-GB", "CC-BY-4.0")
    assert {module.slug: "".join(it.kind[0] for it in module.items) for module in ethics.modules} == {
        "harms-and-values": "lwlllqr",
        "bias-audits": "lqele",
        "transparency": "llllqr",
        "oversight": "lllqe",
        "governance": "llllwqr",
    }
    assert [level.as_json() for level in ethics.skills] == [
        {"skill": "fairness", "level": 2},
        {"skill": "oversight", "level": 2},
        {"skill": "public-engagement", "level": 1},
        {"skill": "explainability", "level": 2},
        {"skill": "ai-governance", "level": 3},
    ]


def test_courses_name_the_principles_that_they_serve_and_modules_what_helps_before_them():
    courses = library().courses
    helped = {module.slug: module.prerequisites for each in courses for module in each.modules if module.prerequisites}

    assert {each.id: each.principles for each in courses} == {
        "ai-ethics-in-practice": (2, 4, 5, 7, 8, 10),
        "ai-foundations": (1, 2, 3, 4, 6),
        "first-90-days": (1, 2, 3, 9),
        "python-and-data": (9,),
    }
    assert helped == {
        "bias-audits": (SkillLevel("data-handling", 1),),
        "clean-and-join": (SkillLevel("reproducibility", 1), SkillLevel("data-handling", 1)),
    }


def test_foundations_course_is_laid_out_as_the_curriculum_says():
    foundations = course("ai-foundations")

    assert [(module.slug, [it.slug for it in module.items]) for module in foundations.modules] == [
        ("what-ai-is", ["three-ways-to-answer", "what-each-kind-needs", "claims-you-can-check", "check-what-ai-is"]),
        ("learning-from-examples", ["rules-by-hand", "rules-from-examples", "check-learning", "route-letters"]),
        (
            "generative-ai-at-your-desk",
            ["ask-well", "check-every-claim", "when-not-to-use-it", "check-generative-ai", "before-and-after"],
        ),
        ("right-tool-for-the-job", ["five-tools", "eight-cases", "which-tool-for-our-work", "check-right-tool"]),
        (
            "lawful-safe-fair",
            ["what-you-may-share", "check-the-number", "tutors-and-recommenders", "check-lawful-safe-fair"],
        ),
    ]


def test_course_for_new_recruits_is_laid_out_as_the_curriculum_says():
    assert [(module.slug, [it.slug for it in module.items]) for module in course("first-90-days").modules] == [
        ("where-ai-meets-your-job", ["three-colleagues", "red-lines", "check-first-days", "find-your-start"]),
        (
            "learn-with-others",
            [
                "mentor-and-service",
                "first-mentor-talk",
                "one-page-note",
                "your-one-page-note",
                "check-learn-with-others",
            ],
        ),
    ]


def test_python_course_is_laid_out_as_the_curriculum_says():
    python = course("python-and-data")

    assert (python.version, python.language, python.licence) == ("1.4.0", "en-GB", "CC-BY-4.0")
    assert {module.slug: "".join(it.kind[0] for it in module.items) for module in python.modules} == {
        "first-steps": "lelllqe",  # the first exercise comes after the first lesson: learners begin by doing
        "tables": "lllqe",
        "clean-and-join": "lllqe",
        "honest-charts": "llqer",
        "how-sure-are-we": "llllqee",
    }
    assert [level.as_json() for level in python.skills] == [
        {"skill": "reproducibility", "level": 1},
        {"skill": "data-handling", "level": 2},
        {"skill": "data-viz", "level": 2},
        {"skill": "stats-reasoning", "level": 2},
    ]


def test_items_earn_the_levels_that_the_curriculum_names():
    earned = {
        (name, it.slug): [(level.skill, level.level) for level in it.skills] for name, it in EVERY_ITEM if it.skills
    }

    assert earned == {
        ("ai-ethics-in-practice", "check-harms"): [("public-engagement", 1)],
        ("ai-ethics-in-practice", "who-a-service-touches"): [("public-engagement", 1)],
        ("ai-ethics-in-practice", "check"): [("fairness", 1)],
        ("ai-ethics-in-practice", "audit-referrals"): [("fairness", 2)],
        ("ai-ethics-in-practice", "check-oversight"): [("oversight", 1)],
        ("ai-ethics-in-practice", "does-the-human-help"): [("oversight", 2)],
        ("ai-ethics-in-practice", "check-governance"): [("ai-governance", 1)],
        ("ai-ethics-in-practice", "audit-pack"): [("ai-governance", 3)],
        ("ai-ethics-in-practice", "record-and-letter"): [("explainability", 2), ("ai-governance", 2)],
        ("ai-ethics-in-practice", "check-transparency"): [("explainability", 1), ("ai-governance", 1)],
        ("ai-foundations", "check-what-ai-is"): [("ai-literacy", 1)],
        ("ai-foundations", "check-learning"): [("ai-literacy", 1)],
        ("ai-foundations", "route-letters"): [("ai-literacy", 2)],
        ("ai-foundations", "check-generative-ai"): [("genai-use", 1)],
        ("ai-foundations", "before-and-after"): [("genai-use", 2)],
        ("ai-foundations", "check-right-tool"): [("strategy-investment", 1)],
        ("ai-foundations", "check-lawful-safe-fair"): [("privacy", 1), ("ai-governance", 1)],
        ("first-90-days", "check-first-days"): [("ai-literacy", 1), ("privacy", 1)],
        ("first-90-days", "your-one-page-note"): [("team-delivery", 1)],
        ("first-90-days", "check-learn-with-others"): [("team-delivery", 1)],
        ("python-and-data", "check-first-steps"): [("reproducibility", 1)],
        ("python-and-data", "waiting-times"): [("reproducibility", 1)],
        ("python-and-data", "check-tables"): [("data-handling", 1)],
        ("python-and-data", "crime-rates"): [("data-handling", 1)],
        ("python-and-data", "check-clean-and-join"): [("data-handling", 1)],
        ("python-and-data", "clean-the-grants"): [("data-handling", 2)],
        ("python-and-data", "check-charts"): [("data-viz", 1)],
        ("python-and-data", "nightingale"): [("data-viz", 2)],
        ("python-and-data", "your-own-chart"): [("data-viz", 2)],
        ("python-and-data", "check-how-sure"): [("stats-reasoning", 1)],
        ("python-and-data", "pulse-survey"): [("stats-reasoning", 2)],
    }


def test_lessons_earn_nothing():
    assert [it.slug for _, it in EVERY_ITEM if it.kind == "lesson" and it.skills] == []


def test_skills_are_named_as_in_the_curriculum():
    assert set(library().skills.by_slug) <= CURRICULUM_SKILLS


def test_every_skill_of_the_list_is_used_by_a_course():
    used = {level.skill for _, it in EVERY_ITEM for level in it.skills}
    used |= {question["skill"] for _, it in EVERY_ITEM if it.kind == "quiz" for question in it.page["questions"]}

    assert set(library().skills.by_slug) == used


@pytest.mark.parametrize("skill", library().skills.by_slug.values(), ids=lambda skill: skill.slug)
def test_skill_says_what_you_can_do_at_each_level(skill):
    assert sorted(skill.statements) == sorted(LEVELS.values())
    assert all(re.fullmatch(r"You can .{15,150}\.", statement) for statement in skill.statements.values())


@pytest.mark.parametrize(
    "objective", [objective for each in library().courses for module in each.modules for objective in module.objectives]
)
def test_module_objective_says_what_you_can_do_afterwards(objective):
    assert re.fullmatch(r"You can .{15,150}\.", objective)


@pytest.mark.parametrize(("name", "it"), EVERY_ITEM, ids=lambda value: getattr(value, "slug", value))
def test_times_respect_a_working_day(name, it):
    longest = {"lesson": 12, "quiz": 12, "exercise": 60, "reflection": 60, "workshop": 90}[it.kind]

    assert 3 <= it.minutes <= (120 if it.slug == "audit-pack" else longest)  # a capstone may take two sittings


def test_course_text_is_free_to_share():
    licence = (COURSES / "LICENSE").read_text()

    assert "Creative Commons Attribution 4.0" in licence


@pytest.mark.parametrize("path", sorted(p for p in COURSES.rglob("*") if p.suffix in {".md", ".yml", ".py"}), ids=str)
def test_course_files_are_clean_text(path):
    text = path.read_text(encoding="utf-8")

    assert text.endswith("\n")
    assert "\t" not in text
    assert [line for line in text.split("\n") if line != line.rstrip()] == []


def test_lesson_leads_to_the_quiz_and_the_exercise():
    html = item("reading-an-audit").page["html"]

    assert html.index("<h2>Next</h2>") < html.index("six questions") < html.index("6,000 claims")
