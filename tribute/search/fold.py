"""Folding: one table for the index and the query, the same on both databases.

Python's own lower-casing is wrong for Azerbaijani and Turkish (`İ` becomes two code points, `I` is not `ı`), and no
database folds ə: so every form of a letter that a reader may type for another becomes one plain letter.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from string import ascii_letters, digits

from tribute.domain import text

LONGEST_WORD = 100  # letters that count of one word; PostgreSQL refuses a query with a word of 2 KiB
MOST_PARTS = 16  # words that one word may unfold to; in a row, PostgreSQL knows no more than 255 places of each
LETTERS = str.maketrans(
    {
        "İ": "i", "I": "i", "ı": "i", "Ə": "e", "ə": "e", "Ё": "е", "ё": "е", "Й": "и", "й": "и",
        "Ø": "o", "ø": "o", "Ł": "l", "ł": "l", "Đ": "d", "đ": "d", "Æ": "ae", "æ": "ae", "Œ": "oe", "œ": "oe",
        "'": None, "’": None, "ʼ": None, "\u200c": None, "\u200d": None,
    }
)  # fmt: skip
_CYRILLIC = "".join(map(chr, range(0x410, 0x450))) + "Ёё"


def fold(word: str) -> str:
    """Fold one word: case, diacritics and apostrophes away."""
    return word.translate(_PLAIN) if _IS_PLAIN(word) else _fold(word)


def _fold(word: str) -> str:
    folded = word
    for _ in range(2):  # 𝓐 becomes A, and only then a; what a letter unfolds to may have marks of its own
        folded = unicodedata.normalize("NFKD", folded.translate(LETTERS)).casefold()
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(LETTERS)


# The letters of nearly every word here, none of which is changed by those beside it: folded once for all.
_PLAIN = {ord(letter): _fold(letter) for letter in ascii_letters + digits + "'’ʼÇĞIİÖŞÜƏçğıöşüə" + _CYRILLIC}
_IS_PLAIN = re.compile(f"[{''.join(map(chr, _PLAIN))}]*").fullmatch


@lru_cache(maxsize=100_000)
def parts(word: str) -> tuple[str, ...]:
    """Fold one word to what stands in the index: nearly always one term, cut where it is endless."""
    folded = fold(word)
    if folded.isalnum():
        return (folded[:LONGEST_WORD],)
    return tuple(part[:LONGEST_WORD] for part in text.words_of(folded)[:MOST_PARTS])


def fold_text(plain: str) -> str:
    """Fold a text to its words, one space between them."""
    return " ".join(part for word in text.words_of(plain) for part in parts(word))
