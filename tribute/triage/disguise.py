"""Words read through their disguises: digits for letters, letters set apart, another alphabet's letters in a word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tribute.domain import text
from tribute.search.fold import fold

# What is typed for a letter within a word; only where letters stand beside it, so that numbers stay numbers.
TYPED_FOR = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "6": "б", "7": "t", "@": "a", "$": "s"})
LATIN, CYRILLIC = "aceopxykmthbn", "асеорхукмтнвп"  # letters that look alike, folded, in the same order
TO_LATIN = str.maketrans(CYRILLIC, LATIN)
TO_CYRILLIC = str.maketrans(LATIN, CYRILLIC)
FEWEST_APART = 4  # letters, from which on they spell a word: initials are fewer

_APART = re.compile(rf"(?<!\w)[^\W\d_]([ .*_\-·•]{{1,2}})[^\W\d_](?:\1[^\W\d_]){{{FEWEST_APART - 2},40}}(?![^\W_])")
_RUN = re.compile(r"[\w@$]+")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_BETWEEN = re.compile(r"[ .*_\-·•]+")
_SENTENCE_END = re.compile(r"(?<![.!?…。։؟])[.!?…。։؟]+(?=\s|$)|\n+")
_IS_LATIN = re.compile("[a-z]")
_IS_CYRILLIC = re.compile("[\u0430-\u04ff]")


def undone(said: str) -> str:
    """A text with letters that stand apart joined, digits within words read as letters, and stretched letters short."""
    joined = _APART.sub(lambda found: _BETWEEN.sub("", found.group()), said)
    read = _RUN.sub(lambda found: _read(found.group()), joined)
    return _STRETCHED.sub(r"\1", read)


def _read(run: str) -> str:
    """Letters, digits and signs in a row as they read: a number stays a number."""
    return run.translate(TYPED_FOR) if any(letter.isalpha() for letter in run) else run


def sentences(said: str) -> Iterator[list[str]]:
    """The words of each sentence, as typed; as they read undisguised, where that differs."""
    plain = undone(said)
    for sentence in _SENTENCE_END.split(plain):
        if words := text.words_of(sentence):
            yield [of_one_alphabet(word) for word in words]


def of_one_alphabet(word: str) -> str:
    """A word with letters of another alphabet that look like its own put right."""
    folded = fold(word)
    latin, cyrillic = len(_IS_LATIN.findall(folded)), len(_IS_CYRILLIC.findall(folded))
    if not latin or not cyrillic:
        return word
    return folded.translate(TO_LATIN if latin >= cyrillic else TO_CYRILLIC)


def is_of_two_alphabets(word: str) -> bool:
    """Whether Latin and Cyrillic letters stand in one word."""
    folded = fold(word)
    return bool(_IS_LATIN.search(folded) and _IS_CYRILLIC.search(folded))
