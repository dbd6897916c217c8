"""Rendering stored HTML again: from the words, in steps, and going on after a break."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.services.acts import AT, standing
from tribute.domain import text
from tribute.domain.lifecycle import Status
from tribute.models import Article, Page, Revision
from tribute.services import erasure, reindexing, rerendering

TEXTS = ("I <3 you", "<b>one</b> & two", "<script>alert(1)</script>", "line\nline")
OLD = "<p>as an earlier cleaner had it</p>"


@pytest.fixture
def outdated(session: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A site whose every text came from an earlier cleaner; steps are of two."""
    monkeypatch.setattr(reindexing, "SMALLEST", 2)
    monkeypatch.setattr(reindexing, "LARGEST", 2)
    for number, words in enumerate(TEXTS):
        standing(session, Status.APPROVED, AT + timedelta(days=number), words=words)
    session.execute(update(Revision).values(policy=text.POLICY - 1, html=OLD))
    for kind in (Article, Page):
        session.execute(update(kind).values(policy=text.POLICY - 1, body_html=OLD))
    session.commit()
    return session


def is_rendered(revision: Revision) -> bool:
    """Whether a revision has the HTML of its words, and says so."""
    return (revision.html, revision.policy) == (str(text.render(revision.words)), text.POLICY)


def test_every_text_is_rendered_again_from_its_words(outdated: Session) -> None:
    total = rerendering.outdated(outdated)
    assert sum(rerendering.rerender(outdated)) == total > len(TEXTS)
    assert rerendering.outdated(outdated) == 0
    assert all(is_rendered(revision) for revision in outdated.scalars(select(Revision)))
    for kind in (Article, Page):
        assert OLD not in set(outdated.scalars(select(kind.body_html)))


def test_after_a_break_it_goes_on_where_it_was(outdated: Session) -> None:
    assert next(rerendering.rerender(outdated)) == 2
    outdated.commit()
    left = rerendering.outdated(outdated)
    assert sum(is_rendered(revision) for revision in outdated.scalars(select(Revision))) == 2
    assert sum(rerendering.rerender(outdated)) == left


def test_what_is_rendered_already_is_left_alone(outdated: Session) -> None:
    first = outdated.scalars(select(Revision).order_by(Revision.id)).first()
    assert first is not None
    first.policy = text.POLICY
    outdated.flush()
    list(rerendering.rerender(outdated))
    assert outdated.get_one(Revision, first.id).html == OLD


def test_erased_words_do_not_come_back(outdated: Session) -> None:
    withdrawn = standing(outdated, Status.WITHDRAWN, AT, words="Taken back").id
    erasure.erase_withdrawn(outdated, AT + timedelta(days=60))
    outdated.execute(update(Revision).values(policy=0))
    list(rerendering.rerender(outdated))
    kept = outdated.scalars(select(Revision).where(Revision.tribute_id == withdrawn)).all()
    assert {(each.words, each.html) for each in kept} == {("", "")}
