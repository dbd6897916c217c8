"""Second terms: what is indexed beside a word's folded form, so that inflections and alphabets meet.

`=t…` a noun of Azerbaijani or Turkish, `=v…` a verb, `=e…` English, `=r…` Russian, each without its endings;
`~l…` the sound of a name in Latin letters, `~c…` in Cyrillic. Terms meet by equality alone: a text's word and a
query's word meet if they share the folded form or any other term. A base form has no stem term of its own, so a query
asks for bare stems too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from tribute.search import sounds, turkic
from tribute.search.fold import fold
from tribute.search.inflections import (
    ENGLISH_COMMON,
    ENGLISH_FUNCTION,
    IRREGULAR,
    RUSSIAN_FUNCTION,
    english,
    russian,
)
from tribute.search.roots import BORROWED, EMPTY, NAMES, NOUNS
from tribute.search.turkic import Stem

SECOND = ("=", "~")  # what no folded word begins with
SHORTEST = 4  # letters of a word that has second terms; of a name, one less
LONGEST = 40  # no word of a language is longer
SHORTEST_STEM = 3
MOST_ASKED = 6  # terms of one word of a query, beside its folded form
TURKIC = ("az", "tr")
DATIVES = ("a", "e", "ya", "ye")  # what many a name ends in

_LATIN = re.compile("[a-z]+")
_CYRILLIC = re.compile("[\u0430-\u04ff]+")
_NUMBER = re.compile("([0-9]{2,})([a-z]{0,6})")
_TURKIC_LETTERS = re.compile("[əğışƏĞİŞ]")  # no other language here has them
_SURNAME = re.compile(".{2,}[oe]v")
_NO_NAME = re.compile("..(?:[аоыи]е|ая|[ое]го|[ое]му|[оыи]х|[ауюя]ем|[иаеу]ть|[аеуяи]ет|[ая]ли|[ео]сть|ни[ею]|тся)$")
_APOSTROPHES = re.compile("['’ʼ]")
_HIS_OR_HER = re.compile("(.{2,}[oe]v)a?")


@lru_cache(maxsize=1 << 15)
def second_terms(word: str, language: str, *, name: bool = False) -> tuple[str, ...]:
    """The terms beside a word of a text in that language: its stem, and how it sounds where it may be a name."""
    folded = _folded(word)
    if len(folded) < (SHORTEST - 1 if name else SHORTEST):
        return ()
    if _CYRILLIC.fullmatch(folded):
        found = _cyrillic_terms(word, folded, name=name)
    elif _LATIN.fullmatch(folded):
        found = _latin_terms(word, folded, language, name=name)
    else:
        number = _NUMBER.fullmatch(folded)
        found = iter([f"=t{number[1]}"] if number and number[2] and language in TURKIC else [])
    return tuple(term for term in found if term)


@lru_cache(maxsize=1 << 12)
def query_terms(word: str) -> tuple[str, ...]:
    """The terms to ask for beside a word of a query, the most telling first; its language is not known."""
    folded = _folded(word)
    if len(folded) < SHORTEST - 1 and folded not in NOUNS:
        found: Iterator[str] = iter(())
    elif _CYRILLIC.fullmatch(folded):
        found = _cyrillic_asked(word, folded)
    elif _LATIN.fullmatch(folded):
        found = _latin_asked(word, folded)
    else:
        number = _NUMBER.fullmatch(folded)
        found = iter((f"=t{number[1]}", number[1]) if number else ())
    return tuple(islice(dict.fromkeys(term for term in found if term and term != folded), MOST_ASKED))


def letters_of(seconds: Iterable[str]) -> str:
    """The letters that a folded word may begin with if it has one of these terms.

    A word begins as its second terms do, but for the few that are formed anew; letters of one sound count as one.
    """
    kinds = {_kind(term[2]) for term in seconds}
    return _LETTERS if not _ANEW.isdisjoint(seconds) else "".join(_OF_A_KIND[kind] for kind in {"", *kinds})


def _kind(letter: str) -> str:
    return sounds.to_latin(letter)[:1].translate(_KINDS)


_KINDS = str.maketrans("aeiouycdjszghkqxpfvw", "aaaaaaccccckkkkkffvv")
_LETTERS = "".join(map(chr, (*range(0x30, 0x3A), *range(0x61, 0x7B), *range(0x430, 0x500))))  # of what has second terms
_OF_A_KIND: defaultdict[str, str] = defaultdict(str)  # "" for ъ and ь, which are not heard
for _letter in _LETTERS:
    _OF_A_KIND[_kind(_letter)] += _letter
# Went and go, Istanbul and Стамбул.
_ANEW = {f"=e{base}" for form, base in IRREGULAR.items() if _kind(form[0]) != _kind(base[0])} | {
    f"~{script}{heard}" for said, heard in sounds.SAME.items() for script in "lc" if _kind(said[0]) != _kind(heard[0])
}


def _folded(word: str) -> str:
    return fold(word) if len(word) <= LONGEST else ""


def _sound(script: str, heard: str, *, is_name: bool = True) -> str:
    """The term of a sound; none for what is too vague to be told from other words, but in a name."""
    return f"~{script}{heard}" if heard and (is_name or sounds.is_telling(heard)) else ""


# ---- words in Latin letters


def _latin_terms(word: str, folded: str, language: str, *, name: bool) -> Iterator[str]:
    is_turkic = language in TURKIC or _TURKIC_LETTERS.search(word) is not None
    stem = next(iter(turkic.stems(folded, language or "az")), None) if is_turkic else None
    if stem and not stem.is_listed and (name or _HIS_OR_HER.fullmatch(folded) or _is_dative(stem, word)):
        stem = None  # a name stands as it is
    if stem:
        yield stem.term if stem.root != folded or stem.family == "v" else ""
    elif language == "en" and not name and folded not in ENGLISH_FUNCTION and (root := english(folded)) != folded:
        yield f"=e{root}"
    if name:
        yield _sound("l", sounds.of_latin(_spoken(word, folded, stem) or folded))
    elif word[0].isupper() or _SURNAME.match(folded) or (stem.root if stem else folded) in sounds.SAME:
        yield _sound("l", sounds.of_latin(_spoken(word, folded, stem)), is_name=False)


def _is_dative(stem: Stem, word: str) -> bool:
    """Whether a guess says that a name is a dative: Nəcibə is another than Nəcib."""
    return stem.ending in DATIVES[:2] and word[0].isupper()


def _spoken(word: str, folded: str, stem: Stem | None) -> str:
    """What of a word may be a name; empty for a word of every day."""
    if folded in EMPTY or folded in ENGLISH_COMMON:
        return ""
    if stem is None:
        return folded[:-1] if word[-2:] in ("'s", "’s") else folded
    if stem.is_listed:
        return stem.root if stem.root in NAMES or stem.root in sounds.SAME else ""
    is_plain = turkic.WEAK.fullmatch(stem.ending) and not _SURNAME.fullmatch(stem.root)
    return folded if is_plain else stem.root


def _latin_asked(word: str, folded: str) -> Iterator[str]:
    if folded in EMPTY:
        return
    is_foreign = word.isascii() and folded not in ENGLISH_FUNCTION
    if is_foreign and english(folded) in BORROWED:
        folded = english(folded)
    found = turkic.stems(folded)
    is_listed = not found or found[0].is_listed
    if not is_listed and (_HIS_OR_HER.fullmatch(folded) or found[0].ending in DATIVES):
        found = found[-1:]  # Hüseynova is no dative of Hüseynov, and datives are not asked for
    for stem in found if is_listed else found[:1]:
        yield from (stem.term, *stem.bare)
    yield from (stem.root for stem in found[1:2] if stem.ending)
    if is_foreign:
        yield f"=e{english(folded)}"
        yield english(folded) if not is_listed or folded in BORROWED else ""
    if found:
        yield from _sounds_asked(_asked_sound(word, folded, found[0]))
    if is_foreign and (not is_listed or folded in BORROWED):
        yield from _russian_asked(folded)
    yield from (stem.term for stem in found[1:])


def _asked_sound(word: str, folded: str, stem: Stem) -> str:
    heard = sounds.of_latin(_spoken(word, folded, stem))
    if heard or not word[0].isupper():
        return heard
    heard = sounds.of_latin(folded)  # İradə may be will or a woman
    return heard if sounds.is_telling(heard) else ""


def _sounds_asked(heard: str) -> Iterator[str]:
    """A Latin name is asked for in both alphabets; hers in Cyrillic may read as his."""
    open_ended = sounds.without_end(heard)
    yield _sound("l", heard)
    yield _sound("c", open_ended)
    if open_ended.endswith("va"):
        yield _sound("c", open_ended[:-1])


def _russian_asked(folded: str) -> Iterator[str]:
    """Russian on a Latin keyboard: `pamyat` asks for память, whose ь it can't write."""
    read = sounds.to_cyrillic(english(folded) if folded.endswith("s") else folded)
    if len(folded) < SHORTEST or not read:
        return
    stem = russian(read)
    yield f"=r{stem}" if len(stem) >= SHORTEST else ""
    yield f"=r{fold(read)}"
    yield stem if len(stem) >= SHORTEST else ""


# ---- words in Cyrillic letters


def _cyrillic_terms(word: str, folded: str, *, name: bool) -> Iterator[str]:
    if folded in RUSSIAN_FUNCTION:
        return
    stem = _russian_stem(word, folded, is_nominative=name)
    if sounds.OWN_LETTERS.search(folded):
        yield from (found.term for found in turkic.stems(sounds.to_latin(folded))[:1])
    elif stem != folded and not name:
        yield f"=r{stem}"
    if name:  # met by queries in either alphabet
        yield _sound("l", sounds.of_nominative(folded, stem))
    elif (word[0].isupper() and not _NO_NAME.search(folded)) or stem in sounds.SAME:
        yield _sound("c", sounds.in_running_text(folded, stem), is_name=False)


def _cyrillic_asked(word: str, folded: str) -> Iterator[str]:
    if folded in RUSSIAN_FUNCTION:
        return
    stem = _russian_stem(word, folded, is_nominative=True)
    latin = sounds.to_latin(stem)
    if sounds.OWN_LETTERS.search(folded):
        latin = sounds.to_latin(folded)
        yield from (term for found in turkic.stems(latin) for term in (found.term, *found.bare))
    yield f"=r{stem}"
    yield stem
    yield from (_sound("l", heard) for heard in sounds.of_any_case(folded, stem))
    if len(latin) >= SHORTEST and latin not in EMPTY and stem not in sounds.SAME:
        yield from (latin, f"=t{latin}")
        yield f"=e{latin}" if latin in BORROWED else ""
    yield f"=r{folded}"
    yield f"=e{latin}" if len(latin) >= SHORTEST else ""


def _russian_stem(word: str, folded: str, *, is_nominative: bool) -> str:
    """The folded stem of a Russian word; of one written as a surname is, the surname."""
    his_or_her = sounds.surname(folded, is_nominative=is_nominative) if word.istitle() else ""
    stem = his_or_her or russian(_APOSTROPHES.sub("", word.lower()))
    return stem if len(stem) >= SHORTEST_STEM and _CYRILLIC.fullmatch(stem) else folded
