"""A card of the desk as its template writes it: whatever has to be worked out for a card is worked out here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tribute.domain.lifecycle import Action, Remark, Status
from tribute.domain.verdict import Verdict
from tribute.services.desk import SECOND, WAITING
from tribute.services.desk_cards import DeskCard
from tribute.services.kin import MOST_COUNTED, Numbers
from tribute.services.opinions import Said
from tribute.web import why, words
from tribute.web.access import this_person
from tribute.web.lazy import _l
from tribute.web.shell import asset

LABELS: dict[str, str] = {
    Action.APPROVE: _l("Publish"), Action.RESTORE: _l("Put it back to waiting"), Action.HIDE: _l("Hide"),
    Action.DECLINE: _l("Decline…"), Action.UNDO: _l("Undo"), Action.REDACT: _l("Leave something out…"),
    Action.SPAM: _l("Spam"), Remark.ASK: _l("Ask a colleague…"), Remark.NOTE: _l("Note…"),
    Action.REMOVE: _l("Remove for good…"),
}  # fmt: skip
OF_NEW_WORDS: dict[str, str] = {
    Action.APPROVE: _l("Publish the new words"), Action.DECLINE: _l("Decline the new words…"),
    Action.HIDE: _l("Hide the tribute"),
}  # fmt: skip
OF_HIDDEN: dict[str, str] = {Action.RESTORE: _l("Show it again")}
KEYS: dict[str, str] = {
    Action.APPROVE: "KeyA", Action.DECLINE: "KeyD", Action.SPAM: "KeyS", Action.HIDE: "KeyH", Action.REDACT: "KeyE",
    Remark.NOTE: "KeyN", Remark.ASK: "KeyC",
}  # fmt: skip
# What asks for more than a press, so that its button opens a form.
ASKING = (Action.DECLINE, Action.REDACT, Remark.ASK, Remark.NOTE, Action.REMOVE)
# In the order in which they stand; on a phone the second row waits under More.
FIRST = (Action.APPROVE, Action.RESTORE, Action.HIDE, Action.DECLINE, Action.UNDO)
MORE = (Action.REDACT, Action.SPAM, Remark.ASK, Remark.NOTE, Action.HIDE, Action.REMOVE)


class Button(NamedTuple):
    """A button of a card: it takes a step, or opens the form of one."""

    step: str
    label: str
    key: str
    opens: bool


class Tag(NamedTuple):
    """A word at the corner of a card, and how much it stands out."""

    look: str
    said: str


@dataclass(frozen=True)
class Face:
    """A card with everything that is said on it, in the page's language."""

    card: DeskCard
    address: str
    name: str
    datetime: str
    moment: str
    ago: str
    language: str
    gift: str
    picture: str
    tags: list[Tag]
    why: list[why.Sentence]
    kin: str
    claim: str
    claimed: bool  # by somebody else
    proposed: Said | None  # how a colleague would decline it: what this person's form begins with
    first: list[Button]
    more: list[Button]

    @property
    def asking(self) -> list[str]:
        """The steps whose buttons open a form."""
        return [button.step for button in (*self.first, *self.more) if button.opens]


def face(card: DeskCard, listed: str = "") -> Face:
    """One card's face."""
    return faces([card], listed)[0]


def faces(
    cards: Iterable[DeskCard], listed: str = "", claims: Mapping[str, dict[str, Any]] | None = None
) -> list[Face]:
    """The faces of cards. `listed`: the status of the list they stand in; `claims`: who reads what, by public ids."""
    said = {name: _spoken(table) for name, table in (("", LABELS), ("new", OF_NEW_WORDS), ("hidden", OF_HIDDEN))}
    return [_face(card, listed, (claims or {}).get(card.public_id), said) for card in cards]


def _spoken(table: dict[str, str]) -> dict[str, str]:
    return {step: str(label) for step, label in table.items()}


def _face(card: DeskCard, listed: str, claim: dict[str, Any] | None, said: dict[str, dict[str, str]]) -> Face:
    is_worded, has_gift = bool(card.language and card.html), card.gesture not in ("", "none")
    first, more = _buttons(card, said)
    return Face(
        card=card, address=url_for("desk.tribute", public_id=card.public_id), name=card.name or _("Erased"),
        datetime=words.isotime(card.at), moment=words.moment(card.at), ago=words.ago(card.at),
        language=words.language_name(card.language) if is_worded else "",
        gift=str(words.GESTURES[card.gesture]) if has_gift else "",
        picture=asset(f"img/{card.gesture}.svg") if has_gift else "",
        tags=_tags(card, listed), why=why.sentences(card.signals), kin=_kin(card.kin),
        claim=_claim(claim), claimed=bool(claim and not claim["mine"]), proposed=_proposed(card),
        first=first, more=more,
    )  # fmt: skip


def _buttons(card: DeskCard, said: dict[str, dict[str, str]]) -> tuple[list[Button], list[Button]]:
    """What may be done: the first row, and what waits under More on a phone."""
    if card.status == Status.REMOVED:
        return [], []
    steps: set[str] = {*card.actions, Remark.NOTE} | ({Remark.ASK} if card.waiting else set())
    is_second = Action.APPROVE in steps  # hiding what is public, beside deciding on its new words
    labels = said[""] | (said["new"] if card.amended else said["hidden"] if card.status == Status.HIDDEN else {})
    first, more = (
        [Button(step, labels[step], KEYS.get(step, ""), step in ASKING) for step in row
         if step in steps and (step != Action.HIDE or is_second == (row is MORE))]
        for row in (FIRST, MORE)
    )  # fmt: skip
    return first, more


def _tags(card: DeskCard, listed: str) -> list[Tag]:
    tags = []
    if card.verdict != Verdict.ORDINARY:
        look = "first" if card.verdict == Verdict.HELP else "warn"
        tags.append(Tag(look, str(words.VERDICTS[card.verdict])))
    is_plain = card.status == Status.PENDING and listed in (WAITING, SECOND)
    if card.amended:
        tags.append(Tag("warn", _("new words")))
    elif card.status != listed and not is_plain:
        tags.append(Tag("", str(words.STATUSES[card.status])))
    return tags


def _proposed(card: DeskCard) -> Said | None:
    said = [each for each in card.opinions if each.wish == Action.DECLINE and each.person_id != this_person().id]
    return said[-1] if said else None


def _claim(claim: dict[str, Any] | None) -> str:
    if claim is None:
        return ""
    return _("You are reading it.") if claim["mine"] else words.reading(claim["who"])


def _kin(kin: Numbers) -> str:
    """How many others came from the same sender; empty where nobody did."""
    said = [same_email(kin.email)] if kin.email else []
    said += [same_address(kin.address)] if kin.address else []
    return ", ".join(said)


def same_email(number: int) -> str:
    """How many came by the same confirmed email, counted to a hundred."""
    return ngettext(
        "%(count)s more with the same confirmed email", "%(count)s more with the same confirmed email", number,
        count=_counted(number),
    )  # fmt: skip


def same_address(number: int) -> str:
    """How many came from the same address today, counted to a hundred."""
    return ngettext(
        "%(count)s more from the same address today", "%(count)s more from the same address today", number,
        count=_counted(number),
    )  # fmt: skip


def _counted(number: int) -> str:
    return words.number(min(number, MOST_COUNTED)) + ("+" if number > MOST_COUNTED else "")
