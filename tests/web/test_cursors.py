"""Reading a query string: what cannot be read is simply not there."""

from __future__ import annotations

import pytest
from flask import Flask

from tribute.domain import ids
from tribute.web import cursors


@pytest.mark.parametrize(
    ("query", "year"),
    [
        ("2024", 2024),
        ("1900", 1900),
        ("1899", None),
        ("24", None),
        ("20245", None),
        ("٢٠٢٤", None),
        ("", None),
        ("+202", None),
    ],
)
def test_a_year_has_four_digits(bare: Flask, query: str, year: int | None) -> None:
    with bare.test_request_context("/", query_string={"year": query}):
        assert cursors.year() == year


@pytest.mark.parametrize(
    ("value", "known", "free"),
    [
        ("dove", "dove", ""),
        ("az", "", "az"),
        ("<b>", "", ""),
        ("", "", ""),
        ("DOVE", "", ""),
        ("ру", "", ""),
        ("uzb", "", "uzb"),
    ],
)
def test_a_choice_is_one_of_those_there_are_or_a_short_code(bare: Flask, value: str, known: str, free: str) -> None:
    with bare.test_request_context("/", query_string={"it": value}):
        assert cursors.choice("it", ("dove", "candle")) == known
        assert cursors.choice("it") == free


@pytest.mark.parametrize("value", ["", "x", "0" * 12, "0" * 14, "\x00" * 13, "Z" * 13, "zzzzzzzzzzzzz"])
def test_a_cursor_that_is_none_is_not_there(bare: Flask, value: str) -> None:
    with bare.test_request_context("/", query_string={"before": value, "after": ids.encode(5)}):
        assert cursors.cursor("before") is None
        assert cursors.cursor("after") == 5


@pytest.mark.parametrize(
    ("value", "slug"), [("20-january", "20-january"), ("\x00", ""), ("A", ""), ("a/b", ""), ("-", "")]
)
def test_a_memorial_is_named_by_its_slug(bare: Flask, value: str, slug: str) -> None:
    with bare.test_request_context("/", query_string={"memorial": value}):
        assert cursors.slug("memorial") == slug
