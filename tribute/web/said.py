"""What others did to a tribute, as a whole sentence: words of other languages bend with the deed."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext

from tribute.domain.lifecycle import Action, Remark
from tribute.extensions import now
from tribute.web import words
from tribute.web.lazy import _l

A_MINUTE = timedelta(minutes=1)
ALREADY: dict[str, str] = {
    Action.APPROVE: _l("Already published by %(who)s, %(ago)s."),
    Action.DECLINE: _l("Already declined by %(who)s, %(ago)s."),
    Action.SPAM: _l("Already marked as spam by %(who)s, %(ago)s."),
    Action.HIDE: _l("Already hidden by %(who)s, %(ago)s."),
    Action.RESTORE: _l("Already restored by %(who)s, %(ago)s."),
    Action.REMOVE: _l("Already removed by %(who)s, %(ago)s."),
    Remark.ASK: _l("%(who)s asks a colleague."),
    Remark.WOULD_APPROVE: _l("%(who)s would publish it. It takes two people."),
    Remark.WOULD_DECLINE: _l("%(who)s would decline it. It takes two people."),
}
OTHERWISE = _l("Already handled by %(who)s, %(ago)s.")


def already(action: str, who: str, at: datetime) -> str:
    """Who came first with what, and how long ago; without a name, that it has changed."""
    ago = gettext("just now") if now() - at < A_MINUTE else words.ago(at)
    if not who:
        return gettext("This tribute changed %(ago)s. Please read it again.", ago=ago)
    return str(ALREADY.get(action, OTHERWISE)) % {"who": who, "ago": ago}
