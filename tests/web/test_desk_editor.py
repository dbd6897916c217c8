"""The editor: a text changed by its fields, looked at before, and never lost; its versions and its file."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import Cast, hidden, token
from tests.page import PageClient
from tests.web.steps import LANGUAGES, contents, main_of, press
from tribute.domain.permissions import Role
from tribute.extensions import db
from tribute.models import Person

EN = "/desk/articles/20-january/undated/en/"
RULES = "/desk/articles/pages/rules/ru/"
NEW = "/desk/articles/20-january/undated/az/"


def fields_of(page: TestResponse) -> dict[str, str]:
    """What a browser would send of the editor as it stands."""
    form = page.text.split('class="text-form"')[1].split("</form>")[0]
    found = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*type="(?:text|date|hidden)"[^>]*value="([^"]*)"', form))
    found |= dict(re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\s?([^<]*)</textarea>', form))
    for name in re.findall(r'<select[^>]*name="(\w+)"', form):
        chosen = re.search(rf'name="{name}".*?<option selected value="([^"]*)"', form, re.DOTALL)
        found[name] = chosen.group(1) if chosen else ""
    return {name: html.unescape(value) for name, value in found.items()}


def send(client: PageClient, path: str, button: str = "", **typed: Any) -> TestResponse:
    """Open the editor, type, and press a button."""
    page = client.get(path)
    data = fields_of(page) | {"seen": hidden(page, "seen"), "csrf_token": token(page), "source_format": "markdown"}
    return client.post(path, data=data | typed | ({button: "1"} if button else {}))


def public(cast: Cast, path: str = "/en/20-january/") -> str:
    """A page as everybody sees it."""
    return cast.visitor.get(path).text


@pytest.mark.parametrize("path", [EN, RULES])
def test_everything_that_a_text_has_stands_in_its_form_and_sent_back_changes_nothing(
    app: Flask, cast: Cast, path: str
) -> None:
    keeper = cast.keeper
    page = keeper.get(path)
    assert page.headers["Cache-Control"] == "private, no-cache"
    own = {"version"} if path == RULES else {"figures", "timeline", "sources", "issued"}
    wanted = {"title", "summary", "body"} | own
    assert wanted <= set(fields_of(page))
    before = contents(app)
    assert send(keeper, path).status_code == 303
    assert contents(app) == before


def test_what_is_kept_is_what_everybody_reads_and_finds(cast: Cast) -> None:
    answer = send(
        cast.keeper, EN, title="Our title", summary="In short.", body="Our *words*.\r\n\r\n## Unerhörtwort",
        figures="**150** people", timeline="May 1990 | A vigil.\r\n", closing="Rest.", closing_language="en",
        sources="[Here](https://example.org/)", issuer="The keepers", issued="2026-01-20", source="A paper",
    )  # fmt: skip
    assert answer.status_code == 303
    page = public(cast)
    for said in ("Our title</h1>", "Our <em>words</em>.", "<h2>Unerhörtwort</h2>", "<strong>150</strong> people",
                 "<b>May 1990</b><span>A vigil.</span>", '<span lang="en">Rest.</span>', 'href="https://example.org/"',
                 "Issued by The keepers on 20 January 2026.", "Text taken from: A paper"):  # fmt: skip
        assert said in page, said
    assert "Our title" in public(cast, "/en/search?q=unerhortwort")


def test_a_page_of_the_site_is_edited_with_its_version(cast: Cast) -> None:
    assert send(cast.keeper, RULES, title="Правила дома", version="2026-12-01").status_code == 303
    page = public(cast, "/ru/pages/rules/")
    assert "Правила дома</h1>" in page
    assert "2026-12-01" in page


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "<img src=x onerror=x>", "[x](javascript:alert(1))"])
def test_the_cleaner_stands_before_the_preview_and_the_page(cast: Cast, hostile: str) -> None:
    typed = dict.fromkeys(("title", "body", "figures", "sources"), hostile) | {"timeline": f"{hostile} | {hostile}"}
    for page in (send(cast.keeper, EN, "preview", **typed).text, send(cast.keeper, EN, **typed).text, public(cast)):
        main = page.split("<main")[-1]
        assert "<script>alert" not in main
        assert "<img src=x" not in main
        assert 'href="javascript' not in main


def test_a_preview_shows_the_page_keeps_nothing_and_loses_nothing(app: Flask, cast: Cast) -> None:
    keeper = cast.keeper
    before = contents(app)
    typed = {"title": 'A "new" title', "body": "First.\r\n\r\nSecond, *so*.", "issuer": "Us", "closing": "Rest."}
    page = send(keeper, EN, "preview", **typed)
    assert page.status_code == 200
    assert "<p>Second, <em>so</em>.</p>" in page.text
    assert contents(app) == before
    form = page.text.split('class="preview-bar"')[1].split("</form>")[0]
    again = {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)}
    back = keeper.post(EN, data=again)
    assert fields_of(back)["body"].strip() == "First.\n\nSecond, *so*."
    assert fields_of(back)["title"] == 'A "new" title'
    del again["back"]
    assert keeper.post(EN, data=again).status_code == 303
    assert "<p>Second, <em>so</em>.</p>" in public(cast)


def test_a_page_is_previewed_too(cast: Cast) -> None:
    page = send(cast.keeper, RULES, "preview", title="Правила дома")
    assert "Правила дома</h1>" in page.text


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        (EN, {"title": " "}, "Please write a title."),
        (EN, {"body": "\r\n"}, "Please write the text."),
        (EN, {"title": "x" * 301}, "1 character too long"),
        (EN, {"timeline": "a | b\r\nno bar"}, "Line 2 needs a time"),
        (EN, {"issued": "20.01.2026"}, "Please write the day as 2027-01-20."),
        (EN, {"body": "x" * (1024 * 1024)}, "it together may have 1 MiB"),
        (RULES, {"version": ""}, "Please write a version"),
        (RULES, {"summary": ""}, "Please write a summary."),
    ],
)
def test_what_cannot_be_kept_comes_back_with_the_reason_beside_it(
    app: Flask, cast: Cast, path: str, typed: dict[str, str], said: str
) -> None:
    keeper = cast.keeper
    before = contents(app)
    page = send(keeper, path, **{"sources": "Kept all the same."} | typed)
    assert page.status_code == 422
    assert said in page.text
    assert "Kept all the same." in page.text or path == RULES
    name = next(iter(typed))
    assert f'id="{name}-error"' in page.text
    assert contents(app) == before


def test_a_body_of_four_mebibytes_is_taken_and_a_larger_one_refused(cast: Cast) -> None:
    assert send(cast.keeper, EN, body="ə" * (600 * 1024)).status_code == 422  # three and a half MiB on its way
    assert send(cast.keeper, EN, body="ə" * 300_000).status_code == 303
    assert send(cast.keeper, EN, body="ə" * (800 * 1024)).status_code == 413


def test_who_comes_second_sees_both_and_can_go_on(app: Flask, cast: Cast) -> None:
    keeper, other = cast.keeper, cast.signed_in(Role.KEEPER, "Kamran", "kamran@memorial.example")
    page = keeper.get(EN)
    data = fields_of(page) | {"seen": hidden(page, "seen"), "csrf_token": token(page), "source_format": "markdown"}
    assert send(other, EN, body="Theirs stands first.").status_code == 303
    before = contents(app)
    answer = keeper.post(EN, data=data | {"body": "Mine stands second."})
    assert answer.status_code == 409
    assert contents(app) == before
    assert "Kamran kept another version" in answer.text
    assert "<del>Theirs</del> stands <del>first</del>." in answer.text
    assert "<ins>Mine</ins> stands <ins>second</ins>." in answer.text
    assert "Mine stands second.</textarea>" in answer.text
    again = data | {"body": "Mine stands second.", "seen": hidden(answer, "seen")}
    assert keeper.post(EN, data=again).status_code == 303
    assert "Mine stands second." in public(cast)
    assert "Kamran" not in public(cast)


def test_a_text_that_is_not_there_yet_is_written(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.session.execute(db.text("DELETE FROM article WHERE language = 'az'"))
        db.session.execute(db.text("DELETE FROM text_version WHERE subject = '20-january/undated/az'"))
        db.session.commit()
    assert "missing" in main_of(cast.keeper.get("/desk/articles/"))
    page = cast.keeper.get(NEW)
    assert "This text is not here in this language yet." in page.text
    assert send(cast.keeper, NEW, title="Başlıq", body="Mətn.", follows="en").status_code == 303
    assert "Başlıq</h1>" in public(cast, "/az/20-january/")


def test_a_form_without_its_token_comes_back_whole(app: Flask, cast: Cast) -> None:
    keeper = cast.keeper
    before = contents(app)
    answer = send(keeper, EN, title="Still mine", csrf_token="")
    assert answer.status_code == 422
    assert 'value="Still mine"' in answer.text
    assert contents(app) == before


def test_somebody_whose_sign_in_has_ended_gets_their_text_back(app: Flask, cast: Cast) -> None:
    before = contents(app)
    answer = cast.visitor.post(EN, data={"title": "Still mine", "body": "And all of this."})
    assert answer.status_code == 401
    assert "Still mine" in answer.text
    assert "And all of this." in answer.text
    assert contents(app) == before


@pytest.mark.parametrize(
    "path", ["20-january/2019/en/", "20-january/undated/de/", "pages/imprint/en/", "nowhere/undated/en/"]
)
def test_there_is_no_text_of_another_name(cast: Cast, path: str) -> None:
    for step in ("", "versions", "file"):
        assert cast.keeper.get(f"/desk/articles/{path}{step}").status_code == 404
    assert press(cast.keeper, f"/desk/articles/{path}restore", version="1", number="1").status_code == 404


def test_another_language_can_be_read_beside_it(cast: Cast) -> None:
    page = cast.keeper.get(f"{EN}?beside=az").text
    assert '<div class="other-text" lang="az">' in page
    assert "20 Yanvar 1990" in page
    assert "other-text" not in cast.keeper.get(f"{EN}?beside=en").text


def test_a_translation_says_when_its_source_has_changed_and_what(cast: Cast) -> None:
    keeper, az = cast.keeper, EN.replace("/en/", "/az/")
    assert send(keeper, EN, follows="az").status_code == 303
    assert "has changed since" not in keeper.get(EN).text
    send(keeper, az, title="Yeni başlıq")
    page = keeper.get(EN).text
    assert "has changed since" in page
    assert "older than: Azərbaycanca" in main_of(keeper.get("/desk/articles/"))
    found = re.search(r'href="([^"]*from=\d+[^"]*)"', page)
    assert found
    assert "<ins>Yeni başlıq</ins>" in keeper.get(found.group(1).replace("&amp;", "&")).text
    send(keeper, EN, title="A typo less")  # not caught up
    assert "has changed since" in keeper.get(EN).text
    send(keeper, EN, caught_up="y")
    assert "has changed since" not in keeper.get(EN).text


# ---- versions


def numbers(keeper: PageClient, path: str = EN) -> list[str]:
    """The numbers of a text's versions that can be put back, newest first."""
    return re.findall(r'name="number" value="(\d+)"', keeper.get(f"{path}versions").text)


def test_every_version_stands_there_with_who_what_changed_and_its_file(cast: Cast) -> None:
    keeper = cast.keeper
    send(keeper, EN, title="Our title")
    page = keeper.get(f"{EN}versions").text
    assert "Aytən" in page
    assert "Came with the program" in page
    changed = re.search(r'href="([^"]*versions\?version=\d+)"', page)
    assert changed
    assert "<ins>Our title</ins>" in keeper.get(changed.group(1)).text
    first = keeper.get(f"{EN}file?version={numbers(keeper)[0]}")
    assert first.text.startswith("---\ntitle: 20 January 1990\n")
    assert "attachment" in first.headers["Content-Disposition"]
    assert keeper.get(f"{EN}file").text.startswith("---\ntitle: Our title\n")
    assert keeper.get(f"{EN}file?version=1000000").status_code == 404


def test_an_earlier_version_is_put_back_and_a_stale_page_is_not_heard(app: Flask, cast: Cast) -> None:
    keeper = cast.keeper
    send(keeper, EN, title="Our title")
    page = keeper.get(f"{EN}versions")
    number, seen = numbers(keeper)[0], hidden(page, "version")
    assert press(keeper, f"{EN}restore", number=number, version=seen).status_code == 303
    assert "20 January 1990</h1>" in public(cast)
    before = contents(app)
    assert press(keeper, f"{EN}restore", number=number, version=seen).status_code == 409
    assert press(keeper, f"{EN}restore", number="1000000", version=str(int(seen) + 1)).status_code == 404
    assert contents(app) == before


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_editor_speaks_the_keepers_language(app: Flask, cast: Cast, lang: str) -> None:
    keeper = cast.keeper
    with app.app_context():
        db.session.execute(db.update(Person).values(language=lang))
        db.session.commit()
    for path in ("/desk/articles/", EN, f"{EN}versions", RULES):
        assert f'<html lang="{lang}"' in keeper.get(path).text
