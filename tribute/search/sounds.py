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

# Words whose spellings differ beyond their sound, or that must not be taken for others of the same sound: folded, as
# stems. These carry a sound however they are written.
SAME = {
    spelling: heard
    for heard, spellings in {
        "baku": "baki baku bakou баку", "sehid": "sehid sehit шахид шехид", "avkust": "avqust август",
        "susa": "susa shusha shushi шуша шуши шуш", "stanbul": "istanbul стамбул",
        "moskva": "moskva moscow moskova москв",
        "nakcivan": "naxcivan nakhchivan нахичеван нахчыван", "lankaran": "lenkeran lankaran ленкоран",
        "minkacavir": "mingecevir mingachevir мингечаур", "takatala": "zaqatala zakatala закатал",
        "samaki": "samaxi shamakhi шемах", "fuzuli": "fuzuli fizuli физул", "vukar": "vuqar вугар вюгар",
    }.items()
    for spelling in spellings.split()
}  # fmt: skip

_RULES = [
    (re.compile(pattern), put)
    for pattern, put in (
        ("dzh|dj|zh|ch|sch", "c"), ("sh", "s"), ("kh|gh", "k"), ("ph", "f"), ("[qghx]", "k"), ("j", "c"), ("w", "v"),
        (r"([b-df-hj-np-tv-z])\1", r"\1"),
        ("e", "a"),
        ("(?<![aiou])y(?=[aiou])|(?<=i)y(?=[aou])", ""), ("(?<![aiou])y", "i"),  # Tanya, Yusif, Aliyev; Khojaly
        ("(?<=[aou])a", "ya"), ("(?<=[aou])(?:yi|i(?![aou]))", "y"),  # Abdullaev; Ismayilov and Ismailov
        ("i[iy]$", "i"),  # Yuriy
    )
]  # fmt: skip
_SURNAME = re.compile("(.{2,}[ое]в)(а|у|ым|е|ои|ою|ы|ых|ыми)?")
_HERS = re.compile(".{2,}[ao]va")
_CASE = re.compile("(?<=.{4})ом$|(?<=[аео])[яюе]$")  # Джавадом, Сергея
_LAST_VOWEL = re.compile("(?:[аяыеую]|ои)$")  # of a noun in any of its cases
_OPEN_END = re.compile("(?:a[ay]?|[iou])$")


def of_latin(folded: str) -> str:
    """The sound of a folded word in Latin letters; empty for what is too short to tell."""
    if folded in SAME:
        return SAME[folded]
    heard = folded
    for pattern, put in _RULES:
        heard = pattern.sub(put, heard)
    return heard if len(heard) > 2 else ""


def without_end(heard: str) -> str:
    """The sound without the vowel at its end, which changes with the case in Russian; a short one keeps it."""
    bare = _OPEN_END.sub("", heard)
    is_whole = heard in SAME.values() or len(bare) <= 3 or _HERS.fullmatch(heard)
    return heard if is_whole else bare


def in_running_text(folded: str, stem: str) -> str:
    """How a folded Cyrillic word sounds without its case."""
    if known := _same(folded, stem):
        return known
    name = surname(folded, is_nominative=False) or _CASE.sub("", folded)
    short = _LAST_VOWEL.sub("а", name) if len(name) == 4 else name  # Рены, Рене: a short name keeps its vowel
    return without_end(of_latin(to_latin(short)))


def of_nominative(folded: str, stem: str) -> str:
    """How a folded Cyrillic name sounds as it stands."""
    return _same(folded, stem) or of_latin(to_latin(folded))


def of_any_case(folded: str, stem: str) -> tuple[str, ...]:
    """How the names sound that a folded Cyrillic word may be a case of: `Самира` of Самир and of Самира."""
    if known := _same(folded, stem):
        return (known,)
    if name := surname(folded, is_nominative=True):
        return (of_latin(to_latin(name)),)
    name = _CASE.sub("и" if folded[-1] in "яюе" else "", folded)
    bare = _LAST_VOWEL.sub("", name)
    if name.endswith("ои"):
        return (of_latin(to_latin(bare + "а")),)
    if name[-1] in "уюе":
        name = bare + "а"
    other = bare + "а" if name.endswith("ы") else bare
    return tuple(of_latin(to_latin(one)) for one in dict.fromkeys((name, other)))


def _same(folded: str, stem: str) -> str:
    return SAME.get(folded) or SAME.get(stem, "")


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
