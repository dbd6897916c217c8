"""export, import."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

import click

from tribute.cli.index import make_anew
from tribute.cli.tools import reading, refuse, writing
from tribute.domain.errors import BadSetup, Refusal
from tribute.extensions import db, now
from tribute.services import erasure, imports, schema
from tribute.services import export as service
from tribute.web.passwords import hashed


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write everything as JSON Lines, CSV and Markdown into FILE, a zip file, while the site runs.

    No password and no key is in it, but every word, waiting and declined ones too: keep it as safe as the site.
    """
    if file.exists():
        refuse(BadSetup(f"{file} is already there; name another file"))
    if schema.current(db.engine) != schema.head():
        refuse(BadSetup("the database is not as this program needs it. Try: flask tribute prepare"))
    part = file.with_name(f".{file.name}.part")
    try:
        with reading() as session, os.fdopen(_private(part), "wb") as stream:
            for piece in service.write(session, now()):
                stream.write(piece)
        part.replace(file)
        erasure.scrub(db.session())  # what was erased meanwhile could not be overwritten
    except OSError as error:
        refuse(BadSetup(f"{file} cannot be written ({error.strerror})"))
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    click.echo(f"{file}: {file.stat().st_size} bytes. It holds every word; keep it safe.")


def _private(part: Path) -> int:
    """Begin a file that is its owner's alone; what a run that was broken off left is replaced."""
    part.unlink(missing_ok=True)
    return os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Bring FILE, an export, into a new installation: its database holds nothing, and nobody has prepared it."""
    nobodys = hashed(secrets.token_urlsafe(32))
    try:
        number = imports.total(file)
        schema.prepare_new(db.engine)
    except Refusal as error:
        refuse(error)
    with writing() as session, click.progressbar(length=number, label="rows") as bar:
        brought = imports.load(session, file, nobodys, bar.update)
    make_anew(shows=True)
    click.echo(f"Brought in {brought.rows['tribute']} tributes, as of {brought.made_at}.")
    click.echo("Nobody's password came along. Let each person in by: flask tribute people recover EMAIL")
