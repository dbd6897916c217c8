"""Editing texts: each saving a version, none lost, none written over unseen, and all of it given back as a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.domain.test_composing import LINES, PAGES, TEXTS
from tests.services import races
from tests.services.acts import AT, KEEPER, entry_of, everything, memorial
from tribute.domain import article as files
from tribute.domain.errors import Conflict, NotFound
from tribute.domain.lifecycle import Remark
from tribute.models import Decision, TextVersion
from tribute.search.index import ARTICLES
from tribute.services import articles, content, decisions, editing, pages, rerendering, text_changes, versions
from tribute.services.articles import Edition
from tribute.services.editing import Said
from tribute.services.versions import Beside, Subject

LATER = AT + timedelta(days=1)
STANDING = Subject("20-january", "undated", "en")
RULES = Subject("pages", "rules", "az")
OURS = Said(files.Text("Our title", "Our *words*.", "markdown", summary="In short."), Beside("The keepers"))


def newest(session: Session, subject: Subject = STANDING) -> TextVersion:
    """The version that stands."""
    return versions.current(session, subject)


def saved(session: Session, said: Said, subject: Subject = STANDING, follows: int | None = None) -> TextVersion:
    """What was typed, kept on top of what stands."""
    last = versions.newest(session, subject)
    return editing.save(session, subject, said, last.number if last else 0, follows, KEEPER, LATER)


def test_what_ships_is_its_own_first_version(session: Session) -> None:
    every = session.scalars(select(TextVersion)).all()
    assert len(every) == 20
    assert {version.how for version in every} == {"shipped"}
    assert editing.said_by(newest(session)).text.title == "20 January 1990"


def test_a_text_that_is_saved_stands_is_found_and_is_a_version_with_who_and_when(session: Session) -> None:
    version = saved(session, OURS)
    article = articles.standing(session, memorial(session), "en", LATER)
    assert (article.title, article.issuer, article.shipped) == ("Our title", "The keepers", False)
    assert article.body_html == "<p>Our <em>words</em>.</p>\n"
    assert (version.how, version.person_id, version.at) == ("edited", KEEPER.id, LATER)
    assert {"our", "words", "short"} <= entry_of(session, ARTICLES, article.id)[1]
    assert len(versions.every(session, STANDING)) == 2


def test_the_log_has_the_number_of_the_version_and_no_word_of_it(session: Session) -> None:
    version = saved(session, OURS)
    row = session.scalars(select(Decision).order_by(Decision.number.desc()).limit(1)).one()
    assert (row.action, row.actor, row.person_id, row.version) == (Remark.EDIT, "keeper", KEEPER.id, version.number)
    assert "Our" not in repr(decisions.values_of(row))
    assert decisions.broken_row(session) is None


def test_saving_what_is_there_already_changes_nothing(session: Session) -> None:
    there = editing.said_by(newest(session))
    session.commit()
    before = everything(session)
    assert saved(session, there).how == "shipped"
    assert everything(session) == before


def test_an_imported_text_keeps_its_file_to_the_letter_where_only_what_stands_beside_it_changes(
    session: Session,
) -> None:
    written = "The day\r\n\r\nWords, 1 * 2.\r\n\r\nsearch in archive"
    articles.bring_in(session, memorial(session), written, Edition("en", 2024), AT)
    subject = Subject("20-january", "2024", "en")
    saved(session, replace(editing.said_by(newest(session, subject)), beside=Beside("An embassy")), subject)
    article = articles.edition(session, memorial(session), 2024, "en", LATER)
    assert (article.original, article.issuer) == (written, "An embassy")


def test_a_plain_text_stays_plain_when_it_is_edited(session: Session) -> None:
    articles.bring_in(session, memorial(session), "The day\n\n1 * 2 * 3 <b>", Edition("en", 2024), AT)
    subject = Subject("20-january", "2024", "en")
    said = editing.said_by(newest(session, subject))
    saved(session, replace(said, text=replace(said.text, title="Another")), subject)
    article = articles.edition(session, memorial(session), 2024, "en", LATER)
    assert (article.title, article.body_html) == ("Another", "<p>1 * 2 * 3 &lt;b&gt;</p>")


def test_who_saves_on_an_older_version_is_refused_and_changes_nothing(session: Session) -> None:
    seen = newest(session).number
    saved(session, OURS)
    session.commit()
    before = everything(session)
    with pytest.raises(Conflict) as refused:
        editing.save(session, STANDING, replace(OURS, beside=Beside()), seen, None, KEEPER, LATER)
    assert (refused.value.person_id, refused.value.at) == (KEEPER.id, LATER)
    session.rollback()
    assert everything(session) == before


def test_of_two_keepers_who_save_at_once_one_comes_second(app: Flask, session: Session) -> None:
    seen = newest(session).number
    session.rollback()
    acts = [
        lambda s, title=title: (
            editing.save(s, STANDING, Said(files.Text(title, "Words.", "markdown")), seen, None, KEEPER, LATER).number
        )
        for title in ("One", "Other")
    ]
    outcomes = races.together(app, *acts)
    assert sorted(isinstance(outcome, Conflict) for outcome in outcomes) == [False, True]
    assert [each.how for each in versions.every(session, STANDING)] == ["edited", "shipped"]


def test_an_earlier_version_put_back_is_a_new_one_and_the_same_to_the_letter(session: Session) -> None:
    first = newest(session)
    saved(session, OURS)
    restored = editing.restore(session, STANDING, first.number, newest(session).number, KEEPER, LATER)
    assert (restored.how, restored.original) == ("restored", first.original)
    assert articles.standing(session, memorial(session), "en", LATER).title == "20 January 1990"
    assert [each.how for each in versions.every(session, STANDING)] == ["restored", "edited", "shipped"]
    with pytest.raises(Conflict):
        editing.restore(session, STANDING, first.number, first.number, KEEPER, LATER)
    with pytest.raises(NotFound):
        editing.restore(session, STANDING, newest(session, RULES).number, restored.number, KEEPER, LATER)


def test_a_page_is_edited_in_the_same_way(session: Session) -> None:
    page = Said(files.Text("Qaydalar", "Yeni *söz*.", "markdown", summary="Qısaca.", version="2026-12-01"))
    saved(session, page, RULES)
    shown = pages.shown(session, "rules", "az")
    assert (shown.title, shown.version, shown.shipped) == ("Qaydalar", "2026-12-01", False)
    assert pages.rules_version(session, "az") == "2026-12-01"
    assert editing.said_by(newest(session, RULES)) == page


def test_an_upgrade_never_writes_over_what_was_edited(session: Session, tmp_path: Path) -> None:
    page = Said(files.Text("Qaydalar", "Yeni söz.", "markdown", summary="Qısaca.", version="2026-12-01"))
    saved(session, page, RULES)
    saved(session, OURS)
    for file in content.FOLDER.rglob("*.*"):
        target = tmp_path / file.relative_to(content.FOLDER)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes() + (b"\nA newer sentence.\n" if file.suffix == ".md" else b""))
    loaded = content.load(session, LATER, tmp_path)
    assert (loaded.articles, loaded.pages) == (3, 15)
    assert editing.said_by(newest(session, RULES)) == page
    assert articles.standing(session, memorial(session), "en", LATER).title == "Our title"


def test_an_edited_page_is_rendered_again_under_a_newer_policy_and_stays_the_keepers(session: Session) -> None:
    page = Said(files.Text("Qaydalar", "Yeni söz.", "markdown", summary="Qısaca.", version="2026-12-01"))
    saved(session, page, RULES)
    shown = pages.shown(session, "rules", "az")
    shown.policy, shown.body_html = 0, "<p>As it was rendered then.</p>"
    session.flush()
    assert sum(rerendering.rerender(session)) == 1
    shown = pages.shown(session, "rules", "az")
    assert (shown.body_html, shown.shipped) == ("<p>Yeni söz.</p>\n", False)
    assert len(versions.every(session, RULES)) == 2


@pytest.mark.parametrize(
    ("of", "part", "code"),
    [
        ("20-january", "2031", "en"), ("20-january", "undated", "de"), ("20-january", "x", "en"),
        ("pages", "imprint", "en"), ("pages", "2024", "en"), ("nowhere", "undated", "en"),
        ("20-january", "02024", "en"),
    ],
)  # fmt: skip
def test_there_is_no_text_of_another_name(session: Session, of: str, part: str, code: str) -> None:
    articles.bring_in(session, memorial(session), "The day\n\nWords.", Edition("en", 2024), AT)
    with pytest.raises(NotFound):
        editing.subject_of(session, of, part, code)


def test_what_differs_is_told_field_by_field_and_only_where_it_does(session: Session) -> None:
    said = editing.said_by(newest(session))
    body = said.text.body.replace("150 citizens were killed", "so many citizens were killed")
    found = text_changes.changes(said, Said(replace(said.text, body=body, title="Another"), Beside("Somebody")))
    assert [one.field for one in found] == ["title", "body", "issuer"]
    old, new = found[1].parts[0]
    assert len(found[1].parts) == 1
    assert "<del>150</del> citizens" in old
    assert "<ins>so many</ins> citizens" in new
    assert found[2].parts == [("", "<ins>Somebody</ins>")]


def test_a_paragraph_that_was_put_in_stands_beside_nothing() -> None:
    old = Said(files.Text("T", "One.\n\nThree.", "markdown"))
    new = Said(files.Text("T", "One.\n\nTwo.\n\nThree.", "markdown"))
    assert text_changes.changes(old, new)[0].parts == [("", "<ins>Two.</ins>")]
    assert text_changes.changes(new, old)[0].parts == [("<del>Two.</del>", "")]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=TEXTS, issuer=LINES)
def test_any_text_that_is_saved_and_exported_comes_back_the_same(
    session: Session, said: files.Text, issuer: str
) -> None:
    ours = Said(said, Beside(issuer, date(2026, 1, 20)))
    saved(session, ours)
    article = articles.standing(session, memorial(session), "en", LATER)
    shown = article.title, article.body_html, article.figures_html, article.timeline, article.closing, article.summary
    exported = articles.export(session, memorial(session), "en", None)
    assert editing.said_by(newest(session)) == ours
    again = articles.bring_in(session, memorial(session), exported, Edition("en", 2024), AT).article
    assert shown == (
        again.title, again.body_html, again.figures_html, again.timeline, again.closing, again.summary,
    )  # fmt: skip
    session.rollback()


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=PAGES)
def test_any_page_that_is_saved_and_exported_comes_back_the_same(session: Session, said: files.Text) -> None:
    saved(session, Said(said), RULES)
    assert editing.said_by(newest(session, RULES)) == Said(said)
    session.rollback()
