"""Signals of the words themselves."""

from __future__ import annotations

from collections.abc import Iterator

import regex
from sqlalchemy.orm import Session

from tribute.domain import text
from tribute.triage import contacts, disguise, lists
from tribute.triage.lists import Found
from tribute.triage.signals import Leaning, Sent, Signal

CAPITALS_OVER = 200  # letters: short texts are shouted in grief
CAPITALS = 0.7  # share of a text's letters that have a case
HARSH = 2  # harsh words of a whole text that names a people: in one sentence with it, one is enough
MOST_TOLD = 5  # words that a sentence names

# (list, grade): the signal, what it leans to, its weight for the first entry met and for each further one.
LISTED: dict[tuple[str, str], tuple[str, Leaning, float, float]] = {
    ("hateful", "grave"): ("listed_hateful", "hateful", 1.0, 0.0),
    ("hateful", "notable"): ("listed_rough", "closer", 0.5, 0.1),
    ("spam", "grave"): ("listed_spam", "spam", 1.0, 0.0),
    ("spam", "notable"): ("listed_spam_notable", "spam", 0.4, 0.3),
    ("help", "grave"): ("listed_help", "help", 1.0, 0.0),
    ("help", "notable"): ("listed_help_notable", "help", 0.4, 0.6),
}

_UPPER, _CASED = regex.compile(r"\p{Lu}"), regex.compile(r"\p{Lu}|\p{Ll}")


def listed(session: Session, sent: Sent) -> Iterator[Signal]:
    """Listed words, in any form and through disguises; harsh words weigh more where a people is named beside them."""
    sentences = lists.find(session, disguise.sentences(f"{sent.name}\n{sent.words}"), sent.language)
    found = [each for some in sentences for each in some]
    for (name, grade), (signal, leaning, first, further) in LISTED.items():
        met = {each.entry: each.words for each in found if each.entry[:2] == (name, grade)}
        if met:
            yield Signal(signal, leaning, first + further * (len(met) - 1), _told(met.values()))
    against = [each for some in sentences for each in _against_a_people(some)] or _against_a_people(found, HARSH)
    if against:
        yield Signal("hostile_to_people", "hateful", 1.0, _told(each.words for each in against))


def _against_a_people(found: list[Found], fewest: int = 1) -> list[Found]:
    """Harsh words, with the people that is named beside them; none where they are fewer than asked for."""
    peoples = [each for each in found if each.entry.list == "people"]
    harsh = [each for each in found if each.entry[:2] == ("hateful", "notable")]
    return [*harsh, *peoples] if peoples and len({each.words for each in harsh}) >= fewest else []


def _told(words: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))[:MOST_TOLD]  # type: ignore[call-overload]


def contact(session: Session, sent: Sent) -> Iterator[Signal]:
    """Links, phone numbers, and domains that a keeper listed."""
    said = f"{sent.name}\n{sent.place}\n{sent.words}"
    links, phones = contacts.links(said), contacts.phones(said)
    if links:
        yield Signal("links", "spam", 0.3 if len(links) == 1 else 0.6, (str(len(links)),))
    if phones:
        yield Signal("phone", "spam", 0.3, (str(len(phones)),))
    for domain in sorted(lists.domains(session)) if links else ():
        if any(contacts.is_under(link, domain) for link in links):
            yield Signal("listed_domain", "spam", 1.0, (domain,))


def alphabets(_session: Session, sent: Sent) -> Iterator[Signal]:
    """Letters of two alphabets in one word: how listed words are hidden, and rarely anything else."""
    mixed = [word for word in text.words_of(sent.words) if disguise.is_of_two_alphabets(word)]
    if mixed:
        yield Signal("mixed_scripts", "closer", 0.5, (mixed[0],))


def capitals(_session: Session, sent: Sent) -> Iterator[Signal]:
    """A long text in capital letters."""
    cased = len(_CASED.findall(sent.words))
    if cased > CAPITALS_OVER and len(_UPPER.findall(sent.words)) > CAPITALS * cased:
        yield Signal("capitals", "closer", 0.3)
