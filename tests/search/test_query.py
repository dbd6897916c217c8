"""Reading a query: everything that can be typed is understood somehow, and nothing is an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribute.domain import ids
from tribute.domain.lifecycle import Status
from tribute.search.query import LONGEST, MOST_WORDS, Asked, Query, parse

KINDS = {"word": "", "exact": "=", "phrase": "~", "begins": "^"}


def told(query: Query) -> list[str]:
    """What was asked, each thing on one line: `-` without, the field, a sign for its kind, the words."""
    return [
        ("-" if asked.without else "") + (f"{asked.field}:" if asked.field else "") + KINDS[asked.kind] + asked.said
        for asked in query.asked
    ]


UNDERSTOOD = {
    # words
    "": [], "  \t\n": [], "şəhid": ["şəhid"], "Şəhid RUHU": ["Şəhid", "RUHU"], "a a A": ["a", "A"],
    "söz,söz2;(söz3)": ["söz", "söz2", "söz3"], "12:30": ["12", "30"], "20-yanvar": ["20", "yanvar"],
    "Allah’ın o'clock": ["Allah’ın", "o'clock"], "a+b & c | d": ["a", "b", "c", "d"], "3.14": ["3", "14"],
    "http://memorial.example/a?b=c": ["http", "memorial", "example", "a", "b", "c"], "a:b:c": ["a", "b", "c"],
    "somebody@memorial.example": ["somebody", "memorial", "example"], "AND OR NOT NEAR": ["AND", "OR", "NOT", "NEAR"],
    # words in a row, in every kind of quotes; one word in quotes is that word alone
    '"Qara Yanvar"': ["~Qara Yanvar"], "“Qara Yanvar”": ["~Qara Yanvar"], "„Qara Yanvar“": ["~Qara Yanvar"],
    "«Чёрный январь»": ["~Чёрный январь"], "″Qara Yanvar‟": ["~Qara Yanvar"], '"şəhid"': ["=şəhid"],
    '"bir, iki!" üç': ["~bir iki", "üç"], 'say"bir iki"': ["say", "~bir iki"], '""': [], '"  "': [], '"!?"': [],
    '"şəh*"': ["=şəh"], "'bir iki'": ["bir", "iki'"],
    # quotes that are never closed
    '"bir iki': ["bir", "iki"], 'bir "iki': ["bir", "iki"], 'bir iki"': ["bir", "iki"],
    '"a b" "c d': ["~a b", "c", "d"],
    # without
    "ruh -tank": ["ruh", "-tank"], 'ruh -"iki söz"': ["ruh", "-~iki söz"], "ruh −tank –top": ["ruh", "-tank", "-top"],
    "ruh -20-yanvar": ["ruh", "-~20 yanvar"], "ruh - tank": ["ruh", "tank"], "ruh-tank": ["ruh", "tank"],
    "ruh --tank": ["ruh", "-tank"], 'ruh -"tank"': ["ruh", "-=tank"], "ruh -name:Leyla": ["ruh", "-name:Leyla"],
    "ruh -": ["ruh"], "ruh -şəh*": ["ruh", "-^şəh"],
    # beginnings
    "şəh*": ["^şəh"], "ruh şəh*": ["ruh", "^şəh"], "şəh*id": ["şəh", "id"], "*şəh": ["şəh"], "*": [], "***": [],
    "20-yan*": ["20", "^yan"], "şəh**": ["^şəh"], "şəh *": ["şəh"],
    # in a name or a place
    "name:Leyla": ["name:Leyla"], "place:Gəncə": ["place:Gəncə"], 'name:"Leyla Əliyeva"': ["name:~Leyla Əliyeva"],
    "NAME:Leyla": ["name:Leyla"], "name:ley*": ["name:^ley"], "name:Anna-Mariya": ["name:Anna", "name:Mariya"],
    "ad:Leyla": ["name:Leyla"], "isim:Leyla": ["name:Leyla"], "имя:Лейла": ["name:Лейла"], "İSİM:Leyla": ["name:Leyla"],
    "yer:Gəncə": ["place:Gəncə"], "место:Гянджа": ["place:Гянджа"], "name: Leyla": ["name", "Leyla"], "name:": ["name"],
    "name:!": [], "Name=Leyla": ["Name", "Leyla"],
}  # fmt: skip


@pytest.mark.parametrize("typed", UNDERSTOOD)
def test_words_rows_beginnings_fields_and_what_must_not_be_there(typed: str) -> None:
    query = parse(typed)
    assert told(query) == UNDERSTOOD[typed]
    assert query == Query(asked=query.asked)  # and nothing beside them
    assert bool(query) is bool(UNDERSTOOD[typed])


YEARS = {
    "2025": (2025, 2025), "2019..2024": (2019, 2024), "2024..2019": (2019, 2024), "2019...2024": (2019, 2024),
    "2019-2024": (2019, 2024), "2019–2024": (2019, 2024), "-2019": (1900, 2019), "2019-": (2019, ids.LAST_YEAR),
    "..2019": (1900, 2019), "2019..": (2019, ids.LAST_YEAR),
    "1900": (1900, 1900), str(ids.LAST_YEAR): (ids.LAST_YEAR, ids.LAST_YEAR),
}  # fmt: skip


@pytest.mark.parametrize("name", ["year", "il", "yıl", "yil", "год", "YEAR", "İL", "Год"])
@pytest.mark.parametrize("value", YEARS)
def test_years_in_every_language(name: str, value: str) -> None:
    assert parse(f"{name}:{value}") == Query(years=YEARS[value])


@pytest.mark.parametrize("name", ["language", "dil", "язык", "Language"])
def test_languages_in_every_language(name: str) -> None:
    assert parse(f"{name}:az") == parse(f"{name}:AZ") == parse(f'{name}:"az"') == Query(language="az")


MISREAD = {
    "year:soon": ["year", "soon"], "year:25": ["year", "25"], "year:1850": ["year", "1850"],
    "year:9999": ["year", "9999"],
    "year:..": ["year"], "year:2019..24": ["year", "2019", "24"], "language:azərbaycanca": ["language", "azərbaycanca"],
    "language:*": ["language"], "-year:2025": ["year", "2025"], "-language:az": ["language", "az"],
    "status:pending": ["status", "pending"], "email:a@memorial.example": ["email", "a", "memorial", "example"],
    'year:"bir iki"': ["year", "bir", "iki"],
}  # fmt: skip


@pytest.mark.parametrize("typed", MISREAD)
def test_what_cannot_be_read_is_plain_words_and_named(typed: str) -> None:
    query = parse(f"ruh {typed}")
    assert told(query) == ["ruh", *MISREAD[typed]]
    assert query.misread == (typed,)
    assert not query.is_plain


@pytest.mark.parametrize("typed", ["-tank", "-tank -top", '-"tank top"', "-tan*", "-name:tank"])
def test_where_nothing_must_be_there_nothing_can_be_without_it(typed: str) -> None:
    query = parse(typed)
    assert set(told(query)) <= {"tank", "top", "tan"}
    assert query.wanted == query.asked
    assert query.misread


def test_beside_a_year_or_a_language_words_can_be_excluded_alone() -> None:
    for typed in ("-tank year:2024", "language:az -tank"):
        query = parse(typed)
        assert told(query) == ["-tank"]
        assert query.misread == ()


def test_the_desk_has_a_status_and_the_keeper_emails() -> None:
    for status in Status:
        assert (
            parse(f"status:{status}", desk=True) == parse(f"STATUS:{status.upper()}", desk=True) == Query(status=status)
        )
    assert parse("status:gone", desk=True).misread == ("status:gone",)
    assert parse("email:A@memorial.example", keeper=True) == Query(email="A@memorial.example")
    assert parse("email:A@memorial.example", desk=True).email == ""
    assert parse("email:nobody", keeper=True).misread == ("email:nobody",)


def test_the_last_of_two_choices_holds() -> None:
    assert parse("year:2019 year:2020 language:az language:en") == Query(years=(2020, 2020), language="en")


def test_everything_together() -> None:
    query = parse('Şəhid "Qara Yanvar" -tank qərənf* ad:Leyla yer:"Gəncə şəhəri" il:..2020 dil:az')
    assert told(query) == ["Şəhid", "~Qara Yanvar", "-tank", "^qərənf", "name:Leyla", "place:~Gəncə şəhəri"]
    assert (query.years, query.language, query.misread, query.is_cut) == ((1900, 2020), "az", (), False)


def test_plain_is_words_alone_and_all_of_them() -> None:
    assert parse("bir iki").is_plain
    many = " ".join(f"söz{number}" for number in range(MOST_WORDS + 1))
    for typed in ("bir -iki", '"bir"', "bir*", "name:bir", "bir year:2020", "bir language:az", "bir year:x", many):
        assert not parse(typed).is_plain, typed


def test_more_than_sixteen_words_are_cut_and_it_shows() -> None:
    words = [f"söz{number}" for number in range(MOST_WORDS + 4)]
    assert not parse(" ".join(words[:MOST_WORDS])).is_cut
    assert not parse(" ".join([*words[:MOST_WORDS], words[0]])).is_cut  # the same thing twice is one
    query = parse(" ".join(words))
    assert (told(query), query.is_cut) == (words[:MOST_WORDS], True)


def test_of_an_endless_phrase_the_beginning_counts() -> None:
    words = [f"söz{number}" for number in range(MOST_WORDS + 4)]
    query = parse(f'"{" ".join(words)}"')
    assert (told(query), query.is_cut) == (["~" + " ".join(words[:MOST_WORDS])], True)
    query = parse(f'bir -"{" ".join(words)}"')  # but not of one that must not be there: that would exclude more
    assert (told(query), query.is_cut) == (["bir"], True)


def test_what_is_cut_off_does_not_leave_exclusions_alone() -> None:
    words = [f"söz{number}" for number in range(MOST_WORDS)]
    query = parse(" ".join(f"-{word}" for word in words) + " ruh")
    assert (told(query), query.is_cut) == (words, True)


def test_so_many_code_points_are_read() -> None:
    assert told(parse("a" * (LONGEST - 2) + " bc")) == ["a" * (LONGEST - 2), "b"]


PIECES = [
    '"',
    "-",
    "*",
    ":",
    " ",
    "name:",
    "il:",
    "2019..",
    "dil:az",
    "status:spam",
    "«",
    "“",
    "şəhid",
    "a b",
    "@",
    "ﷺ",
]
anything = st.text(max_size=700) | st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=60).map("".join)


@given(anything, st.booleans())
def test_whatever_is_typed_is_read_and_bounded(typed: str, desk: bool) -> None:
    query = parse(typed, desk=desk, keeper=desk)
    assert sum(len(asked.words) for asked in query.asked) <= MOST_WORDS
    assert all(asked.words and asked.kind in KINDS and asked.field in ("", "name", "place") for asked in query.asked)
    assert all(word and len(word) <= LONGEST for asked in query.asked for word in asked.words)
    assert len(set(query.asked)) == len(query.asked)
    assert bool(query.wanted or query.years or query.language or query.status or query.email) is bool(query)
    assert desk or not (query.status or query.email)
    assert query.years is None or 1900 <= query.years[0] <= query.years[1] <= ids.LAST_YEAR


@given(anything)
def test_the_plain_words_of_a_query_are_read_as_themselves(typed: str) -> None:
    words = list(dict.fromkeys(asked.said for asked in parse(typed).asked if asked.kind == "word"))
    again = parse(" ".join(words))
    assert again == Query(asked=tuple(Asked((word,)) for word in words)) or len(" ".join(words)) > LONGEST
