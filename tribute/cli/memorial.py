"""memorial add, memorial list."""

from __future__ import annotations

from datetime import date

import click

from tribute.cli.tools import Day, reading, writing
from tribute.domain.language import INTERFACE
from tribute.extensions import now
from tribute.services import memorials


@click.group()
def memorial() -> None:
    """Add a memorial, or list those that are here."""


@memorial.command()
@click.argument("slug")
@click.option("--date", "event", type=Day(), required=True, help="The day of what is remembered.")
@click.option("--time-zone", required=True, help="Where it happened, such as Asia/Baku.")
@click.option("--name", "names", multiple=True, required=True, metavar="LANG=NAME", help="Its name; once a language.")
@click.option("--place", "places", multiple=True, metavar="LANG=PLACE", help="Its place, for each language.")
@click.option("--closing", default="", metavar="LANG=WORDS", help="The words at the foot of its pages.")
def add(
    slug: str, event: date, time_zone: str, names: tuple[str, ...], places: tuple[str, ...], closing: str
) -> None:  # fmt: skip
    """Add a memorial at the address /<language>/SLUG/."""
    closed = next(iter(by_language((closing,) if closing else ()).items()), ("", ""))
    with writing() as session:
        memorials.add(session, slug, event, time_zone, by_language(names), by_language(places), now(), closed)
    click.echo(f"Added {slug}. Give it an article: flask tribute article import FILE --memorial {slug} --language en")


@memorial.command("list")
def list_() -> None:
    """List the memorials."""
    with reading() as session:
        for found in memorials.every(session):
            click.echo(f"{found.slug}\t{found.event_date}\t{found.time_zone}\t{found.name('en')}")


def by_language(said: tuple[str, ...]) -> dict[str, str]:
    """Read "en=Baku" and the like."""
    found = dict(pair.split("=", 1) for pair in said if "=" in pair)
    wrong = [pair for pair in said if "=" not in pair] + [code for code in found if code not in INTERFACE]
    if wrong:
        raise click.BadParameter(f"{wrong[0]!r}: write it as en=…, with one of {', '.join(INTERFACE)}")
    return found
