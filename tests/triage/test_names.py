"""Names that pose as somebody of the site, and names that do not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.cast import Cast
from tribute.domain.permissions import Role
from tribute.triage import names
from tribute.triage.signals import Sent

AT = datetime(2026, 1, 20, tzinfo=UTC)
PEOPLE = ("Rəna Quliyeva", "Samuel")


@pytest.mark.parametrize(
    "name",
    [
        "Moderator", "MODERATOR", "the moderator", "Mоdеrаtоr", "МODЕRАТOR", "M0derator", "ｍｏｄｅｒａｔｏｒ",
        "𝐌𝐨𝐝𝐞𝐫𝐚𝐭𝐨𝐫",
        "Mod\u200berator", "Mоderator (site)", "Admin", "аdmin", "Аdmіnіstrаtоr", "adrnin", "Модератор", "Moдератор",
        "МОДЕРАТОР", "Администратор", "Moderatör", "Yönetici", "Rəna Quliyeva", "rəna quliyeva", "Rəna Quliуeva",
        "RƏNA QULİYEVA", "Samuel", "Ѕamuel", "Sаmuеl", "Sarnuel",
    ],
)  # fmt: skip
def test_a_name_that_can_be_read_as_staff_is_told(name: str) -> None:
    assert names.posing(name, PEOPLE)


@pytest.mark.parametrize(
    "name",
    [
        "Rəna", "Quliyeva", "Rəna Əliyeva", "Samuela", "Leyla M.", "Модест", "Адам", "Modest", "Adamin oğlu", "Արմեն",
        "გიორგი", "محمد علی", "דוד", "Ирина", "İlqar", "Ömer", "Zoë", "Nikolai", "Семья Алиевых", "",
    ],
)  # fmt: skip
def test_a_name_of_ones_own_is_not(name: str) -> None:
    assert names.posing(name, PEOPLE) == ""
    assert not names.is_hiding(name)


@pytest.mark.parametrize(
    ("name", "is_hiding"),
    [
        ("Ley\u200bla", True), ("Ley\u00adla", True), ("\u3164", True), ("Leyla\u2800", True), ("Lеyla", True),
        ("Ley\u200dla", True), ("Leyla\U000e0041", True), ("علی\u200cرضا", False), ("Ana 👨‍👩‍👧‍👦", False),
        ("❤\ufe0f Ana", False), ("Aynur 👍🏽", False),
        ("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", False),
        ("Leyla Лейла", False),
    ],
)  # fmt: skip
def test_letters_that_nobody_sees_are_told(name: str, is_hiding: bool) -> None:
    assert names.is_hiding(name) is is_hiding


@given(st.text(max_size=80))
def test_any_name_can_be_asked(name: str) -> None:
    assert names.posing(f"{name} moderator", PEOPLE)
    assert names.is_hiding(f"{name}\u00ad")


@given(st.text(st.characters(categories=["L"]), min_size=1, max_size=30).filter(lambda name: not names.is_hiding(name)))
def test_whoever_is_called_as_somebody_here_can_be_read_as_them(name: str) -> None:
    assert names.posing(name, (name,))


def test_the_people_of_the_site_are_asked_for(session: Session, cast: Cast) -> None:
    cast.person(Role.MODERATOR, "Rəna", "rena@memorial.example")
    told = [tuple(signal) for signal in names.find(session, Sent("Rənа", "", "Words.", "az", AT))]
    assert told == [("posing", "closer", 0.5, ("Rənа",)), ("invisible", "closer", 0.5, ())]
    assert not [*names.find(session, Sent("Ramil", "", "Words.", "az", AT))]
