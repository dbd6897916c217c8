"""Every refusal in a clear sentence, with its status, and with what was typed kept on the page."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, after_this_request, current_app, g, render_template, request
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, SecurityError
from werkzeug.wrappers import Response

from tribute.domain import errors
from tribute.extensions import db
from tribute.web import limits, tries, words
from tribute.web.places import Crowded
from tribute.web.watch import request_id

Answer = tuple[str, int]
# The fields whose text somebody would have to write again.
KEPT = (
    "message", "cut", "note", "title", "summary", "body", "figures", "figures_note", "timeline", "closing",
    "closing_meaning", "sources",
)  # fmt: skip


def init_app(app: Flask) -> None:
    """Answer every refusal of the domain, every HTTP error, and what nobody foresaw."""
    app.register_error_handler(errors.NotFound, lambda _error: not_found())
    app.register_error_handler(errors.Gone, lambda _error: gone())
    app.register_error_handler(errors.Forbidden, lambda _error: forbidden())
    app.register_error_handler(errors.IllegalAction, illegal_action)
    app.register_error_handler(errors.Conflict, lambda _error: conflict())
    app.register_error_handler(CSRFError, csrf_error)
    app.register_error_handler(RateLimitExceeded, too_many)
    app.register_error_handler(tries.TooManyTries, too_many_tries)
    app.register_error_handler(OperationalError, unavailable)
    app.register_error_handler(PoolTimeout, unavailable)
    app.register_error_handler(Crowded, crowded)
    app.register_error_handler(SecurityError, other_name)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(InternalServerError, unforeseen)  # Flask has logged it by then


def page(status: int, title: str, sentence: str) -> Answer:
    """The error page; what was typed into a refused form stands on it."""
    db.session.rollback()  # no lock is held while the page is made
    g.refused = True
    if wants_json():
        after_this_request(_as_json)
        return current_app.json.dumps({"said": sentence}), status
    told = {"status": status, "title": title, "sentence": sentence, "kept": kept()}
    return render_template("error.html", **told, request_id=request_id() if status >= 500 else ""), status


def _as_json(response: Response) -> Response:
    response.content_type = "application/json"
    return response


def wants_json() -> bool:
    """Whether a page that stays open asks for no other page, but for what to say."""
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


def kept() -> str | None:
    """What somebody would have to write again, where the form can be read at all."""
    try:
        form = request.form
    except HTTPException:
        return None
    return "\n\n".join(text for name in KEPT if (text := form.get(name, ""))) or None


def not_found() -> Answer:
    """404."""
    return page(404, _("Nothing is here"), _("This address leads to no page. It may have been written down wrongly."))


def gone() -> Answer:
    """410."""
    g.refused = True
    return render_template("tributes/gone.html"), 410


def forbidden() -> Answer:
    """403."""
    return page(403, _("This is not open to you"), _("Your account may not do this. A keeper can."))


def conflict() -> Answer:
    """409 where the view had nothing better to show."""
    return page(
        409, _("This changed in the meantime"),
        _("The tribute is no longer as you saw it. Go back, load the page again and look at it as it is now."),
    )  # fmt: skip


def illegal_action(_error: Exception) -> Answer:
    """409 for a step that the tribute's present status does not allow."""
    return conflict()


def csrf_error(_error: Exception) -> Answer:
    """400 for a form without its token: a cookie was refused or has gone."""
    return page(
        400, _("This form could not be checked"),
        _("Your browser sent no cookie for it, or the page was open for too long. Go back, load the page again, "
          "and send it once more. Nothing was changed."),
    )  # fmt: skip


def other_name(_error: Exception) -> Answer:
    """400 for a name that is not the site's: nothing is made under it."""
    address = current_app.config["BASE_URL"]
    return page(400, _("This site has another address"), _("Please go to %(address)s.", address=address))


def signed_out() -> Answer:
    """401 for what somebody sent whose sign-in had ended."""
    return page(
        401, _("You are no longer signed in"),
        _("Nothing was kept. Copy your text from below, or sign in on another page and go back to this one."),
    )  # fmt: skip


def too_many(_error: Exception) -> tuple[str, int, dict[str, str]]:
    """429, with the time after which it can be tried again."""
    seconds = limits.retry_after()
    answer = page(
        429, _("Too many at once"),
        _("Very many requests have come from your network. Nothing was changed. Please try again in %(wait)s.",
          wait=words.span(timedelta(seconds=seconds))),
    )  # fmt: skip
    return (*answer, {"Retry-After": str(seconds)})


def too_many_tries(_error: Exception) -> tuple[str, int, dict[str, str]]:
    """429 for passwords and codes, with the time after which the next is looked at."""
    seconds = limits.retry_after()
    answer = page(
        429, _("Too many tries"),
        _("There were too many wrong passwords or codes. Nothing is lost. Please try again in %(wait)s.",
          wait=words.span(timedelta(seconds=seconds))),
    )  # fmt: skip
    return (*answer, {"Retry-After": str(seconds)})


def unavailable(error: Exception) -> Answer:
    """503 while the database does not answer."""
    current_app.logger.error("the database does not answer", exc_info=error)
    return not_now()


def crowded(_error: Exception) -> Answer:
    """503 for whoever came when too many were there."""
    current_app.logger.warning("too many ask at once, or wait for the database")
    return not_now()


def not_now() -> Answer:
    """503 for what could not be looked up, or not be written down."""
    _without_database()
    if request.method in ("GET", "HEAD"):
        return page(
            503, _("This page cannot be shown just now"),
            _("The site cannot look it up at the moment. Nothing is lost; please come back in a few minutes."),
        )  # fmt: skip
    return page(
        503, _("This cannot be done just now"),
        _("The site could not write it down. Your words are kept below; please try again in a few minutes."),
    )  # fmt: skip


SENTENCES = {
    400: lambda: (_("This could not be understood"), _("The address or the form was not whole. Nothing was changed.")),
    404: lambda: (
        _("Nothing is here"), _("This address leads to no page. It may have been written down wrongly.")
    ),
    405: lambda: (
        _("This cannot be done this way"), _("This page cannot be reached in this way. Nothing was changed.")
    ),
    413: lambda: (_("This is too much at once"), _("Go back: your words are still in the form. Please shorten them.")),
}  # fmt: skip


def http_error(error: HTTPException) -> tuple[str, int, dict[str, str]] | HTTPException:
    """A plain page for whatever the framework refuses."""
    status = error.code or 500
    if status < 400:
        return error
    title, sentence = SENTENCES.get(status, SENTENCES[400])()
    allowed = {"Allow": ", ".join(error.valid_methods or ())} if isinstance(error, MethodNotAllowed) else {}
    return (*page(status, title, sentence), allowed)


def unforeseen(_error: Exception) -> Answer:
    """500, told without a trace."""
    _without_database()
    return page(
        500, _("Something went wrong here"),
        _("The mistake is ours and has been noted. If you were writing, your words are kept below."),
    )  # fmt: skip


def _without_database() -> None:
    """Let the error's own page ask nothing of what just failed."""
    nobody = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]  # Flask-Login adds it
    g.memorial, g._login_user = None, nobody  # where it looks for who is signed in before it asks
