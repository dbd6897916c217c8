"""Next year's edition: a copy nobody sees, which takes its place at midnight where the memorial is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.acts import KEEPER, memorial
from tribute.domain import article as files
from tribute.domain import ids, receipts
from tribute.domain.errors import Conflict, NotFound
from tribute.domain.lifecycle import Remark
from tribute.models import Article, ArticleEntry, Decision, Memorial, Turnover, Vocabulary
from tribute.search.index import ARTICLES
from tribute.services import articles, editing, editions, languages, memorials, reindexing, turnovers, versions
from tribute.services.articles import Edition
from tribute.services.editing import Said
from tribute.services.versions import Beside, Subject

NOVEMBER = datetime(2026, 11, 24, 12, tzinfo=UTC)
MIDNIGHT = datetime(2027, 1, 19, 20, tzinfo=UTC)  # 20 January in Baku, four hours ahead
BEFORE, AFTER = MIDNIGHT - timedelta(microseconds=1), MIDNIGHT + timedelta(hours=1)
NEXT = Subject("20-january", "2027", "en")
KEYS = (b"a receipt key for the tests alone",)


@pytest.fixture
def begun(session: Session) -> Turnover:
    """The edition of 2027, with a title and a word of its own in English."""
    turnover = editions.begin(session, memorial(session), KEEPER, NOVEMBER)
    said = editing.said_by(versions.current(session, NEXT))
    ours = replace(said.text, title="Thirty-seven years", body="Unerhörtwort.\n\nMore.")
    editing.save(session, NEXT, Said(ours), versions.current(session, NEXT).number, None, KEEPER, NOVEMBER)
    return turnover


def title(session: Session, at: datetime, language: str = "en") -> str:
    """The title that the memorial's page shows."""
    return articles.standing(session, memorial(session), language, at).title


def years(session: Session, at: datetime) -> list[int | None]:
    """The years of the public editions."""
    return [article.year for article in articles.editions(session, memorial(session), "en", at)]


def knows(session: Session) -> bool:
    """Whether the search has heard of the edition's own word."""
    return session.scalars(select(Vocabulary).where(Vocabulary.term == "unerhortwort")).first() is not None


def test_it_begins_as_a_copy_in_every_language_and_nobody_sees_it(session: Session, begun: Turnover) -> None:
    assert (begun.year, begun.at, begun.is_found) == (2027, MIDNIGHT, False)
    copies = session.scalars(select(Article).where(Article.year == 2027)).all()
    assert {copy.language for copy in copies} == {"az", "en", "ru", "tr"}
    assert not set(session.scalars(select(ArticleEntry.source_id))) & {copy.id for copy in copies}
    assert (title(session, BEFORE), years(session, BEFORE), knows(session)) == ("20 January 1990", [], False)
    with pytest.raises(NotFound):
        articles.edition(session, memorial(session), 2027, "en", BEFORE)
    assert articles.undated(session, memorial(session), "en", BEFORE) is None


def test_at_midnight_where_the_memorial_is_it_stands(session: Session, begun: Turnover) -> None:
    assert title(session, MIDNIGHT) == "Thirty-seven years"
    assert title(session, MIDNIGHT, "az") == "20 Yanvar 1990"
    assert years(session, MIDNIGHT) == [2027]
    former = articles.undated(session, memorial(session), "en", MIDNIGHT)
    assert former
    assert former.title == "20 January 1990"


def test_the_search_is_told_once_the_moment_has_come(session: Session, begun: Turnover) -> None:
    assert not turnovers.is_due(session, [memorial(session)], BEFORE)
    assert turnovers.catch_up(session, BEFORE) == 0
    assert turnovers.is_due(session, [memorial(session)], MIDNIGHT)
    assert (turnovers.catch_up(session, MIDNIGHT), knows(session)) == (1, True)
    assert turnovers.catch_up(session, AFTER) == 0
    assert not turnovers.is_due(session, [memorial(session)], AFTER)
    assert not reindexing.compare(session, ARTICLES)


def test_making_the_index_anew_leaves_a_draft_out(session: Session, begun: Turnover) -> None:
    for steps in (reindexing.entries(session, ARTICLES), reindexing.leftovers(session, ARTICLES)):
        list(steps)
    assert not reindexing.compare(session, ARTICLES)
    assert not reindexing.is_stale(session, ARTICLES)
    assert not knows(session)


def test_the_date_can_be_taken_off_and_set_again(session: Session, begun: Turnover) -> None:
    editions.take_off(session, begun, 1, KEEPER, NOVEMBER)
    assert (begun.at, title(session, AFTER)) == (None, "20 January 1990")
    editions.set_day(session, begun, 2, KEEPER, NOVEMBER)
    assert (begun.at, title(session, AFTER)) == (MIDNIGHT, "Thirty-seven years")
    editions.take_off(session, begun, 3, KEEPER, AFTER)
    with pytest.raises(Conflict):
        editions.set_day(session, begun, 4, KEEPER, AFTER)


def test_it_can_be_published_at_once_and_taken_back(session: Session, begun: Turnover) -> None:
    editions.publish(session, begun, 1, KEEPER, NOVEMBER)
    assert (title(session, NOVEMBER), knows(session)) == ("Thirty-seven years", True)
    editions.take_off(session, begun, 2, KEEPER, NOVEMBER)
    assert (title(session, AFTER), knows(session)) == ("20 January 1990", False)
    assert not reindexing.compare(session, ARTICLES)


def test_who_acts_on_what_has_changed_is_refused(session: Session, begun: Turnover) -> None:
    editions.take_off(session, begun, 1, KEEPER, NOVEMBER)
    for act in (editions.take_off, editions.publish, editions.set_day):
        with pytest.raises(Conflict):
            act(session, begun, 1, KEEPER, NOVEMBER)
    for share in (editions.share, editions.revoke):
        with pytest.raises(Conflict):
            share(session, begun, 1)
    assert begun.at is None


def test_each_step_is_a_row_of_the_log_by_the_year(session: Session, begun: Turnover) -> None:
    editions.take_off(session, begun, 1, KEEPER, NOVEMBER)
    editions.set_day(session, begun, 2, KEEPER, NOVEMBER)
    editions.publish(session, begun, 3, KEEPER, NOVEMBER)
    rows = session.scalars(select(Decision).where(Decision.action != Remark.EDIT).order_by(Decision.number)).all()
    assert [(row.action, row.version, row.tribute_id) for row in rows] == [
        (action, 2027, 0) for action in (Remark.BEGIN, Remark.TAKE_OFF, Remark.SET_DAY, Remark.PUBLISH)
    ]


def test_one_draft_at_a_time(session: Session, begun: Turnover) -> None:
    with pytest.raises(Conflict):
        editions.begin(session, memorial(session), KEEPER, NOVEMBER)


def test_the_year_after_begins_from_what_stands_then(session: Session, begun: Turnover) -> None:
    following = editions.begin(session, memorial(session), KEEPER, AFTER)
    assert following.year == 2028
    assert editing.said_by(versions.current(session, Subject("20-january", "2028", "en"))).text.title == (
        "Thirty-seven years"
    )


@pytest.mark.parametrize(
    ("at", "year"),
    [
        (datetime(2026, 11, 24, tzinfo=UTC), 2027),
        (datetime(2027, 1, 19, 19, 59, tzinfo=UTC), 2027),
        (datetime(2027, 1, 20, 19, 59, tzinfo=UTC), 2027),  # still the day itself in Baku
        (datetime(2027, 1, 20, 20, 0, tzinfo=UTC), 2028),
    ],
)
def test_the_next_anniversary_is_the_one_that_has_not_passed(session: Session, at: datetime, year: int) -> None:
    assert turnovers.next_year(session, memorial(session), at) == year


def test_a_year_that_has_an_edition_is_not_begun(session: Session) -> None:
    articles.bring_in(session, memorial(session), "Ours\n\nWords.", Edition("en", 2027), NOVEMBER)
    assert turnovers.next_year(session, memorial(session), NOVEMBER) == 2028
    assert years(session, NOVEMBER) == [2027]
    assert title(session, AFTER) == "20 January 1990"


def test_an_edition_begun_on_the_day_itself_waits_for_its_keeper(session: Session) -> None:
    turnover = editions.begin(session, memorial(session), KEEPER, AFTER)
    assert (turnover.year, turnover.at) == (2027, None)


def test_a_29_february_turns_over_on_1_march_where_the_year_lacks_it(session: Session) -> None:
    leap = memorials.add(session, "leap", date(1992, 2, 29), "Asia/Baku", {"en": "Leap"}, {}, NOVEMBER)
    assert turnovers.midnight(leap, 2027) == datetime(2027, 2, 28, 20, tzinfo=UTC)
    assert turnovers.midnight(leap, 2028) == datetime(2028, 2, 28, 20, tzinfo=UTC)
    with pytest.raises(NotFound):
        editions.begin(session, leap, KEEPER, NOVEMBER)


def test_midnight_is_that_of_the_memorials_own_zone(session: Session) -> None:
    far = Memorial(event_date=date(2001, 5, 9), time_zone="America/New_York")
    assert turnovers.midnight(far, 2027) == datetime(2027, 5, 9, 4, tzinfo=UTC)


def test_a_link_opens_the_draft_until_it_is_revoked(session: Session, begun: Turnover) -> None:
    assert editions.token_of(begun, KEYS) is None
    editions.share(session, begun, 1)
    token = editions.token_of(begun, KEYS)
    assert token
    assert editions.by_token(session, token, KEYS) is begun
    assert editions.by_token(session, token, (b"a newer key", *KEYS)) is begun
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), "", "x" * 32, "%00", "_" * 32):
        with pytest.raises(NotFound):
            editions.by_token(session, wrong, KEYS)
    with pytest.raises(NotFound):
        editions.by_token(session, token, (b"another key",))
    editions.revoke(session, begun, 2)
    editions.share(session, begun, 3)
    with pytest.raises(NotFound):
        editions.by_token(session, token, KEYS)
    assert editions.token_of(begun, KEYS) != token


def test_a_receipts_token_opens_no_draft(session: Session, begun: Turnover) -> None:
    editions.share(session, begun, 1)
    receipt = receipts.make_token(KEYS, begun.id, begun.generation)
    with pytest.raises(NotFound):
        editions.by_token(session, receipt, KEYS)
    assert begun.id <= ids.MAXIMUM


# ---- which language is missing or older than another


def states(session: Session, subject: Subject) -> dict[str, str]:
    """What the list of texts says of each language."""
    group = languages.group(session, subject.of, subject.part)
    return {
        each.subject.language: "missing" if not each.version else each.behind or "there" for each in group.states
    }  # fmt: skip


def changed(session: Session, subject: Subject, title: str, follows: int | None = None) -> int:
    """A text with another title, kept; the number of its version."""
    last = versions.newest(session, subject)
    said = editing.said_by(last) if last else Said(files.Text("", "Words.", "markdown"))
    ours = Said(replace(said.text, title=title), Beside())
    return editing.save(session, subject, ours, last.number if last else 0, follows, KEEPER, NOVEMBER).number


def test_what_ships_and_what_was_just_begun_is_there_in_four_languages(session: Session, begun: Turnover) -> None:
    assert states(session, Subject("pages", "rules", "en")) == dict.fromkeys(("az", "en", "ru", "tr"), "there")
    assert states(session, NEXT) == {"az": "en", "en": "there", "ru": "en", "tr": "en"}  # `begun` changed English


def test_a_language_that_is_not_there_is_missing(session: Session) -> None:
    articles.bring_in(session, memorial(session), "Ours\n\nWords.", Edition("tr", 2024), NOVEMBER)
    of_2024 = Subject("20-january", "2024", "tr")
    assert states(session, of_2024) == {"az": "missing", "en": "missing", "ru": "missing", "tr": "there"}
    articles.bring_in(session, memorial(session), "Ours\n\nWords.", Edition("en", 2024), NOVEMBER)
    assert states(session, of_2024) == {"az": "missing", "en": "there", "ru": "missing", "tr": "there"}


def test_a_translation_is_behind_once_its_source_has_changed_and_caught_up_once_it_says_so(session: Session) -> None:
    az, en = Subject("20-january", "undated", "az"), Subject("20-january", "undated", "en")
    first = changed(session, az, "Bir")
    assert states(session, az) == {"az": "there", "en": "az", "ru": "az", "tr": "az"}
    changed(session, en, "One", follows=first)
    assert states(session, az) == {"az": "there", "en": "there", "ru": "az", "tr": "az"}
    second = changed(session, az, "İki")
    group = languages.group(session, "20-january", "undated")
    behind = next(each for each in group.states if each.subject == en)
    assert (behind.behind, behind.known, behind.newest) == ("az", first, second)
    changed(session, en, "Two", follows=second)
    assert states(session, az) == {"az": "there", "en": "there", "ru": "az", "tr": "az"}


def test_what_was_translated_by_way_of_another_language_is_not_newer_than_its_source(session: Session) -> None:
    az, en, ru = (Subject("20-january", "undated", code) for code in ("az", "en", "ru"))
    changed(session, ru, "Раз", follows=changed(session, en, "One", follows=changed(session, az, "Bir")))
    assert states(session, az) == {"az": "there", "en": "there", "ru": "there", "tr": "az"}


def test_a_new_edition_remembers_what_was_translated_from_what(session: Session) -> None:
    az, en = Subject("20-january", "undated", "az"), Subject("20-january", "undated", "en")
    changed(session, en, "One", follows=changed(session, az, "Bir"))
    editions.begin(session, memorial(session), KEEPER, NOVEMBER)
    copy = versions.current(session, NEXT)
    assert copy.follows == versions.current(session, replace(NEXT, language="az")).number
