"""A light stemmer of Azerbaijani and Turkish, which share their endings once folded (ı is i, ə is e, ü is u).

A word is cut only where what follows is a whole chain of endings in their order. A listed word is cut behind the
longest root; any other so that what is left could be a word, and its stem is blurred where endings leave a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tribute.search.roots import DOERS, EMPTY, KIN, LIGHT_DOERS, LIGHT_NOUNS, NAMES, NOUNS, SHRUNK

SHORTEST = 4  # letters of a word that is cut, and of what an unlisted word keeps

# A noun: plural, owner, case, -ki, copula. C and V: what they follow, a consonant or a vowel; HIS: a third person's.
CASE_C = "[iu]n?|[ae]|[dt][ae]n?|l[ae]"  # şəhid-i -in -ə -də -dən, şehit-le
CASE_V = "n[iu]n?|y[iuae]|d[ae]n?|y?l[ae]"  # ana-nı -nın -ya -da -dan, anne-yle
CASE_HIS = "n[iuae]|n[iu]n|nd[ae]n?|y?l[ae]"  # xatirə-si-ni -nə -nin -ndə -ndən
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
WISH = "s[ae](?:[mnqk]|n[iu]z|l[ae]r)?|s[iu]n(?:l[ae]r)?|y?[ae](?:q|y[iu]m|l[iu]m|s[iu]n[iu]z|l[ae]r)|y?[iu]n(?:[iu]z)?"
SINCE = "m[iu]s|y?[ae]c[ae][gkqy]|y?[aeiu]?r|z|[iu]?yor|m[ae]l[iu]|y?[iu][bp]"  # -mış -acaq -ır -maz -yor -malı -ıb
WHILE = "y?[ae]r[ae][kq]|y?[iu]nc[ae]|m[ae]d[ae]n|y?[aeiu]?rk[ae]n"
DOING = f"(?:y?[ae]n|[dt][iu][gkqy]|m[ae][gkqy]|y?[ae]c[ae][gkqy])(?:{AFTER_CONSONANT})"  # -an -dığı -maq -acağı
NOT = "(?:y?[ae]bil|y?[ae]m[ae])?(?:m[aeiu])?"

NOUN_C, NOUN_V = re.compile(AFTER_CONSONANT), re.compile(AFTER_VOWEL)
VERB = re.compile(
    f"{NOT}(?:{PAST}|{WISH}|(?:{SINCE})(?:{PERSON}|{PAST})?(?:l[ae]r)?|{WHILE}|{DOING})"
    f"|m[ae]y[iu]z|m[ae](?:(?:m|n|[mn][iu]z)(?:{CASE_C})?|s[iu](?:{CASE_HIS})?|{CASE_V}|l[ae]r(?:{OWNED_C}))?|"
)
VERB_WISHED = re.compile("y?[ae][mk]?")  # gözlə-yə, unud-am: short roots have too many words that look so

HARD = {"g": ("q", "k"), "d": ("t",), "b": ("p",)}  # what an end becomes where no vowel follows
FOLLOWING = {"a": "ai", "e": "ei", "i": "iae", "o": "uae", "u": "uae"}  # vowels that may follow one, once folded
VOWEL = re.compile("[aeiou]")
VOICELESS = "ptkcfhsqx"
# An unlisted stem ends in one consonant behind a vowel, or in two that can stand together.
COULD_END = re.compile("[aeiou][b-df-hj-np-tv-z]?$|(?:l[btdkmqg]|n[cdgktz]|r[bcdfgkmpqstvxz]|[sfxhp]t|sq|yt)$")
# An unlisted word with a verb's ending in it is one: nothing is gained by a guess.
VERBAL = re.compile(
    ".{2}(?:[dt][iu](?:[mnqk]|l[ae]r)?$|[aeiu]r(?:[iu][mqkz])?$|m[ae][zkqy]|m[ae]d[ae]n|m[ae]s[iu]|m[iu]s$|m[iu]s[dt]"
    "|[iu]yor|[dt][iu][gk][iu]|[ae]c[ae][gkqy]|[iu][bp]$|[ae]r[ae]k$|y[ae]n)"
)
WEAK = re.compile("[aeiu][mn]?")  # an ending that many a plain word ends in


class Stem(NamedTuple):
    """What is left of a word, its family (`t` for a noun, `v` for a verb), and what was cut."""

    root: str
    family: str
    ending: str
    is_listed: bool

    @property
    def term(self) -> str:
        """The term of the index."""
        return f"={self.family}{self.root if self.is_listed else _blurred(self.root)}"


@lru_cache(maxsize=1 << 15)
def stems(word: str, language: str = "") -> tuple[Stem, ...]:
    """Give the stem of a folded word of that language, if it has one; without a language all that it may have."""
    if word in EMPTY:
        return ()
    if known := _known(word, language):
        is_light = known[0].root in (LIGHT_NOUNS if known[0].family == "t" else LIGHT_DOERS)
        return () if is_light else known[:1] if language else known
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
    return tuple(noun if noun and (not verb or len(noun[0].ending) <= len(verb[0].ending)) else verb)


def _nouns(head: str, tail: str) -> Iterator[str]:
    if tail and (len(head) + len(tail) < SHORTEST or not _is_chain(head, tail, len(head) < SHORTEST)):
        return
    is_exact = head in NOUNS or (head in NAMES and tail[:1] != "m" and tail != "n")
    if is_exact and not (tail and _is_doubtful(head, tail)):
        yield head
    if tail[:1] in ("a", "e", "i", "u") and (len(head) >= SHORTEST or not is_exact):
        yield from (root for hard in HARD.get(head[-1], ()) if (root := head[:-1] + hard) in NOUNS)
        if head[-1] == "y" and head[-2] != "a" and head[:-1] + "k" in NOUNS and not is_exact:
            yield head[:-1] + "k"  # ürək, ürəyi
        if head in SHRUNK:
            yield SHRUNK[head]


def _is_doubtful(head: str, tail: str) -> bool:
    """Tell whether `my` or `your` would be read into another word: kışın is no kişi-n, doğan no doğa-n."""
    is_owner = head[-1] in "aeiou" and re.match("[mn](?![iu])|m[iu](?!z)", tail) and head not in KIN
    return bool(is_owner) and len(head) <= SHORTEST and (tail[0] == "n" or head[-1] in "iu")


def _verbs(head: str, tail: str) -> Iterator[str]:
    is_form = VERB.fullmatch(tail) or (len(head) >= SHORTEST and VERB_WISHED.fullmatch(tail))
    if not is_form or (tail[:1] == "t" and head[-1] not in VOICELESS):
        return
    known = DOERS | LIGHT_DOERS
    if head in known:
        yield head
    elif head[-1] == "d" and head[:-1] + "t" in known and tail[:1] in ("a", "e", "i", "u"):
        yield head[:-1] + "t"
    elif "yor" in tail:  # ağla, ağlıyor: the root's last vowel gives way
        yield from (head + vowel for vowel in "ae" if head + vowel in known)


def _guesses(word: str) -> Iterator[Stem]:
    """An unlisted word without the longest chain of endings that leaves what could be a word."""
    if VERBAL.search(word):
        return
    for end in range(SHORTEST, len(word)):
        head, tail = word[:end], word[end:]
        is_mine = head[-1] in "aeiou" and re.match("[mn](?![iu]z)(?!n?[iu]n?$)|m[iu]$", tail)
        if COULD_END.search(head) and not is_mine and _is_chain(head, tail, True):
            yield Stem(head, "t", tail, False)
            return


def _is_chain(head: str, tail: str, must_agree: bool) -> bool:
    """Tell whether a tail is endings in their order, its vowels in harmony with those before."""
    form = NOUN_V if head[-1] in "aeiou" else NOUN_C
    if not form.fullmatch(tail) or (tail[:1] == "t" and head[-1] not in VOICELESS):
        return False
    vowels = VOWEL.findall(head)[-1:] + VOWEL.findall(tail)
    return not must_agree or all(later in FOLLOWING[one] for one, later in zip(vowels, vowels[1:], strict=False))


def _blurred(root: str) -> str:
    """Let go of what a guess can't tell: `Turan` and `Tura` have one genitive, and -k turns to -g before a vowel."""
    if len(root) > SHORTEST and root[-1] == "n" and root[-2] in "aeiou":
        return root[:-1]
    return root[:-1] + "k" if root[-1] in "gqy" else root
