"""Which words of two texts differ: for a moderator who has to see what an author changed."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher

MOST = 40_000  # pairs of equal words that are weighed: some ten milliseconds, where honest texts have a few thousand


def changed(old: list[str], new: list[str]) -> tuple[set[int], set[int]] | None:
    """The places of the words that went, and of those that came; None where it would take too long to tell."""
    same = _same(old, new)
    ends = _same(old[same:][::-1], new[same:][::-1])
    one, other = old[same : len(old) - ends], new[same : len(new) - ends]
    if _pairs(one, other) > MOST:
        return None
    went, came = set(range(same, same + len(one))), set(range(same, same + len(other)))
    for first, second, size in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
        went -= set(range(same + first, same + first + size))
        came -= set(range(same + second, same + second + size))
    return went, came


def _same(old: list[str], new: list[str]) -> int:
    """How many words two texts begin with together."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(old), len(new)))


def _pairs(old: list[str], new: list[str]) -> int:
    """What the comparison's first pass looks at: each word with each of its equals in the other text."""
    there = Counter(new)
    return sum(there[word] for word in old)
