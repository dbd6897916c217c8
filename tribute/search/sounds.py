"""How a word sounds, so coarsely that both alphabets and the usual spellings of a name give the same letters."""

from __future__ import annotations

import re

# Cyrillic as a Latin keyboard writes it. й is и once folded; ь and ъ are not heard.
LATIN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "e", "ж": "j", "з": "z", "и": "i",
        "і": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
        "ф": "f", "х": "h", "ц": "ts", "ч": "c", "ш": "s", "щ": "s", "ъ": None, "ы": "i", "ь": None, "э": "e",
        "ю": "yu", "я": "ya",
    }
)  # fmt: skip

# Azerbaijani as it was written in Cyrillic until 1991; words with a letter of its own are told by it.
AZERBAIJANI = str.maketrans("абвгғдеәжзиыјкҝлмноөпрстуүфхһчҹш", "abvqgdeejziiykglmnooprstuufxhccs")
OWN_LETTERS = re.compile("[ғәјҝөүһҹ]")

# Russian as a Latin keyboard writes it, the longest first.
CYRILLIC = {
    "shch": "щ", "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч", "sh": "ш", "yu": "ю", "ya": "я", "yo": "е", "ye": "е",
    "a": "а", "b": "б", "c": "ц", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "й", "k": "к",
    "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в", "y": "ы",
    "z": "з",
}  # fmt: skip
_LETTERS = re.compile("|".join(CYRILLIC))
_SOFT_Y = re.compile("(?<=[аеиоуыэюя])ы")

# Words whose spellings differ beyond their sound: folded, as stems.
SAME = {
    "baki": "baku", "baku": "baku", "баку": "baku",
    "sehid": "sehid", "sehit": "sehid", "шахид": "sehid", "шехид": "sehid",
    "avqust": "avgust", "август": "avgust",
    "istanbul": "stanbul", "стамбул": "stanbul",
    "naxcivan": "nakcivan", "нахичеван": "nakcivan", "нахчыван": "nakcivan",
    "lenkeran": "lankaran", "ленкоран": "lankaran",
    "mingecevir": "mingacavir", "мингечаур": "mingacavir", "мингячевир": "mingacavir",
    "moskva": "moskva", "moscow": "moskva", "moskova": "moskva", "москв": "moskva", "москва": "moskva",
}  # fmt: skip

_RULES = [
    (re.compile(pattern), put)
    for pattern, put in (
        ("dzh|dj|zh|ch|sch", "c"), ("sh", "s"), ("kh|gh", "k"), ("ph", "f"), ("[qghx]", "k"), ("j", "c"), ("w", "v"),
        (r"([b-df-hj-np-tv-z])\1", r"\1"),
        ("e", "a"),
        ("(?<![aiou])y(?=[aiou])", ""), ("(?<![aiou])y", "i"),  # Tanya, Yusif; Khojaly
        ("(?<=[aiou])y(?=[aiou])", ""), ("(?<=[aou])i(?![aou])", "y"),  # Aliyev; Huseinov
    )
]  # fmt: skip
_SURNAME = re.compile("(.{2,}[ое]в)(а|у|ым|е|ои|ою|ы|ых|ыми)?")
HER_SOUND = re.compile(".{2,}[ao]va")
_BY = re.compile("(?<=.{4})ом$")
_OPEN_END = re.compile("[aiouy]+$")


def of_latin(folded: str) -> str:
    """The sound of a folded word in Latin letters; empty for what is too short to tell."""
    if folded in SAME:
        return SAME[folded]
    heard = folded
    for pattern, put in _RULES:
        heard = pattern.sub(put, heard)
    bare = _OPEN_END.sub("", heard)
    if HER_SOUND.fullmatch(bare + "a") and folded.endswith("va"):
        return bare + "a"
    heard = bare if len(bare) > 2 else heard
    return heard if len(heard) > 2 else ""


def of_cyrillic(folded: str, stem: str, *, is_nominative: bool) -> str:
    """The sound of a folded word in Cyrillic letters, without its case."""
    known = next((SAME[one] for one in (folded, stem) if one in SAME), "")
    bare = surname(folded, is_nominative=is_nominative) or _BY.sub("", folded)
    return known or of_latin(to_latin(bare))


def surname(folded: str, *, is_nominative: bool) -> str:
    """A Russian surname without its case, empty for other words; `Алиева` is she only in the nominative."""
    found = _SURNAME.fullmatch(folded)
    if not found:
        return ""
    is_she = found[2] in ("ои", "ою") or (found[2] == "а" and is_nominative)
    return found[1] + ("а" if is_she else "")


def is_telling(heard: str) -> bool:
    """Tell whether a sound is long enough to know a word by."""
    return len(heard) > 3 or len(re.findall("[^aiou]", heard)) > 2


def to_latin(folded: str) -> str:
    """A folded Cyrillic word as a Latin keyboard writes it."""
    letters = AZERBAIJANI if OWN_LETTERS.search(folded) else LATIN
    return folded.replace("дж", "c").translate(letters)


def to_cyrillic(folded: str) -> str:
    """A folded Latin word read as Russian; empty where it can't be."""
    if re.search("[qwx]", folded):
        return ""
    return _SOFT_Y.sub("й", _LETTERS.sub(lambda found: CYRILLIC[found.group()], folded))
