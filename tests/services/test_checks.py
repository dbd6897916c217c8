"""The checks: each thing broken is found by its id, and what the finding says mends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, delete, select, text, update
from sqlalchemy.orm import Session

from tests.services.acts import AT, standing
from tribute.config import Settings
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import Role
from tribute.extensions import db, now
from tribute.models import (
    Article,
    ArticleEntry,
    DeskVocabulary,
    Memorial,
    Note,
    Page,
    Revision,
    Sketch,
    Tally,
    Triage,
    Tribute,
    TributeCount,
    TributeEntry,
    Vocabulary,
)
from tribute.search.index import ARTICLES, DESK, PUBLIC, Index, engine_of
from tribute.search.terms import Said, row_of
from tribute.services import checks, invitations, people, reindexing, schema
from tribute.services.checks import Finding


def ids_of(findings: list[Finding]) -> list[str]:
    """Which findings there are; each says something and names a remedy."""
    assert all(finding.said.endswith(".") and finding.remedy for finding in findings)
    return [finding.id for finding in findings]


@pytest.fixture
def whole(session: Session) -> Session:
    """A site that is well: a keeper, and a tribute of every status."""
    people.add(session, "keeper@memorial.example", "", Role.KEEPER, "a hash", "en", AT)
    for number, status in enumerate(Status):
        standing(session, status, now() - timedelta(days=20 - number))
    session.commit()
    return session


def remedied(app: Flask, session: Session) -> list[str]:
    """Do what the findings say, which is one thing, and look again."""
    (remedy,) = {finding.remedy for finding in checks.contents(session)}
    session.commit()
    said, *words = remedy.split()
    assert said == "flask"
    answer = app.test_cli_runner().invoke(args=words)
    assert answer.exit_code == 0, answer.output
    session.expire_all()
    return ids_of(checks.contents(session))


def test_a_site_that_is_well_has_no_findings(whole: Session, settings: Settings) -> None:
    assert checks.contents(whole) == []
    assert checks.database(db.engine) == []
    assert checks.settings(settings) == []


BREAKS: dict[str, Callable[[Session], object]] = {
    "T040 texts of an earlier cleaner": lambda s: s.execute(update(Revision).values(policy=0)),
    "T040 an article of an earlier cleaner": lambda s: s.execute(update(Article).values(policy=0)),
    "T040 a page of an earlier cleaner": lambda s: s.execute(update(Page).values(policy=0)),
    "T031 a wrong number": lambda s: s.execute(update(TributeCount).values(number=TributeCount.number + 1)),
    "T031 a missing number": lambda s: s.execute(delete(TributeCount)),
    "T037 a wrong tally": lambda s: s.execute(update(Tally).values(number=Tally.number + 1)),
    "T037 tallies missing": lambda s: s.execute(delete(Tally)),
    "T037 a tally of nothing done": lambda s: s.execute(update(Tally).where(Tally.what == "hide").values(kind="x")),
    "T032 T035 a public one missing": lambda s: without(s, PUBLIC),
    "T032 T035 a hidden one findable": lambda s: with_another(s, PUBLIC),
    "T032 T035 one in other words": lambda s: in_other_words(s, PUBLIC),
    "T033 T035 an article missing": lambda s: without(s, ARTICLES),
    "T033 T035 one that is no more": lambda s: with_another(s, ARTICLES),
    "T033 T035 an article in other words": lambda s: in_other_words(s, ARTICLES),
    "T034 T036 one missing for the desk": lambda s: without(s, DESK),
    "T034 T036 one that the desk should not find": lambda s: with_another(s, DESK),
    "T034 T036 one in other words for the desk": lambda s: in_other_words(s, DESK),
    "T032 in another language": lambda s: s.execute(update(TributeEntry).values(language="xx")),
    "T035 a word counted wrongly": lambda s: s.execute(update(Vocabulary).values(documents=Vocabulary.documents + 1)),
    "T035 a word missing": lambda s: s.execute(delete(Vocabulary).where(Vocabulary.term == "silence")),
    "T035 every word missing": lambda s: s.execute(delete(Vocabulary)),
    "T035 a word of no text": lambda s: s.add(Vocabulary(term="nowhere", documents=1, spelling="Nowhere")),
    "T036 a word of the desk's missing": lambda s: s.execute(delete(DeskVocabulary)),
    "T036 a word of no text of the desk's": lambda s: s.add(DeskVocabulary(term="nowhere", documents=1, spelling="")),
}


def without(session: Session, which: Index) -> None:
    """Take the newest entry out behind the vocabulary's back."""
    number = session.scalars(select(which.entry.number).order_by(which.entry.number.desc())).first()
    engine_of(session).delete(session, which.entry, [number or 0])


def with_another(session: Session, which: Index) -> None:
    """Put in an entry of something that is not there."""
    engine_of(session).insert(session, which.entry, [row_of(7, Said(7, 1, "en", 2026, "Words of nobody."))])


def in_other_words(session: Session, which: Index) -> None:
    """Make the newest entry say something else."""
    query = select(which.entry.number, which.entry.source_id).order_by(which.entry.number.desc()).limit(1)
    number, source = session.execute(query).one()
    engine_of(session).delete(session, which.entry, [number])
    engine_of(session).insert(session, which.entry, [row_of(number, Said(source, 1, "en", 2026, "Words of nobody."))])


@pytest.mark.parametrize("broken", BREAKS)
def test_what_is_kept_twice_and_does_not_agree_is_found_and_mended(whole: Session, app: Flask, broken: str) -> None:
    BREAKS[broken](whole)
    whole.flush()
    found = ids_of(checks.contents(whole))
    assert found == [word for word in broken.split() if word.startswith("T0")]
    assert remedied(app, whole) == []


@pytest.mark.parametrize("which", reindexing.INDEXES, ids=["public", "desk", "articles"])
def test_an_index_that_lost_its_terms_behind_the_entries_is_found_and_mended(
    whole: Session, app: Flask, which: Index
) -> None:
    name = which.entry.__tablename__
    if whole.get_bind().dialect.name == "sqlite":
        whole.execute(text(f"INSERT INTO {name}_fts ({name}_fts) VALUES ('delete-all')"))  # noqa: S608
    else:
        whole.execute(text(f"UPDATE {name} SET terms = ''::tsvector"))  # noqa: S608
    whole.commit()
    assert ("T036" if which is DESK else "T035") in ids_of(checks.contents(whole))
    assert remedied(app, whole) == []


def test_the_first_thing_that_differs_is_named(whole: Session) -> None:
    hidden = whole.scalars(select(Tribute).where(Tribute.status == Status.APPROVED)).one()
    without(whole, PUBLIC)
    whole.execute(delete(DeskVocabulary).where(DeskVocabulary.term == "silence"))
    found = {finding.id: finding.said for finding in checks.contents(whole)}
    assert found["T032"] == (
        "The search index lacks 1 public tributes, holds 0 too many, and of 0 says something else; "
        f"the first is {hidden.public_id}."
    )
    assert found["T036"] == "1 words of desk_vocabulary do not agree with the index, first 'silence': +6."


def test_a_site_without_a_keeper_is_found_and_a_link_makes_one(session: Session, app: Flask) -> None:
    assert ids_of(checks.contents(session)) == ["T021"]
    assert remedied(app, session) == ["T021"]  # until somebody opens the link
    token = invitations.print_link(session, Role.KEEPER, AT)
    invitations.accept(session, token, "k@memorial.example", "", "a hash", "en", AT)
    assert checks.contents(session) == []


def test_a_site_without_a_memorial_is_found_and_prepare_loads_it(whole: Session, app: Flask) -> None:
    for table in (ArticleEntry, TributeEntry, TributeCount, Tally, Article):
        whole.execute(delete(table))
    whole.execute(text("UPDATE tribute SET public_revision_id = NULL, waiting_revision_id = NULL, status = 'spam'"))
    whole.execute(delete(Sketch))
    whole.execute(delete(Triage))
    whole.execute(delete(Revision))
    whole.execute(text("DELETE FROM tribute"))
    whole.execute(delete(Memorial))
    assert ids_of(checks.contents(whole))[0] == "T020"
    whole.commit()
    assert app.test_cli_runner().invoke(args=["tribute", "prepare"]).exit_code == 0
    whole.expire_all()
    assert "T020" not in ids_of(checks.contents(whole))


def test_what_should_have_been_erased_is_found_and_erase_does_it(app: Flask, whole: Session) -> None:
    standing(whole, Status.WITHDRAWN, now() - timedelta(days=40))
    whole.commit()
    (finding,) = checks.contents(whole)
    assert (finding.id, finding.said) == ("T022", "1 withdrawn tributes should have been erased by now.")
    assert remedied(app, whole) == []


def test_a_broken_log_is_found_and_the_row_named(whole: Session) -> None:
    whole.execute(update(Revision).values(name="Somebody else"))
    whole.execute(delete(Note))
    whole.expire_all()
    finding, *others = checks.contents(whole)
    assert ids_of(others) == ["T032", "T034"]  # the indexes have the name as it was
    assert (finding.id, finding.remedy) == ("T030", "Restore a backup from before it was changed.")
    assert "the words decided on in row 1 were changed" in finding.said


def test_a_database_without_its_schema_is_found_and_migrate_brings_it(app: Flask) -> None:
    with app.app_context():
        schema.migrate(db.engine, "base")
        (finding,) = checks.database(db.engine)
        assert (finding.id, finding.remedy) == ("T011", "flask tribute migrate")
        assert finding.said == f"The schema is at nothing, the program needs {schema.head()}."
        assert app.test_cli_runner().invoke(args=finding.remedy.split()[1:]).exit_code == 0
        assert checks.database(db.engine) == []


@pytest.mark.parametrize("where", ["sqlite:////nowhere/at/all.db", "postgresql+psycopg://postgres@127.0.0.1:1/none"])
def test_a_database_that_does_not_answer_is_found(where: str) -> None:
    (finding,) = checks.database(create_engine(where))
    assert finding.id == "T010"
    assert "TRIBUTE_DATABASE_URL" in finding.remedy


def test_a_file_that_is_no_database_is_found(tmp_path: Path) -> None:
    (tmp_path / "tribute.db").write_text("These are words, not a database. " * 50)
    (finding,) = checks.database(create_engine(f"sqlite:///{tmp_path}/tribute.db"))
    assert finding.id == "T010"


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("http://memorial.example", ["T001"]),
        ("http://127.0.0.1.memorial.example", ["T001"]),
        ("http://localhost.memorial.example", ["T001"]),
        ("https://memorial.example", []),
        ("http://127.0.0.1:8000", []),
        ("http://localhost:8000", []),
        ("http://[::1]:8000", []),
    ],
)
def test_a_site_that_others_reach_without_tls_is_found(tmp_path: Path, address: str, found: list[str]) -> None:
    assert ids_of(checks.settings(Settings(instance_path=tmp_path, base_url=address))) == found


def test_secrets_that_others_can_read_are_found_and_chmod_mends_it(tmp_path: Path) -> None:
    settings = Settings(instance_path=tmp_path).with_secrets()
    assert checks.settings(settings) == []
    for mode in (0o640, 0o604, 0o660):
        settings.secrets_file.chmod(mode)
        (finding,) = checks.settings(settings)
        assert (finding.id, finding.remedy) == ("T002", f"chmod 600 {settings.secrets_file}")
    settings.secrets_file.chmod(0o600)
    assert checks.settings(settings) == []
