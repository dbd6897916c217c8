"""Bringing an export back into a database that holds nothing yet: all of it, or nothing and the reason.

The file is read twice. First every sum, every row and the order of the keys are looked at, before anything is written;
then the rows are written in one transaction, with the references between them compared, and what an export does not
hold is made from what it does. At the end the log's chain must be whole.
"""

from __future__ import annotations

import secrets
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import ValidationError
from sqlalchemy import insert, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from tribute.domain import text
from tribute.domain.errors import BadArticle, BadSetup
from tribute.models import Article, LogHead, Page
from tribute.models.memorial import VERSION_BITS
from tribute.services import articles, decisions, pages, people, rows
from tribute.services.articles import Edition
from tribute.services.export import rows_file
from tribute.services.holdings import HELD, Holding
from tribute.services.parcels import Parcel, first_reason, opened

AT_ONCE = 1_000  # rows that are written in one step

Values = dict[str, Any]
Told = Callable[[int], None]  # how many rows were looked at or written since
Keys: TypeAlias = "dict[str, array[int]]"  # the keys of the tables that others name, in order


@dataclass(frozen=True)
class Brought:
    """What came in."""

    made_at: str
    rows: dict[str, int]


def total(source: Path) -> int:
    """How many rows `load` will tell of. Raises BadSetup."""
    with opened(source) as parcel:
        return 2 * sum(parcel.manifest.rows.values())


def load(session: Session, source: Path, password: str, told: Told) -> Brought:
    """Bring an export in; `password` is the hash that nobody's password fits. Raises BadSetup with the reason.

    The database has this program's schema and no row. The search index and the counts are left to be made anew.
    """
    with opened(source) as parcel:
        parcel.verify()
        keys = {holding.name: _looked_at(parcel, holding, told) for holding in HELD}
        session.delete(decisions.lock_head(session))
        session.flush()
        for holding in HELD:
            _write(session, parcel, holding, keys, password, told)
        rows.follow_numbers(session)
        session.expire_all()
        _check_log(session, parcel)
        return Brought(parcel.manifest.made_at, parcel.manifest.rows)


def _looked_at(parcel: Parcel, holding: Holding, told: Told) -> array[int]:
    """Look at every row of a table; returns their keys, where they are numbers. Raises BadSetup."""
    found, last = array("q"), None
    for number, values in _rows(parcel, holding):
        key = tuple(values[name] for name in holding.key)
        if last is not None and key <= last:
            raise _refused(holding, number, "its key does not follow on that of the line before")
        last = key
        if len(key) == 1 and isinstance(key[0], int):
            found.append(key[0])
        told(1)
    return found


def _rows(parcel: Parcel, holding: Holding) -> Iterator[tuple[int, Values]]:
    row = holding.row
    for number, line in parcel.lines(holding.name):
        try:
            yield number, vars(row.model_validate_json(line))
        except (ValidationError, RecursionError) as error:
            said = first_reason(error) if isinstance(error, ValidationError) else "it is nested too deeply"
            raise _refused(holding, number, said) from error


def _refused(holding: Holding, number: int, reason: str) -> BadSetup:
    return BadSetup(f"{rows_file(holding.name)}, line {number}: {reason}; nothing was changed")


def _write(session: Session, parcel: Parcel, holding: Holding, keys: Keys, password: str, told: Told) -> None:
    some: list[tuple[int, Values]] = []
    for number, values in _rows(parcel, holding):
        for name, other in holding.references:
            if not _is_there(keys[other], values[name]):
                raise _refused(holding, number, f"{name} names a row of {other} that is not there")
        try:
            some.append((number, values | _made(holding, values, password)))
        except BadArticle as error:
            raise _refused(holding, number, f"its text cannot be read: {error}") from error
        if len(some) == AT_ONCE:
            _insert(session, holding, some)
            told(len(some))
            some = []
    _insert(session, holding, some)
    told(len(some))


def _is_there(keys: array[int], key: int | None) -> bool:
    place = bisect_left(keys, key) if key is not None else 0
    return key is None or (place < len(keys) and keys[place] == key)


def _insert(session: Session, holding: Holding, some: list[tuple[int, Values]]) -> None:
    """Write some rows; where the database refuses them, one by one, to say which it is."""
    if not some:
        return
    try:
        with session.begin_nested():
            session.execute(insert(holding.table), [values for _number, values in some])
    except DatabaseError as error:
        if len(some) == 1:
            reason = str(error.orig).strip().splitlines()[0]
            raise _refused(holding, some[0][0], f"the database refuses it: {reason}") from error
        for one in some:
            _insert(session, holding, [one])


def _made(holding: Holding, values: Values, password: str) -> Values:
    """The columns that an export leaves out."""
    match holding.name:
        case "memorial":
            return {"public_version": secrets.randbits(VERSION_BITS)}
        case "revision":
            return {"html": str(text.render(values["words"])), "policy": text.POLICY}
        case "article":
            which = Edition(values["language"], values["year"])
            return _of(articles.read(values["original"], which, values["updated_at"]), holding)
        case "page":
            page = Page()
            pages.render(page, values["original"])
            return _of(page, holding)
        case "person":
            nothing = dict.fromkeys(holding.left_out)
            return nothing | {"password": password, "fs_uniquifier": people.new_sessions()}
    return {}


def _of(made: Article | Page, holding: Holding) -> Values:
    return {name: getattr(made, name) for name in holding.left_out}


def _check_log(session: Session, parcel: Parcel) -> None:
    head, named = session.scalars(select(LogHead)).one_or_none(), parcel.manifest.log
    if head is None or (head.number, head.digest) != (named.number, named.digest):
        raise BadSetup("the log does not end where the manifest says; nothing was changed")
    broken = decisions.broken_row(session)
    if broken is not None:
        raise BadSetup(f"the log of this export is broken: {broken}; nothing was changed")
