"""Checks with an id and a remedy each: settings, database, and whether log, counts and index fit the tributes."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tribute.config import Settings
from tribute.domain.lifecycle import Status
from tribute.extensions import now
from tribute.models import Article, ArticleEntry, Tribute, TributeEntry
from tribute.services import counts, decisions, erasure, memorials, people, schema

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Finding:
    """What is wrong, and what mends it."""

    id: str
    said: str
    remedy: str


def settings(found: Settings) -> list[Finding]:
    """What the settings alone show."""
    findings = []
    if not found.is_https and urlsplit(found.base_url).hostname not in LOCAL:
        findings.append(
            Finding("T001", "TRIBUTE_BASE_URL is not https: passwords and private links would travel in the open.",
                    "Put TLS in front of the site and set TRIBUTE_BASE_URL=https://…")
        )  # fmt: skip
    file = found.secrets_file
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        findings.append(Finding("T002", f"{file} can be read by others.", f"chmod 600 {file}"))
    return findings


def database(engine: Engine) -> list[Finding]:
    """Whether the database answers, and with the schema that this program needs."""
    try:
        present = schema.current(engine)
    except SQLAlchemyError as error:
        return [Finding("T010", f"The database does not answer: {error.__cause__ or error}",
                        "Look at TRIBUTE_DATABASE_URL, and whether the server runs.")]  # fmt: skip
    if present != schema.head():
        return [Finding("T011", f"The schema is at {present or 'nothing'}, the program needs {schema.head()}.",
                        "flask tribute migrate")]  # fmt: skip
    return []


def contents(session: Session) -> list[Finding]:
    """Whether what is kept twice agrees."""
    tests = (_no_memorial, _no_keeper, _overdue, _log, _counts, _tribute_index, _article_index)
    return [finding for test in tests if (finding := test(session)) is not None]


def _no_memorial(session: Session) -> Finding | None:
    return None if memorials.every(session) else Finding("T020", "There is no memorial.", "flask tribute prepare")


def _no_keeper(session: Session) -> Finding | None:
    if people.has_keeper(session):
        return None
    return Finding("T021", "Nobody is a keeper yet.", "flask tribute people link")


def _overdue(session: Session) -> Finding | None:
    late = erasure.overdue(session, now())
    if not late:
        return None
    return Finding("T022", f"{late} withdrawn tributes should have been erased by now.", "flask tribute erase")


def _log(session: Session) -> Finding | None:
    broken = decisions.broken_row(session)
    if broken is None:
        return None
    return Finding("T030", f"The log of decisions is broken: {broken}.", "Restore a backup from before it was changed.")


def _counts(session: Session) -> Finding | None:
    right, kept = counts.recount(session), counts.kept(session)
    wrong = sorted(key for key in right.keys() | kept.keys() if right.get(key) != kept.get(key))
    if not wrong:
        return None
    key = wrong[0]
    return Finding("T031", f"{len(wrong)} counts are wrong, first {key}: {kept.get(key, 0)} instead of "
                   f"{right.get(key, 0)}.", "flask tribute reindex")  # fmt: skip


def _tribute_index(session: Session) -> Finding | None:
    public = select(Tribute.id).where(Tribute.status == Status.APPROVED)
    missing = _number(session, public.where(Tribute.id.not_in(select(TributeEntry.id))))
    surplus = _number(session, select(TributeEntry.id).where(TributeEntry.id.not_in(public)))
    return _index_finding("T032", "tributes", missing, surplus)


def _article_index(session: Session) -> Finding | None:
    missing = _number(session, select(Article.id).where(Article.id.not_in(select(ArticleEntry.id))))
    surplus = _number(session, select(ArticleEntry.id).where(ArticleEntry.id.not_in(select(Article.id))))
    return _index_finding("T033", "articles", missing, surplus)


def _index_finding(id_: str, what: str, missing: int, surplus: int) -> Finding | None:
    if not missing and not surplus:
        return None
    said = f"The search index lacks {missing} public {what} and holds {surplus} that are not public."
    return Finding(id_, said, "flask tribute reindex")


def _number(session: Session, query: object) -> int:
    return session.execute(select(func.count()).select_from(query.subquery())).scalar_one()  # type: ignore[attr-defined]
