"""Reading a query: nothing that can be typed is an error."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tribute.search import postgres, sqlite
from tribute.search.query import MOST_TERMS, parse


@given(st.text(max_size=700))
def test_nothing_that_can_be_typed_is_an_error(typed: str) -> None:
    query = parse(typed)
    assert len(query.terms) <= MOST_TERMS
    assert bool(query) == bool(query.terms)


def test_words_are_folded_and_none_stands_twice() -> None:
    assert parse("Şəhid sehid ŞƏHİD Bakı").terms == ("sehid", "baki")


def test_a_hit_is_the_word_or_what_begins_with_it() -> None:
    query = parse("şəhid də")
    assert query.is_hit("Şəhidlərimizin")
    assert query.is_hit("DƏ")
    assert not query.is_hit("dəniz")  # two letters are a word of their own, not a beginning


def test_signs_of_either_grammar_do_not_reach_the_engine() -> None:
    query = parse('a" OR b* NEAR(c) -d & e:* | !f')
    assert sqlite.expression(query).count('"') == 2 * len(query.terms)
    assert postgres.expression(query).count("'") == 2 * len(query.terms)
