"""Mail to keepers: what they must hear of, without a word that a visitor wrote."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from tribute.mail.letter import Letter
from tribute.models import Case, Decision, Message, Person
from tribute.services import alerts, cases, people
from tribute.web.shell import absolute


def brake(session: Session, message: Message) -> Letter | None:
    """A colleague used the brake."""
    row = session.get_one(Decision, message.decision_number)
    who = people.names(session).get(row.person_id or 0, "")
    return _to_keeper(session, message, action=row.action, at=row.at, who=who, url=_page("desk.brake"))


def case(session: Session, message: Message) -> Letter | None:
    """Somebody wrote over the contact page."""
    return _about_case(session, message)


def case_due(session: Session, message: Message) -> Letter | None:
    """A case should be answered within days."""
    return _about_case(session, message)


def mail_failed(session: Session, message: Message) -> Letter | None:
    """Mail could not be delivered."""
    return _to_keeper(session, message, number=message.values["number"], url=_page("desk.messages"))


def _about_case(session: Session, message: Message) -> Letter | None:
    """An open case: its number, what it is about, and when it is due."""
    found = session.get(Case, message.values["case"])
    if found is None or found.status != "open":
        return None
    told = {"number": found.number, "about": found.kind, "at": found.at, "due": cases.due(found)}
    return _to_keeper(session, message, **told, url=_page("desk.case", number=found.number))


def _to_keeper(session: Session, message: Message, **given: Any) -> Letter | None:
    keeper = session.get(Person, message.person_id)
    return Letter(keeper.email, given) if keeper is not None and keeper in alerts.keepers(session) else None


def _page(endpoint: str, **values: Any) -> str:
    return absolute(url_for(endpoint, **values))
