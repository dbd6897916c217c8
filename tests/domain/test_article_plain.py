"""A keeper's own text, taken as it is."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tribute.domain import article
from tribute.domain.article import MAXIMUM_BYTES, MAXIMUM_TITLE
from tribute.domain.errors import BadArticle
from tribute.domain.text import normalise

TITLE = "20 January - a day that this city keeps"
# The shape of the text that a keeper hands in: a title, paragraphs with doubled and trailing spaces, typographic
# quotes, a closing line in another language, and a leftover of the page it was copied from.
KEEPERS = f"""{TITLE}

34 years passed since that night, about 300.000 people remember what went  before it.

The next day,  on January 21, a man came to the “permanent Mission” in Moscow, and he said what he said.\x20

We remember with respect and gratitude those who did not come home, and it was not for nothing.

Allah rəhmət eləsin!

Search in archive"""


def test_the_first_line_is_the_title_and_every_paragraph_stands_word_for_word() -> None:
    read = article.parse(KEEPERS, "en")
    assert read.title == TITLE
    assert read.source_format == "plain"
    assert read.body.split("\n\n") == KEEPERS.split("\n\n")[1:4]


def test_the_closing_line_is_set_apart_in_its_own_language() -> None:
    read = article.parse(KEEPERS, "en")
    assert (read.closing, read.closing_language) == ("Allah rəhmət eləsin!", "az")
    assert "rəhmət" not in read.body


def test_the_leftover_of_the_copied_page_is_left_out_and_named() -> None:
    read = article.parse(KEEPERS, "en")
    assert read.left_out == ("Search in archive",)
    assert "archive" not in read.body


@pytest.mark.parametrize("leftover", ["Search in archive", "SEARCH IN ARCHIVE", "  search in archive  "])
def test_a_leftover_is_known_however_it_is_written(leftover: str) -> None:
    assert article.parse(f"Title\n\nWords.\n\n{leftover}\n\n", "en").left_out == (leftover.strip(),)


def test_a_sentence_about_the_archive_is_no_leftover() -> None:
    words = "Search in archive rooms went on for years."
    assert article.parse(f"Title\n\nWords.\n\n{words}", "en").body.endswith(words)


def test_a_last_line_in_the_articles_own_language_stays_in_the_text() -> None:
    read = article.parse("Title\n\nThe first paragraph.\n\nWe will not forget you.", "en")
    assert (read.closing, read.closing_language) == ("", "")
    assert read.body.endswith("We will not forget you.")


def test_a_long_last_paragraph_in_another_language_is_no_closing_line() -> None:
    last = "Allah rəhmət eləsin, ruhları şad olsun, məkanları cənnət olsun, biz onları unutmarıq."
    assert article.parse(f"Title\n\nThe first paragraph.\n\n{last}", "en").body.endswith(last)


def test_a_text_of_one_short_line_keeps_it() -> None:
    assert article.parse("Title\n\nAllah rəhmət eləsin!", "en").body == "Allah rəhmət eləsin!"


def test_line_ends_of_every_system_are_one() -> None:
    read = article.parse("\r\n\r\nTitle\r\n\r\nOne\r\nline below.\r\n \t\r\nTwo.", "en")
    assert (read.title, read.body) == ("Title", "One\nline below.\n\nTwo.")


def test_a_byte_order_mark_is_no_part_of_the_title() -> None:
    assert article.parse(article.decode(b"\xef\xbb\xbfTitle\n\nWords."), "en").title == "Title"


@pytest.mark.parametrize(
    ("raw", "line", "reason"),
    [
        ("Başlık\n\nMetin".encode("cp1254"), 1, "not UTF-8"),
        ("Title\n\nOne.\n\nƏ".encode("utf-16"), 1, "not UTF-8"),
        (b"Title\n\nOne.\n\nTwo \xe9t\xe9.\n", 5, "not UTF-8"),
        (b"Title\n\nOne\x00two", 3, "not a text file"),
        (b"x" * (MAXIMUM_BYTES + 1), 0, "larger than 1 MiB"),
    ],
)
def test_a_file_that_is_no_text_is_refused_with_its_line(raw: bytes, line: int, reason: str) -> None:
    with pytest.raises(BadArticle) as refused:
        article.decode(raw)
    assert refused.value.line == line
    assert reason in refused.value.reason
    assert str(refused.value) == (f"line {line}: {refused.value.reason}" if line else refused.value.reason)


def test_a_file_of_exactly_one_mebibyte_is_taken() -> None:
    assert len(article.decode(b"Title\n\n" + b"x" * (MAXIMUM_BYTES - 7))) == MAXIMUM_BYTES


@pytest.mark.parametrize(
    ("written", "line", "reason"),
    [
        ("Title", 1, "no text below it"),
        ("\n\n Title \n \n\n", 3, "no text below it"),
        ("Title\n\nSearch in archive", 1, "no text below it"),
        ("\n" + "x" * (MAXIMUM_TITLE + 1) + "\n\nWords.", 2, "longer than 300 letters"),
        ("", 0, "the file is empty"),
        (" \n\t\r\n \n", 0, "the file is empty"),
        ("\ufeff\n \n", 0, "the file is empty"),
        ("\x01\x02", 0, "the file is empty"),
        ("\u202e\n\u202d", 0, "the file is empty"),
    ],
)
def test_a_text_without_a_title_or_a_body_is_refused_with_its_line(written: str, line: int, reason: str) -> None:
    with pytest.raises(BadArticle) as refused:
        article.parse(written, "en")
    assert refused.value.line == line
    assert reason in refused.value.reason


@given(st.binary(max_size=300))
def test_any_file_is_read_or_refused_and_never_an_error(raw: bytes) -> None:
    try:
        read = article.parse(article.decode(raw), "en")
    except BadArticle:
        return
    assert read.title.strip()
    assert read.body.strip()


@given(st.text(max_size=300))
def test_no_word_of_a_plain_text_is_lost(written: str) -> None:
    assume("---" not in written)  # that would be front matter
    try:
        read = article.parse(written, "en")
    except BadArticle:
        return
    kept = " ".join((read.title, read.body, read.closing, *read.left_out))
    typed = normalise(written.removeprefix("\ufeff"))
    assert sorted("".join(kept.split())) == sorted("".join(typed.split()))
