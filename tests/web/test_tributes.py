"""The wall, the form, one tribute."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from tests.cast import FORM, WALL, WORDS, Cast, hidden, send, token
from tests.web.steps import LANGUAGES, contents, decide, found, main_of
from tribute.domain import emails
from tribute.extensions import db
from tribute.models import Page, Revision

MARKUP = '<b>bold</b> & "quoted" <script>alert(1)</script> 👨‍👩‍👧‍👦 «ə»\n\n  second line'


def test_a_tribute_waits_until_a_moderator_publishes_it(cast: Cast) -> None:
    author = cast.author()
    assert WORDS not in cast.visitor.get(WALL).text
    assert "Your tribute is waiting" in author.client.get(author.receipt).text
    answer = cast.moderator.get("/desk/")
    assert WORDS in answer.text


def test_what_is_missing_is_said_beside_the_field_and_nothing_is_lost(cast: Cast) -> None:
    answer = send(cast.visitor, name="", message="Words that took long")
    assert answer.status_code == 422
    assert "Please enter the name" in answer.text
    assert "Words that took long" in answer.text
    assert cast.visitor.get(FORM).status_code == 200


def test_each_error_stands_beside_its_field_and_in_the_summary_that_takes_the_focus(cast: Cast) -> None:
    answer = send(cast.visitor, name="", place="x" * 81, message="x" * 2_001, gesture="rose", email="x", consent=None)
    assert answer.status_code == 422
    for field, target in (("name", "name"), ("place", "place"), ("message", "message"), ("gesture", "gesture-0"),
                          ("email", "email"), ("consent", "consent")):  # fmt: skip
        assert f'id="{field}-error"' in answer.text
        assert f'<a href="#{target}">' in answer.text
        assert f'id="{target}"' in answer.text
    assert re.search(r'class="summary" role="alert" tabindex="-1" autofocus', answer.text)
    assert answer.text.count('aria-invalid="true"') == 5  # a group of radios says it on its fieldset's error


def test_everything_typed_comes_back_as_it_was_typed(cast: Cast) -> None:
    answer = send(cast.visitor, name='O"Neil <i>', place="Şuşa & Laçın", message=MARKUP, email="a@b", gesture="dove")
    assert answer.status_code == 422
    typed = html.unescape(answer.text)
    assert all(text in typed for text in ('value="O"Neil <i>"', 'value="Şuşa & Laçın"', MARKUP, 'value="a@b"'))
    assert "<script>alert" not in answer.text
    assert re.search(r'<input[^>]*checked[^>]*value="dove"|<input[^>]*value="dove"[^>]*checked', answer.text)
    assert re.search(r'<input[^>]*checked[^>]*name="consent"|<input[^>]*name="consent"[^>]*checked', answer.text)


def test_consent_is_never_ticked_beforehand(cast: Cast) -> None:
    for lang in LANGUAGES:
        page = cast.visitor.get(f"/{lang}/20-january/tributes/new")
        box = re.search(r'<input[^>]*name="consent"[^>]*>', page.text)
        assert box
        assert "checked" not in box.group()


def test_without_its_token_the_form_comes_back_with_the_words(cast: Cast) -> None:
    answer = send(cast.visitor, csrf_token=None, message=MARKUP)
    assert answer.status_code == 422
    assert MARKUP in html.unescape(answer.text)
    assert "sent no cookie" in answer.text


def test_a_token_lives_as_long_as_its_session(cast: Cast) -> None:
    with time_machine.travel(datetime(2026, 1, 20, 8, tzinfo=UTC), tick=False) as clock:
        page = cast.visitor.get(FORM)
        clock.shift(timedelta(days=30))
        sent = {"csrf_token": token(page), "key": hidden(page, "key")}
        said = {"name": "Oleg", "message": WORDS, "gesture": "none", "consent": "y"}
        assert cast.visitor.post(FORM, data=sent | said).status_code == 303


def test_what_was_sent_is_stored_with_its_consent_and_the_rules_version(app: Flask, cast: Cast) -> None:
    at = datetime(2026, 1, 20, 8, 30, tzinfo=UTC)
    with time_machine.travel(at, tick=False):
        author = cast.author(name=" Rəna ", place="Bakı", message=MARKUP, gesture="candle")
    row = found(app, author.public_id)
    with app.app_context():
        rules = db.session.get_one(Page, ("rules", "en")).version
        words = db.session.get_one(Revision, row.waiting_revision_id)
        assert (words.name, words.place, words.words) == ("Rəna", "Bakı", MARKUP)
    assert (row.consented_at, row.rules_version, row.gesture, row.at) == (at, rules, "candle", at)


GUESSES = [
    ("az", "Sizi heç vaxt unutmarıq", "az"),
    ("en", "Светлая память", "ru"),
    ("ru", "1990", "ru"),
    ("tr", "ve", "tr"),
]


@pytest.mark.parametrize(("lang", "words", "guessed"), GUESSES)
def test_the_language_of_page_and_words_is_kept_and_shown(
    app: Flask, cast: Cast, lang: str, words: str, guessed: str
) -> None:
    author = cast.author(address=f"/{lang}/20-january/tributes/new", message=words)
    public_id = author.public_id
    assert decide(cast.moderator, public_id, "approve").status_code == 303
    row = found(app, public_id)
    assert (row.page_language, row.language) == (lang, guessed)
    page = cast.visitor.get(f"/{lang}/20-january/tributes/{public_id}/")
    assert f'<blockquote lang="{guessed}" dir="ltr">' in page.text


def test_words_that_run_from_right_to_left_are_shown_so(cast: Cast) -> None:
    public_id = cast.tribute(words="نتذكرهم دائما")
    assert '<blockquote lang="ar" dir="rtl">' in cast.visitor.get(f"/en/20-january/tributes/{public_id}/").text


def test_an_email_is_stored_sealed_alone(app: Flask, cast: Cast) -> None:
    author = cast.author(email="Leyla.Unique@memorial.example")
    assert "leyla.unique" not in str(contents(app)).lower()
    sealed = found(app, author.public_id).email_sealed
    assert sealed
    assert emails.unseal(app.config["EMAIL_KEYS"], sealed) == "Leyla.Unique@memorial.example"
    assert "leyla.unique" not in author.client.get(author.receipt).text.lower()


def test_a_preview_shows_the_card_and_sends_nothing(app: Flask, cast: Cast) -> None:
    before = contents(app)
    answer = send(cast.visitor, preview="1", message="<b>Bold</b> words", consent=None)
    assert answer.status_code == 200
    assert "This is how it will look" in answer.text
    assert "<p><b>Bold</b> words</p>" in answer.text
    assert "&lt;b&gt;Bold&lt;/b&gt; words" in answer.text
    assert "Please confirm" not in answer.text
    assert contents(app) == before


def test_a_preview_of_what_cannot_be_sent_says_what_is_wrong(cast: Cast) -> None:
    answer = send(cast.visitor, preview="1", name="")
    assert answer.status_code == 422
    assert "This is how it will look" not in answer.text
    assert WORDS in answer.text


def test_the_wall_shows_newest_first_and_filters(cast: Cast) -> None:
    dates = {"older": datetime(2024, 1, 20, tzinfo=UTC), "newer": datetime(2025, 1, 20, tzinfo=UTC)}
    for name, at in dates.items():
        cast.tribute(name=name, words=f"{name} words", at=at, gesture={"older": "dove"}.get(name, "none"))
    wall = main_of(cast.visitor.get(WALL))
    assert wall.index("newer words") < wall.index("older words")
    for query, shown in {
        "year=2024": "older",
        "year=2025": "newer",
        "gesture=dove": "older",
        "gesture=none": "newer",
    }.items():
        page = main_of(cast.visitor.get(f"{WALL}?{query}"))
        assert f"{shown} words" in page
        assert f"{({'older', 'newer'} - {shown}).pop()} words" not in page
    assert "No tribute here matches this choice" in cast.visitor.get(f"{WALL}?year=2020").text
    assert main_of(cast.visitor.get(f"{WALL}?year=abcd&gesture=rose&language=<b>&before=x&after=%00")) == wall


def test_the_wall_pages_through_every_tribute_once(cast: Cast) -> None:
    made = {cast.tribute(words=f"Words {number}", gesture="none") for number in range(26)}
    first = cast.visitor.get(WALL)
    older = re.search(r'href="([^"]*before=[^"]*)"', first.text)
    assert older
    second = cast.visitor.get(html.unescape(older.group(1)))
    newer = re.search(r'href="([^"]*after=[^"]*)"', second.text)
    assert newer
    third = cast.visitor.get(html.unescape(newer.group(1)))
    pages = [re.findall(r"/tributes/([0-9a-z]{13})/", page.text) for page in (first, second, third)]
    assert len(pages[0]) == 24
    assert set(pages[0]) | set(pages[1]) == made
    assert not set(pages[0]) & set(pages[1])
    assert pages[2] == pages[0]


def test_gestures_without_words_stand_as_one_line(cast: Cast) -> None:
    for name in ("Leyla", "Elçin"):
        cast.tribute(name=name, words="", gesture="carnation")
    assert "Carnations laid by" in main_of(cast.visitor.get(WALL))
    assert cast.visitor.get(WALL).text.count('class="laid"') == 1


def test_the_short_address_leads_to_the_readers_language(cast: Cast) -> None:
    public_id = cast.tribute(page_language="az")
    for wanted, lang in (("ru,en;q=0.5", "ru"), ("de", "en")):
        answer = cast.visitor.get(f"/t/{public_id}", headers={"Accept-Language": wanted})
        assert (answer.status_code, answer.location) == (302, f"/{lang}/20-january/tributes/{public_id}/")
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_fields_that_the_form_lacks_set_nothing(app: Flask, cast: Cast) -> None:
    said = {"status": "approved", "version": "9", "rules_version": "9", "public_id": "0", "approved_at": "2026-01-20"}
    author = cast.author(**said)
    row = found(app, author.public_id)
    assert (row.status, row.version) == ("pending", 1)
    assert author.public_id != "0"
    assert WORDS not in cast.visitor.get(WALL).text
