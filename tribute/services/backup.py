"""One consistent copy of everything while the site runs: the database, the row counts, the checksums, the keys.

A backup is a tar file of mode 600: `manifest.json`, `secrets.json`, and `database.sqlite` or `database.dump`.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, func, inspect, select

from tribute.config import SECRETS, Settings
from tribute.domain.errors import BadSetup
from tribute.models import Base, Person, Tribute
from tribute.services import schema

PARTS = {"sqlite": "database.sqlite", "postgresql": "database.dump"}


@dataclass(frozen=True)
class Backup:
    """What a backup holds."""

    made_at: str
    database: str
    revision: str
    rows: dict[str, int]
    sha256: dict[str, str]


def write(engine: Engine, settings: Settings, target: Path, at: datetime) -> Backup:
    """Write a backup to a new file. Raises BadSetup where that file is already there."""
    if target.exists():
        raise BadSetup(f"{target} is already there; name another file")
    if schema.current(engine) is None:
        raise BadSetup("the database holds nothing to keep yet. Try: flask tribute prepare")
    with tempfile.TemporaryDirectory(prefix="tribute-backup-", dir=target.absolute().parent) as folder:
        copy = Path(folder) / PARTS[engine.dialect.name]
        rows = _copy_sqlite(engine, copy) if engine.dialect.name == "sqlite" else _dump(engine, copy)
        keys = json.dumps({name: getattr(settings, name) for name in SECRETS}, indent=1).encode()
        sums = {copy.name: _sha256(copy), "secrets.json": hashlib.sha256(keys).hexdigest()}
        made = Backup(at.isoformat(), engine.dialect.name, schema.current(engine) or "", rows, sums)
        _pack(target, Path(folder) / "packed", {"secrets.json": keys, "manifest.json": _json(made)}, copy)
    return made


def restore(engine: Engine, settings: Settings, source: Path, *, force: bool) -> Backup:
    """Put a backup's database and keys in place, and check every table's rows. Raises BadSetup with the reason.

    A target that holds data is refused unless `force` says otherwise.
    """
    with tempfile.TemporaryDirectory(prefix="tribute-restore-") as folder:
        made = _unpack(source, Path(folder))
        _check_target(engine, made, force=force)
        part = Path(folder) / PARTS[made.database]
        (_place_sqlite if made.database == "sqlite" else _load)(engine, part, made)
        _restore_keys(settings, json.loads((Path(folder) / "secrets.json").read_text()))
    with engine.connect() as connection:
        if (found := row_counts(connection)) != made.rows:
            raise BadSetup(f"the restored tables do not have the rows that the backup names: {found}")
    return made


def row_counts(connection: Connection) -> dict[str, int]:
    """How many rows each table holds."""
    tables = _tables(set(inspect(connection).get_table_names()))
    return {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in tables}


def _copy_sqlite(engine: Engine, copy: Path) -> dict[str, int]:
    """SQLite's backup API: a whole copy, whatever is written meanwhile."""
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        target = sqlite3.connect(copy)
        raw.backup(target)  # type: ignore[union-attr]  # sqlite3's own connection
        target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        there = {name for (name,) in target.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        tables = _tables(there)
        rows = {t.name: target.execute(f'SELECT count(*) FROM "{t.name}"').fetchone()[0] for t in tables}  # noqa: S608
        target.close()
    copy.chmod(0o600)
    return rows


def _tables(there: set[str]) -> list[Any]:
    """The tables that are there: an earlier schema has fewer."""
    return [table for table in Base.metadata.sorted_tables if table.name in there]


def _dump(engine: Engine, copy: Path) -> dict[str, int]:
    """pg_dump under the snapshot in which the rows are counted."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        _run(["pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={copy}"], engine.url)
        return row_counts(connection)


def _place_sqlite(engine: Engine, part: Path, _made: Backup) -> None:
    target = Path(engine.url.database or "")
    engine.dispose()
    target.parent.mkdir(parents=True, exist_ok=True)
    for beside in ("-wal", "-shm"):
        target.with_name(target.name + beside).unlink(missing_ok=True)
    fresh = target.with_name(f"{target.name}.restored")
    shutil.copyfile(part, fresh)
    fresh.chmod(0o600)
    fresh.replace(target)


def _load(engine: Engine, part: Path, made: Backup) -> None:
    engine.dispose()
    command = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(part)]
    _run(command, engine.url)
    with engine.begin() as connection:  # tables of a later schema, which a migration will make again
        later = [table for table in Base.metadata.sorted_tables if table.name not in made.rows]
        Base.metadata.drop_all(connection, later)


def _run(command: list[str], url: URL) -> None:
    """Run one of PostgreSQL's programs on a database; its password travels by the environment, not on the line."""
    address = url.set(drivername="postgresql", password=None).render_as_string()
    if shutil.which(command[0]) is None:
        raise BadSetup(f"{command[0]} is not here; on Debian: apt install postgresql-client")
    variables = os.environ | {"PGPASSWORD": url.password or ""}
    ended = subprocess.run(  # noqa: S603  fixed programs, no shell
        [*command, f"--dbname={address}"], env=variables, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise BadSetup(f"{command[0]} failed: {ended.stderr.strip()}")


def _check_target(engine: Engine, made: Backup, *, force: bool) -> None:
    if made.database != engine.dialect.name:
        raise BadSetup(f"this backup is of {made.database}, and TRIBUTE_DATABASE_URL names {engine.dialect.name}")
    if force or (engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists()):
        return
    with engine.connect() as connection:
        there = set(inspect(connection).get_table_names())
        holds = [
            model.__tablename__ for model in (Tribute, Person)
            if model.__tablename__ in there and connection.execute(select(model.id).limit(1)).first()
        ]  # fmt: skip
    if holds:
        raise BadSetup("the target holds data; nothing was changed. To replace it all the same: --force")


def _restore_keys(settings: Settings, keys: dict[str, str]) -> None:
    """Write the backup's keys where the instance keeps its own; keys given by the environment stay in force."""
    file = settings.secrets_file
    present = json.loads(file.read_text()) if file.exists() else {}
    if present and present != keys:
        file.replace(file.with_name("secrets.before-restore.json"))
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        json.dump(keys, stream, indent=1)


def _pack(target: Path, packed: Path, texts: dict[str, bytes], copy: Path) -> None:
    """Write the tar beside its place, mode 600 from its first byte, then move it there."""
    descriptor = os.open(packed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream, tarfile.open(fileobj=stream, mode="w:gz", compresslevel=6) as tar:
        for name, content in texts.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o600
            tar.addfile(entry, io.BytesIO(content))
        tar.add(copy, copy.name)
    packed.replace(target)


def _unpack(source: Path, folder: Path) -> Backup:
    """Unpack the known parts and check them against the manifest. Raises BadSetup."""
    try:
        with tarfile.open(source) as tar:
            for name in ("manifest.json", "secrets.json", *PARTS.values()):
                if name in tar.getnames():
                    _take_out(tar, name, folder)
        made = Backup(**json.loads((folder / "manifest.json").read_text()))
    except (tarfile.TarError, EOFError, zlib.error, OSError, TypeError, KeyError, ValueError) as error:
        raise BadSetup(f"{source} is not a backup of this program, or is damaged ({error})") from error
    for name, expected in made.sha256.items():
        if not (folder / name).exists() or _sha256(folder / name) != expected:
            raise BadSetup(f"{source} is damaged: {name} does not have the checksum that its manifest names")
    return made


def _take_out(tar: tarfile.TarFile, name: str, folder: Path) -> None:
    """Copy one part by its known name, whatever else the archive says of it. Raises TarError where it is no file."""
    part = tar.extractfile(name)
    if part is None:
        raise tarfile.TarError(f"{name} is not a file")
    with part, (folder / name).open("wb") as stream:
        shutil.copyfileobj(part, stream)


def _json(made: Backup) -> bytes:
    return json.dumps(made.__dict__, indent=1, sort_keys=True).encode()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
