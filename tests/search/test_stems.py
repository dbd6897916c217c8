"""Second terms: inflections and alphabets meet, words that only look alike do not."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tribute.domain import text
from tribute.search.fold import fold
from tribute.search.stems import letters_of, query_terms, second_terms

# Every word of a line finds every other: language, then forms of one word.
FAMILIES = """
az şəhid şəhidi şəhidin şəhidlər şəhidləri şəhidlərimiz şəhidlərimizin şəhidlərimizə şəhiddir
az ana anam anamın anası anasının analar analarımız anaya anamla
az oğul oğlu oğlum oğlunun oğullar oğlumuz
az uşaq uşağı uşağın uşaqlar uşaqların uşağa
az bayraq bayrağı bayrağın bayrağımız bayraqlar
az torpaq torpağı torpağa torpaqlarımız torpaqda
az ürək ürəyi ürəyim ürəyimiz ürəklər ürəyində
az çiçək çiçəyi çiçəklər çiçəyin
az xatirə xatirəsi xatirəsini xatirələr xatirəniz
az qan qanı qanın qanla qanını qanları
az gün günü günlər günlərdə günümüz
az dil dili dildə dilimiz
az ruh ruhu ruhun ruhunuz ruhları ruhlarınız
az söz sözü sözlər sözlərin
az ev evdə evdən evlər evimizdə
az əl əlində əlindəki əllər
az qardaş qardaşım qardaşımın qardaşlarımız
az müəllim müəllimi müəllimlər müəllimimiz
az azadlıq azadlığı azadlığımız azadlığa
az qərənfil qərənfili qərənfillər qərənfillərin
az şəkil şəkli şəkillər şəklini
az ömür ömrü ömrünü ömürlər
az göyərçin göyərçini göyərçinlər göyərçinlərin
az pilləkən pilləkəni pilləkənlər pilləkəndə
az sənəd sənədi sənədlər sənədlərin
az unutmaq unutmadıq unutmayacağıq unutmarıq unutmaz unutmur unutdu unutmayın unuda
az xatırlamaq xatırlayıram xatırlayırıq xatırladı xatırlayanda
az ağlamaq ağlayır ağladı ağlayırdılar
az yaşamaq yaşayır yaşayacaq yaşasın
az anmaq anırıq andıq anacağıq
az sehid sehidler sehidlerimizin ŞƏHİDLƏR Şəhid’in
tr şehit şehidi şehitler şehitlerimizin şehidimiz
tr anne annem annesinin anneler annemiz
tr çocuk çocuğu çocuklar çocuğum çocukların
tr yürek yüreği yüreğimiz yürekler
tr kalp kalbi kalbim kalpler kalbimizde
tr kitap kitabı kitabını kitaplar
tr kardeş kardeşim kardeşler kardeşlerimize
tr vatan vatanı vatanımızın vatana
tr hatıra hatırası hatıralar hatırasına
tr anı anılar anısına anıları
tr gece geceler gecesini geceden
tr deniz denizi denizde denizler
tr özgürlük özgürlüğü özgürlüğün özgürlüğe
tr şehir şehri şehirler şehrimiz
tr menekşe menekşeler menekşeyi menekşenin
tr kandil kandiller kandilin kandilleri
tr unutmak unutmadık unutmayacağız unutmuyoruz unuttu unutmayız
tr hatırlamak hatırlıyorum hatırladı hatırlayacağız
tr anmak anıyoruz anıyorum anacağız
tr yaşamak yaşıyor yaşadı yaşayan
ru шахид шахида шахиды шахидов шахидам
ru память памяти памятью
ru мать матери матерью матерям
ru герой герои героя героям героев
ru день дней днём днями
ru друг друзья друзей друга
ru брат брата братья братьев
ru сердце сердца сердец
ru свеча свечи свечей свечу
ru вечная вечной вечную вечный
ru могила могилы могил
ru берёза березы берёзой
ru война войны войне
ru помнить помним помню помнят помнили
ru забыть забудем забыли
ru скорбеть скорбим скорбит
ru жить живёт живут жили
ru Алиев Алиеву Алиевым Алиеве
ru Гусейнова Гусейновой
en candle candles
en story stories
en child children children's
en remember remembers remembered remembering
en life lives
en forget forgot forgotten
en family families family's
en arrive arrived arriving
en church churches
""".strip().splitlines()

# Neither finds the other: language of the text, its word, the query's word.
APART = """
az şəhər şəhid
az şəhidlər şəhərlər
az şahid şəhid
az qanun qan
az qanunu qanı
az qanad qan
az qanadları qanunlar
az günəş gün
az günah gün
az günahsız günah
az başqa baş
az başladı baş
az dilək dil
az dilər dilək
az deyil dil
az elan əl
az canavar can
az canan can
az anma ana
az anmaq ana
az ata at
az adam ad
az gözəl göz
az gözləyir göz
az yoldaş yol
az yaşıl yaş
az qara qar
az qardaş qar
az vətəndaş vətən
az azadlıq azad
az mərdlik mərd
az güllə gül
az susdu su
az sual su
az dağıtdı dağ
az torpaq top
az qızıl qız
az qışqırdı qış
az xatirə xatırlamaq
az sənəd sənət
az Kamilə Kamil
az Samirə Samir
az Nəcibə Nəcib
az Həsənov Həsən
az Hüseynova Hüseynov
az Bayramov bayram
az kitab məktəb
tr anı ana
tr anma ana
tr anne ana
tr kanun kan
tr kanat kan
tr karanlık kar
tr kardeş kar
tr kişi kış
tr yıldız yıl
tr güneş gün
tr taşıdı taş
tr kolay kol
tr başarı baş
tr sessizlik ses
tr doğan doğa
tr kışın kişi
tr kendi kent
tr sorun soru
ru мираж мир
ru Светлана свет
ru советский свет
ru матч мать
ru памятник память
ru народный народ
ru мирный мир
ru городской город
ru дорогой город
ru горит горе
ru гора горе
ru горы город
ru вера верим
ru любой любить
ru другой друг
ru именно имя
ru воин война
ru скорбь скорбим
en memorial memory
en peaceful peace
en citizen city
en ward war
en handle hand
en storey story
en flower flow
en gravity grave
en innocence innocent
en kindness kind
en hopeless hope
en morning mourner
""".strip().splitlines()

# Spellings of one name: each in a name's field finds each other, and in running text too.
NAMES = """
Гусейнов Hüseynov Huseynov
Алиев Əliyev Aliyev
Алиева Əliyeva Aliyeva
Рагимов Rəhimov Rahimov
Мамедова Məmmədova Mammadova
Гаджиев Hacıyev Hajiyev
Исмаилов İsmayılov Ismayilov
Тагизаде Tağızadə Taghizade
Абдуллаев Abdullayev
Джавад Cavad Javad
Гасан Həsən Hasan
Зейнаб Zeynəb Zeynab
Ильгар İlqar Ilgar
Лейла Leyla Leila
Севиндж Sevinc Sevinj
Эльчин Elçin Elchin
Ульвия Ülviyyə Ulviyya
Юсиф Yusif
Аязов Ayazov
Сергей Sergey Sergei
Баку Bakı Baku Bakü
Карабах Qarabağ Karabakh
Ходжалы Xocalı Khojaly
Шуша Şuşa Shusha
Гянджа Gəncə Ganja
Лачин Laçın Lachin
Агдам Ağdam Aghdam
Сумгаит Sumqayıt Sumgait
Шеки Şəki Sheki
Куба Quba Guba
Шемаха Şamaxı Shamakhi
Нахичевань Naxçıvan Nakhchivan
Ленкорань Lənkəran Lankaran
Москва Moskva Moscow
Азербайджан Azərbaycan Azerbaijan
""".strip().splitlines()

# Words of a running text, not names or not in their base form, and what finds them.
ACROSS = [
    ("ru", "шахидов", "şəhid"), ("az", "şəhidlər", "шахид"), ("az", "şəhid", "шахидам"), ("ru", "память", "pamyat"),
    ("ru", "памяти", "pamyat"), ("ru", "свеча", "svecha"), ("ru", "вечная", "vechnaya"), ("ru", "сердце", "serdtse"),
    ("ru", "цветы", "tsvety"), ("ru", "танков", "tank"), ("tr", "tankların", "танк"), ("en", "tanks", "танки"),
    ("tr", "tankların", "tanks"), ("az", "yanvarda", "январь"), ("ru", "январе", "yanvar"),
    ("az", "avqustun", "август"),
    ("ru", "доктору", "doktor"), ("az", "Cavadın", "Джавад"), ("az", "Cavad", "Джаваду"), ("az", "Leyla", "Лейле"),
    ("az", "Hüseynovun", "Гусейнов"), ("en", "Aliyev’s", "Əliyev"), ("ru", "Алиева", "Əliyev"),
    ("az", "Əliyev", "алиеву"),
    ("az", "Qarabağdan", "Карабах"), ("ru", "Шуши", "Şuşa"), ("ru", "Гяндже", "Gəncə"), ("ru", "Ходжалы", "Xocalı"),
    ("ru", "Джавадом", "Cavad"), ("az", "Bakının", "Баку"), ("en", "Baku", "bakı"), ("tr", "Bakü'den", "Bakı"),
    ("ru", "шәһидләримиз", "şəhid"), ("az", "şəhidlər", "шәһид"), ("ru", "рәһмәт", "rəhmət"), ("tr", "1990'da", "1990"),
    ("az", "1990", "1990’da"),
]  # fmt: skip

# What sounds alike, or is written alike, in two alphabets and is not the same: as above.
NOT_ACROSS = [
    ("az", "şahid", "шахид"), ("az", "qan", "Хан"), ("tr", "Kanun", "qanun"), ("az", "Qanad", "kanat"),
    ("tr", "maç", "матч"), ("az", "Anam", "Анна"), ("az", "Vaxt", "вахта"), ("ru", "Хан", "qan"),
    ("az", "Məmmədov", "Мамедовой"), ("az", "Türk", "Türkiyə"), ("ru", "Света", "Совет"),
    ("az", "Ruha", "рука"), ("ru", "Мир", "Əmir"), ("az", "Əmin", "Аминат"), ("ru", "Народ", "Narın"),
    ("az", "Kəndli", "candle"),
]  # fmt: skip

LANGUAGES = ["az", "tr", "ru", "en", "uk", "de", "ka", ""]


def terms(word: str, language: str, *, name: bool = False) -> set[str]:
    """What the index has of a word of a text."""
    return {fold(word), *second_terms(word, language, name=name)}


def asked(word: str) -> set[str]:
    """What is asked for a word of a query."""
    return {fold(word), *query_terms(word)}


def alphabet(word: str) -> str:
    """A language that a spelling of a name may stand in."""
    return "en" if word.isascii() else "az" if "a" <= fold(word)[0] <= "z" else "ru"


@pytest.mark.parametrize("line", FAMILIES)
def test_every_form_of_a_word_finds_every_other(line: str) -> None:
    language, *forms = line.split()
    missed = [(said, query) for said, query in permutations(forms, 2) if not terms(said, language) & asked(query)]
    assert not missed


@pytest.mark.parametrize("line", APART)
def test_words_that_look_alike_do_not_find_each_other(line: str) -> None:
    language, one, other = line.split()
    assert not terms(one, language) & asked(other)
    assert not terms(other, language) & asked(one)


@pytest.mark.parametrize("line", NAMES)
@pytest.mark.parametrize("name", [True, False], ids=["field", "text"])
def test_a_name_is_found_in_every_spelling(line: str, name: bool) -> None:
    spellings = line.split()
    missed = [
        (said, query)
        for said, query in permutations(spellings, 2)
        if not terms(said, alphabet(said), name=name) & asked(query)
    ]
    assert not missed


@pytest.mark.parametrize(
    "spellings", ["Али Əli Ali", "Рена Rəna Rena", "Лала Lalə Lala", "Юрий Yuri Yuriy", "Аяз Ayaz"]
)
def test_a_short_name_is_found_where_names_stand(spellings: str) -> None:
    for said, query in permutations(spellings.split(), 2):
        assert terms(said, alphabet(said), name=True) & asked(query), (said, query)


@pytest.mark.parametrize(("language", "said", "query"), ACROSS)
def test_a_word_is_found_in_the_other_alphabet(language: str, said: str, query: str) -> None:
    assert terms(said, language) & asked(query)


@pytest.mark.parametrize(("language", "said", "query"), NOT_ACROSS)
def test_what_only_sounds_alike_is_not_found(language: str, said: str, query: str) -> None:
    assert not terms(said, language) & asked(query)


@pytest.mark.parametrize("language", ["az", "tr"])
@pytest.mark.parametrize(
    ("said", "base"),
    [("şəhidlərimizin", "şəhid"), ("şehitlerimizin", "şehit"), ("Hüseynovun", "Hüseynov"), ("xatirəsini", "xatirə"),
     ("çocuğun", "çocuk"), ("ürəyimizdə", "ürək")],
)  # fmt: skip
def test_az_taken_for_tr_is_found_all_the_same(said: str, base: str, language: str) -> None:
    assert terms(said, language) & asked(base)


def test_a_text_called_english_keeps_its_turkic_words() -> None:
    assert terms("şəhidlərimizin", "en") & asked("şəhid")
    assert terms("kardeşlerimiz", "de") & asked("kardeş")


@pytest.mark.parametrize(
    ("language", "word"),
    [("az", "qan"), ("az", "və"), ("az", "üçün"), ("tr", "gibi"), ("ru", "только"), ("en", "their"), ("de", "menschen"),
     ("az", "üstündə"), ("az", "şəhər"), ("az", "gedir2"), ("ka", "თბილისი"), ("ru", "война"), ("en", "candle2")],
)  # fmt: skip
def test_what_needs_no_second_term_has_none(language: str, word: str) -> None:
    assert second_terms(word, language) == ()


def test_a_word_of_every_day_is_not_heard() -> None:
    assert not [term for term in second_terms("Gecənin", "az") if term[0] == "~"]
    assert not [term for term in second_terms("qardaşım", "az") if term[0] == "~"]


@given(st.text(max_size=60), st.sampled_from(LANGUAGES), st.booleans())
@example("𝓐lma", "az", True)
@example("½ölüm", "tr", False)
@example("Й́", "ru", True)
@example("y" * 40, "az", True)
def test_terms_of_any_text_are_words_behind_a_tag(typed: str, language: str, name: bool) -> None:
    for word in [typed, *text.words_of(typed)]:
        found = second_terms(word, language, name=name)
        assert len(found) <= 2
        assert all(term[0] in "=~" and term[1] in "tvercl" for term in found)
        assert all(is_word(term[2:]) for term in found)


@given(
    st.one_of(
        st.text(max_size=60), st.text("abcçdeəfgğhxıijkqlmnoöprsştuüvyzАБЕЖЙХЦЧШЩЪЬЭЮЯабежйхцчшщъьэюяәғһҹ", min_size=3)
    ),
    st.sampled_from(LANGUAGES),
    st.booleans(),
)
@example("went", "en", False)
@example("İstanbulda", "az", False)
@example("Ьябан", "ru", True)
@example("1990da", "az", False)
def test_a_word_begins_with_a_letter_of_its_second_terms(typed: str, language: str, name: bool) -> None:
    for word in text.words_of(typed):
        for term in second_terms(word, language, name=name):
            assert fold(word)[0] in letters_of([term]), (word, term)


def test_every_form_of_a_word_begins_with_a_letter_of_its_second_terms() -> None:
    words = {form for line in FAMILIES for form in line.split()[1:]}
    assert len(words) > 200
    missed = [(word, term) for word in words for language in LANGUAGES
              for term in second_terms(word, language) if fold(word)[0] not in letters_of([term])]  # fmt: skip
    assert not missed
    assert "ш" not in letters_of(["=tana"])


@given(st.text(max_size=60))
@example("Ələkbərovanın")
@example("гвоздиками")
def test_a_query_asks_for_few_terms_and_all_of_them_are_words(typed: str) -> None:
    for word in [typed, *text.words_of(typed)]:
        asks = query_terms(word)
        assert len(asks) <= 6
        assert len({fold(word), *asks}) == 1 + len(asks)
        assert all(is_word(term[2:] if term[0] in "=~" else term) for term in asks)


@given(
    st.text("abcçdeəfgğhxıijkqlmnoöprsştuüvyz", min_size=4, max_size=14),
    st.sampled_from(["lar", "ların", "lərimizdən", "nın"]),
)
def test_what_is_cut_of_a_text_is_cut_of_the_same_query(stem: str, ending: str) -> None:
    stems = {term for term in second_terms(stem + ending, "az") if term[0] == "="}
    assert stems <= set(query_terms(stem + ending))


@given(st.text("абвгдежзийклмнопрстуфхцчшщъыьэюя", min_size=4, max_size=14))
def test_what_is_cut_of_russian_is_cut_of_the_same_query(word: str) -> None:
    stems = {term for term in second_terms(word, "ru") if term[0] == "="}
    assert stems <= set(query_terms(word))


def is_word(term: str) -> bool:
    """Whether a term is one folded word."""
    return fold(term) == term and text.words_of(term) == [term]
