"""Links and phone numbers are seen, and what only looks like them is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribute.triage import contacts


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("see https://shop.example/x?y=1.", ["https://shop.example/x?y=1"]),
        ("(www.shop.example)", ["www.shop.example"]),
        ("go to Example.com now", ["Example.com"]),
        ("example.com/path, and more", ["example.com/path"]),
        ("HTTP://EXAMPLE.ORG", ["HTTP://EXAMPLE.ORG"]),
        ("She died.Then we wept. e.g. this", []),
        ("20.01.1990", []),
        ("write to leyla@memorial.example", []),
        ("3.5 km", []),
        ("Amin...", []),
    ],
)
def test_links(said: str, found: list[str]) -> None:
    assert contacts.links(said) == found


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("+994 50 000 00 00", 1), ("(050) 000-00-00", 1), ("call +1 555 0100 123 or 0500000000", 2),
        ("8-800-000-00-00", 1),
        ("20.01.1990", 0), ("19-20.01.1990", 0), ("1990–2026", 0), ("1918 1920 1990 2026", 0),
        ("147 killed, 744 wounded, 841 arrested", 0), ("36 years", 0), ("20 01 1990", 0),
    ],
)  # fmt: skip
def test_phones(said: str, number: int) -> None:
    assert len(contacts.phones(said)) == number


@pytest.mark.parametrize(
    ("link", "is_under"),
    [
        ("https://shop.example/x", True), ("http://www.shop.example", True), ("a.shop.example", True),
        ("https://SHOP.example:8080/", True), ("https://bookshop.example", False), ("https://shop.example.org", False),
    ],
)  # fmt: skip
def test_a_link_leads_to_a_domain_or_below_it(link: str, is_under: bool) -> None:
    assert contacts.is_under(link, "shop.example") is is_under


@given(st.text(max_size=2000))
def test_any_text_can_be_looked_through(said: str) -> None:
    assert all(contacts.host(link) or link for link in contacts.links(said))
    assert all(sum(letter.isdigit() for letter in phone) >= 9 for phone in contacts.phones(said))
