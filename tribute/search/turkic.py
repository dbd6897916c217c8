"""A light stemmer of Azerbaijani and Turkish, which share their endings once folded (ı is i, ə is e, ü is u).

A word is cut only where what follows is a whole chain of endings in their order: plural, owner, case, `-ki`, copula.
Known words are cut behind the longest root that is listed; others only so that what is left could be a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tribute.search.roots import DOERS, EMPTY, NAMES, NOUNS, SHRUNK

SHORTEST = 4  # letters of a word that is cut, and of what an unlisted word keeps

# Endings in their order. A high vowel is i or u, a low one a or e; [CV] say what they follow: a consonant or a vowel.
PLURAL = "l[ae]r"
CASE_C = "[iu]n?|[ae]|[dt][ae]n?|l[ae]"  # şəhid-i -in -ə -də -dən -lə
CASE_V = "n[iu]n?|y[iuae]|d[ae]n?|y?l[ae]"  # ana-nı -nın -ya -da -dan -yla
CASE_HIS = "n[iuae]|n[iu]n|nd[ae]n?|y?l[ae]"  # ana-sı-nı -na -nın -nda -ndan -yla
COPULA = (
    "(?:[dt][iu]r(?:l[ae]r)?|y?[ae]m|[iu]y[iu]?[mkqz]|y[iu][mkqz]|s[iu]n[iu]z|y[dt][iu](?:[mnkq]|n[iu]z|l[ae]r)?|ym[iu]s)"
)
KI = "(?:ki(?:l[ae]r)?(?:[iu]n?|n[iu]n?|[ae]|d[ae]n?)?)"  # əl-in-də-ki-lər
OWNED_C = f"(?:[iu][mn](?:[iu]z)?)?(?:{CASE_C})?|(?:[iu]|l[ae]r[iu])(?:{CASE_HIS})?"  # -im -in -imiz -iniz; -i
OWNED_V = f"[mn](?:[iu]z)?(?:{CASE_C})?|s[iu](?:{CASE_HIS})?|{CASE_V}"  # -m -n -mız -nız; -sı
REST = f"{KI}?{COPULA}?"
AFTER_CONSONANT = re.compile(f"(?:{PLURAL})?(?:{OWNED_C}){REST}")
AFTER_VOWEL = re.compile(f"(?:{PLURAL}(?:{OWNED_C})|{OWNED_V})?{REST}")

# What follows a verb: can, not, then a tense with its person, or a form that is a noun and takes a noun's endings.
PERSON = "[aeiu]m|s[ae]n|s[iu]n|[iu][qkz]|s[iu]n[iu]z|s[iu]z|l[ae]r|[dt][iu]r(?:l[ae]r)?|[dt][iu](?:[mnqk]|n[iu]z|l[ae]r)?"
TENSE = (
    "[dt][iu](?:[mnqk]|n[iu]z|l[ae]r)?"  # unut-du -duq -dular
    "|s[ae](?:[mnqk]|n[iu]z|l[ae]r)?|s[iu]n(?:l[ae]r)?"  # -sa, -sun -sunlar
    f"|(?:m[iu]s|y?[ae]c[ae][gkqy]|y?[aeiu]r|r|z|[iu]?yor|m[ae]l[iu]|y?[iu][bp])(?:{PERSON})?(?:l[ae]r)?"
    "|y?[ae](?:[mqky]|l[iu]m|s[iu]n[iu]z|s[ae]n|l[ae]r)|y?[iu]n(?:[iu]z)?"  # -aq -alım, -un
    "|y?[ae]r[ae][kq]|y?[iu]nc[ae]|m[ae]d[ae]n|y?[aeiu]?rk[ae]n"
)
NOMINAL = f"(?:y?[ae]n|[dt][iu][gkqy]|m[ae][gkqy]|m[iu]s|y?[ae]c[ae][gkqy])(?:{AFTER_CONSONANT.pattern})"
NAMED = f"m[ae](?:{AFTER_VOWEL.pattern})"  # unut-ma, unut-ma-sı
DONE = re.compile(f"(?:y?[ae]bil|y?[ae]m[ae])?(?:m[aeiu])?(?:{TENSE}|{NOMINAL})|{NAMED}|")

HARD = {"g": ("q", "k"), "y": ("k",), "d": ("t",), "b": ("p",)}  # what stands at the end when no vowel follows
FOLLOWING = {"a": "ai", "e": "ei", "i": "iae", "o": "uae", "u": "uae"}  # vowels that may follow one, once folded
VOWEL = re.compile("[aeiou]")
# A word may end so: in one consonant behind a vowel, or in two that can stand together.
SOUND_END = re.compile("[aeiou]$|[aeiou][b-df-hj-np-tv-z]$|(?:l[btdkmqg]|n[cdgktz]|r[bcdfgkmpqstvxz]|[sfxhp]t|st|sq|yt)$")
VERBAL_END = re.compile("(?:[dt][iu](?:[mnqk]|l[ae]r)?|[aeiu]r|m[ae][zkqy]|m[iu]s)$")  # of an unlisted verb, most likely
WEAK = re.compile("[aeiu][mn]?")  # an ending that many a plain word ends in


class Stem(NamedTuple):
    """What is left of a word, which family it is of, and what was cut."""

    root: str
    family: str  # "t" nouns, "v" verbs
    ending: str
    is_listed: bool

    @property
    def term(self) -> str:
        """The term of the index."""
        return f"={self.family}{self.root if self.is_listed else blurred(self.root)}"


def blurred(root: str) -> str:
    """Let go of what an unlisted root may have or not: `Turan` and `Tura` have the same genitive, `-k` turns to `-g`."""
    if len(root) > SHORTEST and root[-1] == "n" and root[-2] in "aeiou":
        return root[:-1]
    return root[:-1] + "k" if root[-1] in "gqy" else root


@lru_cache(maxsize=1 << 15)
def stems(word: str, language: str = "") -> tuple[Stem, ...]:
    """Give the stem of a folded word of that language, if it has one; without a language all that it may have."""
    if word in EMPTY:
        return ()
    if known := _known(word, language):
        return known[:1] if language else known
    guesses = tuple(_guesses(word))
    return guesses if language else (*guesses, Stem(word, "t", "", False))


def _known(word: str, language: str) -> tuple[Stem, ...]:
    """The longest listed roots. `kitabı` is of `kitab` and of `kitap`, `gözlər` of `göz` and of `gözlə`."""
    cuts = [(word[:end], word[end:]) for end in range(len(word), 1, -1)]
    noun = next((found for cut in cuts if (found := [Stem(root, "t", cut[1], True) for root in _nouns(*cut)])), [])
    verb = next((found for cut in cuts if (found := [Stem(root, "v", cut[1], True) for root in _verbs(*cut)])), [])
    noun = noun[::-1] if language == "tr" else noun
    if noun and verb and noun[0].ending[:3] in ("lar", "ler"):
        return tuple(noun + verb)
    return tuple(noun if noun and (not verb or len(noun[0].root) >= len(verb[0].root)) else verb)


def _nouns(head: str, tail: str) -> Iterator[str]:
    if tail and (len(head) + len(tail) < SHORTEST or not _is_chain(head, tail, len(head) < SHORTEST)):
        return
    if head in NOUNS or (head in NAMES and tail not in ("m", "n")):
        yield head
    if tail[:1] in ("a", "e", "i", "u"):
        yield from (root for hard in HARD.get(head[-1], ()) if (root := head[:-1] + hard) in NOUNS)
        if head in SHRUNK:
            yield SHRUNK[head]


def _verbs(head: str, tail: str) -> Iterator[str]:
    is_form = DONE.fullmatch(tail) or (tail in ("a", "e") and len(head) >= SHORTEST)
    if not is_form:
        return
    if head in DOERS:
        yield head
    elif head[-1] == "d" and head[:-1] + "t" in DOERS and tail[:1] in ("a", "e", "i", "u"):
        yield head[:-1] + "t"
    elif "yor" in tail:  # ağla, ağlıyor: the root's last vowel gives way
        yield from (head + vowel for vowel in "ae" if head + vowel in DOERS)


def _guesses(word: str) -> Iterator[Stem]:
    """What an unlisted word may be without the longest chain of endings that leaves a word."""
    if VERBAL_END.search(word):
        return
    for end in range(SHORTEST, len(word)):
        head, tail = word[:end], word[end:]
        if SOUND_END.search(head) and _is_chain(head, tail, True) and not (head[-1] in "aeiou" and tail in ("m", "n")):
            yield Stem(head, "t", tail, False)
            return


def _is_chain(head: str, tail: str, must_agree: bool) -> bool:
    """Tell whether a tail is endings in their order, its vowels in harmony with those before."""
    form = AFTER_VOWEL if head[-1] in "aeiou" else AFTER_CONSONANT
    if not form.fullmatch(tail):
        return False
    vowels = VOWEL.findall(head)[-1:] + VOWEL.findall(tail)
    return not must_agree or all(later in FOLLOWING[one] for one, later in zip(vowels, vowels[1:], strict=False))
