"""A lesson in Welsh or English: the way between them, what is said of the translation, and never an old one."""

import re

import pytest

from tests.factories.catalogue import ItemVersionFactory
from tests.web.learner.pages import learner_of, links, main, taught, words
from upskill.learning.models import ItemProgress

pytestmark = pytest.mark.django_db
WELSH = {"title": "Pam archwilio", "html": "<p>Darllenwch hwn.</p>", "is_checked": True}
UNCHECKED = (
    "Nid oes siaradwr Cymraeg wedi gwirio'r cyfieithiad hwn eto. No Welsh speaker has checked this translation yet."
)


def lesson_with(signed_in, cy: dict[str, object] | None):
    """Somebody's browser, and the address of a lesson with this beside it."""
    course = taught()
    content = {"html": "<p>Read this.</p>"} | ({"cy": cy} if cy else {})
    lesson = ItemVersionFactory(module=course.lesson.module, slug="both", position=0, title="Both", content=content)
    return signed_in(learner_of(course)), course.item_url(lesson)


def in_welsh(page) -> list[str]:
    """What the main part of a page says is Welsh, in its order."""
    return [
        words(text) for _tag, text in re.findall(r'<(\w+)[^>]*lang="cy"[^>]*>(.*?)</\1>', main(page), flags=re.DOTALL)
    ]


def test_english_lesson_leads_to_its_welsh(signed_in):
    client, url = lesson_with(signed_in, WELSH)

    page = client.get(url)

    assert links(page)[0] == ("?lang=cy", "Cymraeg")
    assert '<a class="govuk-link" href="?lang=cy" hreflang="cy" lang="cy">Cymraeg</a>' in main(page)
    assert in_welsh(page) == ["Cymraeg"]
    assert "Both Cymraeg Read this." in words(main(page))


def test_welsh_lesson_is_marked_as_welsh_and_leads_back(signed_in):
    client, url = lesson_with(signed_in, WELSH)

    page = client.get(f"{url}?lang=cy")

    assert links(page)[0] == ("?lang=en", "English")
    assert '<h1 class="govuk-heading-l" lang="cy">Pam archwilio</h1>' in main(page)
    assert '<div class="app-prose" lang="cy"><p>Darllenwch hwn.</p></div>' in main(page)
    assert ("Read this." in main(page), "gwirio" in main(page)) == (False, False)
    assert links(client.get(f"{url}?lang=en"))[0] == ("?lang=cy", "Cymraeg")


def test_unchecked_welsh_says_so_in_both_languages(signed_in):
    client, url = lesson_with(signed_in, {**WELSH, "is_checked": False})

    english, welsh = client.get(url), client.get(f"{url}?lang=cy")

    assert UNCHECKED not in words(main(english))
    assert UNCHECKED in words(main(welsh))
    assert in_welsh(welsh)[1] == "Nid oes siaradwr Cymraeg wedi gwirio'r cyfieithiad hwn eto."


def test_old_welsh_is_never_shown(signed_in):
    client, url = lesson_with(signed_in, {"is_stale": True})

    for address in (url, f"{url}?lang=cy"):
        page = client.get(address)

        assert "The Welsh of this lesson is older than the English, so you see the English" in words(main(page))
        assert "Both" in main(page).split("<h1")[1].split("</h1>")[0]
        assert ("Read this." in main(page), "?lang=" in main(page)) == (True, False)


@pytest.mark.parametrize("asked", ["", "?lang=cy", "?lang=fr", "?lang=%00", "?lang=cy&lang=en"])
def test_lesson_without_welsh_is_in_english_whatever_is_asked(signed_in, asked):
    client, url = lesson_with(signed_in, None)

    page = client.get(url + asked)

    assert (page.status_code, "Read this." in main(page), 'lang="cy"' in main(page)) == (200, True, False)


def test_welsh_reader_goes_on_like_anybody(signed_in):
    client, url = lesson_with(signed_in, WELSH)

    client.get(f"{url}?lang=cy")
    sent = client.post(f"{url}complete/")

    assert (sent.status_code, ItemProgress.objects.exclude(completed_at=None).count()) == (302, 1)
