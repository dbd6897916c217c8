"""What ships with the program: memorials, their articles and the site's pages, loaded once and kept up to date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.models import Memorial, Page
from tribute.services import articles, decisions, memorials, pages
from tribute.services.articles import Edition

FOLDER = Path(__file__).parent.parent / "content"


@dataclass(frozen=True)
class Loaded:
    """How many texts were added or replaced."""

    articles: int
    pages: int


def load(session: Session, at: datetime, folder: Path = FOLDER) -> Loaded:
    """Bring in what ships. What a keeper imported or edited since is left as it is."""
    decisions.lock_head(session)  # a keeper who saves just now comes before, and keeps their text
    changed_articles = sum(_load_memorial(session, found, at) for found in sorted(folder.glob("memorials/*")))
    changed_pages = sum(
        _load_page(session, slug, language, written, at) for slug, language, written in _page_files(folder)
    )
    return Loaded(changed_articles, changed_pages)


def _load_memorial(session: Session, folder: Path, at: datetime) -> int:
    said = yaml.safe_load((folder / "memorial.yaml").read_text("utf-8"))
    found = session.scalars(select(Memorial).where(Memorial.slug == said["slug"])).one_or_none()
    memorial = found or _add(session, said, at)
    return sum(_load_article(session, memorial, file, at) for file in sorted(folder.glob("article.*.md")))


def _add(session: Session, said: dict[str, Any], at: datetime) -> Memorial:
    closing = (said["closing_language"], said["closing"])
    event = said["event_date"] if isinstance(said["event_date"], date) else date.fromisoformat(said["event_date"])
    return memorials.add(session, said["slug"], event, said["time_zone"], said["names"], said["places"], at, closing)


def _load_article(session: Session, memorial: Memorial, file: Path, at: datetime) -> bool:
    language = file.name.split(".")[1]
    present = articles.in_language(session, memorial, None, language)
    if present is not None and not present.shipped:
        return False
    written = file.read_text("utf-8")
    return articles.bring_in(session, memorial, written, Edition(language), at, shipped=True).outcome != "unchanged"


def _load_page(session: Session, slug: str, language: str, written: str, at: datetime) -> bool:
    present = session.get(Page, (slug, language), populate_existing=True)
    return (present is None or present.shipped) and pages.bring_in(session, slug, language, written, at)


def _page_files(folder: Path) -> Iterator[tuple[str, str, str]]:
    for file in sorted(folder.glob("pages/*.md")):
        slug, language, _ = file.name.split(".")
        yield slug, language, file.read_text("utf-8")
