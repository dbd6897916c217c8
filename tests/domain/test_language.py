"""Which language a tribute is in: it decides `lang`, `dir`, hyphens and how a screen reader speaks it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribute.domain import language

TOLD = [
    ("az", "Allah rəhmət eləsin!"),
    ("az", "Şəhidlərimizin ruhu şad olsun."),
    ("az", "Sizi heç vaxt unutmarıq, bu gün hamımız sizinləyik."),
    ("az", "Atam o gecə evə qayıtmadı. Mən altı yaşında idim."),
    ("az", "Ruhunuz şad, məkanınız cənnət olsun, əziz şəhidlər."),
    ("az", "VƏTƏN SAĞ OLSUN, ŞƏHİDLƏR ÖLMƏZ"),
    ("en", "May they rest in peace."),
    ("en", "I was a child then and I remember the silence of the street."),
    ("en", "We will not forget you."),
    ("en", "My grandfather told us what he saw from the window that night."),
    ("ru", "Вечная память погибшим."),
    ("ru", "Мы помним тот январь. Скорбим вместе с вами."),
    ("ru", "Светлая память всем, кто не вернулся домой в ту ночь."),
    ("ru", "Это была самая длинная ночь в моей жизни"),
    ("tr", "Allah rahmet eylesin, mekânları cennet olsun."),
    ("tr", "Kardeş Azerbaycan'ın acısını yüreğimizde hissediyoruz, unutmayacağız."),
    ("tr", "Ruhları şad olsun, biz sizi hiç unutmadık."),
    ("tr", "Bu acı gün için söz bulmak zor, başımız sağ olsun."),
    ("hy", "Խաղաղություն բոլոր զոհերի հոգիներին։"),
    ("hy", "Վշտակցում եմ։"),
    ("ka", "ღმერთმა გაანათლოს მათი სულები."),
    ("ka", "თანაგრძნობით თბილისიდან"),
    ("ar", "إنا لله وإنا إليه راجعون"),
    ("ar", "رحمة الله على جميع الضحايا في تلك الليلة"),
    ("ar", "السلام عليكم ورحمة الله"),
    ("fa", "روح همه‌ی جان‌باختگان شاد و یادشان گرامی"),
    ("fa", "یاد آن شب از یاد ما نمی‌رود"),
    ("fa", "با همدردی از تبریز، پدرم همیشه از این شب می‌گفت"),
    ("he", "יהי זכרם ברוך"),
    ("he", "אנו זוכרים את הקורבנות"),
    ("uk", "Вічна пам'ять загиблим. Сумуємо разом із вами."),
    ("uk", "Ми пам’ятаємо. Їхні імена живуть."),
    ("uk", "Світла пам’ять усім, хто загинув тієї ночі"),
    ("de", "Wir trauern mit den Familien. Ruhet in Frieden."),
    ("de", "Ich denke an die Menschen, die in dieser Nacht nicht nach Hause kamen."),
    ("de", "Möge ihnen die Erde leicht sein. Grüße aus Köln."),
    ("fr", "Je pense aux familles, et je m’incline devant leur mémoire."),
    ("fr", "Nous n'oublions pas. Qu'ils reposent en paix."),
    ("fr", "Une pensée pour les victimes et pour ceux qui restent"),
    ("el", "Αιωνία η μνήμη"),
    ("ja", "心よりお悔やみ申し上げます"),
]  # fmt: skip
# Nothing in these tells one language from another: names, dates, pictures, one shared word.
UNTOLD = ["", "20.01.1990", "🕯️🕊️", "❤️", "…", "Heydar", "1990!!!", "\u200b", "<3", "RIP"]


@pytest.mark.parametrize(("code", "words"), TOLD)
@pytest.mark.parametrize("page_language", language.INTERFACE)
def test_words_tell_their_language_whatever_page_they_were_written_on(
    code: str, words: str, page_language: str
) -> None:
    assert language.guess(words, page_language) == code


@pytest.mark.parametrize("words", UNTOLD)
@pytest.mark.parametrize("page_language", language.INTERFACE)
def test_what_tells_no_language_has_that_of_its_page(words: str, page_language: str) -> None:
    assert language.guess(words, page_language) == page_language


def test_cyrillic_that_tells_no_more_is_russian_or_the_pages_own() -> None:
    assert language.guess("Баку", "az") == "ru"
    assert language.guess("Баку", "ru") == "ru"


def test_a_line_of_one_language_within_a_text_of_another_does_not_turn_it() -> None:
    words = (
        "My grandmother said it each January, and we say it with her: Allah rəhmət eləsin. She was not afraid of the"
        " cold. She went out with the others, and she came home, and for many of them that was not to be."
    )
    assert language.guess(words, "en") == "en"


@given(st.text(max_size=200), st.sampled_from(language.INTERFACE))
def test_any_text_has_a_language_of_two_letters(words: str, page_language: str) -> None:
    guessed = language.guess(words, page_language)
    assert len(guessed) == 2
    assert guessed.isascii()


@pytest.mark.parametrize("code", ["ar", "fa", "he", "ur"])
def test_these_run_from_right_to_left(code: str) -> None:
    assert language.direction(code) == "rtl"


@pytest.mark.parametrize("code", ["az", "en", "ru", "tr", "hy", "ka", "uk", "de"])
def test_these_run_from_left_to_right(code: str) -> None:
    assert language.direction(code) == "ltr"


@pytest.mark.parametrize("page_language", ["az", "tr"])
def test_a_word_that_two_languages_share_is_in_the_one_of_its_page(page_language: str) -> None:
    assert language.guess("Allah", page_language) == page_language
