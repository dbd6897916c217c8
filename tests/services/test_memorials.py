"""What is remembered: its address, its day, its zone."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.services.acts import AT
from tribute.domain.errors import BadSetup, NotFound
from tribute.models import Memorial
from tribute.services import memorials

DAY = date(1992, 2, 26)


def added(
    session: Session, slug: str = "khojaly", zone: str = "Asia/Baku", names: dict[str, str] | None = None
) -> Memorial:
    """Add a memorial."""
    return memorials.add(session, slug, DAY, zone, {"en": "Khojaly"} if names is None else names, {"az": "Xocalı"}, AT)


def test_a_memorial_is_found_by_its_address(session: Session) -> None:
    made = added(session)
    assert memorials.by_slug(session, "khojaly") is made
    assert {found.slug for found in memorials.every(session)} == {"khojaly", "20-january"}
    assert (made.name("en"), made.name("ru"), made.place("tr")) == ("Khojaly", "Khojaly", "Xocalı")


@pytest.mark.parametrize("slug", ["elsewhere", "", "20 january", "20-JANUARY", "a\x00b", "../desk", "ə"])
def test_an_address_that_no_memorial_has_is_not_found(session: Session, slug: str) -> None:
    with pytest.raises(NotFound):
        memorials.by_slug(session, slug)


def test_a_word_of_the_sites_own_addresses_is_refused(session: Session) -> None:
    reserved = ("search", "receipt", "pages", "contact", "archive", "account", "desk", "static", "api", "t")
    for slug in (*reserved, "", "-", "a--b", "-a", "a-", "Khojaly", "xocalı", "a b", "a/b", "a.b", "a_b", "khojaly\n"):
        with pytest.raises(BadSetup, match="cannot be a memorial's address"):
            added(session, slug)


def test_an_address_is_given_once(session: Session) -> None:
    with pytest.raises(BadSetup, match="already here"):
        added(session, "20-january")


@pytest.mark.parametrize(
    "zone", ["", "Baku", "Asia/Atlantis", "../etc/passwd", "Asia", "UTC+4", "/Asia/Baku", "Asia/Baku\x00", "a" * 300]
)
def test_a_zone_that_is_none_is_refused_with_an_example(session: Session, zone: str) -> None:
    with pytest.raises(BadSetup, match="write it as Asia/Baku"):
        added(session, zone=zone)


@pytest.mark.parametrize("names", [{}, {"en": ""}, {"en": "Khojaly", "az": " "}])
def test_a_memorial_without_a_name_is_refused(session: Session, names: dict[str, str]) -> None:
    with pytest.raises(BadSetup, match="give the memorial a name"):
        added(session, names=names)


def test_a_memorial_may_have_words_at_the_foot_of_its_pages(session: Session) -> None:
    assert (added(session).closing_language, added(session, "other").closing) == ("", "")
    made = memorials.add(session, "third", DAY, "Asia/Baku", {"en": "N"}, {}, AT, ("az", "Allah rəhmət eləsin!"))
    assert (made.closing_language, made.closing) == ("az", "Allah rəhmət eləsin!")
