"""prepare, migrate, check, erase: bringing an installation up, and looking whether it is well."""

from __future__ import annotations

import math
import sys

import click
from flask import current_app

from tribute.cli.index import make_anew, mend_tallies
from tribute.cli.tools import reading, refuse, writing
from tribute.domain.errors import BadSetup
from tribute.domain.permissions import Role
from tribute.extensions import db, now
from tribute.mail.chores import clear_folder
from tribute.services import backup, checks, chores, content, erasure, invitations, people, reindexing, schema, tallies


@click.command()
@click.option("--no-backup", is_flag=True, help="Migrate without a backup: where the database has one of its own.")
def prepare(no_backup: bool) -> None:
    """Migrate the database, load what ships, and print a link for the first keeper where there is none.

    Before a database that holds data is migrated it is backed up, into the instance folder's backups/.
    """
    with schema.alone(db.engine):
        _bring_up(keeps=not no_backup)
        _load()


def _bring_up(*, keeps: bool) -> None:
    """Bring the schema up to date, after a backup of what is there."""
    before = schema.current(db.engine)
    if before == schema.head():
        return
    if keeps and before is not None and backup.holds_data(db.engine):
        _keep()
    try:
        schema.migrate(db.engine)
    except BadSetup as error:
        refuse(error)
    click.echo(f"The database is ready (schema {schema.head()}).")


def _keep() -> None:
    """Back up what is about to be migrated; without a backup nothing is."""
    try:
        kept = backup.keep(db.engine, current_app.config["SETTINGS"], now())
    except BadSetup as error:
        raise click.ClickException(f"the database was not migrated, for it could not be backed up: {error}") from error
    click.echo(f"The database is backed up before it is migrated: {kept.file}")


def _load() -> None:
    """Load what ships, erase what is due, and mend what an earlier program left."""
    with writing() as session:
        loaded = content.load(session, now())
        erased = chores.daily(session, now())
        link = None if people.has_keeper(session) else invitations.print_link(session, Role.KEEPER, now())
    if loaded.articles or loaded.pages:
        click.echo(f"Loaded {loaded.articles} articles and {loaded.pages} pages.")
    clear_folder(current_app.config["SETTINGS"].mail_folder, now())
    erasure.scrub(db.session())
    if _has_stale_index():
        click.echo("The search index is made anew.")
        make_anew(shows=sys.stdout.isatty())
    if _has_untold_log():
        mend_tallies()
    if erased.tributes:
        click.echo(f"Erased {erased.tributes} tributes that were withdrawn more than 30 days ago.")
    if link:
        click.echo("There is no keeper yet. Open this link within 24 hours to make your account; it works once:")
        click.echo(f"  {current_app.config['BASE_URL']}/account/invitation/{link}")


def _has_stale_index() -> bool:
    """Whether this program would index the newest tributes and articles otherwise than they are."""
    with reading() as session:
        return any(reindexing.is_stale(session, which) for which in reindexing.INDEXES)


def _has_untold_log() -> bool:
    """Whether an earlier program wrote the log, and counted nothing of it."""
    with reading() as session:
        return tallies.is_unfilled(session)


@click.command()
@click.option(
    "--to", "revision", default="head", show_default=True, help="The migration to go to, up or down; or base."
)
def migrate(revision: str) -> None:
    """Bring the database's schema up to date, or to a named migration."""
    try:
        with schema.alone(db.engine):
            schema.migrate(db.engine, revision)
    except BadSetup as error:
        refuse(error)
    click.echo(f"The schema is at {schema.current(db.engine) or 'base'}.")


@click.command()
def check() -> None:
    """Look over settings, database, log, counts and search index; say what is wrong and what mends it."""
    findings = checks.settings(current_app.config["SETTINGS"]) + checks.database(db.engine)
    if not findings:
        with reading() as session:
            findings = checks.contents(session)
    for finding in findings:
        click.echo(f"{finding.id}  {finding.said}\n      {finding.remedy}")
    if findings:
        raise SystemExit(1)
    click.echo("All is well.")


@click.command()
def erase() -> None:
    """Erase tributes withdrawn more than 30 days ago and cases closed more than 90 days ago. To be run every day."""
    with writing() as session:
        erased = chores.daily(session, now())
    clear_folder(current_app.config["SETTINGS"].mail_folder, now())
    click.echo(f"Erased {erased.tributes} tributes and {erased.cases} cases.")
    if not erasure.scrub(db.session(), seconds=math.inf):
        click.echo("Somebody was reading: what SQLite keeps beside the database is emptied at the next run.")
