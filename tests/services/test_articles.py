"""Articles: brought in, shown in the language there is, and given back as they came."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.acts import AT, entry_of, everything, memorial
from tribute.domain.errors import BadArticle, NotFound
from tribute.models import Article, ArticleEntry
from tribute.search.index import ARTICLES
from tribute.services import articles
from tribute.services.articles import Edition

TEXT = "The day\r\n\r\nFirst  one, <b> & all.\r\n\r\nSecond one.\r\n\r\nAllah rəhmət eləsin!\r\n\r\nsearch in archive"
MARKDOWN = "---\ntitle: The day\nsummary: In short.\nfigures: '**150** people'\n---\nThe *lede*.\n\n## More\n\nWords.\n"
LATER = AT + timedelta(days=1)
ISSUED = Edition("en", 2024, "A keeper", date(2024, 1, 20), "https://memorial.example")


def brought(session: Session, written: str = TEXT, which: Edition = ISSUED) -> articles.Imported:
    """Bring an edition in."""
    return articles.bring_in(session, memorial(session), written, which, AT)


def edition(session: Session, language: str, year: int = 2024) -> Article:
    """An edition as a page asks for it."""
    return articles.edition(session, memorial(session), year, language, AT)


def test_a_keepers_text_becomes_an_edition_with_what_its_issuer_says(session: Session) -> None:
    imported = brought(session)
    article = imported.article
    assert (imported.outcome, imported.left_out) == ("added", ("search in archive",))
    assert (article.title, article.language, article.year, article.shipped) == ("The day", "en", 2024, False)
    assert article.body_html == "<p>First  one, &lt;b&gt; &amp; all.</p><p>Second one.</p>"
    assert (article.closing, article.closing_language) == ("Allah rəhmət eləsin!", "az")
    assert (article.issuer, article.issued, article.source) == (
        "A keeper",
        date(2024, 1, 20),
        "https://memorial.example",
    )
    assert edition(session, "en") is article


def test_markdown_is_rendered_with_its_figures(session: Session) -> None:
    article = brought(session, MARKDOWN).article
    assert article.body_html.startswith("<p>The <em>lede</em>.</p>")
    assert (article.summary, article.figures_html) == ("In short.", "<strong>150</strong> people")
    lede, rest = articles.lede_and_rest(article)
    assert (lede, rest) == ("<p>The <em>lede</em>.</p>", "<h2>More</h2>\n<p>Words.</p>\n")


def test_the_same_file_twice_changes_nothing(session: Session) -> None:
    brought(session)
    session.commit()
    before = everything(session)
    again = articles.bring_in(session, memorial(session), TEXT, ISSUED, LATER)
    assert (again.outcome, again.left_out) == ("unchanged", ("search in archive",))
    assert everything(session) == before


@pytest.mark.parametrize(
    "which",
    [
        Edition("en", 2024, "Another", date(2024, 1, 20), "https://memorial.example"),
        Edition("en", 2024, "A keeper", date(2024, 1, 21), "https://memorial.example"),
        Edition("en", 2024, "A keeper", date(2024, 1, 20), ""),
    ],
)
def test_what_the_issuer_says_can_be_put_right_with_the_same_text(session: Session, which: Edition) -> None:
    first = brought(session).article.id
    again = brought(session, TEXT, which)
    assert (again.outcome, again.article.id) == ("replaced", first)
    assert (again.article.issuer, again.article.issued, again.article.source) == (
        which.issuer,
        which.issued,
        which.source,
    )


def test_another_text_replaces_the_edition_and_is_found_in_its_place(session: Session) -> None:
    first = brought(session).article.id
    again = brought(session, "The day\n\nQuite other words.")
    assert (again.outcome, again.article.id) == ("replaced", first)
    assert again.article.closing == ""
    language, found = entry_of(session, ARTICLES, first)
    assert language == "en"
    assert {"the", "day", "quite", "other", "words", "@en", "@2024"} <= found
    assert "second" not in found


def test_each_year_and_language_has_an_edition_of_its_own(session: Session) -> None:
    made = {brought(session, TEXT, Edition(code, year)).article.id for code in ("en", "az") for year in (2024, 2025)}
    assert len(made) == 4
    assert [article.year for article in articles.editions(session, memorial(session), "az", AT)] == [2025, 2024]
    assert {article.language for article in articles.editions(session, memorial(session), "az", AT)} == {"az"}


@pytest.mark.parametrize("written", ["", "Title only", "---\nsummary: x\n---\nWords."])
def test_a_text_that_is_refused_changes_nothing(session: Session, written: str) -> None:
    brought(session)
    session.commit()
    before = everything(session)
    with pytest.raises(BadArticle):
        brought(session, written)
    assert everything(session) == before


@pytest.mark.parametrize(
    "written", [TEXT, MARKDOWN, "\ufeff" + TEXT, "\n\n" + TEXT + "\n \t\n", TEXT.replace("\n\n", "\n\x0c\n")]
)
def test_the_export_is_the_import_to_the_letter(session: Session, written: str) -> None:
    brought(session, written)
    session.commit()
    session.expire_all()
    assert articles.export(session, memorial(session), "en", 2024) == written


def test_what_is_not_there_cannot_be_exported(session: Session) -> None:
    brought(session)
    for language, year in (("az", 2024), ("en", 2023)):
        with pytest.raises(NotFound):
            articles.export(session, memorial(session), language, year)


def test_where_a_language_is_missing_the_page_has_the_one_there_is(session: Session) -> None:
    brought(session, TEXT, Edition("tr", 2024))
    assert {code: edition(session, code).language for code in ("az", "en", "ru", "tr")} == dict.fromkeys(
        ("az", "en", "ru", "tr"), "tr"
    )
    brought(session, TEXT, Edition("en", 2024))
    assert {code: edition(session, code).language for code in ("az", "en", "ru", "tr")} == {
        "az": "en", "en": "en", "ru": "en", "tr": "tr",
    }  # fmt: skip


def test_the_standing_edition_is_the_one_without_a_year(session: Session) -> None:
    brought(session)
    standing = articles.standing(session, memorial(session), "en", AT)
    assert (standing.year, standing.shipped) == (None, True)
    with pytest.raises(NotFound):
        edition(session, "en", 2023)


def test_every_article_is_findable_by_all_that_it_says(session: Session) -> None:
    article = brought(
        session, MARKDOWN.replace("---\nThe", "timeline:\n - {when: May 1990, what: A vigil.}\n---\nThe")
    ).article
    _language, found = entry_of(session, ARTICLES, article.id)
    assert {"the", "day", "in", "short", "lede", "more", "words", "may", "1990", "a", "vigil"} <= found
    assert set(session.scalars(select(Article.id))) == set(session.scalars(select(ArticleEntry.source_id)))


def test_all_articles_are_listed_with_their_memorials(session: Session) -> None:
    brought(session)
    listed = [(found.slug, article.year, article.language) for found, article in articles.every(session)]
    assert ("20-january", 2024, "en") in listed
    assert len(listed) == 5
