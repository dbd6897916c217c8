"""Checks with an id and a remedy each: settings, database, and whether log, counts and index fit the tributes."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tribute.config import LOCAL, Settings
from tribute.domain import ids
from tribute.domain.mail import State
from tribute.extensions import now
from tribute.models import DeskVocabulary, Vocabulary
from tribute.search.index import ARTICLES, DESK, PUBLIC
from tribute.services import (
    counts,
    decisions,
    erasure,
    memorials,
    outbox,
    people,
    reindexing,
    rerendering,
    schema,
    tallies,
)
from tribute.services.reindexing import Difference

INDEXED = (("T032", "public tributes", PUBLIC), ("T033", "articles", ARTICLES), ("T034", "tributes for the desk", DESK))


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
    tests = (_no_memorial, _no_keeper, _overdue, _mail_waits, _mail_failed, _log, _counts, _tallies, _outdated)
    found = [finding for test in tests if (finding := test(session)) is not None]
    return [*found, *_index(session), *_vocabulary(session)]


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


def _mail_waits(session: Session) -> Finding | None:
    number = outbox.overdue(session, now())
    if not number:
        return None
    said = f"{number} mails should have been sent by now: no worker seems to run."
    return Finding("T050", said, "Start it beside the site: flask tribute work")


def _mail_failed(session: Session) -> Finding | None:
    number = outbox.count(session, State.FAILED)
    return Finding("T051", f"{number} mails failed.", "Look at Mail in the desk.") if number else None


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


def _tallies(session: Session) -> Finding | None:
    steps = tallies.missing(session)
    if not steps:
        return None
    key = min(steps)
    said = f"{len(steps)} tallies do not fit the log, first {key}: {-steps[key]:+} too many."
    return Finding("T037", said, "flask tribute reindex")


def _outdated(session: Session) -> Finding | None:
    number = rerendering.outdated(session)
    if not number:
        return None
    said = f"{number} texts were rendered under an earlier policy of the cleaner."
    return Finding("T040", said, "flask tribute rerender")


def _index(session: Session) -> Iterator[Finding]:
    for id_, what, which in INDEXED:
        found = reindexing.compare(session, which)
        if found:
            said = f"The search index lacks {len(found.missing)} {what}, holds {len(found.surplus)} too many, and of "
            said += f"{len(found.differing)} says something else{_first(found)}."
            yield Finding(id_, said, "flask tribute reindex")


def _first(found: Difference) -> str:
    first = min([*found.missing, *found.surplus, *found.differing])
    return f"; the first is {ids.encode(first)}"


def _vocabulary(session: Session) -> Iterator[Finding]:
    for id_, table in (("T035", Vocabulary), ("T036", DeskVocabulary)):
        wrong = reindexing.miscounted(session, table)
        if wrong:
            term = min(wrong)
            said = f"{len(wrong)} words of {table.__tablename__} do not agree with the index"
            said += f", first {term!r}: {wrong[term]:+}."
            yield Finding(id_, said, "flask tribute reindex")
