"""Why words stand where they do in the queue: each of triage's signals as a sentence for the moderator."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from flask_babel import gettext, ngettext

from tribute.web.lazy import _l

PLACE = "%(words)s"  # where a sentence names what its author wrote


class Sentence(NamedTuple):
    """A sentence in the page's language, around what is quoted in it: that is a visitor's and is set apart."""

    before: str
    quoted: tuple[str, ...] = ()
    after: str = ""


# Signals that tell nothing but themselves.
BARE: dict[str, str] = {
    "trap": _l("A field was filled in that people do not see."),
    "capitals": _l("Most of its letters are capitals."),
    "invisible": _l("The name has invisible letters, or letters of several alphabets."),
    "unworked": _l("The sender’s browser did not do the proof of work. Without JavaScript it cannot."),
}
# Signals that name words.
NAMING: dict[str, str] = {
    "listed_hateful": _l("It has words that are listed as hateful: %(words)s."),
    "listed_rough": _l("It has harsh words: %(words)s."),
    "hostile_to_people": _l("It has harsh words beside the name of a people: %(words)s."),
    "listed_spam": _l("It has words that are listed as spam: %(words)s."),
    "listed_spam_notable": _l("It has words that are common in spam: %(words)s."),
    "listed_help": _l("It has words that may be a cry for help: %(words)s."),
    "listed_help_notable": _l("It has words that may speak of despair: %(words)s."),
    "mixed_scripts": _l("It has letters of several alphabets within one word: %(words)s."),
    "listed_domain": _l("It links to a site that a keeper has listed: %(words)s."),
    "learnt_spam": _l("It reads like what was marked as spam here, most of all for %(words)s."),
    "learnt_hateful": _l("It reads like what was declined as hateful here, most of all for %(words)s."),
    "posing": _l("The name can be read as that of somebody of this site: %(words)s."),
}
# Signals that count.
COUNTING: dict[str, Callable[[int], str]] = {
    "too_fast": lambda n: ngettext(
        "It was sent %(num)s second after the form was opened.",
        "It was sent %(num)s seconds after the form was opened.", n,
    ),
    "too_old": lambda n: ngettext(
        "The form had been open for %(num)s hour.", "The form had been open for %(num)s hours.", n
    ),
    "links": lambda n: ngettext("It has %(num)s link.", "It has %(num)s links.", n),
    "phone": lambda n: ngettext("It has %(num)s phone number.", "It has %(num)s phone numbers.", n),
    "repeated": lambda n: ngettext(
        "Nearly the same text came %(num)s time in the last 30 days.",
        "Nearly the same text came %(num)s times in the last 30 days.", n,
    ),
    "many_from_address": lambda n: ngettext(
        "%(num)s tribute came from this address within ten minutes. Schools and embassies share one.",
        "%(num)s tributes came from this address within ten minutes. Schools and embassies share one.", n,
    ),
}  # fmt: skip


def sentences(signals: Iterable[tuple[str, ...]]) -> list[Sentence]:
    """The sentences of signals, in their order; none for one that this version of the program does not know."""
    said = (_sentence(name, told) for name, *told in signals)
    return [sentence for sentence in said if sentence is not None]


def _sentence(name: str, told: list[str]) -> Sentence | None:
    if name in BARE:
        return Sentence(str(BARE[name]))
    if name in NAMING and told:
        before, _place, after = str(NAMING[name]).partition(PLACE)
        return Sentence(before, tuple(told), after)
    numbers = [int(each) for each in told if each.isascii() and each.isdecimal()]
    if name in COUNTING and len(numbers) == 1:
        return Sentence(COUNTING[name](numbers[0]))
    if name == "email_history" and len(numbers) == 2:
        return Sentence(_history(*numbers))
    return None


def _history(spam: int, published: int) -> str:
    return gettext(
        "Earlier tributes with this confirmed email: %(published)s, %(spam)s.",
        published=ngettext("%(num)s published", "%(num)s published", published),
        spam=ngettext("%(num)s spam", "%(num)s spam", spam),
    )
