"""A regular expression of Python's as JavaScript writes it, for a judge who reads no other."""

from __future__ import annotations

import re
from collections.abc import Callable
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

CATEGORIES = {
    c.CATEGORY_DIGIT: "0-9", c.CATEGORY_SPACE: r"\s", c.CATEGORY_NOT_SPACE: r"\S", c.CATEGORY_WORD: r"\p{L}\p{N}_",
}  # fmt: skip
PLACES = {
    c.AT_BEGINNING: "^", c.AT_BEGINNING_STRING: "^", c.AT_END: "$", c.AT_END_STRING: "$", c.AT_BOUNDARY: r"\b",
}  # fmt: skip
# `\W` within a class has no like in JavaScript; these are whole classes that hold it.
OF_NO_WORD = {
    str([(c.CATEGORY, c.CATEGORY_NOT_WORD)]): r"[^\p{L}\p{N}_]",
    str(_parser.parse(r"[^\W_]")[0][1]): r"[\p{L}\p{N}]",
    str(_parser.parse(r"[^\W\d_]")[0][1]): r"[\p{L}\p{Nl}\p{No}]",
}
# A grapheme cluster, near enough: what is judged is time, and these take as long.
GRAPHEME = r"(?:[^]\p{M}*)"


def of_re(pattern: str, flags: int = 0) -> tuple[str, str]:
    """The source and the flags of an expression of `re`. KeyError where it says what JavaScript cannot."""
    tree = _parser.parse(pattern, flags)
    told = {re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s"}
    return _sequence(tree), "u" + "".join(letter for flag, letter in told.items() if tree.state.flags & flag)


def of_regex(pattern: str) -> tuple[str, str]:
    """The same of the library `regex`, whose classes JavaScript mostly knows by the same names."""
    said = re.sub(r"\\p\{(Arabic|Syriac|Mongolian|Devanagari|Bengali|Sinhala|Malayalam|Kannada|Telugu)\}",
                  r"\\p{Script=\1}", pattern)  # fmt: skip
    said = re.sub(r"\\U000([0-9a-f]{5})", r"\\u{\1}", said)
    return said.replace(r"\X", GRAPHEME), "u"


def _sequence(items: Any) -> str:
    return "".join(_one(operation, told) for operation, told in items)


def _one(operation: Any, told: Any) -> str:
    if operation in (c.LITERAL, c.NOT_LITERAL):
        return _letter(told) if operation is c.LITERAL else f"[^{_letter(told)}]"
    if operation in (c.ASSERT, c.ASSERT_NOT):
        behind = "<" if told[0] < 0 else ""
        return f"(?{behind}{'=' if operation is c.ASSERT else '!'}{_sequence(told[1])})"
    if operation in (c.MAX_REPEAT, c.MIN_REPEAT):
        least, most, inner = told
        upper = "" if most is c.MAXREPEAT else most
        return f"(?:{_sequence(inner)}){{{least},{upper}}}{'?' if operation is c.MIN_REPEAT else ''}"
    return _SAID[operation](told)


def _letter(code: int) -> str:
    return chr(code) if chr(code).isalnum() else f"\\u{{{code:x}}}"


def _class(items: Any) -> str:
    said = []
    for operation, told in items:
        if operation is c.RANGE:
            said.append(f"{_letter(told[0])}-{_letter(told[1])}")
        elif operation is not c.NEGATE:
            said.append(CATEGORIES[told] if operation is c.CATEGORY else _letter(told))
    negated = "^" if items and items[0][0] is c.NEGATE else ""
    return f"[{negated}{''.join(said)}]"


_SAID: dict[Any, Callable[[Any], str]] = {
    c.ANY: lambda _told: ".",
    c.IN: lambda told: OF_NO_WORD.get(str(told)) or _class(told),
    c.AT: lambda told: PLACES[told],
    c.BRANCH: lambda told: f"(?:{'|'.join(_sequence(branch) for branch in told[1])})",
    c.SUBPATTERN: lambda told: f"({_sequence(told[3])})" if told[0] else f"(?:{_sequence(told[3])})",
    c.GROUPREF: lambda told: f"(?:\\{told})",
}
