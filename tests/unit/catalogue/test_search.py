"""Finding courses, modules and items by their words: what is published now, best first, and no answer of a quiz."""

import pytest
from django.db import connection
from django.utils.safestring import SafeString

from tests.factories.catalogue import (
    QUESTION,
    CourseVersionFactory,
    ExerciseItemFactory,
    ItemVersionFactory,
    ModuleFactory,
    QuizFactory,
)
from tests.unit.migrating import migrated, migrated_to_now
from upskill.catalogue.search import LONGEST, Found, Hit, Kind, NothingToFind, courses

pytestmark = pytest.mark.django_db


def lesson(html: str, **fields):
    return ItemVersionFactory(content={"html": html}, **fields)


def titles(words: str) -> list[str]:
    found = Found(words)
    return [hit.title for hit in found[0 : len(found)]]


def snippet(words: str) -> str:
    return Found(words)[0:1][0].snippet


def test_hit_says_what_it_is_and_where():
    version = CourseVersionFactory(title="Ethics", course__id="ethics", summary="About harm.")
    module = ModuleFactory(course_version=version, slug="audits", title="Audits", objectives=["You can find bias."])
    lesson("<p>Some <em>zebras</em> are hurt.</p>", module=module, slug="why", title="Why")

    found = [Found(words)[0:5] for words in ("harm", "bias", "zebra")]

    assert found == [
        [Hit(Kind.COURSE, "ethics", "Ethics", "", "Ethics", SafeString("About <mark>harm</mark>."))],
        [Hit(Kind.MODULE, "ethics", "Ethics", "audits", "Audits", SafeString("You can find <mark>bias</mark>."))],
        [Hit(Kind.LESSON, "ethics", "Ethics", "audits/why", "Why", SafeString("Some <mark>zebras</mark> are hurt."))],
    ]


def test_exercise_is_found_by_its_task():
    ExerciseItemFactory(title="Count zebras", content={"html": "<p>Count their stripes.</p>"})

    assert [(hit.kind, hit.title) for hit in Found("stripes")[0:5]] == [(Kind.EXERCISE, "Count zebras")]


def test_quiz_is_found_by_its_title_and_by_nothing_in_its_questions():
    secret = {**QUESTION, "html": "<p>Which zebra?</p>", "hints": ["The okapi."]}
    QuizFactory(title="Animals", content={"pass_share": 0.8, "questions": [secret]})

    assert [hit.kind for hit in Found("animal")[0:5]] == [Kind.QUIZ]
    assert [word for word in ("zebra", "okapi", "this", "misconception", "single") if titles_or_none(word)] == []


HINT = "<details><summary>Hint {}</summary>Take the <code>okapi</code>.</details>"


@pytest.mark.parametrize(
    "html",
    [
        f"{HINT.format(1)}<p>A zebra.</p>{HINT.format(2)}",
        '<details class="prose-solution"><summary>Show the solution</summary>\n<p>okapi</p></details>\n<p>A zebra.</p>',
        f"<details>okapi {HINT.format(1)} okapi <details>{HINT.format(2)} okapi</details></details><p>A zebra.</p>",
        '<p>A zebra.</p><div class="app-cell app-cell--code"><p class="app-cell__label">Okapi to run</p>'
        '<pre class="app-code" tabindex="0"><code><span class="n">okapi</span>\n()</code></pre></div>',
    ],
    ids=["hints", "solution", "one in another", "code cell"],
)
def test_hints_solutions_and_code_cells_are_neither_found_nor_shown(html):
    ExerciseItemFactory(title="Animals", content={"html": html})

    assert (titles("zebra"), snippet("zebra")) == (["Animals"], "A <mark>zebra</mark>.")
    assert titles("okapi") == []


def test_code_in_a_text_is_found():
    lesson("<p>Write</p><pre><code>count(stripes)</code></pre>", title="Zebras")

    assert titles("stripes") == ["Zebras"]


def test_snippet_sets_a_heading_apart_from_what_follows():
    lesson("<h2>After this lesson</h2><ul><li>You can name a zebra.</li></ul>")

    assert snippet("zebra") == "After this lesson – You can name a <mark>zebra</mark>."


def titles_or_none(words: str) -> list[str]:
    try:
        return titles(words)
    except NothingToFind:
        return []


def test_words_of_a_title_count_more_than_words_of_a_text():
    lesson("<p>A zebra, a zebra and a zebra.</p>", title="Stripes")
    lesson("<p>About animals.</p>", title="The zebra")

    assert titles("zebra") == ["The zebra", "Stripes"]


def test_only_what_is_published_now_is_found():
    old = CourseVersionFactory(title="Old zebra", course__id="ethics", version="1.0.0")
    lesson("<p>zebra</p>", module=ModuleFactory(course_version=old, title="Old zebra"), title="Old zebra", slug="a")
    new = CourseVersionFactory(title="New", course=old.course, version="2.0.0")
    lesson("<p>zebra</p>", module=ModuleFactory(course_version=new), title="New", slug="a")

    assert titles("zebra") == ["New"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("audit model", ["Both"]),
        ("audits modelled", ["Both"]),
        ("AUDIT", ["Both", "One"]),
        ("audit -model", ["One"]),
        ("model or bias", ["Both", "Two"]),
        ('"audit of a model"', ["Both"]),
        ('"model of an audit"', []),
        ("aud", ["Both", "One"]),
        ("model aud", ["Both"]),
        ("au", []),
        ("audit & | ! ( ) : * <-> '", ["Both", "One"]),
        ("a'b\\c", []),
        ("zebra", []),
    ],
)
def test_words_are_read_as_in_web_search(words, found):
    lesson("<p>An audit of a model.</p>", title="Both")
    lesson("<p>An audit alone.</p>", title="One")
    lesson("<p>Some bias.</p>", title="Two")

    assert sorted(titles(words)) == found


@pytest.mark.parametrize("words", ["", "   ", "the", "the of and", "a", "!!!", '"', "-", "&|:*"])
def test_nothing_but_common_words_is_nothing_to_find(words):
    lesson("<p>The and of a the.</p>")

    with pytest.raises(NothingToFind):
        Found(words)


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>zebra &lt;script&gt;go()&lt;/script&gt;</p>", "<mark>zebra</mark> &lt;script&gt;go()&lt;/script&gt;"),
        ("<p>zebra</p><script>alert(1)</script>", "<mark>zebra</mark> alert(1)"),
        ('<p title="a > b">zebra</p>', "b&quot;&gt;<mark>zebra</mark>"),
        ("<p>zebra &amp;lt;b&amp;gt;</p>", "<mark>zebra</mark> &amp;lt;b&amp;gt;"),
        ("<p>zebra \ue000horse\ue001\ue001 \ue000</p>", "<mark>zebra</mark> horse"),
        ("<p>A zebra, &#xE000;a horse&#xE001;.</p>", "A <mark>zebra</mark>, <mark>a horse</mark>."),
        ("zebra <img src=x onerror=alert(1)", "<mark>zebra</mark> &lt;img src=x onerror=alert(1)"),
    ],
)
def test_snippet_has_no_tag_but_mark_whatever_the_text_holds(html, shown):
    lesson(html, title="Animals")

    assert snippet("zebra") == shown


def test_snippet_is_a_part_of_a_long_text_and_says_so():
    lesson(f"<p>{'Before it. ' * 200}then a zebra {'and after ' * 200}</p>")

    shown = snippet("zebra")

    assert "<mark>zebra</mark>" in shown
    assert len(shown.split()) <= 32
    assert shown.endswith(" …")


def test_parts_of_the_finds_follow_one_another_without_gap_or_double():
    for number in range(7):
        lesson("<p>zebra</p>", title=f"Lesson {number}")
    found = Found("zebra")

    parts = [hit.title for first in (0, 3, 6) for hit in found[first : first + 3]]

    assert (len(found), parts) == (7, [f"Lesson {number}" for number in range(7)])


@pytest.mark.parametrize("count", [1, 3])
def test_search_costs_three_queries_however_many_finds(django_assert_num_queries, count):
    for _ in range(count):
        lesson("<p>zebra</p>")

    with django_assert_num_queries(3):
        found = Found("zebra")
        shown = found[0 : len(found)]

    assert len(shown) == count


def test_courses_are_those_in_which_anything_fits_each_once_and_the_best_first(django_assert_num_queries):
    text = CourseVersionFactory(title="Animals", course__id="animals", summary="Some have stripes, like a zebra.")
    module = ModuleFactory(course_version=CourseVersionFactory(title="Plants", course__id="plants"))
    lesson("<p>A zebra.</p>", module=module, title="Zebra")
    lesson("<p>A zebra.</p>", module=module, title="Zebra")
    ModuleFactory(course_version=CourseVersionFactory(title="Stones"))

    with django_assert_num_queries(2):
        found = courses("zebra")

    assert found == ["plants", text.course_id]


def test_courses_of_common_words_are_nothing_to_find():
    with pytest.raises(NothingToFind):
        courses("the")


def test_words_of_items_are_kept_in_an_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT 1 FROM catalogue_itemversion WHERE search @@ to_tsquery('english', 'zebra')")
        plan = " ".join(row[0] for row in cursor.fetchall())

    assert "item_version_search" in plan


def test_item_pages_do_not_read_the_words(django_assert_num_queries):
    item = lesson("<p>zebra</p>")

    with django_assert_num_queries(1) as queries:
        type(item).objects.get(pk=item.pk)

    assert "search" not in queries[0]["sql"]


def test_longest_search_is_one_that_the_database_can_read():
    lesson("<p>zebra</p>")

    assert titles("ä" * LONGEST) == []


@pytest.fixture
def _comes_back():
    yield
    migrated_to_now()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_comes_back")
def test_index_without_hints_can_be_undone_and_made_again():
    lesson("<details>okapi</details>", title="Animals")  # before: it needs the tables as they are now
    migrated([("catalogue", "0002_words_to_search")])
    found_before = _is_found("okapi")

    migrated_to_now()

    assert (found_before, _is_found("okapi"), _is_found("animal")) == (True, False, True)


def _is_found(word: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM catalogue_itemversion WHERE search @@ to_tsquery('english', %s)", [word])
        return cursor.rowcount > 0
