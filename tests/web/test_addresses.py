"""Every address that the application knows: which contract it is part of, and who may come in."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.cast import WORDS, Cast
from tests.web.steps import contents, press
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import DESK_ACTIONS, Permission, Role
from tribute.extensions import db, now
from tribute.services import invitations

# DESIGN.md's table, in the words of Flask's routing.
CONTRACT = {
    "/", "/<lang:lang>/", "/<lang:lang>/<memorial>/", "/<lang:lang>/<memorial>/editions/",
    "/<lang:lang>/<memorial>/editions/<year:year>/", "/<lang:lang>/<memorial>/tributes/",
    "/<lang:lang>/<memorial>/tributes/new", "/<lang:lang>/<memorial>/tributes/<public_id>/", "/t/<public_id>",
    "/<lang:lang>/<memorial>/archive/", "/<lang:lang>/<memorial>/archive/<year:year>/",
    "/<lang:lang>/<memorial>/archive/<year:year>/<int(min=1, max=12):month>/",
    "/<lang:lang>/<memorial>/archive/on-this-day/",
    "/<lang:lang>/search", "/<lang:lang>/receipt/<token>/", "/<lang:lang>/receipt/", "/<lang:lang>/contact",
    "/<lang:lang>/pages/<any(rules,privacy,about,accessibility):page>/", "/<lang:lang>/<memorial>/feed.atom",
    "/account/login", "/desk/", "/desk/log", "/desk/overview", "/desk/tributes/<public_id>/",
    "/<lang:lang>/<memorial>/tributes/<public_id>/report",
    "/desk/tributes/<public_id>/<action>", "/desk/tributes/<public_id>/note",
    "/desk/tributes/<public_id>/second-opinion", "/desk/claim", "/desk/bulk", "/desk/export",
    "/healthz", "/readyz", "/metrics",
}  # fmt: skip
REASONS = {
    "/static/<path:filename>": "styles, scripts, fonts and pictures, named by their contents",
    "/robots.txt": "crawlers look for it there",
    "/sitemap.xml": "crawlers look for it there; robots.txt names it",
    "/<lang:lang>/search/suggestions": "words for the search box's list, while somebody types",
    "/<lang:lang>/contact/sent": "where a sent message leads, so that reloading sends nothing again",
    "/<lang:lang>/receipt/<token>/amend": "what the receipt offers: mend",
    "/<lang:lang>/receipt/<token>/withdraw": "what the receipt offers: withdraw, asked once",
    "/<lang:lang>/receipt/<token>/return": "what the receipt offers: bring back",
    "/<lang:lang>/receipt/sent": "where asking for lost links leads, the same for everybody",
    "/<lang:lang>/mail/confirm/<token>": "the button behind a mail's link: yes, this is my address",
    "/<lang:lang>/mail/stop/<token>": "the button behind a mail's link: no more mail",
    "/mail/decide/<token>": "the card behind a link in a moderator's mail; it asks before acting",
    "/mail/decide/<token>/<any(approve, decline):action>": "its two buttons",
    "/desk/messages": "keepers see what mail waits and what failed",
    "/desk/messages/<public_id>/again": "and send it again",
    "/desk/tributes/<public_id>/new-link": "a keeper gives an author another private link",
    "/account/logout": "the other end of sign-in",
    "/account/end-sessions": "signing out everywhere",
    "/account/change": "one's own password",
    "/account/invitation/<token>": "the single-use link that makes an account",
    "/account/factors": "one's own ways to sign in",
    "/account/verify": "the password or a passkey, asked again before what is grave",
    "/account/reset": "a link for a new password, by mail",
    "/account/reset/<token>": "where that link leads",
    "/account/tf-select": "which second step to take",
    "/account/tf-validate": "the code of an app",
    "/account/tf-rescue": "where the library sends who cannot take it",
    "/account/tf-setup": "an app for codes",
    "/account/tf-setup/<token>": "its first code",
    "/account/mf-recovery": "a recovery code in place of the second step",
    "/account/mf-recovery-codes": "making them",
    "/account/wan-signin": "a passkey",
    "/account/wan-signin/<token>": "and its answer",
    "/account/wan-register": "adding a passkey",
    "/account/wan-register/<token>": "and its answer",
    "/account/wan-delete": "taking one away",
    "/desk/people/": "keepers see who may sign in",
    "/desk/people/invite": "and invite others",
    "/desk/people/invitations/<digest>/call-off": "or call that off",
    "/desk/people/<int:number>/": "one of them",
    "/desk/people/<int:number>/<deed>": "and what a keeper may do about them",
    "/desk/language": "the desk stands under no language, so its reader chooses one",
    "/desk/pulse": "what an open page of the desk asks for: arrivals, and what others decided",
    "/desk/bulk/<batch_id>/undo": "taking many decisions back as one",
    "/desk/brake": "pausing new tributes, and hiding what was published lately",
    "/desk/brake/pause": "no new tributes for some hours",
    "/desk/brake/resume": "taking them again before that",
    "/desk/brake/hide": "hiding what was published lately, asked once",
    "/desk/brake/<batch_id>/show-again": "and letting it go again as one",
    "/desk/brake/seen": "a keeper has read what was done with it",
    "/desk/you": "what one moderator sets for themselves: languages and letters",
    "/desk/care": "what keepers write for cries for help",
    "/desk/tributes/<public_id>/beside": "what is known beside a tribute, for the queue's margin",
    "/desk/cases/": "the keepers' list of what the contact page brought",
    "/desk/cases/<int:number>/": "one of them",
    "/desk/cases/<int:number>/close": "and closing it",
    "/desk/cases/<int:number>/tribute": "the tribute that a case is about",
    "/desk/cases/<int:number>/due": "the day by which it is to be answered",
    "/desk/cases/<int:number>/keep": "keeping its tribute",
    "/desk/reports": "what readers ask to be looked at again",
    "/desk/reports/<public_id>/keep": "keeping it all the same",
    "/desk/rules": "what happens by itself, as keepers set it",
    "/<lang:lang>/<memorial>/tributes/reported": "where a sent report leads, so that reloading sends nothing again",
    "/<lang:lang>/<memorial>/numbers/": "what came in and what became of it, and the log's newest hash",
    "/desk/log/export": "the log as a table, for keepers",
    "/desk/safeguards": "what keepers turn on during a raid, and the listed words",
    "/desk/safeguards/<any(proof_of_work,raised_limits):name>": "turning one on or off",
    "/desk/safeguards/words/<any(add,take_out):change>": "listing a word, or taking one out",
    "/<lang:lang>/<memorial>/editions/undated/": "the text without a year, once an edition stands in its place",
    "/<lang:lang>/preview/<token>/": "a draft of an edition, for whoever has the link",
    "/desk/articles/": "the keepers' texts, and what is missing in which language",
    "/desk/articles/<of>/<part>/<language>/": "one of them, to be changed",
    "/desk/articles/<of>/<part>/<language>/versions": "who changed what",
    "/desk/articles/<of>/<part>/<language>/restore": "putting an earlier version back",
    "/desk/articles/<of>/<part>/<language>/file": "a text as a file",
    "/desk/editions/<of>/begin": "next year's edition, from the text that stands",
    "/desk/editions/<of>/<year:year>/<any(day,publish,take_off,share,revoke):step>": "its day, and who may see it",
    "/desk/editions/<of>/<year:year>/preview": "a draft as its readers will see it",
}
UNKNOWN = {
    "lang": "en", "memorial": "20-january", "year": 2001, "public_id": "0000000000000", "token": "A" * 32,
    "page": "rules", "number": 404, "month": 1, "action": "approve", "filename": "none.css",
    "name": "raised_limits", "batch_id": "0000000000000", "remark": "note", "change": "add",
    "of": "nowhere", "part": "undated", "language": "en", "step": "publish", "digest": "00", "deed": "close",
}  # fmt: skip
LIBRARY = "security."  # its steps of signing in tell on the page before them that a link has ended


def rules(app: Flask, method: str = "GET") -> list[Rule]:
    """The addresses that take a method."""
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]


def address(app: Flask, rule: Rule, **values: Any) -> str:
    """An address of this rule, where nothing is unless `values` say so."""
    with app.test_request_context():
        wanted = {name: (UNKNOWN | values)[name] for name in rule.arguments}
        path = app.url_map.bind("localhost").build(rule.endpoint, wanted, method="POST" if is_post(rule) else None)
        return str(path)


def is_post(rule: Rule) -> bool:
    """Whether an address is only for sending."""
    return "GET" not in (rule.methods or ())


def invitation(app: Flask) -> str:
    """The token of a link that makes a moderator."""
    with app.app_context():
        token = invitations.print_link(db.session(), Role.MODERATOR, now())
        db.session.commit()
        return token


def test_every_address_is_in_the_contract_or_has_a_reason(app: Flask) -> None:
    assert {rule.rule for rule in app.url_map.iter_rules()} == CONTRACT | set(REASONS)


def test_every_address_of_the_desk_declares_what_it_asks_for(app: Flask) -> None:
    desk = [rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith("/desk/")]
    held = {endpoint: getattr(app.view_functions[endpoint], "permission", None) for endpoint in desk}
    assert all(isinstance(permission, Permission) for permission in held.values()), held
    assert {name for name, asked in held.items() if asked != Permission.DECIDE} == {
        "desk.cases", "desk.case", "desk.close_case", "desk.safeguards", "desk.turn", "desk.change_words",
        "desk.care_texts", "desk.brake_seen", "desk.rules", "desk.set_due", "desk.keep_tribute", "desk.find_tribute",
        "desk.export_log", "desk.messages", "desk.send_again", "desk.new_link", "desk.texts", "desk.edit_text",
        "desk.text_versions", "desk.restore_text", "desk.text_file", "desk.begin_edition", "desk.settle_edition",
        "desk.preview_edition", "desk.people_list", "desk.person", "desk.change_person", "desk.invite", "desk.call_off",
        "desk.export", "desk.take_out",
    }  # fmt: skip


def test_a_visitor_is_asked_to_sign_in_at_every_address_of_the_desk(app: Flask, cast: Cast) -> None:
    before = contents(app)
    for rule in [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/desk/")]:
        path = address(app, rule)
        answer = press(cast.visitor, path) if is_post(rule) else cast.visitor.get(path)
        assert answer.status_code == 302, path
        assert answer.location.startswith("/account/login?next="), path
    assert contents(app) == before


def test_a_moderator_is_refused_what_is_the_keepers(app: Flask, cast: Cast) -> None:
    public_id, moderator = cast.tribute(), cast.moderator
    before = contents(app)
    rooms = (
        "/desk/cases/", "/desk/safeguards", "/desk/log/export", "/desk/messages", "/desk/articles/", "/desk/editions/",
        "/desk/people/", "/desk/export",
    )  # fmt: skip
    for rule in [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(rooms)]:
        path = address(app, rule)
        assert (press(moderator, path) if is_post(rule) else moderator.get(path)).status_code == 403, path
    final = [action for action, asked in DESK_ACTIONS.items() if asked != Permission.DECIDE]
    for action in final:
        assert press(moderator, f"/desk/tributes/{public_id}/{action}", version=2).status_code == 403
    assert final
    assert contents(app) == before


def test_nothing_can_be_sent_without_its_token_and_the_text_stays_on_the_page(app: Flask, cast: Cast) -> None:
    author, public_id, public = cast.author(), cast.tribute(Status.PENDING), cast.tribute()
    clients = {True: cast.keeper, False: author.client}
    press(cast.visitor, "/en/contact", kind="other", message=WORDS)
    tokens = {"/en": author.receipt.strip("/").split("/")[-1], "/account": invitation(app)}
    before = contents(app)
    for rule in rules(app, "POST"):
        token = tokens["/account" if rule.rule.startswith("/account") else "/en"]
        seen = public if rule.endpoint == "reports.new" else public_id
        path = address(app, rule, public_id=seen, token=token, number=1, of="20-january")
        client = clients[path.startswith(("/desk/", "/account/"))]
        typed = dict.fromkeys(("message", "note", "body"), WORDS)
        answer = client.post(path, data=typed | {"version": 1, "reason": "hatred"})
        assert answer.status_code in (400, 422), path
        assert WORDS in answer.text or "/account/" in path, path
    assert contents(app) == before


def test_what_takes_only_sendings_refuses_to_be_read(app: Flask, cast: Cast) -> None:
    public_id, keeper = cast.tribute(Status.PENDING), cast.keeper
    before = contents(app)
    read = {rule.rule for rule in rules(app)}
    sent = [rule for rule in rules(app, "POST") if is_post(rule) and rule.rule not in read]
    only = [address(app, rule, public_id=public_id) for rule in sent]
    assert len(only) == 35
    for path in only:
        for client in (keeper, cast.visitor):
            assert client.get(path).status_code == 405, path
    assert contents(app) == before


def test_reading_changes_nothing(app: Flask, cast: Cast) -> None:
    author, keeper = cast.author(), cast.keeper
    tokens = {"/en": author.receipt.strip("/").split("/")[-1], "/account": invitation(app)}
    press(cast.visitor, "/en/contact", kind="other", message=WORDS)
    before = contents(app)
    for rule in rules(app):
        token = tokens["/account" if rule.rule.startswith("/account") else "/en"]
        path = address(app, rule, token=token, public_id=author.public_id, number=1, of="20-january")
        if not path.startswith("/static/"):
            keeper.get(path)
    assert contents(app) == before


@pytest.mark.parametrize("public_id", ["0000000000000", "zzzzzzzzzzzzz", "1", "%00", "é", "A" * 500])
def test_an_unknown_id_is_a_page_that_says_so(app: Flask, cast: Cast, public_id: str) -> None:
    unknown = {"memorial": public_id, "public_id": public_id, "token": public_id, "number": 10**30, "of": public_id}
    for rule in app.url_map.iter_rules():
        if rule.arguments & set(unknown):
            path = rule.rule
            for name in rule.arguments:
                path = path.replace(f"<{name}>", str(unknown.get(name))).replace(f"<lang:{name}>", "en")
            path = path.replace("<year:year>", "2001").replace("<int:number>", str(10**30))
            path = path.replace("<int(min=1, max=12):month>", "1").replace("<part>", "undated")
            path = path.replace("<language>", "en").replace("<any(day,publish,take_off,share,revoke):step>", "publish")
            path = path.replace("<digest>", public_id).replace("<deed>", "close")
            answer = press(cast.keeper, path, version=1) if is_post(rule) else cast.keeper.get(path)
            told = (302, 400, 404) if rule.endpoint.startswith(LIBRARY) else (404,)
            assert answer.status_code in told, path
