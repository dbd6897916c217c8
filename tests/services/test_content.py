"""What ships with the program: loaded once, kept up to date, and never over a keeper's own text."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.acts import AT, everything, memorial
from tribute.domain.errors import BadArticle, NotFound
from tribute.domain.language import INTERFACE
from tribute.models import Article, Page
from tribute.services import articles, content, pages
from tribute.services.articles import Edition
from tribute.services.content import Loaded

LATER = AT + timedelta(days=1)


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """What a newer program ships: a changed article and a changed page."""
    folder = tmp_path / "content"
    shutil.copytree(content.FOLDER, folder)
    for file in (folder / "memorials/20-january/article.en.md", folder / "pages/about.en.md"):
        file.write_text(file.read_text("utf-8") + "\nA newer sentence.\n", "utf-8")
    return folder


def test_the_memorial_ships_with_its_article_and_pages_in_four_languages(session: Session) -> None:
    assert (memorial(session).event_date.isoformat(), memorial(session).time_zone) == ("1990-01-20", "Asia/Baku")
    for code in INTERFACE:
        assert articles.standing(session, memorial(session), code, AT).language == code
        for slug in pages.SLUGS:
            assert pages.shown(session, slug, code).language == code
        assert memorial(session).name(code)
        assert memorial(session).place(code)


def test_loading_again_changes_nothing(session: Session) -> None:
    before = everything(session)
    assert content.load(session, LATER) == Loaded(0, 0)
    assert everything(session) == before


def test_a_newer_program_replaces_what_an_older_one_shipped(session: Session, newer: Path) -> None:
    assert content.load(session, LATER, newer) == Loaded(1, 1)
    article = articles.standing(session, memorial(session), "en", AT)
    assert (article.updated_at, article.shipped) == (LATER, True)
    assert article.body_html.endswith("<p>A newer sentence.</p>\n")
    assert pages.shown(session, "about", "en").body_html.endswith("<p>A newer sentence.</p>\n")
    assert content.load(session, LATER, newer) == Loaded(0, 0)


def test_what_a_keeper_imported_is_left_alone(session: Session, newer: Path) -> None:
    articles.bring_in(session, memorial(session), "Ours\n\nOur own words.", Edition("en"), AT)
    assert content.load(session, LATER, newer) == Loaded(0, 1)
    assert articles.standing(session, memorial(session), "en", AT).title == "Ours"
    assert session.scalars(select(Article.shipped).where(Article.language == "en")).all() == [False]


def test_a_page_that_is_a_keepers_own_is_left_alone(session: Session, newer: Path) -> None:
    page = pages.shown(session, "about", "en")
    page.shipped, page.body_html = False, "<p>Ours.</p>"
    assert content.load(session, LATER, newer) == Loaded(1, 0)
    assert pages.shown(session, "about", "en").body_html == "<p>Ours.</p>"


def test_what_was_rendered_under_an_older_policy_is_rendered_anew(session: Session) -> None:
    for found in (articles.standing(session, memorial(session), "az", AT), pages.shown(session, "rules", "ru")):
        found.policy, found.body_html = 0, "<p>As it was rendered then.</p>"
    assert content.load(session, LATER) == Loaded(1, 1)
    assert "rendered then" not in articles.standing(session, memorial(session), "az", AT).body_html
    assert "rendered then" not in pages.shown(session, "rules", "ru").body_html


def test_a_keepers_memorial_keeps_its_name(session: Session, newer: Path) -> None:
    memorial(session).names = {"en": "As our keeper calls it"}
    content.load(session, LATER, newer)
    assert memorial(session).name("en") == "As our keeper calls it"


def test_a_page_missing_in_a_language_is_shown_in_english(session: Session) -> None:
    session.delete(session.get_one(Page, ("about", "tr")))
    session.flush()
    assert pages.shown(session, "about", "tr").language == "en"
    with pytest.raises(NotFound):
        pages.shown(session, "imprint", "en")


def test_consent_names_the_rules_version_of_the_page_that_was_read(session: Session) -> None:
    session.get_one(Page, ("rules", "az")).version = "2026-12-01"
    assert pages.rules_version(session, "az") == "2026-12-01"
    assert pages.rules_version(session, "ru") == session.get_one(Page, ("rules", "ru")).version != "2026-12-01"


@pytest.mark.parametrize("key", ["title", "summary", "version"])
def test_a_page_without_its_front_matter_is_refused(session: Session, key: str) -> None:
    matter = {"title": "T", "summary": "S", "version": "'1'"}
    del matter[key]
    written = "---\n" + "\n".join(f"{name}: {said}" for name, said in matter.items()) + "\n---\nWords."
    with pytest.raises(BadArticle, match=f"no {key}"):
        pages.bring_in(session, "imprint", "en", written, AT)
    assert session.get(Page, ("imprint", "en")) is None
