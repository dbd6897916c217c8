"""What is public as Markdown, to be read by people: the articles as their files, and the tributes of each year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, zip_longest
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.domain import ids, text
from tribute.domain.anniversary import local_day
from tribute.domain.lifecycle import Status
from tribute.models import Article, Memorial, Page, Revision, Tribute, may_be_found
from tribute.services import memorials, rows
from tribute.services.versions import PAGES, UNDATED

# What Markdown reads as a sign anywhere, and what it does so at the beginning of a line only.
SIGNS = re.compile(r"([\\`*_\[\]<>&#|~$])")
BEGINNINGS = re.compile(r"^(\d*)([-+=.)])", re.MULTILINE)

File = tuple[str, Iterable[bytes]]


def files(session: Session) -> Iterator[File]:
    """Each file by its name, in pieces; each has to be read before the next is asked for."""
    for page in session.scalars(select(Page).order_by(Page.slug, Page.language)).all():
        yield f"markdown/{PAGES}/{page.slug}.{page.language}.md", [page.original.encode()]
    for memorial in memorials.every(session):
        yield from _articles(session, memorial)
        yield from _years(session, memorial)


def _articles(session: Session, memorial: Memorial) -> Iterator[File]:
    query = select(Article).where(Article.memorial_id == memorial.id, may_be_found()).order_by(Article.id)
    for article in session.scalars(query).all():
        name = f"{article.year or UNDATED}.{article.language}.md"
        yield f"markdown/{memorial.slug}/articles/{name}", [article.original.encode()]


def _years(session: Session, memorial: Memorial) -> Iterator[File]:
    """The public tributes of each year of the memorial's own time, the oldest first."""
    query = (
        select(Tribute.id, Tribute.gesture, Revision.language, Revision.name, Revision.place, Revision.words)
        .join(Revision, Revision.id == Tribute.public_revision_id)
        .where(Tribute.memorial_id == memorial.id, Tribute.status == Status.APPROVED)
        .order_by(Tribute.id).execution_options(yield_per=rows.AT_ONCE)
    )  # fmt: skip
    name, zone = next(iter(memorial.names.values())), memorial.time_zone
    with session.execute(query) as every:
        for year, found in groupby(every, lambda row: local_day(ids.time_of(row.id), zone).year):
            pieces = (_tribute(row, zone).encode() for row in found)
            head = f"# {escape(name)}, {year}\n".encode()
            yield f"markdown/{memorial.slug}/tributes/{year}.md", _after(head, pieces)


def _after(first: bytes, others: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from others


def _tribute(row: Any, zone: str) -> str:
    """One tribute: who signed it, the day, what was laid, and the words as a quotation, line by line."""
    signed = ", ".join(escape(part) for part in (row.name, row.place) if part)
    about = " · ".join([str(local_day(ids.time_of(row.id), zone)), row.gesture, row.language, ids.encode(row.id)])
    quoted = "".join(f"{f'> {line}'.rstrip()}\n" for line in _lines(row.words))
    return f"\n## {signed}\n\n{about}\n" + ("" if text.is_blank(row.words) else f"\n{quoted}")


def _lines(words: str) -> Iterator[str]:
    """The words without their markup; a line that goes on in the next ends with a backslash."""
    lines = [escape(line.strip()) for line in _bare(words).strip().split("\n")]
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        yield f"{line}\\" if line and following else line


def _bare(words: str) -> str:
    for tag in reversed(text.tags_of(words)):
        words = words[: tag.start] + words[tag.end :]
    return words


def escape(line: str) -> str:
    """A line that Markdown shows as it was typed."""
    return BEGINNINGS.sub(r"\1\\\2", SIGNS.sub(r"\\\1", line))
