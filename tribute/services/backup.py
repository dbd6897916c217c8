"""One consistent copy of everything while the site runs: the database, the row counts, the checksums, the keys.

A backup is a tar file of mode 600: `secrets.json`, `manifest.json`, and `database.sqlite` or `database.dump`. The
manifest says what is gone, so that an older backup put back does not bring it again.
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
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, func, inspect, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from tribute.config import SECRETS, Settings
from tribute.domain.errors import BadSetup
from tribute.models import Base, LastDone, Person, Tribute, begin_write
from tribute.services import gone, last_done, schema
from tribute.services.gone import Gone
from tribute.services.last_done import Chore

MANIFEST = "manifest.json"
NAMED = "tribute-%Y%m%d-%H%M%S.tar.gz"  # by the moment in UTC
UNFINISHED = "tribute-backup-"
UNREADABLE = (tarfile.TarError, EOFError, zlib.error, OSError, TypeError, KeyError, ValueError, AttributeError)
PARTS = {"sqlite": "database.sqlite", "postgresql": "database.dump"}


@dataclass(frozen=True)
class Backup:
    """What a backup holds."""

    made_at: str
    database: str
    revision: str
    rows: dict[str, int]
    sha256: dict[str, str]
    gone: Gone = field(default_factory=Gone)  # none in backups of earlier versions

    @classmethod
    def of_json(cls, written: str | bytes) -> Self:
        """Read a manifest. Raises TypeError, KeyError or ValueError."""
        said = json.loads(written)
        return cls(**said | {"gone": Gone(**said.get("gone", {}))})


@dataclass(frozen=True)
class Kept:
    """A backup in its place."""

    file: Path
    backup: Backup
    is_noted: bool


def keep(engine: Engine, settings: Settings, at: datetime, file: Path | None = None) -> Kept:
    """Write a backup to a file, or among the instance's own under a name of the moment; and note that there is one.

    Raises BadSetup where it cannot be written, or where that file is already there.
    """
    target = file or backups_folder(settings) / at.strftime(NAMED)
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = write(engine, settings, target, at)
    except (OSError, sqlite3.Error) as error:
        raise BadSetup(f"{target} cannot be written ({error})") from error
    return Kept(target, made, note(engine, made))


def note(engine: Engine, made: Backup) -> bool:
    """Let every machine know that there is a backup; tells whether that could be written down. It is whole either way.

    In a transaction of its own, for a schema of an earlier version has nowhere to write it.
    """
    with Session(engine) as session:
        if not inspect(session.connection()).has_table(LastDone.__tablename__):
            return False
        try:
            begin_write(session)
            last_done.mark(session, Chore.BACKUP, datetime.fromisoformat(made.made_at))
            session.commit()
        except OperationalError:  # a busy database
            return False
    return True


def write(engine: Engine, settings: Settings, target: Path, at: datetime) -> Backup:
    """Write a backup to a new file. Raises BadSetup where that file is already there."""
    if target.exists():
        raise BadSetup(f"{target} is already there; name another file")
    if schema.current(engine) is None:
        raise BadSetup("the database holds nothing to keep yet. Try: flask tribute prepare")
    with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=target.absolute().parent) as folder:
        copy = Path(folder) / PARTS[engine.dialect.name]
        rows = _copy_sqlite(engine, copy) if engine.dialect.name == "sqlite" else _dump(engine, copy)
        keys = json.dumps({name: getattr(settings, name) for name in SECRETS}, indent=1).encode()
        sums = {copy.name: sha256(copy), "secrets.json": hashlib.sha256(keys).hexdigest()}
        made = Backup(
            at.isoformat(), engine.dialect.name, schema.current(engine) or "", rows, sums, read_gone(engine) or Gone()
        )
        _pack(target, Path(folder) / "packed", {"secrets.json": keys, MANIFEST: _json(made)}, copy)
    return made


def prune(folder: Path, at: datetime, days: int) -> list[Path]:
    """Delete backups that are older, by the moment in their names; never the newest.

    What a run that was broken off left behind goes too. Returns what was deleted.
    """
    named = {file: found for file in folder.iterdir() if (found := _made_at(file.name)) is not None}
    newest = max(named.values(), default=at)
    old = [file for file, made in named.items() if made < at - timedelta(days=days) and made != newest]
    for file in old:
        file.unlink(missing_ok=True)
    for left in folder.glob(f"{UNFINISHED}*"):
        if datetime.fromtimestamp(left.stat().st_mtime, UTC) < at - timedelta(days=1):
            shutil.rmtree(left, ignore_errors=True)
    return sorted(old)


def _made_at(name: str) -> datetime | None:
    try:
        return datetime.strptime(name, NAMED).replace(tzinfo=UTC)
    except ValueError:
        return None


def read_gone(engine: Engine) -> Gone | None:
    """What is gone from a database; None where it is new, broken, or of a schema that cannot be read."""
    try:
        with Session(engine) as session:
            return gone.read(session)
    except (SQLAlchemyError, UnicodeDecodeError):
        return None


def backups_folder(settings: Settings) -> Path:
    """Where backups lie that nobody named a place for."""
    return settings.instance_path.absolute() / "backups"


def row_counts(connection: Connection) -> dict[str, int]:
    """How many rows each of the program's tables holds; an earlier schema has not all of them."""
    there = set(inspect(connection).get_table_names())
    tables = [table for table in Base.metadata.sorted_tables if table.name in there]
    return {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in tables}


def holds_data(engine: Engine) -> bool:
    """Whether a database holds what nobody could make anew: a tribute or an account."""
    with engine.connect() as connection:
        there = set(inspect(connection).get_table_names())
        return any(
            model.__tablename__ in there and connection.execute(select(model.id).limit(1)).first() is not None
            for model in (Tribute, Person)
        )


def _copy_sqlite(engine: Engine, copy: Path) -> dict[str, int]:
    """SQLite's backup API: a whole copy, whatever is written meanwhile."""
    target = sqlite3.connect(copy)
    copy.chmod(0o600)
    with engine.connect() as connection:
        connection.connection.driver_connection.backup(target)  # type: ignore[union-attr]  # sqlite3's own connection
    target.close()
    with create_engine(f"sqlite:///{copy}", poolclass=NullPool).connect() as connection:
        rows = row_counts(connection)
    target = sqlite3.connect(copy)
    target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    target.close()
    return rows


def _dump(engine: Engine, copy: Path) -> dict[str, int]:
    """pg_dump under the snapshot in which the rows are counted."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        run_program(
            ["pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={copy}"], engine.url
        )
        return row_counts(connection)


def run_program(command: list[str], url: URL | None) -> None:
    """Run one of PostgreSQL's programs on a database; its password travels by the environment, not on the line."""
    if shutil.which(command[0]) is None:
        raise BadSetup(f"{command[0]} is not here; on Debian: apt install postgresql-client")
    variables = dict(os.environ)
    if url is not None:
        command = [*command, f"--dbname={url.set(drivername='postgresql', password=None).render_as_string()}"]
        variables["PGPASSWORD"] = url.password or ""
    ended = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)  # noqa: S603  no shell
    if ended.returncode:
        raise BadSetup(f"{command[0]} failed: {ended.stderr.strip()}")


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


def _json(made: Backup) -> bytes:
    return json.dumps(asdict(made), indent=1, sort_keys=True).encode()


def sha256(file: Path) -> str:
    """A file's SHA-256, in hexadecimal digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
