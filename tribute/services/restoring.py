"""Putting a backup in place, and finding out what went since it was made.

What the database that is replaced, and the newer backups beside the one that is put back, know to be gone goes again:
`gone.apply`, in a transaction of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine

from tribute.config import Settings
from tribute.domain.errors import BadSetup
from tribute.services import gone, schema
from tribute.services.backup import (
    MANIFEST,
    PARTS,
    UNREADABLE,
    Backup,
    backups_folder,
    holds_data,
    read_gone,
    row_counts,
    run_program,
    sha256,
)
from tribute.services.gone import Gone

LONGEST_MANIFEST = 256 * 1024 * 1024  # bytes


@dataclass(frozen=True)
class Restored:
    """What was put in place, and what is known to have gone since."""

    backup: Backup
    gone: Gone
    known_until: str | None  # a moment: what went after it nobody knows. None: the database that was here knew all


def restore(engine: Engine, settings: Settings, source: Path, *, force: bool) -> Restored:
    """Put a backup's database and keys in place, check every table's rows, and bring the schema up to date.

    A target that holds data is refused unless `force` says otherwise. What is gone since is left to `gone.apply`.
    Raises BadSetup with the reason.
    """
    with tempfile.TemporaryDirectory(prefix="tribute-restore-") as folder:
        made = _unpack(source, Path(folder))
        _check_target(engine, made, force=force)
        here, newer = read_gone(engine), _newer(settings, source, made)
        part = Path(folder) / PARTS[made.database]
        (_place_sqlite if made.database == "sqlite" else _load)(engine, part)
        _restore_keys(settings, json.loads((Path(folder) / "secrets.json").read_text()))
    with engine.connect() as connection:
        if (found := row_counts(connection)) != made.rows:
            raise BadSetup(f"the restored tables do not have the rows that the backup names: {found}")
    schema.migrate(engine)
    return _since(made, read_gone(engine) or Gone(), newer, here)


def _newer(settings: Settings, source: Path, made: Backup) -> list[Backup]:
    """The backups that lie beside one, or in the instance folder, and were made after it; the oldest first."""
    folders = {source.absolute().parent, backups_folder(settings)}
    files = [file for folder in folders if folder.is_dir() for file in folder.glob("*.tar.gz")]
    found = [other for file in files if (other := _peek(file)) and other.made_at > made.made_at]
    return sorted(found, key=lambda other: other.made_at)


def _since(made: Backup, restored: Gone, newer: list[Backup], here: Gone | None) -> Restored:
    """Put together what others of this very site knew."""
    backups = [other for other in newer if other.gone.site == restored.site]
    knows_here = here if here and here.site == restored.site else None
    known = [restored, *(other.gone for other in backups), *([knows_here] if knows_here else [])]
    until = None if knows_here else backups[-1].made_at if backups else made.made_at
    return Restored(made, gone.together(known), until)


def _peek(file: Path) -> Backup | None:
    """A backup's manifest, which stands before what is large."""
    try:
        with tarfile.open(file) as tar:
            for entry in islice(tar, 2):
                part = tar.extractfile(entry) if entry.name == MANIFEST else None
                if part is not None:
                    return Backup.of_json(part.read(LONGEST_MANIFEST))
    except UNREADABLE:
        return None
    return None


def _place_sqlite(engine: Engine, part: Path) -> None:
    target = Path(engine.url.database or "")
    engine.dispose()
    target.parent.mkdir(parents=True, exist_ok=True)
    for beside in ("-wal", "-shm"):
        target.with_name(target.name + beside).unlink(missing_ok=True)
    fresh = target.with_name(f"{target.name}.restored")
    shutil.copyfile(part, fresh)
    fresh.chmod(0o600)
    fresh.replace(target)


# pg_restore's own --clean knows only what the backup holds, and what a newer schema added may lean on that.
EMPTY = """
SET client_min_messages = warning;
DO $$ DECLARE command text; BEGIN
    FOR command IN SELECT format('DROP TABLE public.%I CASCADE', tablename) FROM pg_tables WHERE schemaname = 'public'
    LOOP EXECUTE command; END LOOP;
    FOR command IN SELECT 'DROP FUNCTION ' || oid::regprocedure FROM pg_proc AS own
        WHERE pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = own.oid AND deptype = 'e')
    LOOP EXECUTE command; END LOOP;
END $$;
"""


def _load(engine: Engine, part: Path) -> None:
    """Put a dump in the place of everything that is there, in one transaction."""
    engine.dispose()
    emptied, filled = part.with_name("empty.sql"), part.with_name("fill.sql")
    emptied.write_text(EMPTY)
    run_program(["pg_restore", "--no-owner", "--schema=public", f"--file={filled}", str(part)], None)
    command = ["psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    run_program([*command, f"--file={emptied}", f"--file={filled}"], engine.url)


def _check_target(engine: Engine, made: Backup, *, force: bool) -> None:
    if made.database != engine.dialect.name:
        raise BadSetup(f"this backup is of {made.database}, and TRIBUTE_DATABASE_URL names {engine.dialect.name}")
    if not schema.knows(made.revision):
        raise BadSetup(
            f"this backup is of a newer version of the program (schema {made.revision}); restore it with that"
        )
    if force or (engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists()):
        return
    if holds_data(engine):
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


def _unpack(source: Path, folder: Path) -> Backup:
    """Unpack the known parts and check them against the manifest. Raises BadSetup."""
    try:
        with tarfile.open(source) as tar:
            for name in (MANIFEST, "secrets.json", *PARTS.values()):
                if name in tar.getnames():
                    _take_out(tar, name, folder)
        made = Backup.of_json((folder / MANIFEST).read_text())
    except UNREADABLE as error:
        raise BadSetup(f"{source} is not a backup of this program, or is damaged ({error})") from error
    for name, expected in made.sha256.items():
        if not (folder / name).exists() or sha256(folder / name) != expected:
            raise BadSetup(f"{source} is damaged: {name} does not have the checksum that its manifest names")
    return made


def _take_out(tar: tarfile.TarFile, name: str, folder: Path) -> None:
    """Copy one part by its known name, whatever else the archive says of it. Raises TarError where it is no file."""
    part = tar.extractfile(name)
    if part is None:
        raise tarfile.TarError(f"{name} is not a file")
    with part, (folder / name).open("wb") as stream:
        shutil.copyfileobj(part, stream)
