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
from tribute.services import checks, content, erasure, kin, people, reindexing, schema, tallies, turnovers


@click.command()
def prepare() -> None:
    """Migrate the database, load what ships, and print a link for the first keeper where there is none."""
    before = schema.current(db.engine)
    schema.migrate(db.engine)
    if before != schema.head():
        click.echo(f"The database is ready (schema {schema.head()}).")
    with writing() as session:
        loaded = content.load(session, now())
        turnovers.catch_up(session, now())
        erased = erasure.erase_withdrawn(session, now())
        erasure.empty_closed_cases(session, now())
        link = None if people.has_keeper(session) else people.invite(session, Role.KEEPER, now())
    if loaded.articles or loaded.pages:
        click.echo(f"Loaded {loaded.articles} articles and {loaded.pages} pages.")
    erasure.scrub(db.session())
    if _has_stale_index():
        click.echo("The search index is made anew.")
        make_anew(shows=sys.stdout.isatty())
    if _has_untold_log():
        mend_tallies()
    if erased:
        click.echo(f"Erased {erased} tributes that were withdrawn more than 30 days ago.")
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
        erased = erasure.erase_withdrawn(session, now())
        emptied = erasure.empty_closed_cases(session, now())
        kin.sweep(session, now())
        turnovers.catch_up(session, now())
    click.echo(f"Erased {erased} tributes and {emptied} cases.")
    if not erasure.scrub(db.session(), seconds=math.inf):
        click.echo("Somebody was reading: what SQLite keeps beside the database is emptied at the next run.")
