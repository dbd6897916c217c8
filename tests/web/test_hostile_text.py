"""Whatever is typed into the form is shown letter for letter on every surface, and is never anything but text."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from justhtml import JustHTML
from werkzeug.test import TestResponse

from tests.blns import STRINGS
from tests.cast import Author, Cast, send
from tests.web.steps import MEMORIAL, decide
from tribute.domain import text
from tribute.web.forms import line, words

WALL = f"/en/{MEMORIAL}/tributes/"
# What honest people write, as it must be read on the page.
HONEST = (
    "I <3 you", "<a@b.az>", "&amp; &lt;b&gt; &#39;", "<<Şəhidlər>>", "\"Hello\" 'it’s' «так» „gut“",
    "1990–2026 — never", "👨‍👩‍👧‍👦 🕊️ 👩🏽‍⚕️ 🇦🇿", "رحمهم الله", "יהי זכרם ברוך", "Azərbaycan: ə ğ ı İ ö ş ü ç",
    "Гусейнов, ё й", "Amin",
    "- bir\n- iki\n- üç", "1. one\n2. two", "* not a list *", "a < b && c > d", "x<y", "</p>", "<br>", "<!-- -->",
    "{{ 7*7 }} %(name)s ${x} #{y}", "C:\\Users\\Leyla", "https://example.com/?a=1&b=2", "نازنین‌ها",
    "a\u00a0b", "e\u0301",
)  # fmt: skip
BREAKING = "<>&\"'`=/\\;:()[]{}%$#\n\t\x00\x0b\u202e\u2028\u2066\ufeff\u200d"
PIECES = (
    "<b>", "</b>", "<i>", "<blockquote>", "</blockquote>", "<script>", "<img src=x onerror=y>", "&", "x", "\n\n",
    "<svg/onload=z>", "javascript:alert(1)",
)  # fmt: skip
TYPED = st.one_of(
    st.text(st.one_of(st.characters(), st.sampled_from(BREAKING)), max_size=120),
    st.lists(st.sampled_from(STRINGS), min_size=1, max_size=3).map("\n".join),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
)  # fmt: skip
MANY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def shown(page: TestResponse, where: str = "") -> str:
    """What a reader reads of a page, or of the part of it that a selector names."""
    found = JustHTML(page.text, sanitize=False)
    return "\n".join(str(element.to_text()) for element in (found.query(where) if where else [found]))


def squeezed(said: str) -> str:
    """Without white space, of which a page shows less than is typed."""
    return re.sub(r"\s+", "", said)


def published(cast: Cast, **fields: str) -> Author:
    """A tribute that came through the form and was published from the desk."""
    author = cast.author(**fields)
    assert decide(cast.moderator, author.public_id, "approve").status_code in (302, 303)
    return author


def surfaces(cast: Cast, author: Author, said: str) -> Iterator[TestResponse]:
    """Every page on which a tribute stands; each is checked as it is fetched (tests/page.py)."""
    for address in (f"{WALL}{author.public_id}/", WALL, f"/en/{MEMORIAL}/", f"/en/{MEMORIAL}/archive/"):
        yield cast.visitor.get(address)
    for address in (author.receipt, f"{author.receipt}amend"):
        yield author.client.get(address)
    for address in (f"/desk/tributes/{author.public_id}/", "/desk/", "/desk/?status=approved", "/desk/log"):
        yield cast.moderator.get(address)
    asked = quote(said[:200].encode("utf-8", "replace"))
    yield cast.visitor.get(f"/en/search?q={asked}")
    yield cast.moderator.get(f"/desk/?q={asked}")


@pytest.mark.parametrize("said", HONEST)
def test_what_honest_people_write_stays_letter_for_letter(cast: Cast, said: str) -> None:
    author = published(cast, name=line(said)[:80] if not text.is_blank(line(said)) else "Nigar", message=said)
    pages = list(surfaces(cast, author, said))
    assert {page.status_code for page in pages} == {200}
    for page in (pages[0], pages[1], pages[4], pages[6]):
        assert squeezed(said) in squeezed(shown(page, "main")), page.request.path
    assert words(said) == said


def test_lines_and_lists_keep_their_lines(cast: Cast) -> None:
    author = published(cast, message="- bir\n- iki\n\n- üç")
    page = cast.visitor.get(f"{WALL}{author.public_id}/").text
    assert "<p>- bir<br>- iki</p><p>- üç</p>" in re.sub(r">\s+<", "><", page)


@pytest.mark.parametrize("said", ["رحمهم الله", "יהי זכרם ברוך"])
def test_words_from_right_to_left_have_a_direction_of_their_own(cast: Cast, said: str) -> None:
    author = published(cast, name=said, message=said)
    page = JustHTML(cast.visitor.get(f"{WALL}{author.public_id}/").text, sanitize=False)
    for element in page.query("main [dir]"):
        assert (element.attrs or {})["dir"] in ("auto", "rtl")
    isolated = [str(each.to_text()) for each in (*page.query("main [dir]"), *page.query("main bdi"))]
    assert sum(said in each for each in isolated) >= 2


@MANY
@given(name=TYPED, place=TYPED, message=TYPED)
def test_whatever_is_typed_is_text_on_every_surface(cast: Cast, name: str, place: str, message: str) -> None:
    answer = send(cast.client(), name=name, place=place, message=message)
    assert answer.status_code in (303, 422)
    if answer.status_code == 422:  # too long, or nothing to be seen: and all of it is still in the form
        kept = JustHTML(answer.text, sanitize=False).query("textarea[name=message]")[0]
        assert squeezed(words(message)) == squeezed(str(kept.to_text()))
        return
    author = published(cast, name=name, place=place, message=message)
    for page in surfaces(cast, author, message):
        assert page.status_code == 200, page.request.path
    preview = send(cast.client(), name=name, place=place, message=message, preview="1")
    assert preview.status_code == 200
    feed = ET.fromstring(cast.visitor.get(f"/en/{MEMORIAL}/feed.atom").data)  # noqa: S314  the site's own answer
    assert feed.tag.endswith("feed")


@pytest.mark.parametrize("part", range(10))
def test_no_string_that_breaks_programs_breaks_the_form(cast: Cast, part: int) -> None:
    for said in STRINGS[part::10]:
        answer = send(cast.client(), name=f"Nigar {said}"[:80], message=said)
        assert answer.status_code in (303, 422), said
        if answer.status_code == 303:
            assert squeezed(words(said)) in squeezed(shown(cast.visitor.get(answer.location), "main")) or "<" in said


@MANY
@given(typed=st.text(max_size=60), start=st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n"]))
def test_no_cell_of_a_table_is_read_as_a_formula(typed: str, start: str) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerow([text.cell(start + typed)])
    [[cell]] = list(csv.reader(io.StringIO(stream.getvalue(), newline="")))
    assert cell == f"'{start}{typed}"


@MANY
@given(typed=TYPED)
def test_suggestions_are_json_whatever_is_asked(cast: Cast, typed: str) -> None:
    answer = cast.visitor.get("/en/search/suggestions", query_string={"q": typed.encode("utf-8", "replace")})
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    json.loads(answer.data)


def test_a_line_of_the_log_cannot_be_forged(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    forged = "x\r\n2026-01-20 INFO somebody was made a keeper"
    for client in (cast.visitor, cast.moderator):
        client.get(f"/en/search?q={quote(forged)}", headers={"User-Agent": "x"})
        client.get(f"/en/{quote(forged)}/")
        send(cast.client(), name=forged, message=forged, email=forged)
    assert not [record for record in caplog.records if "\n" in record.getMessage()]
