"""Search: published tributes newest first, articles above them, hits marked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.services.acts import AT, memorial, standing, step
from tribute.domain import ids
from tribute.domain.lifecycle import Action, Status
from tribute.search.query import parse
from tribute.services import articles, memorials, search
from tribute.services.articles import Edition
from tribute.services.search import RESULTS, Narrowed, Place, Results

EVERYTHING = Narrowed()
TRIBUTES = Narrowed(kind="tribute")
LATER = AT + timedelta(days=1)


def found(session: Session, typed: str, chosen: Narrowed = TRIBUTES, before: str | None = None) -> Results:
    """A page of results."""
    return search.search(session, parse(typed), chosen, Place(before=ids.decode(before) if before else None))


def listed(results: Results) -> list[str]:
    """The tributes found, in order."""
    return [hit.card.public_id for hit in results.items]


def test_a_word_is_found_without_its_letters_own_signs_and_marked_as_typed(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, words="Şəhidlərin IŞIĞI <b>sönməz</b> & qalar.", name="Leyla")
    for typed in ("sehid", "ŞƏHİD", "şəhidlərin", "Sehidlerin isigi"):
        assert listed(found(session, typed)) == [tribute.public_id], typed
    (hit,) = found(session, "sehid sonmez").items
    assert hit.card.html == "<p><mark>Şəhidlərin</mark> IŞIĞI <b><mark>sönməz</mark></b> &amp; qalar.</p>"
    assert hit.also == ("Şəhidlərin", "sönməz")
    (hit,) = found(session, "leyla qalar").items
    assert (hit.name_html, hit.place_html, hit.also) == ("<mark>Leyla</mark>", "Leeds", ())


@pytest.mark.parametrize("asked", ["20nci", "20", "20ci", "20-ci"])
def test_a_number_is_found_with_any_ending_and_without(session: Session, asked: str) -> None:
    standing(session, Status.APPROVED, words="20 Yanvar 20-ci ildönümü, 20si.")
    [hit] = found(session, asked).items
    assert "<mark>20" in hit.card.html


def test_every_word_must_be_there_and_name_and_place_are_searched_too(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, name="Zərifə", place="Mingəçevir")
    assert listed(found(session, "silence zerife mingecevir")) == [tribute.public_id]
    assert listed(found(session, "silence zerife sumqayit")) == []


def test_only_what_is_public_is_found(session: Session) -> None:
    made = {status: standing(session, status).public_id for status in Status}
    assert listed(found(session, "silence")) == [made[Status.APPROVED]]


def test_what_is_hidden_withdrawn_or_mended_is_found_by_its_old_words_no_more(session: Session) -> None:
    for leaving in (Action.HIDE, Action.WITHDRAW):
        step(session, standing(session, Status.APPROVED), leaving, LATER)
    mended = standing(session, Status.APPROVED)
    step(session, mended, Action.AMEND, LATER)
    assert listed(found(session, "silence")) == [mended.public_id]
    assert listed(found(session, "other words")) == []
    step(session, mended, Action.APPROVE, LATER + timedelta(minutes=1))
    assert listed(found(session, "silence")) == []
    assert listed(found(session, "other words")) == [mended.public_id]


def test_the_newest_come_first_and_pages_cover_all_once(session: Session) -> None:
    made = [standing(session, Status.APPROVED, AT + timedelta(hours=n)).public_id for n in range(RESULTS + 3)]
    first = found(session, "silence")
    assert (first.total, first.total_capped, first.newer) == (RESULTS + 3, False, None)
    second = found(session, "silence", before=first.older)
    assert listed(first) + listed(second) == made[::-1]
    assert second.older is None


def test_a_search_can_be_narrowed_to_language_year_memorial_and_kind(session: Session) -> None:
    azerbaijani = standing(session, Status.APPROVED, words="Bakı, səni heç vaxt unutmarıq.")
    english = standing(session, Status.APPROVED, AT - timedelta(days=300), words="We will not forget you, Baku.")
    assert listed(found(session, "bak*", Narrowed(language="az"))) == [azerbaijani.public_id]
    assert listed(found(session, "bak*", Narrowed(year=2025))) == [english.public_id]
    assert listed(found(session, "bak*", Narrowed(memorial="20-january", year=2026))) == [azerbaijani.public_id]
    assert listed(found(session, "bak*", Narrowed(memorial="elsewhere"))) == []
    assert listed(found(session, "bak*", Narrowed(kind="article"))) == []
    assert found(session, "bak*", TRIBUTES).articles == []


def test_a_year_begins_at_midnight_where_the_memorial_is(session: Session) -> None:
    midnight = datetime(2025, 12, 31, 20, tzinfo=UTC)
    first = standing(session, Status.APPROVED, midnight)
    standing(session, Status.APPROVED, midnight - timedelta(milliseconds=1))
    assert listed(found(session, "silence", Narrowed(year=2026, memorial="20-january"))) == [first.public_id]


def test_articles_stand_above_at_most_three_the_readers_own_first(session: Session) -> None:
    for year, code in ((2023, "en"), (2024, "tr"), (2025, "ru"), (2026, "az")):
        articles.bring_in(session, memorial(session), "A vigil\n\nThe Lachin vigil.", Edition(code, year), AT)
    results = search.search(session, parse("lachin"), EVERYTHING, reads="tr")
    assert results.articles[0].language == "tr"
    assert (len(results.articles), results.total) == (3, 4)
    hit = results.articles[0]
    assert (hit.title_html, hit.excerpt_html, hit.year) == ("A vigil", "The <mark>Lachin</mark> vigil.", 2024)


def test_an_articles_title_is_marked_and_its_text_cut_around_the_hit(session: Session) -> None:
    written = "Vigil & <b>\n\n" + "long ago " * 100 + "the lantern " + "went out " * 100
    articles.bring_in(session, memorial(session), written, Edition("en", 2024), AT)
    (hit,) = found(session, "lantern", EVERYTHING).articles
    assert hit.title_html == "Vigil &amp; &lt;b&gt;"
    assert hit.excerpt_html.startswith("… ")
    assert "the <mark>lantern</mark> went" in hit.excerpt_html
    (hit,) = found(session, "vigil", EVERYTHING).articles
    assert hit.title_html == "<mark>Vigil</mark> &amp; &lt;b&gt;"


def test_another_memorials_tributes_and_articles_are_its_own(session: Session) -> None:
    other = memorials.add(session, "other", date(1992, 2, 26), "Asia/Baku", {"en": "Other"}, {}, AT)
    articles.bring_in(session, other, "Vigil\n\nThe lantern.", Edition("en"), AT)
    assert [hit.memorial for hit in found(session, "lantern", Narrowed(memorial="other")).articles] == ["other"]
    assert found(session, "lantern", Narrowed(memorial="20-january")).articles == []
    everywhere = found(session, "lantern", EVERYTHING).facets
    assert everywhere is not None
    assert everywhere.articles == 1


def test_a_query_of_signs_alone_finds_nothing_and_is_no_error(session: Session) -> None:
    standing(session, Status.APPROVED)
    for typed in ("", "  ", "!?*", "🕯️", '"', "-", "\x00"):
        assert found(session, typed, EVERYTHING) == Results()
