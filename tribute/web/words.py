"""Codes in words: statuses, gestures, reasons, decisions, in the page's language. Filters for every template."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, numbers
from babel.support import Translations
from flask import Flask, g
from flask_babel import get_translations, gettext
from jinja2 import pass_context, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context

from tribute.domain import language as languages
from tribute.domain.text import trusted
from tribute.extensions import now
from tribute.web import why
from tribute.web.language import OWN_NAMES, spoken
from tribute.web.lazy import _l

STATUSES: dict[str, str] = {
    "pending": _l("Waiting"), "approved": _l("Published"), "declined": _l("Declined"), "spam": _l("Spam"),
    "hidden": _l("Hidden"), "withdrawn": _l("Withdrawn"), "removed": _l("Removed"),
}  # fmt: skip
GESTURES: dict[str, str] = {
    "carnation": _l("Carnation"), "candle": _l("Candle"), "dove": _l("Dove"), "none": _l("Words only"),
}  # fmt: skip
DEEDS: dict[str, str] = {
    "carnation": _l("laid a carnation"), "candle": _l("lit a candle"), "dove": _l("released a dove"),
}  # fmt: skip
REASONS: dict[str, str] = {
    "hatred": _l("Hatred of a people or a group"),
    "insult": _l("Insult to the dead or the bereaved"),
    "threat": _l("A threat"),
    "private_person": _l("Private facts about a living person"),
    "false_identity": _l("Written in somebody else’s name"),
    "denial": _l("Denial or glorifying of what happened"),
    "advertising": _l("Advertising"),
    "off_topic": _l("Not about this memorial"),
    "unreadable": _l("Unreadable or not to be understood"),
    "other": _l("Another reason"),
    "law": _l("The law requires it"),
    "person": _l("Asked for by the person it is about"),
    "family": _l("Asked for by the family"),
    "safety": _l("Somebody’s safety"),
}
DECISIONS: dict[str, str] = {
    "submit": _l("Received"), "amend": _l("Amended"), "approve": _l("Published"), "decline": _l("Declined"),
    "spam": _l("Marked as spam"), "hide": _l("Hidden"), "restore": _l("Restored"), "undo": _l("Decision taken back"),
    "withdraw": _l("Withdrawn"), "return": _l("Brought back"), "remove": _l("Removed"), "erase": _l("Erased"),
    "redact": _l("Redacted"), "note": _l("Note"), "second-opinion": _l("A colleague is asked"),
    "would-approve": _l("Would publish it"), "would-decline": _l("Would decline it"),
    "take-back": _l("Opinion taken back"), "keep": _l("Reports read, kept"),
    "new-link": _l("A new private link made"),
    "pause": _l("New tributes paused"), "resume": _l("New tributes taken again"),
    "hide-lately": _l("What was published lately hidden"),
    "invite": _l("Invited"), "call-off": _l("Invitation called off"), "join": _l("Account made"),
    "change-role": _l("Role changed"), "close": _l("Account closed"), "reopen": _l("Account opened again"),
    "end-sessions": _l("Signed out everywhere"), "reset-factors": _l("Second step reset"),
    "recover": _l("Account recovered"), "add-factor": _l("Way to sign in added"),
    "take-factor": _l("Way to sign in taken away"), "use-recovery-code": _l("Recovery code used"),
    "new-recovery-codes": _l("Recovery codes made anew"), "new-password": _l("New password"),
    "edit-text": _l("A text changed"), "begin-edition": _l("An edition begun"), "set-day": _l("An edition’s day set"),
    "publish-edition": _l("An edition published"), "take-off-edition": _l("An edition’s day taken off"),
    "export": _l("Everything taken out"),
}  # fmt: skip
ROLES: dict[str, str] = {"moderator": _l("Moderator"), "keeper": _l("Keeper")}
VERDICTS: dict[str, str] = {
    "help": _l("Likely cry for help"), "ordinary": _l("Ordinary"), "look_closer": _l("Look closer"),
    "hateful": _l("Likely hateful"), "spam": _l("Likely spam"),
}  # fmt: skip
CASE_KINDS: dict[str, str] = {
    "correction": _l("Remove or correct something about me or my family"),
    "decision": _l("A question about a decision on my tribute"),
    "article": _l("Something in the article"),
    "access": _l("Something on this site that I cannot use"),
    "other": _l("Something else"),
}
CASE_OUTCOMES: dict[str, str] = {
    "removed": _l("The tribute was removed"), "corrected": _l("It was corrected"), "kept": _l("The tribute was kept"),
    "answered": _l("It was answered; there was nothing else to do"),
}  # fmt: skip
NOTICES: dict[str, str] = {
    "": _l("No mail"), "each": _l("Each new tribute, at once"), "hourly": _l("New tributes together, every hour"),
    "daily": _l("New tributes together, every morning"),
    "late": _l("Only once something has waited for so many hours"),
}  # fmt: skip
MAILS: dict[str, str] = {
    "confirm": _l("Request to confirm an address"), "received": _l("Tribute received"),
    "published": _l("Tribute published"), "declined": _l("Tribute declined"), "hidden": _l("Tribute hidden"),
    "restored": _l("Tribute restored"), "lost_link": _l("Private links sent again"),
    "invitation": _l("Invitation to the desk"), "new_password": _l("Link for a new password"),
    "account": _l("A change to an account, to its owner"),
    "new_tributes": _l("New tributes, to a moderator"), "late": _l("Somebody waits, to a moderator"),
    "reader_needed": _l("A reader is needed, to a moderator"), "brake": _l("The brake was used, to a keeper"),
    "case": _l("A new case, to a keeper"), "case_due": _l("A case is due, to a keeper"),
    "mail_failed": _l("Mail failed, to a keeper"),
}  # fmt: skip
FAILURES: dict[str, str] = {
    "unreachable": _l("The mail server did not answer."),
    "timeout": _l("The mail server took too long."),
    "tls": _l("The mail server offered no encryption that can be trusted."),
    "sign_in": _l("The mail server did not accept this site’s user name and password."),
    "refused": _l("The mail server refused this address or this mail."),
    "sender": _l("The mail server refused this site as a sender."),
    "folder": _l("The folder for mail could not be written."),
    "unreadable": _l("The address was sealed with a key that is gone."),
    "rendering": _l("The mail could not be written; the server’s own log says why."),
}


def init_app(app: Flask) -> None:
    """Give the filters to every template, and the language's texts, which are looked for once a page."""
    environment: Any = app.jinja_env  # with what its i18n extension adds
    environment.install_gettext_callables(
        lambda said: texts().ugettext(said),
        lambda one, many, number: texts().ungettext(one, many, number),
        newstyle=True,
    )
    environment.globals["_"] = _say  # which a page calls some sixty times
    for name, filter_ in FILTERS.items():
        app.add_template_filter(_in_context(filter_), name)


def texts() -> Translations:
    """What the page's language says, looked for once a page."""
    if "texts" not in g:
        g.texts = get_translations()
    found: Translations = g.texts
    return found


@pass_eval_context
def _say(context: EvalContext, said: str, /, **variables: object) -> str:
    """What the extension's own `_` says, each text looked for once a language."""
    text, is_whole = _said(texts(), said, bool(context.autoescape))
    return text if is_whole and not variables else text % variables


@lru_cache(maxsize=16_384)
def _said(of: Translations, said: str, is_html: bool) -> tuple[str, bool]:
    """A text of the interface, and whether there is nothing to fill in."""
    text: str = of.ugettext(said)
    return trusted(text) if is_html else text, "%" not in text


def _in_context(filter_: Callable[..., object]) -> Callable[..., object]:
    """Keep Jinja from working a constant out once, in the language of whoever came first."""

    @pass_context
    def filtered(_context: Context, value: object) -> object:
        return filter_(value)

    return filtered


def _named(table: dict[str, str], code: str) -> str:
    """A code in words, looked up once a page."""
    kept: dict[tuple[int, str], str] = g.setdefault("named", {})
    key = id(table), code
    if key not in kept:
        kept[key] = str(table.get(code, ""))
    return kept[key]


def zone() -> ZoneInfo:
    """The memorial's time zone; UTC on pages that belong to none."""
    memorial = g.get("memorial")
    return ZoneInfo(memorial.time_zone if memorial else "UTC")


def locale() -> str:
    """The page's language as dates and numbers are written in it: 20 January 2026, not January 20, 2026."""
    return "en_GB" if spoken() == "en" else spoken()


def reading(who: str) -> str:
    """Who reads something just now."""
    return gettext("%(who)s is reading it.", who=who)


def day(at: datetime | date) -> str:
    """A day in the page's language, where the memorial is."""
    return local_day(at.astimezone(zone()).date() if isinstance(at, datetime) else at)


def local_day(day: date) -> str:
    """A day of the calendar in the page's language."""
    return _day(day, locale())


@lru_cache(maxsize=4096)
def _day(local: date, locale: str) -> str:
    return dates.format_date(local, "long", locale=locale)


def month_name(month: date) -> str:
    """A month's name where it stands alone, as a heading does: «Январь», not «января»."""
    return _capital(dates.format_date(month, "LLLL" if _has_standing_months() else "MMMM", locale=locale()))


def month_and_year(month: date) -> str:
    """A month with its year, as a heading: «Январь 2026 г.»."""
    return _capital(dates.format_skeleton("yMMMM", month, locale=locale()))


def day_and_month(day: date) -> str:
    """A day without its year: "20 January"."""
    return dates.format_skeleton("MMMMd", day, locale=locale())


def clock(at: datetime) -> str:
    """The time of day, where the memorial is."""
    return dates.format_time(at, "HH:mm", zone(), locale())


def _has_standing_months() -> bool:
    """Whether the language has a form of its own for a month that stands alone.

    Asked of another language, Babel 2.18 may answer with the months of whichever was read before it.
    """
    return "LLLL" in Locale.parse(locale()).datetime_skeletons["yMMMM"].pattern


def _capital(said: str) -> str:
    first = "İ" if said[0] == "i" and spoken() in ("az", "tr") else said[0].upper()
    return first + said[1:]


def moment(at: datetime) -> str:
    """A day and a time."""
    return gettext("%(day)s at %(time)s", day=day(at), time=clock(at))


def moment_in(at: datetime, where: ZoneInfo) -> str:
    """The same where a memorial is that the page does not stand under."""
    time = dates.format_time(at, "HH:mm", where, locale())
    return gettext("%(day)s at %(time)s", day=_day(at.astimezone(where).date(), locale()), time=time)


def ago(at: datetime) -> str:
    """How long ago, in one unit; what is ahead by a clock's error counts as now."""
    return dates.format_timedelta(min(at - now(), timedelta(seconds=-1)), add_direction=True, locale=locale())


def span(length: timedelta | None) -> str | None:
    """A length of time in one unit, such as "3 hours"."""
    return None if length is None else dates.format_timedelta(length, granularity="minute", locale=locale())


def days(number: int, language: str) -> str:
    """So many days, in a language: "30 days"."""
    return dates.format_timedelta(timedelta(days=number), granularity="day", threshold=math.inf, locale=language)


def number(value: int) -> str:
    """A number with the page's separators."""
    return _number(value, locale())


@lru_cache(maxsize=4096)
def _number(value: int, locale: str) -> str:
    return numbers.format_decimal(value, locale=locale)


def language_name(code: str) -> str:
    """A language by its own name."""
    if code in OWN_NAMES:
        return OWN_NAMES[code]
    try:
        name = Locale.parse(code).get_display_name()
    except (UnknownLocaleError, ValueError):
        return code
    return (name or code).capitalize()


def isotime(at: datetime) -> str:
    """A moment for <time datetime>."""
    return at.astimezone(zone()).isoformat(timespec="minutes")


def gesture_deed(code: str) -> str:
    """What somebody did, as a sentence about them goes on."""
    return _named(DEEDS, code)


FILTERS: dict[str, Callable[..., object]] = {
    "day": day, "moment": moment, "ago": ago, "number": number, "language_name": language_name, "isotime": isotime,
    "month_name": month_name, "month_and_year": month_and_year, "day_and_month": day_and_month, "clock": clock,
    "direction": languages.direction, "span": span,
    "role_name": lambda code: _named(ROLES, code),
    "status_name": lambda code: _named(STATUSES, code), "gesture_name": lambda code: _named(GESTURES, code),
    "gesture_deed": gesture_deed, "reason_name": lambda code: _named(REASONS, code),
    "decision_name": lambda code: _named(DECISIONS, code), "case_kind": lambda code: _named(CASE_KINDS, code),
    "case_outcome": lambda code: _named(CASE_OUTCOMES, code),
    "notice_name": lambda code: _named(NOTICES, code), "mail_name": lambda code: _named(MAILS, code),
    "failure_name": lambda code: _named(FAILURES, code),
    "verdict_name": lambda code: _named(VERDICTS, code), "why": why.sentences,
}  # fmt: skip
