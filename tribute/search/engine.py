"""What both databases bring: entries written with their index, and what matches read in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from tribute.domain import ids
from tribute.models import ArticleEntry, DeskEntry, TributeEntry
from tribute.search.match import Match
from tribute.search.terms import Row

Entry = type[TributeEntry] | type[DeskEntry] | type[ArticleEntry]

Sign = tuple[int, Match]  # what makes one match better than another, after its weight


class Spent(Exception):
    """The time that a search may take is used up."""


@dataclass(frozen=True)
class Span:
    """The entries between two numbers, neither included."""

    above: int = -1
    below: int = ids.MAXIMUM


EVERYTHING = Span()


@contextmanager
def watched(connection: Connection, deadline: float) -> Iterator[None]:
    """Begin no further statement once the time is up. Raises Spent."""

    def look(*_: object) -> None:
        if monotonic() >= deadline:
            raise Spent

    event.listen(connection, "before_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", look)


class Pace(Protocol):
    """How many rows a step may take."""

    size: int


class Engine(Protocol):
    """One interface for both databases; a match that is hopeless is never asked for."""

    def insert(self, session: Session, entry: Entry, rows: Sequence[Row]) -> None:
        """Add entries and index them."""
        ...

    def delete(self, session: Session, entry: Entry, numbers: Sequence[int]) -> None:
        """Take entries out of the index and the table."""
        ...

    def terms(self, session: Session, entry: Entry, numbers: Iterable[int]) -> dict[int, set[str]]:
        """The terms of each of these entries, as the index has them."""
        ...

    def differing(self, session: Session, entry: Entry, rows: Sequence[Row]) -> list[int]:
        """The numbers of entries that do not say what they should, or are not there."""
        ...

    def numbers(
        self, session: Session, entry: Entry, match: Match, span: Span, most: int, *, oldest: bool = False
    ) -> list[int]:
        """The numbers of what matches within a span, newest first, or oldest first."""
        ...

    def best(
        self, session: Session, entry: Entry, match: Match, signs: Sequence[Sign], most: int
    ) -> list[tuple[int, int]]:
        """The newest matches, each with the weights of the signs that it holds, added up."""
        ...

    def weighed(self, session: Session, entry: Entry, signs: Sequence[Sign], numbers: Sequence[int]) -> dict[int, int]:
        """Each of these entries with the weights of the signs that it holds, added up."""
        ...

    def languages(self, session: Session, entry: Entry, numbers: Sequence[int]) -> list[tuple[int, str]]:
        """Each of these entries with its language."""
        ...

    def counted(self, session: Session, entry: Entry) -> dict[str, int]:
        """Every term of the index with the number of its texts."""
        ...

    def rebuild(self, session: Session, entry: Entry, pace: Pace) -> Iterator[int]:
        """Make the index anew from the entries, a step for each turn; yields how many entries went in."""
        ...

    def within(self, session: Session, seconds: float) -> AbstractContextManager[None]:
        """Stop what is asked of the database after so long. Raises Spent."""
        ...
