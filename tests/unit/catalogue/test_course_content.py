"""What a course without a mistake becomes: its outline, lessons, quizzes and exercises."""

import json
from decimal import Decimal

import pytest

from tests.unit.catalogue.small_course import BASICS, COURSE, DATA, FILES, with_change, write_library
from upskill.catalogue.course_files.library import Library, read_library
from upskill.catalogue.course_files.mistakes import CourseError
from upskill.catalogue.course_files.shape import (
    CheckContent,
    CourseContent,
    ExerciseContent,
    SkillContent,
    SkillLevel,
)
from upskill.learning import quizzes


@pytest.fixture
def library(tmp_path) -> Library:
    return read_library([write_library(tmp_path)])


@pytest.fixture
def course(library) -> CourseContent:
    return library.courses[0]


@pytest.fixture
def questions(course) -> dict[str, dict]:
    _, quiz, _ = course.modules[0].items
    return {question["id"]: question for question in quiz.page["questions"]}


def exercise_of(course: CourseContent) -> ExerciseContent:
    """What marking needs of the exercise, the last item of the course."""
    exercise = course.modules[0].items[-1].exercise
    assert exercise is not None
    return exercise


def test_course_has_what_its_file_says(course, tmp_path):
    assert (course.id, course.title, course.summary) == (COURSE, "Tea for teams", "Share a pot fairly.")
    assert (course.version, course.language, course.licence) == ("1.0.0", "en-GB", "CC-BY-4.0")
    assert (course.audience, course.skills) == (("new-recruit",), (SkillLevel("fairness", 2),))
    assert (course.file, course.version_line) == (tmp_path / COURSE / "course.yml", 4)


def test_outline_follows_the_lists_in_the_files(course):
    (module,) = course.modules

    assert (module.slug, module.title, module.summary) == ("basics", "The basics", "One pot, many cups.")
    assert module.objectives == ("You can share a pot.",)
    assert [(item.slug, item.kind, item.title, item.minutes) for item in module.items] == [
        ("sharing", "lesson", "Sharing a pot", 5),
        ("check", "quiz", "Check: sharing", 3),
        ("double", "exercise", "Double the pots", 15),
    ]


def test_items_earn_what_their_files_name_and_lessons_nothing(course):
    earned = {item.slug: item.skills for item in course.modules[0].items}

    assert earned == {
        "sharing": (),
        "check": (SkillLevel("fairness", 1),),
        "double": (SkillLevel("fairness", 2),),
    }


def test_skills_come_in_the_order_of_their_file(library):
    assert list(library.skills.by_slug.values()) == [
        SkillContent(
            "fairness",
            "Fairness",
            {
                1: "You can say who gets no tea.",
                2: "You can share a pot so that everybody gets some.",
                3: "You can lead a tea audit.",
            },
        ),
        SkillContent(
            "brewing",
            "Brewing",
            {1: "You can tell tea from coffee.", 2: "You can brew a pot.", 3: "You can teach others to brew."},
        ),
    ]


def test_skill_statements_are_stored_under_text_keys(library):
    assert library.skills.by_slug["fairness"].statements_as_json() == {
        "1": "You can say who gets no tea.",
        "2": "You can share a pot so that everybody gets some.",
        "3": "You can lead a tea audit.",
    }


def test_lesson_is_drawn_as_html(course):
    lesson, _, _ = course.modules[0].items

    assert lesson.page == {
        "html": (
            '<section class="prose-objectives"><h2>After this lesson</h2>\n<ul>\n<li>You can share a pot.</li>\n</ul>\n'
            "</section>\n<h2>A pot for four</h2>\n<p>Four people share <strong>one pot</strong>. See "
            '<a href="https://example.org/tea" rel="noopener noreferrer">the standard</a>.</p>\n'
            '<section class="prose-challenge"><h3>Who is left out?</h3>\n<p>The pot holds three cups.</p>\n'
            '<details class="prose-solution"><summary>Show the solution</summary>\n<p>One person.</p>\n</details>\n'
            '</section>\n<div class="prose-table" tabindex="0"><table>\n<thead>\n<tr>\n<th scope="col">Person</th>\n'
            '<th scope="col">Cups</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>Ada</td>\n<td>1</td>\n</tr>\n</tbody>\n'
            "</table></div>\n"
        )
    }


def test_quiz_says_how_much_is_a_pass(course):
    _, quiz, _ = course.modules[0].items

    assert quiz.page["pass_share"] == 0.8


def test_choice_of_one_has_feedback_and_misconception_for_each_option(questions):
    question = questions["who-is-left"]
    nobody, one = question.pop("options")

    assert question == {
        "id": "who-is-left",
        "type": "single",
        "skill": "fairness",
        "level": 1,
        "html": "<p>Three cups, four people. Who is left out?</p>\n",
        "hints": ["Count the people."],
        "answer": [one["id"]],
    }
    assert nobody == {
        "id": nobody["id"],
        "html": "Nobody",
        "right": False,
        "feedback": "Count the <em>people</em>.",
        "misconception": "counts-cups",
    }
    assert one == {
        "id": one["id"], "html": "One person", "right": True, "feedback": "Yes: 4 - 3.", "misconception": "",
    }  # fmt: skip


def test_choice_of_several_knows_all_right_options(questions):
    question = questions["what-is-tea"]
    assam, mocha = question["options"]

    assert (question["type"], question["answer"]) == ("multiple", [assam["id"]])
    assert (assam["right"], mocha["right"]) == (True, False)


def test_number_knows_its_tolerance_known_mistakes_and_everything_else(questions):
    assert questions["how-many"] == {
        "id": "how-many",
        "type": "number",
        "skill": "brewing",
        "level": 1,
        "html": "<p>How many cups in two pots of four?</p>\n",
        "hints": [],
        "options": [],
        "answer": {"number": 8.0, "tolerance": 0.5, "feedback": "Yes: two times four.", "misconception": ""},
        "wrong": [{"number": 6.0, "tolerance": 0.0, "feedback": "You added.", "misconception": "adds"}],
        "otherwise": {"feedback": "Multiply pots by cups.", "misconception": ""},
    }


def test_steps_are_shown_in_another_order_than_the_right_one(questions):
    question = questions["steps"]
    shown = [option["html"] for option in question["options"]]
    by_id = {option["id"]: option["html"] for option in question["options"]}

    assert [by_id[step] for step in question["answer"]] == ["Boil the water", "Pour it on the leaves", "Drink"]
    assert sorted(shown) == ["Boil the water", "Drink", "Pour it on the leaves"]
    assert shown != ["Boil the water", "Pour it on the leaves", "Drink"]


def test_options_do_not_give_the_right_answer_away_by_their_ids(questions):
    for question in questions.values():
        ids = [option["id"] for option in question["options"]]

        assert len(set(ids)) == len(ids)
        assert all(len(each) == 8 and set(each) <= set("0123456789abcdef") for each in ids)
    assert "right" not in questions["steps"]["options"][0]


def test_option_keeps_its_id_when_another_one_is_added(tmp_path, questions):
    name = f"{BASICS}/check.quiz.md"
    more = with_change(name, old="- [ ] Mocha", new="- [ ] Latte\n  > Coffee too.\n- [ ] Mocha")

    changed = read_library([write_library(tmp_path / "changed", files=more)]).courses[0]

    options = changed.modules[0].items[1].page["questions"][1]["options"]
    before = {option["html"]: option["id"] for option in questions["what-is-tea"]["options"]}
    assert {option["html"]: option["id"] for option in options if option["html"] != "Latte"} == before


def test_right_answers_of_a_drawn_quiz_pass_and_wrong_ones_do_not(course):
    _, quiz, _ = course.modules[0].items
    asked = {question["id"]: question for question in quiz.page["questions"]}
    right = {name: asked[name]["answer"] for name in ("who-is-left", "what-is-tea", "steps")} | {"how-many": "8"}
    wrong = {name: [option["id"] for option in asked[name]["options"]] for name in asked} | {"how-many": "6"}

    assert quizzes.mark(quiz.page, answers=right) == quizzes.QuizOutcome(right=4, questions=4, passed=True)
    assert quizzes.mark(quiz.page, answers=wrong) == quizzes.QuizOutcome(right=0, questions=4, passed=False)


def test_exercise_has_its_checks_with_rubric_and_model_answer(course):
    exercise = exercise_of(course)

    levels = ["None", "A little", "Some", "Much", "All"]
    assert exercise.checks == (
        CheckContent("test_double", "Double the pots", Decimal("4"), by_person=False),
        CheckContent(
            "advice",
            "Advise the host",
            Decimal("2"),
            by_person=True,
            rubric=({"id": "useful", "title": "The advice helps", "points": 2, "levels": levels},),
            model_answer="Buy a bigger pot.",
        ),
    )


def test_exercise_has_what_marking_needs(course):
    exercise = exercise_of(course)

    assert exercise.limits == {"cell_seconds": 5}
    assert exercise.pass_share == Decimal("0.8")
    assert exercise.files == {"pots.csv": DATA.encode()}
    assert exercise.hidden_messages == {"test_double": "It must work for every number of cups."}


def test_notebooks_carry_the_key_of_their_exercise(course):
    exercise = exercise_of(course)

    key = f"{COURSE}/basics/double"
    assert json.loads(exercise.source)["metadata"]["upskill"]["exercise"] == key
    assert json.loads(exercise.release)["metadata"]["upskill"]["exercise"] == key


@pytest.mark.parametrize("secret", ["return 2 * cups", "double(7)", "Buy a bigger pot", "BEGIN"])
def test_solution_hidden_tests_and_mark_scheme_reach_no_learner(course, secret):
    exercise, page = exercise_of(course), course.modules[0].items[2].page

    assert secret in exercise.source + exercise.checks[1].model_answer
    assert secret not in exercise.release
    assert secret not in json.dumps(page)


def test_exercise_page_shows_text_code_and_where_to_write(course):
    html = course.modules[0].items[2].page["html"]

    assert '<div class="app-prose"><h2>Double the pots</h2>\n<p>Write a function.</p>' in html
    assert html.count('<p class="app-cell__label">You write this cell</p>') == 2
    assert html.count('<p class="app-cell__label">This cell checks your work</p>') == 1
    assert '<pre class="app-code" tabindex="0"><code>' in html
    assert "<h3>2. Advise the host</h3>" in html


def test_code_on_the_exercise_page_is_escaped(tmp_path):
    name = f"{BASICS}/double/exercise.py"
    files = with_change(name, old='"Two pots of four are 8."', new='"<script>alert(8)</script>"')
    files[f"{BASICS}/double/wrong/adds.py"] = files[f"{BASICS}/double/wrong/adds.py"].replace("Two pots", "alert")

    html = read_library([write_library(tmp_path, files=files)]).courses[0].modules[0].items[2].page["html"]

    assert "<script>" not in html
    assert "&lt;script&gt;alert(8)&lt;/script&gt;" in html


def test_exercise_without_data_limits_or_a_part_for_a_person_needs_less(tmp_path):
    folder = f"{BASICS}/double"
    files = {name: text for name, text in FILES.items() if not name.startswith((f"{folder}/data", f"{folder}/rubric"))}
    files[f"{folder}/exercise.yml"] = "title: Double\nminutes: 5\nskills: [fairness@working]\npass: 1\n"
    script = files[f"{folder}/exercise.py"]
    files[f"{folder}/exercise.py"] = script[: script.index("# %% [markdown]\n# ## 2.")]

    library = read_library([write_library(tmp_path, files=files)])

    exercise = exercise_of(library.courses[0])
    assert (exercise.limits, exercise.files, exercise.pass_share) == ({}, {}, Decimal("1"))
    assert [check.slug for check in exercise.checks] == ["test_double"]


def test_one_course_may_be_named_alone(tmp_path):
    write_library(tmp_path)

    library = read_library([tmp_path / COURSE])

    assert [course.id for course in library.courses] == [COURSE]
    assert list(library.skills.by_slug) == ["fairness", "brewing"]


def test_course_named_twice_is_read_once(tmp_path):
    write_library(tmp_path)

    library = read_library([tmp_path, tmp_path / COURSE, tmp_path])

    assert [course.id for course in library.courses] == [COURSE]
    assert library.refused == {}


def test_folder_without_a_course_is_refused(tmp_path):
    with pytest.raises(CourseError) as refused:
        read_library([tmp_path])

    assert str(refused.value) == (
        f"{tmp_path}:1: There is no course here. Name a folder that holds a course.yml, or a folder of such folders."
    )


def test_same_course_in_two_folders_is_refused(tmp_path):
    first, second = write_library(tmp_path / "a"), write_library(tmp_path / "b")

    library = read_library([second, first])

    assert [course.file for course in library.courses] == [first / COURSE / "course.yml"]
    assert [str(error) for error in library.refused.values()] == [
        f"{second}/{COURSE}/course.yml:1: There are two courses '{COURSE}'. "
        f"Give one of them another id: the other one is {first}/{COURSE}/course.yml."
    ]


def test_mistake_in_one_course_leaves_the_others_whole(tmp_path):
    others = {name.replace(COURSE, "coffee"): text.replace(COURSE, "coffee") for name, text in FILES.items()}
    broken = {"coffee/course.yml": others["coffee/course.yml"].replace("minutes", "")}
    broken["coffee/course.yml"] = broken["coffee/course.yml"].replace("version: 1.0.0", "version: one")
    write_library(tmp_path, files={**others, **broken, **FILES})

    library = read_library([tmp_path])

    assert [course.id for course in library.courses] == [COURSE]
    assert list(library.refused) == [tmp_path / "coffee"]


def test_skill_described_in_two_ways_is_refused(tmp_path):
    first = write_library(tmp_path / "a")
    others = {name.replace(COURSE, "coffee"): text.replace(COURSE, "coffee") for name, text in FILES.items()}
    others["skills.yml"] = others["skills.yml"].replace("name: Brewing", "name: Coffee making")
    second = write_library(tmp_path / "b", files=others)

    with pytest.raises(CourseError) as refused:
        read_library([first, second])

    assert str(refused.value) == (
        f"{second}/skills.yml:1: The skill 'brewing' is described otherwise elsewhere. "
        "Make the two equal, or give one another id."
    )
