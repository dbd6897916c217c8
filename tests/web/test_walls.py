"""The walls, held at every address: what guards a reader, what takes a token, what a link may not do."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import databases
from tests.conftest import METRICS_TOKEN, SECRET
from tests.web.steps import contents
from tests.web.whole_site import Asked, WholeSite
from tribute.app import create_app
from tribute.config import Settings
from tribute.extensions import db
from tribute.web.errors import KEPT
from tribute.web.shell import PERSONAL_ROOMS

GUARDS = {
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
}  # fmt: skip
POLICY = {
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
    "require-trusted-types-for": "'script'",
} | dict.fromkeys(("default-src", "script-src", "style-src", "img-src", "font-src", "connect-src"), "'self'")
FLAGS = {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
# The editor's page stays in its keeper's own browser: the back button finds the text that was typed.
STAYS = {"desk.edit_text": "private, no-cache"}
# These forms look at their own token, and come back with every field; what a whole sending holds.
OWN_CHECK = {
    "tributes.new": {"name": "Oleg", "message": "Typed into the form.", "gesture": "dove", "consent": "y"},
    "contact.new": {"name": "Oleg", "message": "Typed into a letter.", "kind": "other", "email": ""},
    "reports.new": {"message": "Typed into a report.", "reason": "other"},
    "desk.edit_text": {"title": "Typed into a title", "body": "Typed into a page.", "summary": "Typed into a summary",
                       "version": "2027-01-20", "source_format": "markdown"},
}  # fmt: skip
NOT_THERE = {"memorial.undated"}  # a page only where the edition of a year stands in place of it
REFUSED = (422, 401)  # the second where nobody is signed in, who is asked for that first
TYPED = {name: f"Typed <b>into</b> {name}" for name in KEPT}


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeSite]:
    """The whole site, with something in every room."""
    folder = tmp_path_factory.mktemp("walls")
    settings = Settings(
        instance_path=folder / "instance", database_url=databases.sqlite_copy(sqlite_template, folder),
        secret_key=SECRET, password_salt=SECRET, receipt_keys=SECRET, email_keys=SECRET, factor_keys=SECRET,
        base_url="https://memorial.example", hosts="www.memorial.example", limits=False, metrics_token=METRICS_TOKEN,
    )  # fmt: skip
    app = create_app(settings, TESTING=True, PREFERRED_URL_SCHEME="https")
    yield WholeSite(app)
    with app.app_context():
        db.engine.dispose()


def policy_of(answer: TestResponse) -> dict[str, str]:
    """What an answer's policy says of each thing."""
    said = answer.headers.get("Content-Security-Policy", "")
    return {name: sources for name, _, sources in (part.strip().partition(" ") for part in said.split(";"))}


def unguarded(answer: TestResponse) -> list[str]:
    """What an answer lacks of what guards its reader, and what opens it to other sites."""
    lacks = [name for name, value in GUARDS.items() if answer.headers.getlist(name) != [value]]
    lacks += [name for name, _value in answer.headers if name.startswith("Access-Control-Allow")]
    return lacks if policy_of(answer) == POLICY else [*lacks, "Content-Security-Policy"]


def unnamed(answer: TestResponse) -> list[str]:
    """Whether an answer with something in it leaves a browser to guess what it is."""
    said = answer.headers.get("Content-Type", "")
    is_text = said.startswith("text/") or "xml" in said
    is_named = not answer.data or (said and ("charset=utf-8" in said.replace('"', "") or not is_text))
    return [] if is_named else [f"Content-Type: {said}"]


def unguarded_cookies(answer: TestResponse) -> list[str]:
    """The cookies that a script, another host or the open line could come by."""
    cookies = [cookie.split("; ") for cookie in answer.headers.getlist("Set-Cookie")]
    return [name for name, *flags in cookies if not name.startswith("__Host-") or not set(flags) >= FLAGS]


def asked_in_every_way(client: FlaskClient, path: str) -> Iterator[TestResponse]:
    """An address as it is read, read again, sent to without a token, and asked as nobody asks."""
    yield (first := client.get(path))
    if tag := first.headers.get("ETag"):
        yield client.get(path, headers={"If-None-Match": tag})
    yield client.post(path)
    yield client.put(path)


def test_every_answer_of_every_address_is_guarded(site: WholeSite) -> None:
    wrong, statuses = [], set()
    nowhere = ("/none", "/en", "/static/none.css", "/desk", "/en/20-january/tributes/0000000000000/", "/%00")
    gone = f"/en/20-january/tributes/{site.known.tributes['withdrawn']}/"
    paths = [gone, *(str(asked.path) for method in ("GET", "POST") for asked in site.addresses(method)), *nowhere]
    for client in (site.visitor, site.keeper):
        for path in dict.fromkeys(paths):
            for answer in asked_in_every_way(client, path):
                statuses.add(answer.status_code)
                lacks = unguarded(answer) + unguarded_cookies(answer) + unnamed(answer)
                if lacks:
                    wrong.append(f"{answer.request.method} {path} {answer.status_code}: {lacks}")
                answer.close()
    assert not wrong, "\n".join(wrong)
    assert {200, 302, 304, 308, 400, 404, 405, 410, 422} <= statuses


def test_no_file_beside_the_static_ones_is_served_and_no_list_of_them(site: WholeSite) -> None:
    for path in ("/.git/HEAD", "/.git/config", "/.env", "/wsgi.py", "/instance/secrets.json", "/static/", "/static",
                 "/static/../wsgi.py", "/static/..%2fwsgi.py", "/static/%2e%2e/%2e%2e/wsgi.py", "/static//etc/passwd",
                 "/requirements.txt", "/migrations/"):  # fmt: skip
        with site.visitor.get(path, follow_redirects=True) as answer:
            assert answer.status_code == 404, path


def test_a_request_is_never_sent_back_as_it_came(site: WholeSite) -> None:
    """TRACE would hand a script what its browser keeps from it."""
    for path in ("/", "/desk/", "/account/login", "/static/none.css"):
        answer = site.keeper.open(path, method="TRACE", headers={"X-Secret": "nothing of the kind"})
        assert answer.status_code in (404, 405)
        assert "nothing of the kind" not in answer.text


def test_desk_account_and_receipt_are_kept_by_nobody(site: WholeSite) -> None:
    rooms = {"desk", "account", "security", "receipt", "addresses", "by_mail", "previews"}
    assert rooms <= set(PERSONAL_ROOMS)
    asked = [each for each in site.addresses("GET") if each.endpoint.partition(".")[0] in rooms]
    assert len(asked) > 45
    said = {each.endpoint: site.keeper.get(each.path).headers["Cache-Control"] for each in asked}
    assert {endpoint: kept for endpoint, kept in said.items() if kept != "no-store"} == STAYS


def test_no_post_is_taken_without_its_token_and_what_was_typed_comes_back(site: WholeSite) -> None:
    taken, asked = [], site.addresses("POST")
    assert len(asked) > 60
    with site.watched() as file:
        for client in (site.visitor, site.keeper):
            for each in asked:
                fields = OWN_CHECK.get(each.endpoint, TYPED)
                answer = client.post(each.path, data=fields | _key_of(client, each))
                is_refused = answer.status_code in (REFUSED if each.endpoint in OWN_CHECK else (400,))
                texts = [value for name, value in fields.items() if name in KEPT and value]
                lost = [text for text in texts if text not in html.unescape(answer.text)]
                if file.has_changed() or not is_refused or lost:
                    taken.append(f"{each}: {answer.status_code} {lost}")
    assert not taken, "\n".join(taken)


@pytest.mark.parametrize("endpoint", OWN_CHECK)
def test_with_its_token_the_same_sending_is_taken(site: WholeSite, endpoint: str) -> None:
    """What the walk above is refused, it is refused for the token."""
    each = next(each for each in site.addresses("POST") if each.endpoint == endpoint)
    with site.watched() as file:
        answer = site.send(site.keeper, each.path, **OWN_CHECK[endpoint], **_key_of(site.keeper, each))
        assert answer.status_code == 303
        assert file.has_changed()


def test_no_reading_changes_anything(site: WholeSite) -> None:
    asked, before, reached, wrote = site.addresses("GET"), contents(site.app), set(), []
    with site.watched() as file:
        for client in (site.visitor, site.keeper):
            for each in asked:
                answer = client.get(each.path)
                answer.close()
                reached |= {each.endpoint} if answer.status_code < 400 else set()
                if file.has_changed():
                    wrote.append(str(each))
    assert not wrote, "\n".join(wrote)
    assert contents(site.app) == before
    assert {each.endpoint for each in asked} - reached == NOT_THERE
    assert site.keeper.get("/desk/").status_code == 200, "and nobody was signed out by it"


def _key_of(client: FlaskClient, each: Asked) -> dict[str, str]:
    """The key that a form asks for beside its token, and the version that it was made of."""
    if each.endpoint not in OWN_CHECK:
        return {}
    page = client.get(each.path).text
    return dict(re.findall(r'<input[^>]*name="(key|seen)"[^>]*value="([^"]*)"', page))
