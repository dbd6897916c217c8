"""The desk at a glance: what came in and was decided in the last days, told from the tallies; and who decided it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tribute.domain.anniversary import day_edges
from tribute.domain.lifecycle import JUDGED, Action
from tribute.domain.verdict import Verdict
from tribute.models import Decision
from tribute.services import people, tallies
from tribute.services.numbers import Done

HOUR = timedelta(hours=1)
SERIES = (Action.SUBMIT, *JUDGED)


@dataclass
class Slot:
    """An hour or a day: when it begins, what came in and how much was decided."""

    begins: datetime
    received: int = 0
    decided: int = 0


@dataclass(frozen=True)
class Agreement:
    """Of what triage took for one thing: how many were judged, and how many of these published."""

    verdict: Verdict
    judged: int
    published: int

    @property
    def refused(self) -> int:
        """How many were declined or marked as spam."""
        return self.judged - self.published


@dataclass(frozen=True)
class Overview:
    """What was done in some days, hour by hour for one and day by day for more."""

    done: Done
    slots: list[Slot]
    languages: dict[str, int]  # of what came in, most first
    agreements: list[Agreement]


@dataclass
class Load:
    """What one person did: each judgement with how often, and everything else together."""

    name: str
    judged: dict[str, int] = field(default_factory=lambda: dict.fromkeys(map(str, JUDGED), 0))
    other: int = 0


def overview(session: Session, memorials: Sequence[int], time_zone: str, last: date, days: int) -> Overview:
    """The days up to the last one, where the memorials are."""
    begins = _begins(time_zone, last, days)
    since, until = edges(time_zone, last, days)
    hours = _first_hour(since), tallies.hour_of(until - timedelta(microseconds=1))
    slots = [Slot(begun) for begun in begins]
    for period, what, _kind, number in tallies.each(session, memorials, *hours, SERIES):
        slot = slots[bisect_right(begins, datetime.strptime(period, "h%Y-%m-%dT%H").replace(tzinfo=UTC)) - 1]
        if what == Action.SUBMIT:
            slot.received += number
        else:
            slot.decided += number
    found = tallies.together(session, memorials, *hours)
    languages = found.get(tallies.LANGUAGE, {})
    return Overview(Done.of(found), slots, languages, _agreements(found.get(tallies.VERDICT, {})))


def edges(time_zone: str, last: date, days: int) -> tuple[datetime, datetime]:
    """When so many days begin and end, of which `last` is the last."""
    return day_edges(last - timedelta(days=days - 1), time_zone)[0], day_edges(last, time_zone)[1]


def _begins(time_zone: str, last: date, days: int) -> list[datetime]:
    """When each hour of the one day begins, or each day of several. Days that clocks change on have 23 or 25."""
    if days > 1:
        return [day_edges(last - timedelta(days=ago), time_zone)[0] for ago in range(days - 1, -1, -1)]
    since, until = day_edges(last, time_zone)
    return [since + number * HOUR for number in range(round((until - since) / HOUR))]


def _first_hour(since: datetime) -> str:
    """The first of UTC's hours that begins within: where a zone is off by half an hour, a day has those of its own."""
    return tallies.hour_of(since + HOUR - timedelta(microseconds=1))


def _agreements(found: Mapping[str, int]) -> list[Agreement]:
    judged = dict.fromkeys(Verdict, 0)
    published = dict(judged)
    for kind, number in found.items():
        verdict, _, action = kind.partition(":")
        judged[Verdict(verdict)] += number
        published[Verdict(verdict)] += number if action == Action.APPROVE else 0
    return [Agreement(verdict, judged[verdict], published[verdict]) for verdict in Verdict if judged[verdict]]


def loads(session: Session, since: datetime, until: datetime) -> list[Load]:
    """What each person did between two moments, slips that they took back among it; who did most comes first."""
    names = people.names(session)
    query = (
        select(Decision.person_id, Decision.action, func.count())
        .where(Decision.person_id.is_not(None), Decision.person_id.in_(names), Decision.at >= since,
               Decision.at < until)
        .group_by(Decision.person_id, Decision.action)
    )  # fmt: skip
    found: dict[int, Load] = {}
    for person_id, action, number in session.execute(query):
        load = found.setdefault(person_id or 0, Load(names[person_id or 0]))
        if action in load.judged:
            load.judged[action] += number
        else:
            load.other += number
    return sorted(found.values(), key=lambda load: (-sum(load.judged.values()) - load.other, load.name))
