"""people add, list, link."""

from __future__ import annotations

import sys

import click
from flask import current_app

from tribute.cli.tools import reading, writing
from tribute.domain.language import INTERFACE
from tribute.domain.permissions import Role
from tribute.extensions import now
from tribute.services import people as service
from tribute.services.people import SHORTEST_PASSWORD
from tribute.web.passwords import hashed

ROLE = click.Choice([str(role) for role in Role])


@click.group()
def people() -> None:
    """Moderators and keepers."""


@people.command()
@click.argument("email")
@click.option("--role", type=ROLE, required=True, help="A moderator may decide, a keeper may do all.")
@click.option("--name", default="", help="The name that colleagues see; without it, the address's first part.")
@click.option("--language", type=click.Choice(INTERFACE), default="en", show_default=True, help="The desk's language.")
@click.option(
    "--password-stdin", is_flag=True, required=True, expose_value=False, help="Read the password from standard input."
)
def add(email: str, role: str, name: str, language: str) -> None:
    """Add a person with a password."""
    password = sys.stdin.readline().rstrip("\r\n")
    if len(password) < SHORTEST_PASSWORD:
        raise click.ClickException(f"the password needs at least {SHORTEST_PASSWORD} characters")
    kept = hashed(password)
    with writing() as session:
        person = service.add(session, email, name, Role(role), kept, language, now())
        click.echo(f"Added {person.email} as {person.role}.")


@people.command("list")
def list_() -> None:
    """List everybody who can sign in."""
    with reading() as session:
        for person in service.every(session):
            click.echo(f"{person.email}\t{person.role}\t{person.name}\t{'active' if person.active else 'closed'}")


@people.command()
@click.option("--role", type=ROLE, default="keeper", show_default=True, help="What the link makes of who opens it.")
def link(role: str) -> None:
    """Print a link that makes one account; it works once, for 24 hours, and ends earlier links of that role."""
    with writing() as session:
        token = service.invite(session, Role(role), now())
    click.echo(f"{current_app.config['BASE_URL']}/account/invitation/{token}")
