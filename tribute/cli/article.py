"""article import, export, list."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from tribute.cli.tools import Day, reading, writing
from tribute.domain import article as files
from tribute.domain.language import INTERFACE
from tribute.extensions import now
from tribute.services import articles, memorials, turnovers
from tribute.services.articles import Edition, Imported

LANGUAGE = click.Choice(INTERFACE)
YEAR = click.IntRange(1900, 2999)


@click.group()
def article() -> None:
    """Bring articles in, give them back, list them."""


@article.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--memorial", "slug", required=True, help="The memorial's slug.")
@click.option("--language", type=LANGUAGE, required=True, help="The language of the text.")
@click.option("--edition", "year", type=YEAR, help="The anniversary's year; without it, the text that has none.")
@click.option("--issuer", default="", help="Who issued it.")
@click.option("--issued", type=Day(), help="The day it was issued.")
@click.option("--source", default="", help="Where it was published.")
def import_(
    file: Path, slug: str, language: str, year: int | None, issuer: str, issued: date | None, source: str
) -> None:
    """Bring in FILE: Markdown with front matter, or plain text whose first line is the title.

    Plain text is kept word for word. A short last line in another language is set apart as the closing line.
    """
    with writing() as session:
        with file.open("rb") as stream:
            written = files.decode(stream.read(files.MAXIMUM_BYTES + 1))
        found = memorials.by_slug(session, slug)
        imported = articles.bring_in(session, found, written, Edition(language, year, issuer, issued, source), now())
    _tell(imported, slug, language, year)


def _tell(imported: Imported, slug: str, language: str, year: int | None) -> None:
    outcomes = {"added": "Added", "replaced": "Replaced", "unchanged": "Nothing changed: this text is already"}
    where = f"/{language}/{slug}/editions/{year}/" if year else f"/{language}/{slug}/"
    click.echo(f"{outcomes[imported.outcome]} “{imported.article.title}” at {where}")
    if imported.article.closing:
        click.echo(f"Closing line ({imported.article.closing_language}): {imported.article.closing}")
    for line in imported.left_out:
        click.echo(f"Left out, as it belongs to the page the text was copied from: {line}")


@article.command()
@click.option("--memorial", "slug", required=True, help="The memorial's slug.")
@click.option("--language", type=LANGUAGE, required=True, help="The language of the text.")
@click.option("--edition", "year", type=YEAR, help="The anniversary's year; without it, the text that has none.")
def export(slug: str, language: str, year: int | None) -> None:
    """Print an article's file, as it was imported or edited."""
    with reading() as session:
        written = articles.export(session, memorials.by_slug(session, slug), language, year)
    sys.stdout.buffer.write(written.encode())


@article.command("list")
def list_() -> None:
    """List every article."""
    with reading() as session:
        for memorial, found in articles.every(session):
            is_draft = found.year and turnovers.is_draft(turnovers.of(session, memorial, found.year), now())
            edition = f"{found.year} (draft)" if is_draft else found.year or "undated"
            click.echo(f"{memorial.slug}\t{edition}\t{found.language}\t{found.title}")
