"""Which language words are in, guessed from script, letters and function words; and which way it runs."""

from __future__ import annotations

from collections import Counter

import regex

INTERFACE = ("az", "en", "ru", "tr")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})

# Scripts that answer alone, or nearly: the language most written with them here.
SCRIPTS: dict[str, str] = {
    "Armenian": "hy", "Georgian": "ka", "Hebrew": "he", "Arabic": "ar", "Greek": "el",
    "Han": "zh", "Hiragana": "ja", "Katakana": "ja", "Hangul": "ko", "Devanagari": "hi",
}  # fmt: skip

# Letters that one language has and its neighbours lack, weighed once for each time they stand.
LETTERS: dict[str, str] = {
    "az": "əƏ", "tr": "", "de": "ßäÄ", "pl": "łŁżźśćńąę", "fr": "èêàçœ", "es": "ñ¿¡",
    "uk": "іїєґІЇЄҐ", "ru": "ыэёъЫЭЁЪ", "fa": "پچژگکی", "ar": "ةىيك",
}  # fmt: skip

WORDS: dict[str, str] = {
    "az": "və bu bir üçün ilə o da də ki mən biz siz allah rəhmət eləsin olsun şəhid ruhunuz unutmarıq unutmadıq"
    " hamı bütün heç sizi bizim onlar gün il yanvar qədər çox yaxşı deyil məkanı cənnət",
    "tr": "ve bu bir için ile o da de ki ben biz siz allah rahmet eylesin olsun şehit ruhunuz ruhları unutmayacağız"
    " unutmadık bütün hiç sizi bizim onlar gün yıl ocak kadar çok iyi değil mekanları mekânları cennet gibi",
    "en": "the and of to in is that we you i for with are was this our your they who not may be have on from it rest",
    "de": "der die das und ist nicht wir ihr in mit für ein eine ich auf den dem von zu es ruhe frieden",
    "fr": "le la les et des est que nous vous pour dans une un je qui en du pas avec paix",
    "es": "el la los las y de que es en un una por con para no descansen paz nosotros su",
    "pl": "i w na z się nie do to jest że jak niech spoczywają pokoju pamięci",
    "ru": "и в не на что мы вы с по как это память вечная светлая помним скорбим я из за для их был",
    "uk": "і в не на що ми ви з як це пам'ять вічна світла сумуємо я та для їх був",
}
KNOWN = (*INTERFACE, *sorted({*WORDS, *SCRIPTS.values(), "ar", "fa"} - set(INTERFACE)))  # what words are taken for
_FUNCTION_WORDS = {language: frozenset(words.split()) for language, words in WORDS.items()}
_CYRILLIC = ("ru", "uk")
_TOKEN = regex.compile(r"[\p{L}'’]+")


def direction(language: str) -> str:
    """The value of HTML's `dir` for a language."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def guess(words: str, page_language: str) -> str:
    """Guess the language of words; where they do not tell, it is the language of the page they came from."""
    script = _main_script(words)
    if script is None:
        return page_language
    if script == "Arabic":
        return _best(words, ("ar", "fa"), "ar")
    if script in SCRIPTS:
        return SCRIPTS[script]
    candidates = _CYRILLIC if script == "Cyrillic" else tuple(code for code in WORDS if code not in _CYRILLIC)
    if script == "Cyrillic" and page_language not in _CYRILLIC:
        page_language = "ru"
    return _best(words, candidates, page_language)


def _main_script(words: str) -> str | None:
    counts: Counter[str] = Counter()
    for script in ("Latin", "Cyrillic", *SCRIPTS):
        counts[script] = len(regex.findall(rf"\p{{Script={script}}}", words))
    script, number = counts.most_common(1)[0]
    return script if number else None


def _best(words: str, candidates: tuple[str, ...], page_language: str) -> str:
    """The candidate with the most letters and words of its own; the page's language wins a tie."""
    tokens = _TOKEN.findall(words.replace("İ", "i").lower())
    scores = {
        code: 2 * sum(words.count(letter) for letter in LETTERS.get(code, ""))
        + 2 * sum(token in _FUNCTION_WORDS.get(code, ()) for token in tokens)
        for code in candidates
    }
    if "az" in scores and any(letter in words for letter in "əƏ"):
        scores["tr"] = 0  # no Turkish word has ə
    best = max(scores.values())
    if best == 0 or scores.get(page_language) == best:
        return page_language
    return next(code for code, score in scores.items() if score == best)
