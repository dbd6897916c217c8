"""Leaving something out at the desk: what its form asks for, and why it could not be done."""

from __future__ import annotations

from flask_babel import gettext as _

from tribute.domain import redaction
from tribute.domain.redaction import CannotCut, NothingLeft, NotThere
from tribute.extensions import db, now
from tribute.models import Revision, Tribute
from tribute.services import redaction as service
from tribute.web.forms import DecisionForm


def successor(found: Tribute, form: DecisionForm) -> Revision:
    """The shortened version that the form asks for, made before anything is locked."""
    return service.successor(db.session(), found, form.seen, redaction.phrases(form.cut.data or ""), now())


def typed(form: DecisionForm, problem: str) -> dict[str, str]:
    """What somebody has typed, and what is wrong with it."""
    return {
        "cut": form.cut.data or "", "reason": form.reason.data or "", "note": form.note.data or "", "problem": problem,
    }  # fmt: skip


def sentence(refusal: CannotCut) -> str:
    """Why nothing was left out."""
    if isinstance(refusal, NotThere):
        return _("“%(phrase)s” does not stand there. Please copy it just as it is shown.", phrase=refusal.phrase)
    if isinstance(refusal, NothingLeft):
        return _("Nothing of the words would be left. If none of it can stay, decline it instead.")
    return _("Please say what is to be left out, one name or phrase a line.")
