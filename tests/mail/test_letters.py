"""Every mail in every language: whole, quiet, the same as text and as HTML, and without a word that a visitor typed."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from babel.messages.pofile import read_po
from justhtml import JustHTML

from tests import databases
from tests.conftest import SECRET
from tests.mail.every_mail import DECIDER, NAME, NOTE, PLACE, WORDS, Mails, every_mail
from tests.mail.posted import LINK, html_of, link_of, links_of, read_aloud, text_of
from tests.page import LANGUAGES
from tests.web.test_translations import file
from tribute.app import ROOT, create_app
from tribute.config import Settings
from tribute.domain.mail import Mail
from tribute.extensions import db
from tribute.mail.letters import LETTERS

TO_AUTHORS = (
    Mail.CONFIRM, Mail.RECEIVED, Mail.PUBLISHED, Mail.DECLINED, Mail.HIDDEN, Mail.RESTORED, Mail.LOST_LINK,
)  # fmt: skip


@pytest.fixture(scope="module", params=LANGUAGES)
def mails(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Mails]:
    """A language, and every mail in it."""
    folder = tmp_path_factory.mktemp("mails")
    settings = Settings(
        instance_path=folder, database_url=f"sqlite:///{folder}/mails.db", base_url="https://memorial.example",
        secret_key=SECRET, password_salt=SECRET, receipt_keys=SECRET, email_keys=SECRET, limits=False,
    )  # fmt: skip
    databases.furnish(settings.database)
    app = create_app(settings, TESTING=True)
    found = every_mail(app, request.param)
    with app.app_context():
        db.engine.dispose()
    return request.param, found


def each(mails: Mails) -> list[EmailMessage]:
    """All of them."""
    return [mail for some in mails.values() for mail in some]


def test_every_mail_has_its_function_and_its_three_templates(mails: tuple[str, Mails]) -> None:
    assert set(LETTERS) == set(Mail)
    folder = ROOT / "templates" / "mail"
    assert {path.stem for path in folder.glob("*.subject")} == set(Mail)
    for kind in Mail:
        assert (folder / f"{kind}.txt").exists()
        assert (folder / f"{kind}.html").exists()
    assert set(mails[1]) == set(Mail)


def test_its_headers_say_what_it_is(mails: tuple[str, Mails]) -> None:
    language, found = mails
    for kind, some in found.items():
        for mail in some:
            assert mail["Subject"] == " ".join(str(mail["Subject"]).split())
            assert 5 < len(str(mail["Subject"])) < 90
            assert re.fullmatch(r"<[0-9a-z]{13}@memorial\.example>", str(mail["Message-ID"]))
            assert mail["Auto-Submitted"] == "auto-generated"
            assert mail["Content-Language"] == language
            assert str(mail["From"]).endswith("<tribute@localhost>")
            assert mail["Date"]
            assert len(str(mail["To"]).split("@")) == 2
            assert ("List-Unsubscribe" in mail) == (kind in TO_AUTHORS)
            assert mail.as_bytes().isascii()
            assert max(map(len, mail.as_bytes().splitlines())) < 998


def test_its_text_and_its_html_say_the_same(mails: tuple[str, Mails]) -> None:
    for mail in each(mails[1]):
        site = str(mail["From"]).partition(" <")[0].strip('"')
        said = " ".join(LINK.sub("", text_of(mail)).split())
        assert f" -- {site} " in said
        read = " ".join(LINK.sub("", read_aloud(mail)).split())
        assert site + " " + said.replace(f"-- {site} ", "") == read


def test_its_html_is_valid_and_asks_nobody_for_anything(mails: tuple[str, Mails]) -> None:
    language, found = mails
    for mail in each(found):
        page = JustHTML(html_of(mail), collect_errors=True, sanitize=False)
        assert not page.errors, (mail["Subject"], page.errors[:3])
        assert (page.query("html")[0].attrs or {})["lang"] == language
        assert len(page.query("h1")) == 1
        for forbidden in ("img", "script", "link", "iframe", "form", "object", "video"):
            assert not page.query(forbidden), (mail["Subject"], forbidden)
        assert not re.search(r"url\(|@import|src=|background=|javascript:", html_of(mail))
        assert "prefers-color-scheme: dark" in html_of(mail)
        assert {(a.attrs or {})["href"] for a in page.query("a")} == set(LINK.findall(text_of(mail)))


def test_no_mail_holds_a_word_that_a_visitor_typed_and_no_authors_mail_says_who_decided(
    mails: tuple[str, Mails],
) -> None:
    for kind, some in mails[1].items():
        for mail in some:
            whole = f"{mail['Subject']} {text_of(mail)} {read_aloud(mail)}"
            for typed in (NAME, PLACE, WORDS):
                assert typed not in whole, (kind, typed)
            assert (DECIDER in whole) == (kind in (Mail.BRAKE, Mail.INVITATION)), kind


def test_no_mail_is_left_in_english(mails: tuple[str, Mails]) -> None:
    language, found = mails
    if language == "en":
        return
    with file(language).open("rb") as stream:
        english = [m.id for m in read_po(stream) if isinstance(m.id, str) and len(m.id.split()) > 3 and "%" not in m.id]
    for mail in each(found):
        whole = f"{mail['Subject']} {' '.join(text_of(mail).split())}"
        assert [said for said in english if said in whole] == []


def test_every_link_is_the_sites_own(mails: tuple[str, Mails]) -> None:
    for mail in each(mails[1]):
        assert all(link.startswith("https://memorial.example/") for link in LINK.findall(text_of(mail)))


def test_a_refusal_says_why_with_the_moderators_note_as_it_was_written(mails: tuple[str, Mails]) -> None:
    declined, as_spam = mails[1][Mail.DECLINED]
    assert NOTE in text_of(declined)
    assert NOTE in read_aloud(declined)
    assert NOTE not in text_of(as_spam)
    assert len(text_of(declined).splitlines()) > len(text_of(as_spam).splitlines())


def test_only_the_request_to_confirm_has_no_private_link_and_every_other_one_to_an_author_has(
    mails: tuple[str, Mails],
) -> None:
    for kind in TO_AUTHORS:
        for mail in mails[1][kind]:
            has = any("/receipt/" in link for link in links_of(mail))
            assert has == (kind != Mail.CONFIRM), kind
            assert link_of(mail, "/mail/stop/")


def test_a_mail_about_many_names_ten_and_counts_the_rest(mails: tuple[str, Mails]) -> None:
    mail = mails[1][Mail.NEW_TRIBUTES][-1]
    assert len([link for link in links_of(mail) if "/mail/decide/" in link]) == 10
    assert "12" in str(mail["Subject"])
