"""people add, list, link, role, close, reopen, recover."""

from __future__ import annotations

import sys

import click
from flask import current_app

from tribute.cli.tools import reading, writing
from tribute.domain.deeds import Deed
from tribute.domain.language import INTERFACE
from tribute.domain.permissions import Role
from tribute.extensions import now
from tribute.services import deeds, factors, invitations
from tribute.services import people as service
from tribute.services.deeds import OPERATOR
from tribute.web.passwords import hashed, link_to_new, refused

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
    if reason := refused(password):
        raise click.ClickException(reason)
    kept = hashed(password)
    with writing() as session:
        person = service.add(session, email, name, Role(role), kept, language, now())
        deeds.record(session, Deed.JOIN, OPERATOR, now(), person, after=person.role)
        click.echo(f"Added {person.email} as {person.role}.")


@people.command("list")
def list_() -> None:
    """List everybody who can sign in, and whether a second factor is set up."""
    with reading() as session:
        for person in service.every(session):
            state, beside = "active" if person.active else "closed", "2" if factors.has_any(person) else "1"
            click.echo(f"{person.email}\t{person.role}\t{person.name}\t{state}\tfactors: {beside}")


@people.command()
@click.option("--role", type=ROLE, default="keeper", show_default=True, help="What the link makes of who opens it.")
def link(role: str) -> None:
    """Print a link that makes one account; it works once, for 24 hours, and ends earlier links of that role."""
    with writing() as session:
        token = invitations.print_link(session, Role(role), now())
    click.echo(f"{current_app.config['BASE_URL']}/account/invitation/{token}")


@people.command()
@click.argument("email")
@click.argument("role", type=ROLE)
def role(email: str, role: str) -> None:
    """Make somebody a keeper or a moderator. The last keeper stays one."""
    with writing() as session:
        person = service.by_email(session, email)
        service.change_role(session, person, Role(role), OPERATOR, now())
        click.echo(f"{person.email} is a {person.role}.")


@people.command()
@click.argument("email")
def close(email: str) -> None:
    """Close an account and end its sessions. The last keeper's stays open."""
    with writing() as session:
        person = service.by_email(session, email)
        service.close(session, person, OPERATOR, now())
        click.echo(f"{person.email} can sign in no more.")


@people.command()
@click.argument("email")
def reopen(email: str) -> None:
    """Open a closed account again."""
    with writing() as session:
        person = service.by_email(session, email)
        service.reopen(session, person, OPERATOR, now())
        click.echo(f"{person.email} can sign in again.")


@people.command()
@click.argument("email")
def recover(email: str) -> None:
    """Take away somebody's second factor, end their sessions, and print a link to a new password: once, for an hour."""
    with writing() as session:
        person = service.by_email(session, email)
        service.recover(session, person, now())
        made = link_to_new(person)
    click.echo(made)
