"""What a search found is kept as long as nothing public changes, and not a step longer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.services.acts import AT, COLLEAGUE, decided, memorial, sent, standing
from tribute.domain import ids
from tribute.domain.lifecycle import Action, Status
from tribute.search.query import parse
from tribute.services import search
from tribute.services.search import Narrowed, Place, Results

HOUR = timedelta(hours=1)
FIRST = Place()


def results(session: Session, typed: str = "silence", place: Place = FIRST) -> Results:
    """One page of what is found."""
    return search.search(session, parse(typed), Narrowed(), place)


def version(session: Session) -> int:
    """What stands for the state of all that is public of the memorial."""
    session.expire_all()
    return memorial(session).public_version


@contextmanager
def asked(session: Session) -> Iterator[list[str]]:
    """Every statement that looks through an index for what matches; what weighs matches that are known is none."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if ("MATCH" in statement and "LIMIT" in statement) or ("@@" in statement and "ANY(" not in statement):
            seen.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    yield seen
    event.remove(session.get_bind(), "before_cursor_execute", note)


@pytest.mark.parametrize("place", [Place(page=2), Place("relevance"), Place("oldest")])
def test_another_page_of_the_same_words_asks_the_index_no_more(session: Session, place: Place) -> None:
    made = [standing(session, Status.APPROVED, AT + n * HOUR).public_id for n in range(search.RESULTS + 3)]
    first = results(session)
    with asked(session) as asks:
        second = results(session, place=Place(before=ids.decode(first.older or "")))
        other = results(session, place=place)
    assert asks == []
    assert [hit.card.public_id for hit in second.items] == made[2::-1]
    assert (second.total, other.total) == (len(made), len(made))


def test_what_is_published_or_hidden_is_found_or_gone_at_once(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    assert results(session).total == 1
    standing(session, Status.APPROVED, AT + HOUR)
    assert results(session).total == 2
    decided(session, tribute, Action.HIDE, AT + 2 * HOUR)
    assert (results(session).total, len(results(session).items)) == (1, 1)
    decided(session, tribute, Action.RESTORE, AT + 3 * HOUR, COLLEAGUE)
    assert results(session).total == 2


def test_the_version_is_another_with_what_is_public_and_never_with_what_waits(session: Session) -> None:
    before = version(session)
    tribute = sent(session)
    assert version(session) == before
    decided(session, tribute, Action.APPROVE, AT + HOUR)
    published = version(session)
    assert published != before
    decided(session, sent(session, AT + HOUR), Action.DECLINE, AT + 2 * HOUR, reason="off_topic")
    assert version(session) == published
    decided(session, tribute, Action.HIDE, AT + 3 * HOUR)
    assert version(session) not in (before, published)


def test_what_was_kept_is_not_taken_for_a_database_that_was_put_back(session: Session) -> None:
    """The same steps again from the same beginning, as after a backup: other words, and they are what is found."""
    session.commit()
    for hours, flower in enumerate(("lily", "rose")):
        standing(session, Status.APPROVED, AT + hours * HOUR, words=f"A {flower} for you.")
        [hit] = results(session, '"for you"').items
        assert flower in hit.card.html
        session.rollback()
