"""What keepers have written for cries for help: a playbook for moderators, and helplines for authors."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from tribute.domain.verdict import Verdict
from tribute.models import Triage, Tribute
from tribute.services import settings, tributes

PLAYBOOK, HELPLINES = "playbook", "helplines"  # keepers' settings: a text a language


def written(session: Session, name: str, language: str) -> tuple[str, str]:
    """A text and its language: the page's, or else the first there is; two empty ones where nothing is written."""
    texts: dict[str, Any] = settings.get(session, name, {})
    for code in (language, *texts):
        if texts.get(code):
            return str(texts[code]), code
    return "", ""


def may_need_help(session: Session, tribute: Tribute) -> bool:
    """Whether the newest words of a tribute were taken for a cry for help."""
    found = session.get(Triage, tributes.newest_revision(session, tribute.id).id)
    return found is not None and found.verdict == Verdict.HELP
