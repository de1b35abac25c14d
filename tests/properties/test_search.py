"""Whatever somebody types, searching answers; whatever an author wrote, a snippet holds no tag but mark."""

import re
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.factories.catalogue import ItemVersionFactory
from upskill.catalogue.search import LONGEST, Found, NothingToFind

TYPED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=LONGEST)
TRICKY = st.text("az \"'-:*&|!()<>\\_9", max_size=30)
HTML = st.text(st.sampled_from("<>&;\"' /=abz\ue000\ue001"), max_size=60)


class Searching(TestCase):
    @settings(max_examples=150, deadline=None)
    @given(words=TYPED | TRICKY)
    def test_any_words_are_answered(self, words):
        with suppress(NothingToFind):
            assert len(Found(words)) == 0

    @settings(max_examples=100, deadline=None)
    @given(before=HTML, after=HTML)
    def test_no_text_puts_a_tag_into_a_snippet(self, before, after):
        ItemVersionFactory(title="zebra", content={"html": f"{before} zebra {after}"})

        snippet = Found("zebra")[0:1][0].snippet

        assert re.sub(r"</?mark>", "", snippet).count("<") == 0
        assert re.findall(r"</?mark>", snippet) == ["<mark>", "</mark>"] * snippet.count("<mark>")
