"""Everything taken out: a zip file of JSON Lines, CSV and Markdown, made as it is read, in one snapshot.

- `json/<table>.jsonl`: what `flask tribute import` brings back, a row a line, by its key;
- `csv/<table>.csv`: the same for a spreadsheet, without what is no text; and `tributes.csv` with the words;
- `markdown/…`: what is public, for people;
- `manifest.json`: the last one, with the sums of all the others.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import LargeBinary, func, select
from sqlalchemy.orm import Session

from tribute.domain import ids, text
from tribute.models import LogHead, Memorial, Revision, Tribute, stands
from tribute.services import markdown, newest, rows
from tribute.services.holdings import HELD, Holding
from tribute.services.zipped import ZipStream

FORMAT = 1  # of the archive; another number for what an earlier program could not read
MANIFEST = "manifest.json"
TRIBUTES = ("tribute", "written_at", "memorial", "status", "gesture", "language", "name", "place", "words")

README = """# An export of this memorial

Everything that the site keeps, but for what lets somebody in: no passwords, no keys. It holds words that were never
published, too. Keep it as safe as the site itself.

- `markdown/`: the articles and every public tribute, by memorial and year, to be read.
- `tributes.csv`: every tribute of whatever status with its newest words, for a spreadsheet.
- `csv/`: each table as it is kept, for a spreadsheet. Open these with every column as text: ids have 19 digits.
- `json/`: the same tables, a row a line, with everything that `flask tribute import` needs.
- `manifest.json`: what is in here, and the SHA-256 of each file.
"""


def rows_file(name: str) -> str:
    """Where a table's rows lie."""
    return f"json/{name}.jsonl"


def write(session: Session, at: datetime) -> Iterator[bytes]:
    """The zip file in pieces. The session has to see one moment for as long as it takes."""
    made, numbers = ZipStream(at), dict[str, int]()
    yield from made.file("README.md", [README.encode()])
    for holding in HELD:
        yield from made.file(rows_file(holding.name), _counted(holding, _lines(session, holding), numbers))
    for holding in HELD:
        yield from made.file(f"csv/{holding.name}.csv", _csv(session, holding))
    yield from made.file("tributes.csv", _tributes(session))
    for name, pieces in markdown.files(session):
        yield from made.file(name, pieces)
    yield from made.file(MANIFEST, [_manifest(session, made, numbers, at)])
    yield from made.close()


def _lines(session: Session, holding: Holding) -> Iterator[list[str]]:
    """A table's rows as JSON, some at once."""
    names = [column.name for column in holding.columns]
    for some in rows.read(session, holding.table, holding.columns):
        yield [holding.row.model_construct(**dict(zip(names, row, strict=True))).model_dump_json() for row in some]


def _counted(holding: Holding, lines: Iterable[list[str]], numbers: dict[str, int]) -> Iterator[bytes]:
    numbers[holding.name] = 0
    for some in lines:
        numbers[holding.name] += len(some)
        yield "".join(f"{line}\n" for line in some).encode()


def _csv(session: Session, holding: Holding) -> Iterator[bytes]:
    columns = [column for column in holding.columns if not isinstance(column.type, LargeBinary)]
    yield _table([[column.name for column in columns]])
    for some in rows.read(session, holding.table, columns):
        yield _table([_cell(value) for value in row] for row in some)


def _tributes(session: Session) -> Iterator[bytes]:
    """Every tribute with what its author last wrote, or a moderator left of it; none once that is erased."""
    last = (
        select(func.max(Revision.id)).where(Revision.tribute_id == Tribute.id, stands())
        .correlate(Tribute).scalar_subquery()
    )  # fmt: skip
    shown = func.coalesce(Tribute.public_revision_id, Tribute.waiting_revision_id, last)
    query = (
        select(Tribute.id, Memorial.slug, Tribute.status, Tribute.gesture, Revision.language, Revision.name,
               Revision.place, Revision.words)
        .join(Memorial, Memorial.id == Tribute.memorial_id).outerjoin(Revision, Revision.id == shown)
        .order_by(Tribute.id).execution_options(yield_per=rows.AT_ONCE)
    )  # fmt: skip
    yield _table([TRIBUTES])
    with session.execute(query) as found:
        for some in found.partitions():
            yield _table([ids.encode(key), _cell(ids.time_of(key)), *map(_cell, said)] for key, *said in some)


def _cell(value: Any) -> str:
    """A value as a cell that no spreadsheet takes for a formula; a number below zero is none."""
    match value:
        case None:
            return ""
        case bool() | int():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case list() | dict():
            return text.cell(json.dumps(value, ensure_ascii=False))
    return text.cell(str(value))


def _table(lines: Iterable[Iterable[str]]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows(lines)
    return written.getvalue().encode()


def _manifest(session: Session, made: ZipStream, numbers: dict[str, int], at: datetime) -> bytes:
    head = session.scalars(select(LogHead)).one()
    said = {
        "format": FORMAT, "made_at": at.isoformat(), "schema": newest.head(), "rows": numbers,
        "log": {"number": head.number, "digest": head.digest},
        "files": {name: asdict(found) for name, found in made.sums.items()},
    }  # fmt: skip
    return json.dumps(said, indent=1).encode()
