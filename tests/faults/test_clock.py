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
from tribute.domain.mail import State
from tribute.models import Message

YEARS = {"+1000d": 1000, "-1000d": -1000, "+0": 0}  # in turn: the days that the clock is then ahead
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
    with running(database, tmp_path / "instance", beside=clock.environment) as site:
        for offset, days in YEARS.items():
            said = WORDS.format(offset)
            opened_before = site.open_form(message=f"{said} Before.", email=f"before{days}@memorial.example")
            clock.move(offset)
            until(partial(goes_by, site, days), f"the site does not go by the clock at {offset}")
            assert_is_taken(site, opened_before, f"{said} Before.")
            assert site.send(site.open_form(message=said, email=f"after{days}@memorial.example")).status == 303
            assert {site.ask(path).status for path in (HOME, FORM, "/en/20-january/archive/")} == {200}
        if not AT_LENGTH:  # the worker would see within a minute what this one sees at once
            assert site.run("work", "--once").returncode == 0
        until(lambda: is_sent(site, 2 * len(YEARS)), f"mail waits: {site.machine.log()}")
        assert_is_whole(site)


def is_sent(site: Site, number: int) -> bool:
    """Whether so many mails were sent, and none waits."""
    with site.session() as session:
        return list(session.scalars(select(Message.state))) == [State.SENT] * number
