"""Texts of random words, the same on both databases and every time; and what may be typed to find them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from tests.search.reader import Told
from tests.services.acts import standing
from tribute.domain.anniversary import local_day
from tribute.domain.lifecycle import Status

VOCABULARY = [
    "Şəhid", "şəhidlər", "ŞƏHİDLƏRİMİZ", "şəhər", "sehr", "Işıq", "işığı", "ISIQ", "İşıqlı", "İ", "I", "ı", "və", "Ən",
    "ən", "o", "20", "200", "1990", "1990cı", "2-ci", "Чёрный", "черная", "память", "памяти", "Й", "й", "light",
    "lights", "the", "delight", "Allah’ın", "Allah'ı", "o’clock", "naïve", "naive", "Straße", "strasse", "Łódź", "ﬁn",
    "fin", "①", "½", "２０", "ﷲ", "الله", "الْحَمْدُ", "שָׁלוֹם", "שלום", "नमस्ते", "नमस्कार", "სამშვიდობოს", "Խաղաղություն",
    "平和", "平", "e\u0301te\u0301", "éte", "x2", "2x", "1e5", "3.14", "a.b.az", "a@b.az", "http://b.az/c?d=e", "#tag",
    "__", "-5", "<b>qalın</b>", "&amp;", "🕯️", "にほん", "Bakı", "Баку", "Гусейнов", "xatirə", "xatirəsi",
    "qardaşlarımız",
]  # fmt: skip
NAMES = ["Leyla Ə.", "Гусейнов Р.", "Hüseynova", "Işıq", "Daniel M.", "Allah’ın qulu", "20", ""]
PLACES = ["Bakı", "Баку", "Gəncə şəhəri", "Leeds", "Şuşa", ""]
TEXTS = 60
START = datetime(2024, 10, 1, 20, 30, tzinfo=UTC)
SOME_DAYS = timedelta(days=13, hours=7)  # so that the last ones are of 2026

QUERIES = [
    # words, alone and together, as they are spelt and otherwise
    "sehid", "ŞƏHİD", "шахид", "şəhidlərimizin", "isiq", "işıq", "light", "память", "черный", "20", "bakı", "баку",
    "huseynov", "Гусейнов", "xatirəsini", "qardaş", "ve", "o", "i", "平和", "шалом", "الله", "ﷲ", "①", "nowhere",
    "sehid isiq", "bakı şəhid", "the light", "leyla bakı", "işıq leyla", "20 1990", "fin strasse", "gəncə",
    # in a row, alone, without, beginnings
    '"şəhid"', '"gəncə şəhəri"', '"leyla ə"', '"3.14"', '"the light"', '"2-ci"', "gəncə -şəhid", "-bakı leyla",
    "sehid -isiq", 'gəncə -"leyla ə"', "bakı -ş*", "şəh*", "s*", "1*", "naï*", "al* -leyla", "şəh* is*", "x* -x2",
    # in the name, in the place
    "name:leyla", "name:hüseynov", "name:гусейнова", "ad:işıq", "name:isiq işıq", "place:bakı", "yer:баку", "place:s*",
    'place:"gəncə şəhəri"', "-name:leyla place:bakı", "name:20 20", "место:шуша",
    # years, languages, nothing but these
    "year:2025", "year:2024..2025 -bakı", "year:..2024", "year:2026.. sehid", "year:2030", "language:az",
    "language:ru sehid", "language:xx", "dil:az il:2025 -işıq",
]  # fmt: skip


def texts(session: Session, number: int = TEXTS) -> list[Told]:
    """Publish them; from the newest on, as a reader has them."""
    chance = Random(1990)  # noqa: S311  the same texts every time
    made = []
    for step in range(number):
        said = {"words": " ".join(chance.sample(VOCABULARY, 6)), "name": chance.choice(NAMES),
                "place": chance.choice(PLACES), "page_language": chance.choice(["az", "en", "ru", "tr"])}  # fmt: skip
        tribute = standing(session, Status.APPROVED, START + step * SOME_DAYS, **said)
        year = local_day(tribute.at, "Asia/Baku").year
        made.append(Told(tribute.public_id, tribute.language, year, said["words"], said["name"], said["place"]))
    session.commit()
    return made[::-1]
