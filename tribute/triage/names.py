"""Names that pose as somebody of this site: by letters that look alike, or by letters that nobody sees."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from threading import Lock

import regex
from confusable_homoglyphs.confusables import confusables_data
from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.domain import text
from tribute.models import Person
from tribute.search.fold import fold_text
from tribute.triage.disguise import is_of_two_alphabets, of_one_alphabet
from tribute.triage.signals import Sent, Signal

# What those who moderate are called, in the four languages of the site. A name may hold other words beside.
STAFF = (
    "moderator", "admin", "administrator", "keeper", "webmaster",
    "moderatoru", "redaktor", "qoruyucu", "администратор", "админ", "модератор", "редактор", "хранитель",
    "moderatör", "yönetici", "editör", "sorumlu",
)  # fmt: skip
# Joiners belong to emoji and to Arabic, Syriac and Indic writing; elsewhere they are there not to be seen.
_JOINED = regex.compile(
    r"(?<=[\p{Arabic}\p{Syriac}\p{Mongolian}\p{Devanagari}\p{Bengali}\p{Sinhala}\p{Malayalam}\p{Kannada}\p{Telugu}])"
    r"[\u200c\u200d]|(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])[\u200d\ufe0f\U000e0020-\U000e007f]+"
)
_UNSEEN = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]")


def find(session: Session, sent: Sent) -> Iterator[Signal]:
    """Point out to the moderator a name that can be read as a moderator's, or that hides something."""
    posed = posing(sent.name, (*session.scalars(select(Person.name)),))
    if posed:
        yield Signal("posing", "closer", 0.5, (posed,))
    if is_hiding(sent.name):
        yield Signal("invisible", "closer", 0.5)


def posing(name: str, people: tuple[str, ...]) -> str:
    """The part of a name that can be read as a word for a moderator, or as one of these people; "" where none can."""
    readings = {reading: word for word in text.words_of(_seen(name)) for reading in looks(word)}
    for word in STAFF:
        met = readings.keys() & _kept_looks(word)
        if met:
            return readings[min(met)]
    whole = looks(_seen(name))
    return name if any(whole & _kept_looks(person) for person in people) else ""


def is_hiding(name: str) -> bool:
    """Whether a name has letters that are not seen, or two alphabets in one word."""
    rest = _JOINED.sub("", name)
    return bool(_UNSEEN.search(rest)) or any(is_of_two_alphabets(word) for word in text.words_of(rest))


def looks(name: str) -> frozenset[str]:
    """What a name may be read as. Two names with a reading in common can be taken for one another."""
    plain = " ".join(of_one_alphabet(word) for word in name.split())
    return frozenset(
        reading for each in (name, plain, name.lower(), name.upper(), name.title(), fold_text(plain))
        if (reading := fold_text(skeleton(each)).strip())
    )  # fmt: skip


def skeleton(said: str) -> str:
    """A text with each letter as the one that stands for all that look like it (Unicode TS 39, section 4)."""
    with _one_makes:
        standing = _standing()
    return "".join(standing.get(letter, letter) for letter in unicodedata.normalize("NFKD", said))


@cache
def _kept_looks(name: str) -> frozenset[str]:
    return looks(name)


def _seen(name: str) -> str:
    return _UNSEEN.sub("", name)


_one_makes = Lock()  # once for all threads


@cache
def _standing() -> dict[str, str]:
    """For each letter the one that stands for it: the data names pairs, and what is joined by pairs looks alike."""
    standing: dict[str, str] = {}
    for letter in confusables_data:
        if letter in standing:
            continue
        alike, ahead = {letter}, [letter]
        while ahead:
            for pair in confusables_data.get(ahead.pop(), ()):
                other = _UNSEEN.sub("", pair["c"])
                if other not in alike:
                    alike.add(other)
                    ahead.append(other)
        chosen = max(alike, key=lambda each: (len(each) > 1 and each.isascii(), each.isascii(), each.islower(), each))
        standing |= {each: chosen for each in alike if len(each) == 1}
    return standing
