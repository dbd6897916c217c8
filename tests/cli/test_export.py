"""export and import: the whole memorial out, and the same again in a new installation; or the reason why not."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from sqlalchemy import make_url, select

from tests import databases
from tests.cast import PASSWORD, Cast, hidden
from tests.cli.conftest import Run, done, refused
from tests.web.steps import press
from tribute.app import create_app
from tribute.config import Settings
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import Role
from tribute.extensions import db
from tribute.models import Base, Invitation, Person
from tribute.services import markdown
from tribute.services.holdings import COLUMNS_LEFT_OUT, DOOR, HELD, LEFT_OUT, SHAPES, Holding

HOSTILE = "=1+1 *bold* <script>alert(1)</script>\n# no heading\n1. no list\n\n> no quote [x](javascript:1) & | `code`"
Parts = dict[str, bytes]


@pytest.fixture
def file(run: Run, cast: Cast, tmp_path: Path) -> Path:
    """An export of a site in which everything has happened that leaves rows of its own."""
    for status in Status:
        cast.tribute(status, email="author@memorial.example", name="Əli Ñ. 🕯", gesture="candle")
    key = cast.tribute(words=HOSTILE, name="=cmd()")
    send(cast, f"/en/20-january/tributes/{key}/report", reason="hatred", message="Please look")
    press(cast.keeper, f"/desk/tributes/{cast.tribute(Status.PENDING)}/note", version="1", note="A note")
    send(cast, "/en/contact", kind="article", name="Nigar", email="n@memorial.example", message="A letter")
    press(cast.keeper, "/desk/safeguards/words/add", list="spam", language="en", grade="grave", words="cheap pills")
    press(cast.keeper, "/desk/rules", hide_at="3")
    target = tmp_path / "out.zip"
    assert "keep it safe" in done(run("export", str(target)))
    return target


@pytest.fixture
def new(settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    """A new installation on the same kind of database, with the same keys, that nobody has prepared."""
    given_keys = settings.model_dump(exclude={"instance_path", "database_url"})
    if make_url(settings.database).get_backend_name() == "sqlite":
        found = Settings(instance_path=tmp_path / "new", **given_keys)
        yield from started(found)
    else:
        for url in databases.postgresql_copy("template0"):
            yield from started(Settings(instance_path=tmp_path / "new", database_url=url, **given_keys))


def started(found: Settings) -> Iterator[Flask]:
    """The application on it."""
    app = create_app(found, TESTING=True)
    yield app
    with app.app_context():
        db.engine.dispose()


def send(cast: Cast, address: str, **fields: str) -> None:
    """A visitor fills in a form and sends it."""
    key = hidden(cast.visitor.get(address), "key")
    assert press(cast.visitor, address, key=key, **fields).status_code == 303


def bring_in(new: Flask, file: Path) -> Any:
    """Import a file there."""
    return new.test_cli_runner().invoke(args=["tribute", "import", str(file)])


def rows(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, without what is left out on purpose and what is drawn by chance."""
    with app.app_context():
        found = {}
        for table in Base.metadata.sorted_tables:
            opens = {name for name, why in COLUMNS_LEFT_OUT.get(table.name, {}).items() if why == DOOR}
            drawn = {"number"} if table.name.endswith("_entry") else {"public_version"}
            columns = [column for column in table.columns if column.name not in {*opens, *drawn}]
            said = db.session.execute(select(*columns)).all()
            is_count = table.name in ("tribute_count", "tally")  # where none is left, a row may say so or be none
            found[table.name] = sorted((tuple(row) for row in said if not is_count or row.number), key=repr)
        db.session.rollback()
        return found


def parts_of(file: Path) -> Parts:
    """What is in an export."""
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(parts: Parts, target: Path, *, mends: bool = True) -> Path:
    """An export of these parts; its manifest tells the sums and the numbers as they are, unless they shall be wrong."""
    if mends:
        said = json.loads(parts["manifest.json"])
        said["files"] = {
            name: {"bytes": len(part), "sha256": hashlib.sha256(part).hexdigest()}
            for name, part in parts.items() if name != "manifest.json"
        }  # fmt: skip
        for name in said["rows"]:
            said["rows"][name] = parts.get(f"json/{name}.jsonl", b"").count(b"\n")
        parts = parts | {"manifest.json": json.dumps(said).encode()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return target


def test_what_is_taken_out_and_brought_in_is_equal_row_by_row(app: Flask, new: Flask, file: Path) -> None:
    said = done(bring_in(new, file))
    assert "Brought in 9 tributes" in said
    before, after = rows(app), rows(new)
    brief = {name for name, why in LEFT_OUT.items() if why != "it is made from the rest"}
    for name in before.keys() - brief - {"rebuilding"}:
        assert after[name] == before[name], name
    assert all(not after[name] for name in brief)
    filled = {"tribute", "revision", "decision", "note", "report", "case", "person", "setting", "listed_word", "triage"}
    assert all(after[name] for name in filled), [name for name in filled if not after[name]]
    assert done(new.test_cli_runner().invoke(args=["tribute", "check"])) == "All is well.\n"
    assert "unbroken" in done(new.test_cli_runner().invoke(args=["tribute", "log", "verify"]))


def test_the_site_goes_on_where_it_was(app: Flask, run: Run, new: Flask, cast: Cast, tmp_path: Path) -> None:
    author, target = cast.author(message="Silence on the morning after"), tmp_path / "out.zip"
    cast.person(Role.KEEPER, "Aytən", "keeper@memorial.example")
    done(run("export", str(target)))
    done(bring_in(new, target))
    there = Cast(new)
    assert "Silence" in there.visitor.get(author.receipt).text
    assert there.visitor.get("/en/20-january/").status_code == 200
    page = there.visitor.get("/account/login")
    assert page.status_code == 200
    answer = press(there.visitor, "/account/login", email="keeper@memorial.example", password=PASSWORD)
    assert answer.status_code == 200, "no password came along"
    assert "/account/reset/" in done(
        new.test_cli_runner().invoke(args=["tribute", "people", "recover", "keeper@memorial.example"])
    )
    there.person(Role.MODERATOR, "Rəna", "rena@memorial.example")  # its number follows on those that came
    assert there.author().receipt


def test_no_door_is_in_it_and_no_email_in_the_clear(app: Flask, run: Run, cast: Cast, file: Path) -> None:
    whole = b"".join(parts_of(file).values())
    with app.app_context():
        people = db.session.scalars(select(Person)).all()
        secrets = [each.password for each in people] + [each.fs_uniquifier for each in people]
        assert not db.session.scalars(select(Invitation)).all()
    secrets += [app.config["SETTINGS"].receipt_keys, "author@memorial.example", "n@memorial.example"]
    assert people
    assert not [secret for secret in secrets if secret.encode() in whole]


def test_every_table_and_column_is_held_or_left_out_for_a_reason() -> None:
    assert {holding.name for holding in HELD} | set(LEFT_OUT) == set(Base.metadata.tables)
    for holding in HELD:
        assert set(holding.left_out) < set(holding.table.columns.keys())
        assert len(holding.row.model_fields) == len(holding.columns)
    json_columns = {
        (holding.name, column.name) for holding in HELD for column in holding.columns
        if type(column.type).__name__ == "JSON"
    }  # fmt: skip
    assert json_columns == set(SHAPES)


def test_no_cell_is_read_as_a_formula_and_every_word_is_there(file: Path) -> None:
    parts = parts_of(file)
    cells = list(csv.DictReader(io.StringIO(parts["tributes.csv"].decode(), newline="")))
    hostile = next(row for row in cells if "cmd" in row["name"])
    assert hostile["name"] == "'=cmd()"
    assert hostile["words"] == f"'{HOSTILE}"
    assert {row["status"] for row in cells} == set(Status)
    for name, part in parts.items():
        if name.endswith(".csv"):
            every = [cell for row in csv.reader(io.StringIO(part.decode(), newline="")) for cell in row]
            assert not [cell for cell in every if cell.startswith(("=", "+", "@")) or cell[:2] in ("-=", "-1+")], name


def test_markdown_shows_what_is_public_as_it_was_typed(file: Path) -> None:
    parts = parts_of(file)
    (name,) = [name for name in parts if name.startswith("markdown/20-january/tributes/")]
    read = MarkdownIt("commonmark").render(parts[name].decode())
    assert "&lt;script&gt;" in read
    assert "<script>" not in read
    assert "<h1>no heading" not in read
    assert "<a " not in read
    assert read.count("<h2>") == 2, "one for each public tribute"
    assert any(name.startswith("markdown/pages/rules") for name in parts)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=30))
def test_no_line_becomes_markup(line: str) -> None:
    typed = " ".join(line.split())
    read = MarkdownIt("commonmark").parseInline(markdown.escape(typed))[0].children or []
    assert {token.type for token in read} <= {"text", "text_special"}
    assert "".join(token.content for token in read).strip() == typed.strip()
    assert [token.type for token in MarkdownIt("commonmark").parse(markdown.escape(typed))][:1] in (
        ["paragraph_open"],
        [],
    )


def test_it_is_its_owners_alone_never_replaces_a_file_and_leaves_nothing_half_done(run: Run, file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "already there" in refused(run("export", str(file)))
    assert "cannot be written" in refused(run("export", str(file.parent / "nowhere" / "out.zip")))
    assert not list(file.parent.glob(".*.part"))


def test_it_is_never_mixed_with_what_is_there(app: Flask, run: Run, file: Path) -> None:
    before = rows(app)
    assert "already holds something" in refused(run("import", str(file)))
    assert rows(app) == before


WRONG: dict[str, tuple[Callable[[Parts], Parts], str]] = {
    "a sum": (lambda p: p | {"README.md": b"other words"}, "README.md is not the file"),
    "a file is missing": (lambda p: {n: v for n, v in p.items() if n != "csv/case.csv"}, "not those that its"),
    "a file more": (lambda p: p | {"../../escaped.txt": b"words"}, "not those that its"),
    "no manifest": (lambda p: {n: v for n, v in p.items() if n != "manifest.json"}, "it has no manifest.json"),
    "a manifest of words": (lambda p: p | {"manifest.json": b"words"}, "manifest.json cannot be read"),
    "another format": (lambda p: manifest(p, format=2), "format 2"),
    "another schema": (lambda p: manifest(p, schema="0007"), "made at schema 0007"),
    "a zip bomb": (lambda p: p | {"README.md": b"0" * 50_000_000}, "packed more densely"),
}
BROKEN: dict[str, tuple[str, Callable[[list[bytes]], list[bytes]], str]] = {
    "no JSON": ("tribute", lambda lines: [b"words", *lines[1:]], "json/tribute.jsonl, line 1: Invalid JSON"),
    "a column more": ("revision", lambda lines: [edited(lines[0], colour="red")], "line 1: colour: Extra inputs"),
    "a column less": ("page", lambda lines: [lines[0], edited(lines[1], original=...)], "line 2: original: Field"),
    "another type": ("tribute", lambda lines: [edited(lines[0], version="1")], "line 1: version: Input should be"),
    "no moment": ("decision", lambda lines: [edited(lines[0], at="yesterday")], "line 1: at: Input should be"),
    "beyond 64 bits": ("tribute", lambda lines: [edited(lines[0], version=1 << 70)], "line 1: version"),
    "a zero byte": ("revision", lambda lines: [edited(lines[0], words="a\x00b")], "line 1: words"),
    "an id twice": ("tribute", lambda lines: [lines[0], lines[0]], "line 2: its key does not follow"),
    "out of order": ("revision", lambda lines: lines[::-1], "line 2: its key does not follow"),
    "a tribute of no memorial": ("memorial", lambda lines: lines[1:], "memorial_id names a row of memorial that is"),
    "words of no tribute": ("tribute", lambda lines: lines[1:], "names a row of tribute that is not there"),
    "a status that is none": ("tribute", lambda lines: [edited(lines[0], status="loved"), *lines[1:]],
                              "json/tribute.jsonl, line 1: the database refuses it"),
    "an article that is none": ("article", lambda lines: [edited(lines[0], original=""), *lines[1:]],
                                "json/article.jsonl, line 1: its text cannot be read"),
    "words that were changed": ("revision", lambda lines: [edited(line, words="Other words") for line in lines],
                                "the log of this export is broken"),
    "a log that was cut": ("decision", lambda lines: lines[:-1], "the log of this export is broken"),
}  # fmt: skip


def manifest(parts: Parts, **values: Any) -> Parts:
    """The parts with other values in their manifest."""
    return parts | {"manifest.json": json.dumps(json.loads(parts["manifest.json"]) | values).encode()}


def edited(line: bytes, **values: Any) -> bytes:
    """A row with other values; `...` takes one out."""
    row = json.loads(line) | values
    return json.dumps({name: value for name, value in row.items() if value is not ...}).encode()


@pytest.fixture
def small(run: Run, cast: Cast, tmp_path: Path) -> Path:
    """An export of a site with two tributes."""
    cast.tribute()
    cast.tribute(Status.DECLINED)
    done(run("export", str(tmp_path / "small.zip")))
    return tmp_path / "small.zip"


def test_what_does_not_fit_is_refused_with_the_reason_and_nothing_is_there(
    new: Flask, small: Path, tmp_path: Path
) -> None:
    parts = parts_of(small)
    for name, (change, reason) in WRONG.items():
        said = refused(bring_in(new, packed(change(parts), tmp_path / "wrong.zip", mends=False)))
        assert reason in said, (name, said)
        assert "Traceback" not in said
    for name, (table, edit, reason) in BROKEN.items():
        lines = edit(parts[f"json/{table}.jsonl"].splitlines())
        changed = parts | {f"json/{table}.jsonl": b"".join(line + b"\n" for line in lines)}
        said = refused(bring_in(new, packed(changed, tmp_path / "broken.zip")))
        assert reason in said, (name, said)
    assert not list(tmp_path.parent.rglob("escaped.txt"))
    done(bring_in(new, small))


def test_a_file_that_was_cut_or_changed_anywhere_is_refused(new: Flask, small: Path, tmp_path: Path) -> None:
    whole, other = small.read_bytes(), tmp_path / "other.zip"
    for length in (0, 1, 30, len(whole) // 3, len(whole) - 1):
        other.write_bytes(whole[:length])
        assert "Error: " in refused(bring_in(new, other)), length
    with zipfile.ZipFile(small) as packed_file:
        large = [entry for entry in packed_file.infolist() if entry.compress_size > 300]
    for place in [
        entry.header_offset + 200 for entry in large[:: len(large) // 10]
    ]:  # within what is packed, where every byte says something
        other.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        assert "Error: " in refused(bring_in(new, other)), place
    done(bring_in(new, small))


@pytest.mark.parametrize("holding", HELD, ids=lambda holding: holding.name)
def test_whatever_a_line_says_it_is_a_row_or_refused(holding: Holding) -> None:
    names = [column.name for column in holding.columns]

    @given(st.binary(max_size=60) | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(names), inner),
        max_leaves=12,
    ).map(lambda value: json.dumps(value).encode()))  # fmt: skip
    @hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    def tried(line: bytes) -> None:
        try:
            holding.row.model_validate_json(line)
        except ValueError:  # pydantic's own is one, and nothing else may come
            return

    tried()


def test_an_erased_tributes_words_are_in_no_later_export(run: Run, cast: Cast, tmp_path: Path) -> None:
    cast.tribute(Status.REMOVED, words="Unforgettable sentence")
    done(run("export", str(tmp_path / "later.zip")))
    assert b"Unforgettable" not in b"".join(parts_of(tmp_path / "later.zip").values())
