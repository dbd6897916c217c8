"""A light stemmer of Azerbaijani and Turkish, which share their endings once folded (ı is i, ə is e, ü is u).

A word is cut only where what follows is a whole chain of endings in their order. A listed word is cut behind the
longest root; any other so that what is left could be a word, and its stem is blurred where endings leave a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from tribute.search.roots import DOERS, EMPTY, KIN, LIGHT_DOERS, LIGHT_NOUNS, NAMES, NOUNS, PEOPLE, SHRUNK

SHORTEST = 4  # letters of a word that is cut, and of what an unlisted word keeps

# A noun: plural, owner, case, -ki, copula. C and V: what they follow, a consonant or a vowel; HIS: a third person's.
CASE_C = "[iu]n?|[ae]|[dt][ae]n?|l[ae]"  # şəhid-i -in -ə -də -dən, şehit-le
CASE_V = "n[iu]n?|y[iuae]|d[ae]n?|yl[ae]"  # ana-nı -nın -ya -da -dan, anne-yle
CASE_HIS = "n[iuae]|n[iu]n|nd[ae]n?|yl[ae]"  # xatirə-si-ni -nə -nin -ndə -ndən
OWNED_C = f"(?:[iu][mn](?:[iu]z)?)?(?:{CASE_C})?|(?:[iu]|l[ae]r[iu])(?:{CASE_HIS})?"  # -im -in -imiz -iniz, -i
OWNED_V = f"(?:m|n|[mn][iu]z)(?:{CASE_C})?|s[iu](?:{CASE_HIS})?|{CASE_V}"  # -m -n -mız -nız, -sı
KI = "(?:(?<=[dt][ae])|(?<=[iu]n))ki(?:l[ae]r)?(?:[iu]n?|n[iu]n?|[ae]|d[ae]n?)?"  # əl-in-də-ki-lər
COPULA = "[dt][iu]r(?:l[ae]r)?|y[ae]m|y[iu][mkqz]|s[iu]n[iu]z|y[dt][iu](?:[mnkq]|n[iu]z|l[ae]r)?|ym[iu]s"
REST = f"(?:{KI})?(?:{COPULA})?"
AFTER_CONSONANT = f"(?:l[ae]r)?(?:{OWNED_C}){REST}"
AFTER_VOWEL = f"(?:l[ae]r(?:{OWNED_C})|{OWNED_V})?{REST}"

# A verb: can, not, then a tense and its person; or a form that is a noun, with a noun's endings.
PERSON = "[aeiu]m|s[ae]n|s[iu]n|[iu][qkz]|s[iu]n[iu]z|s[iu]z|l[ae]r|[dt][iu]r(?:l[ae]r)?"
PAST = "[dt][iu](?:[mnqk]|n[iu]z|l[ae]r)?"  # unut-du -dum -duq -dular
WISH = "s[ae](?:[mnqk]|n[iu]z|l[ae]r)?|s[iu]n(?:l[ae]r)?|y?[ae](?:y[iu]m|l[iu]m|s[iu]n[iu]z|l[ae]r)|y?[iu]n(?:[iu]z)?"
SINCE = "m[iu]s|y?[ae]c[ae][gkqy]|y?[aeiu]?r|z|[iu]?yor|m[ae]l[iu]|y?[iu][bp]"  # -mış -acaq -ır -maz -yor -malı -ıb
WHILE = "y?[ae]r[ae][kq]|y?[iu]nc[ae]|m[ae]d[ae]n|y?[aeiu]?rk[ae]n"
DOING = f"(?:y?[ae]n|[dt][iu][gkqy]|m[ae][gkqy]|y?[ae]c[ae][gkqy])(?:{AFTER_CONSONANT})"  # -an -dığı -maq -acağı
NOT = "(?:y?[ae]bil|y?[ae]m[ae])?(?:m[aeiu])?"

NOUN_C, NOUN_V = re.compile(AFTER_CONSONANT), re.compile(AFTER_VOWEL)
VERB = re.compile(
    f"{NOT}(?:{PAST}|{WISH}|(?:{SINCE})(?:{PERSON}|{PAST})?(?:l[ae]r)?|{WHILE}|{DOING})"
    f"|m[ae]y[iu]z|m[ae](?:(?:m|n|[mn][iu]z)(?:{CASE_C})?|s[iu](?:{CASE_HIS})?|{CASE_V}|l[ae]r(?:{OWNED_C}))?|"
)
VERB_WISHED = re.compile("y?[ae][mkq]?")  # gözlə-yə, unud-am: short roots have too many words that look so

FOLLOWING = {"a": "ai", "e": "ei", "i": "iae", "o": "uae", "u": "uae"}  # vowels that may follow one, once folded
VOWEL = re.compile("[aeiou]")
VOICELESS = "ptkcfhsqx"
# An unlisted stem ends in one consonant behind a vowel, or in two that can stand together.
COULD_END = re.compile("[aeiou][b-df-hj-np-tv-z]?$|(?:l[btdkmqg]|n[cdgktz]|r[bcdfgkmpqstvxz]|[sfxhpk]t|sq|yt)$")
# An unlisted word with a verb's ending in it is one: nothing is gained by a guess.
VERBAL = re.compile(
    ".{2}(?:(?:[bgjlmnrvyz]d|tt)[iu](?:[mnqk]|l[ae]r)?$|m[ae]z$|m[ae][kq]$|m[ae]d[ae]n|m[iu]s$|m[iu]s[dt]"
    "|[aeiu]r[iu][qkz]$|[iu]r[ae]m|[iu]yor|(?:[aeiou]d|[bgjlmnrvyz]d|tt)[iu][gk][iu]|[ae]c[ae][gkqy]|[iu][bp]$"
    "|[ae]r[ae]k$|[ae]y[ae]n(?:l[ae]r)?$)"
)
_SOFT = {"q": "g", "k": "gy", "t": "d", "p": "b"}  # what the last letter of a root may become before a vowel
WEAK = re.compile("[aeiu][mn]?|l[ae]")  # an ending that many a plain word ends in


class Stem(NamedTuple):
    """What is left of a word, its family (`t` for a noun, `v` for a verb), and what was cut."""

    root: str
    family: str
    ending: str
    is_listed: bool = True

    @property
    def term(self) -> str:
        """The term of the index."""
        return f"={self.family}{self.root if self.is_listed else _blurred(self.root)}"

    @property
    def bare(self) -> tuple[str, ...]:
        """How the word without its ending may stand in a text; a verb never stands so."""
        if self.family == "v":
            return ()
        if self.is_listed or not self.ending or self.ending[0] not in "aeiu":
            return (self.root,)
        last = {"g": "qk", "y": "yk", "d": "dt", "b": "bp"}.get(self.root[-1], self.root[-1])
        return tuple(self.root[:-1] + letter for letter in last)


@lru_cache(maxsize=1 << 13)
def stems(word: str, language: str = "") -> tuple[Stem, ...]:
    """Give the stem of a folded word of that language, if it has one; without a language all that it may have."""
    if word in EMPTY:
        return ()
    if known := _known(word, language):
        is_light = known[0].root in (LIGHT_NOUNS if known[0].family == "t" else LIGHT_DOERS)
        return () if is_light else known[:1] if language else known
    guesses = tuple(islice(_guesses(word), 1 if language else None))
    return guesses if language else (*guesses, Stem(word, "t", "", is_listed=False))


# What a listed root may stand as before its endings: as it is, softened, or without its last vowel.
_HEADS = frozenset(
    (*NOUNS, *NAMES, *SHRUNK, *DOERS, *(root[:-1] for root in DOERS),
     *(root[:-1] + soft for root in (*NOUNS, *DOERS) for soft in _SOFT.get(root[-1], "")))
)  # fmt: skip


def _known(word: str, language: str) -> tuple[Stem, ...]:
    """The longest listed roots. `kitabı` is of `kitab` and of `kitap`, `gözlər` of `göz` and of `gözlə`."""
    cuts = [(word[:end], word[end:]) for end in range(len(word), 1, -1) if word[:end] in _HEADS]
    nouns = ([Stem(root, "t", tail) for root in _nouns(head, tail, language)] for head, tail in cuts)
    verbs = ([Stem(root, "v", tail) for root in _verbs(head, tail)] for head, tail in cuts)
    noun, verb = next(filter(None, nouns), []), next(filter(None, verbs), [])
    noun = noun[::-1] if language == "tr" else noun
    if noun and verb and noun[0].ending[:3] in ("lar", "ler"):
        return tuple(noun + verb)
    return tuple(noun if noun and (not verb or len(noun[0].ending) <= len(verb[0].ending)) else verb)


def _nouns(head: str, tail: str, language: str) -> Iterator[str]:
    if tail and (len(head) + len(tail) < SHORTEST or not _is_chain(head, tail, must_agree=len(head) < SHORTEST)):
        return
    is_exact = head in NOUNS or (head in NAMES and tail[:1] != "m" and tail != "n")
    if head in PEOPLE and tail in ("a", "e"):
        return  # Samirə is no dative of Samir
    if is_exact and not (tail and _is_doubtful(head, tail)):
        yield head
    if tail[:1] in ("a", "e", "i", "u") and (len(head) >= SHORTEST or not is_exact):
        yield from (root for hard in _hard(head[-1], language) if (root := head[:-1] + hard) in NOUNS)
        if head[-1] == "y" and head[-2] != "a" and head[:-1] + "k" in NOUNS and not is_exact:
            yield head[:-1] + "k"  # ürək, ürəyi
        if head in SHRUNK:
            yield SHRUNK[head]


def _hard(letter: str, language: str) -> str:
    """What the end of a root becomes where no vowel follows; b and d are soft in Turkish alone."""
    return {"g": "qk", "d": "t" * (language != "az"), "b": "p" * (language != "az")}.get(letter, "")


def _is_doubtful(head: str, tail: str) -> bool:
    """Tell whether `my` or `your` would be read into another word: kışın is no kişi-n, doğan no doğa-n."""
    is_owner = head[-1] in "aeiou" and re.match("[mn](?![iu])|m[iu](?!z)", tail) and head not in KIN
    return bool(is_owner) and len(head) <= SHORTEST and (tail[0] == "n" or head[-1] in "iu")


def _verbs(head: str, tail: str) -> Iterator[str]:
    is_form = VERB.fullmatch(tail) or (len(head) >= SHORTEST and VERB_WISHED.fullmatch(tail))
    if not is_form or (tail[:1] == "t" and head[-1] not in VOICELESS):
        return
    if head in DOERS:
        yield head
    elif head[-1] == "d" and head[:-1] + "t" in DOERS and tail[:1] in ("a", "e", "i", "u"):
        yield head[:-1] + "t"
    elif "yor" in tail:  # ağla, ağlıyor: the root's last vowel gives way
        yield from (head + vowel for vowel in "ae" if head + vowel in DOERS)


def _guesses(word: str) -> Iterator[Stem]:
    """An unlisted word without a chain of endings, so that what is left could be a word; the longest chain first."""
    if VERBAL.search(word):
        return
    for end in range(SHORTEST - 1, len(word)):
        head, tail = word[:end], word[end:]
        is_plural = tail[:3] in ("lar", "ler")
        is_mine = head[-1] in "aeiou" and re.match("m(?![iu]z)|n(?![iu])", tail)
        if (end < SHORTEST and not is_plural) or is_mine or not COULD_END.search(head):
            continue
        if _is_chain(head, tail):
            yield Stem(head, "t", tail, is_listed=False)


def _is_chain(head: str, tail: str, *, must_agree: bool = True) -> bool:
    """Tell whether a tail is endings in their order, its vowels in harmony with those before."""
    form = NOUN_V if head[-1] in "aeiou" else NOUN_C
    if not form.fullmatch(tail) or (tail[:1] == "t" and head[-1] not in VOICELESS):
        return False
    vowels = VOWEL.findall(head)[-1:] + VOWEL.findall(tail)
    return not must_agree or all(later in FOLLOWING[one] for one, later in pairwise(vowels))


def _blurred(root: str) -> str:
    """Let go of what a guess can't tell: `Turan` and `Tura` have one genitive, `döşək` and `döşə` one dative."""
    while len(root) > SHORTEST and (root[-1] in "iu" or (root[-1] in "mnsgkqy" and root[-2] in "aeiou")):
        root = root[:-1]
    return root[:-1] + {"g": "k", "q": "k", "y": "k", "d": "t", "b": "p"}.get(root[-1], root[-1])
