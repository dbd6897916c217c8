"""What a list of the desk costs: the same questions to the database, and each form once, however many cards it has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from tests.cast import Cast
from tests.page import PageClient
from tests.web.steps import amend, decide, press
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import Role
from tribute.extensions import db, now
from tribute.services.desk import QUEUE_SIZE

MOST_STATEMENTS = 20


@contextmanager
def asked(app: Flask) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    said: list[str] = []

    def hear(*args: object) -> None:
        if (statement := str(args[2])).startswith("SELECT"):
            said.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    yield said
    event.remove(engine, "before_cursor_execute", hear)


def fill(cast: Cast, number: int) -> None:
    """So many that wait."""
    start = now() - timedelta(hours=2)
    for each in range(number):
        cast.tribute(Status.PENDING, name=f"Author {each}", at=start + timedelta(seconds=each))


def page_of(cast: Cast, client: PageClient, path: str) -> tuple[str, int]:
    """A page of the desk, and how many statements it took."""
    with asked(cast.app) as said:
        text = client.get(path).text
    return text, len(said)


@pytest.mark.parametrize("path", ["/desk/", "/desk/?status=second", "/desk/?q=silence"])
def test_a_full_page_asks_as_often_as_one_with_few_cards(cast: Cast, path: str) -> None:
    author = cast.author()  # an amended one: public words beside those that wait
    decide(cast.moderator, author.public_id, "approve")
    amend(author, "Newer words about the silence")
    fill(cast, 2)
    if "second" in path:
        decide(cast.moderator, cast.tribute(Status.PENDING), "second-opinion", note="Who is this?")
        decide(cast.moderator, cast.tribute(Status.PENDING), "second-opinion", note="And this?")
    client = cast.keeper
    client.get(path)
    few, once = page_of(cast, client, path)
    fill(cast, QUEUE_SIZE)
    if "second" in path:
        for each in re.findall(r'id="tribute-(\w+)"', client.get("/desk/").text)[:QUEUE_SIZE]:
            decide(cast.moderator, each, "second-opinion", note="Who is this?")
    full, again = page_of(cast, client, path)
    assert few.count("<article") < full.count("<article")
    assert again == once
    assert path != "/desk/" or again <= MOST_STATEMENTS


def test_what_is_the_same_in_every_card_stands_once_a_page(cast: Cast) -> None:
    fill(cast, 3)
    few = cast.keeper.get("/desk/").text
    fill(cast, QUEUE_SIZE)
    full = cast.keeper.get("/desk/").text
    assert (few.count("<article"), full.count("<article")) == (3, QUEUE_SIZE)
    for same in (
        'name="csrf_token"',
        'name="next"',
        "<form",
        'value="hatred"',
        "<textarea",
        "One name or phrase a line",
    ):
        assert few.count(same) == full.count(same) > 0, same
    assert (len(full) - len(few)) / (QUEUE_SIZE - 3) < 4_000  # characters a card


def test_a_button_opens_the_own_page_with_its_form_where_nothing_runs(cast: Cast) -> None:
    public_id = cast.tribute(Status.PENDING)
    own, listed = f"/desk/tributes/{public_id}/", "/desk/?language=en"
    queue = cast.keeper.get(listed).text
    steps = re.findall(rf'form="opening"\s+formaction="{own}"\s+name="step"\s+value="([\w-]+)"', queue)
    assert steps == ["decline", "redact", "second-opinion", "note", "remove"]
    for step in steps:
        page = cast.keeper.get(own, query_string={"step": step, "next": listed}).text
        forms = dict(re.findall(r'data-panel="([\w-]+)"([^>]*)>', page))
        assert {name: said for name, said in forms.items() if said != " hidden"} == {step: ' tabindex="-1" autofocus'}
        assert page.count(f'name="next" value="{listed}"') > 1
        assert f'action="{own}{step}"' in page
    assert 'data-panel="decline" hidden>' in cast.keeper.get(own).text


def test_after_leaving_something_out_the_own_page_is_shown_again_and_leads_back_to_the_list(cast: Cast) -> None:
    public_id = cast.tribute(Status.PENDING)
    own = f"/desk/tributes/{public_id}/"
    page = cast.moderator.get(own, query_string={"step": "redact", "next": "/desk/?language=en"}).text
    form = page[page.index('data-panel="redact"') :]
    back = re.search(r'name="next" value="([^"]+)"', form)
    assert back
    assert back.group(1) == f"{own}?next=/desk/?language%3Den"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/en/"])
def test_an_own_page_leads_nowhere_else(cast: Cast, target: str) -> None:
    public_id = cast.tribute(Status.PENDING)
    page = cast.moderator.get(f"/desk/tributes/{public_id}/", query_string={"next": target, "step": "nonsense"})
    assert page.status_code == 200
    assert f'name="next" value="{target}' not in page.text
    assert f'class="back"><a href="{target}' not in page.text
    assert page.text.count(" hidden>") >= 4  # no form is open


def test_a_moderator_has_no_form_for_removing(cast: Cast) -> None:
    cast.tribute(Status.PENDING)
    assert 'data-panel="remove"' in cast.keeper.get("/desk/").text
    assert 'data-panel="remove"' not in cast.moderator.get("/desk/").text


def test_the_second_of_two_begins_with_what_the_first_would_say(cast: Cast) -> None:
    kamran = cast.signed_in(Role.MODERATOR, "Kamran", "kamran@memorial.example")
    hint = "Declining takes two people."
    cast.tribute(Status.PENDING, name="Nigar")
    assert hint not in kamran.get("/desk/").text
    assert press(cast.keeper, "/desk/rules", hide_at="2", two_for_declines="1").status_code == 303
    author = cast.author(name="Orxan")
    note = 'Please leave the "insult" out.'
    decide(cast.moderator, author.public_id, "decline", reason="insult", note=note)
    second = "/desk/?status=second"
    theirs, own = kamran.get(second).text, cast.moderator.get(second).text
    assert hint in theirs
    assert 'data-reason="insult" data-note="Please leave the &#34;insult&#34; out."' in theirs
    assert "data-reason=" not in own  # it is their own
    page = kamran.get(f"/desk/tributes/{author.public_id}/?step=decline").text
    assert re.search(r'value="insult"\s+id="reason-insult-\w+"\s+required checked>', page)
    assert ">Please leave the &#34;insult&#34; out.</textarea>" in page
    decide(kamran, author.public_id, "decline", reason="insult", note=note)
    assert "Please leave the &#34;insult&#34; out." in author.client.get(author.receipt).text
