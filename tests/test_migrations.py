"""The schema: one line of migrations, up and down with data, the same as the models, guarded on both databases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from tests.cast import a_tribute
from tribute.domain.lifecycle import Status
from tribute.extensions import db
from tribute.models import begin_write
from tribute.search.index import PUBLIC
from tribute.services import checks, reindexing, schema

FIRST, SECOND = "0001", "0002"
ADDED_BY_THE_THIRD = 2  # columns of a tribute
FORMER = ("tribute_entry", "article_entry")
ENTRIES = (*FORMER, "desk_entry")


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """An engine on a fresh, migrated database."""
    made = create_engine(database)
    yield made
    made.dispose()


def test_the_migrations_are_one_line() -> None:
    steps = ScriptDirectory.from_config(schema.config())
    assert len(steps.get_heads()) == 1
    assert all(not isinstance(step.down_revision, tuple) for step in steps.walk_revisions())


def test_the_newest_migration_is_what_the_models_say(engine: Engine) -> None:
    with engine.connect() as connection:
        command.check(schema.config(connection))  # raises where a model and a table differ


def test_checks_and_partial_indexes_are_what_the_models_say(engine: Engine) -> None:
    from_models = {
        (table.name, str(constraint.name)) for table in db.Model.metadata.sorted_tables
        for constraint in table.constraints if str(constraint.name).startswith("ck_")
    }  # fmt: skip
    seen = inspect(engine)
    found = {(name, str(c["name"])) for name in seen.get_table_names() for c in seen.get_check_constraints(name)}
    assert from_models == found
    conditions = {
        index["name"] for name in seen.get_table_names() for index in seen.get_indexes(name)
        if any(key.endswith("_where") for key in index["dialect_options"])
    }  # fmt: skip
    assert {"ix_tribute_wall", "ix_tribute_queue", "uq_article_standing", "uq_article_edition"} <= conditions


def test_down_and_up_again_with_data(app: Flask) -> None:
    with app.app_context():
        for status in Status:
            a_tribute(app, status)
        db.session.remove()
        schema.migrate(db.engine, "base")
        left = set(inspect(db.engine).get_table_names())
        assert left <= {"alembic_version"}
        schema.migrate(db.engine)
        assert schema.current(db.engine) == schema.head()


def test_the_entries_of_the_search_are_made_anew_from_the_first_migration_on(app: Flask) -> None:
    with app.app_context():
        for status in Status:
            a_tribute(app, status)
        tributes = rows("tribute")
        db.session.remove()
        for _twice in range(2):
            schema.migrate(db.engine, FIRST)
            assert not any(rows(entry) for entry in FORMER)
            assert not {"desk_entry", "vocabulary", "desk_vocabulary", "rebuilding"} & set(tables())
            fill_as_before()
            schema.migrate(db.engine, SECOND)
            assert not any(rows(table) for table in (*ENTRIES, "vocabulary", "desk_vocabulary", "rebuilding"))
            assert rows("tribute") == [row[:-ADDED_BY_THE_THIRD] for row in tributes]
        schema.migrate(db.engine)
        assert rows("tribute") == tributes
        assert app.test_cli_runner().invoke(args=["tribute", "reindex"]).exit_code == 0
        assert [len(rows(entry)) for entry in ENTRIES] == [1, 4, len(Status) - 1]
        assert [finding.id for finding in checks.contents(db.session())] == ["T021"]
        db.session.remove()


def test_the_terms_of_a_long_text_stay_in_their_row_as_they_are(app: Flask) -> None:
    with app.app_context():
        is_postgresql = db.engine.dialect.name == "postgresql"
        a_tribute(app, words=" ".join(f"silence{number}" for number in range(300)))
        a_tribute(app, words=" ".join(f"word{number}" for number in range(300)))
        assert not is_postgresql or not any(not_whole(entry) for entry in ENTRIES)
        db.session.remove()
        schema.migrate(db.engine, "0010")
        before = {entry: rows(entry) for entry in ENTRIES}
        if is_postgresql:
            write_anew(ENTRIES)
            assert not_whole("tribute_entry")
            assert not_whole("desk_entry")
        schema.migrate(db.engine, "0011")
        assert {entry: rows(entry) for entry in ENTRIES} == before
        assert not is_postgresql or not any(not_whole(entry) for entry in ENTRIES)
        schema.migrate(db.engine)


def write_anew(entries: Iterable[str]) -> None:
    """Let PostgreSQL write every row of a table once more, as it now would."""
    with db.engine.begin() as connection:
        for entry in entries:
            connection.execute(text(f"UPDATE {entry} SET terms = terms || ''::tsvector"))  # noqa: S608  our own names


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_entries_that_are_there_come_into_stretches_by_their_number(app: Flask) -> None:
    with app.app_context():
        schema.migrate(db.engine, "0011")
        with db.engine.begin() as connection:
            connection.execute(text(
                "INSERT INTO tribute_entry (number, source_id, language, terms) "
                "SELECT 10000 - 2 * at, at, 'az', 'a:1 b:2' FROM generate_series(1, 4100) AS at"
            ))  # fmt: skip
        schema.migrate(db.engine)
        placed = "SELECT stretch, count(*), min(number) FROM tribute_entry GROUP BY stretch ORDER BY stretch"
        assert rows_of(placed) == [(0, 4096, 1800), (1, 4, 9992)]
        held = "SELECT count(*) FROM tribute_entry WHERE terms_within(number, stretch, terms) && ARRAY[{}]"
        counted = [rows_of(held.format(f"term_within({at}, 'a')"))[0][0] for at in (0, 1, 2, -16, -256)]
        assert counted == [4096, 4, 0, 512, 32]
        schema.migrate(db.engine, "0011")
        assert len(rows("tribute_entry")) == 4100
        schema.migrate(db.engine)


def not_whole(entry: str) -> bool:
    """Whether PostgreSQL keeps any terms of a table compressed, or beside it in pieces, or both at once."""
    compressed = f"SELECT count(*) FROM {entry} WHERE pg_column_compression(terms) IS NOT NULL"  # noqa: S608  our own names
    [[beside]] = rows_of(f"SELECT reltoastrelid::regclass FROM pg_class WHERE oid = '{entry}'::regclass")  # noqa: S608  our own names
    found = rows_of(f"{compressed} UNION ALL SELECT count(DISTINCT chunk_id) FROM {beside}")  # noqa: S608  our own names
    return any(number for (number,) in found)


def test_a_rebuilding_that_was_interrupted_leaves_nothing_behind_going_down(app: Flask) -> None:
    with app.app_context():
        a_tribute(app)
        begin_write(db.session())
        next(reindexing.structure(db.session(), PUBLIC), None)
        db.session.commit()
        db.session.remove()
        schema.migrate(db.engine, "base")
        assert tables() <= {"alembic_version"}
        schema.migrate(db.engine)


def tables() -> set[str]:
    """The tables there are."""
    return set(inspect(db.engine).get_table_names())


def rows(table: str) -> list[tuple[object, ...]]:
    """Every row of a table."""
    return rows_of(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608


def rows_of(query: str) -> list[tuple[object, ...]]:
    """What a query finds."""
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def fill_as_before() -> None:
    """Give the first migration's entries something to hold, found by the index that hangs on them."""
    with db.engine.begin() as connection:
        for entry in FORMER:
            row = "(id, memorial_id, language, folded) VALUES (7, 1, 'en', 'x')"
            connection.execute(text(f"INSERT INTO {entry} {row}"))
            matches = f"terms @@ 'x'::tsquery FROM {entry}"
            if connection.dialect.name == "sqlite":
                matches = f"count(*) = 1 FROM {entry}_fts WHERE {entry}_fts MATCH 'x'"
            assert connection.execute(text(f"SELECT {matches}")).scalar_one()


def test_a_second_migration_changes_nothing(engine: Engine) -> None:
    before = schema.current(engine)
    schema.migrate(engine)
    assert schema.current(engine) == before == schema.head()


def test_the_log_refuses_to_be_changed_in_the_database_itself(app: Flask) -> None:
    with app.app_context():
        a_tribute(app)
        statements = ["UPDATE decision SET reason = 'x'", "DELETE FROM decision"]
        if db.engine.dialect.name == "postgresql":
            statements.append("TRUNCATE decision CASCADE")
        for statement in statements:
            with pytest.raises(DBAPIError, match="append-only"):
                db.session.execute(text(statement))
            db.session.rollback()


def test_the_index_of_each_engine_is_there(engine: Engine) -> None:
    seen = inspect(engine)
    for entry in ENTRIES:
        if engine.dialect.name == "sqlite":
            assert f"{entry}_fts" in seen.get_table_names()
        else:
            assert "terms" in {column["name"] for column in seen.get_columns(entry)}
            assert {f"ix_{entry}_terms", f"ix_{entry}_within"} <= {index["name"] for index in seen.get_indexes(entry)}


def test_references_are_checked_at_the_commit(app: Flask) -> None:
    with app.app_context():
        a_tribute(app)
        db.session.execute(text("UPDATE tribute SET waiting_revision_id = 1"))
        with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
            db.session.commit()
        db.session.rollback()


def test_one_standing_article_a_language(app: Flask) -> None:
    with app.app_context():
        table = db.Model.metadata.tables["article"]
        copied = [table.c.id + 1 if column.name == "id" else column for column in table.c]
        with pytest.raises(DBAPIError, match=r"(?i)unique"):
            db.session.execute(table.insert().from_select([c.name for c in table.c], db.select(*copied)))
        db.session.rollback()
