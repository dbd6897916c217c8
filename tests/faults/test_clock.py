"""A clock that is set years ahead, years back, and right again under the running site."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.deploy.crowd import FORM, HOME, Filled
from tests.deploy.machines import until
from tests.faults.clock import Clock
from tests.faults.site import Site, assert_is_whole, running, with_keeper
from tests.faults.sizes import AT_LENGTH
from tests.mail import smtp
from tribute.domain.mail import State
from tribute.models import Message

YEARS = {"+1000d": 1000, "-1000d": -1000, "+0": 0}  # in turn: the days that the clock is then ahead
SENDER = "memorial@memorial.example"
WORDS = "I remember the silence, whatever day it is: {}."


def goes_by(site: Site, days: int) -> bool:
    """Whether the site's clock is so many days ahead, by the last line of its log."""
    site.ask(FORM)
    lines = [json.loads(line) for line in site.machine.log().splitlines() if line.startswith("{")]
    says = datetime.fromisoformat(lines[-1]["timestamp"])
    return abs(says - datetime.now(UTC) - timedelta(days=days)) < timedelta(days=1)


def assert_is_taken(site: Site, form: Filled, said: str) -> None:
    """The form is taken, if need be at the second time: its session may have ended by that clock, its words stay."""
    answer = site.send(form)
    if answer.status == 422:
        page = answer.body.decode()
        assert (said in page, "Please send it once more." in page) == (True, True), page
        answer = site.send(site.filled(answer, **form.said))
    assert answer.status == 303, answer.body.decode()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_whatever_the_clock_says_tributes_are_taken_and_mail_goes(database: str, tmp_path: Path) -> None:
    with_keeper(database)
    clock = Clock(tmp_path / "clock")
    with (
        smtp.server() as server,
        running(
            database, tmp_path / "instance", mail_url=server.url, mail_from=SENDER, beside=clock.environment
        ) as site,
    ):
        for offset, days in YEARS.items():
            said = WORDS.format(offset)
            opened_before = site.open_form(message=f"{said} Before.", email=address("before", days))
            clock.move(offset)
            until(partial(goes_by, site, days), f"the site does not go by the clock at {offset}")
            assert_is_taken(site, opened_before, f"{said} Before.")
            assert site.send(site.open_form(message=said, email=address("after", days))).status == 303
            assert {site.ask(path).status for path in (HOME, FORM, "/en/20-january/archive/")} == {200}
        if not AT_LENGTH:  # the worker would see within a minute what this one sees at once
            assert site.run("work", "--once").returncode == 0
        all_of_them = {address(when, days) for when in ("before", "after") for days in YEARS.values()}
        until(lambda: set(server.recipients) == all_of_them, "mail waits")
        until(lambda: is_at_rest(site), "a mail that was sent is not marked so")
        assert_is_whole(site)


def address(when: str, days: int) -> str:
    """Of who opened the form before the clock was moved, or after it."""
    return f"{when}{days}@memorial.example"


def is_at_rest(site: Site) -> bool:
    """Whether no mail waits and none has failed. What was sent by a clock years back is old by now, and swept."""
    with site.session() as session:
        return set(session.scalars(select(Message.state))) == {State.SENT}
