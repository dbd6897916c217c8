"""Every mail by its code: the function that finds whom it goes to and what it tells. A test holds it to `Mail`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from tribute.domain.mail import Mail
from tribute.mail import to_authors, to_keepers, to_moderators, to_people
from tribute.mail.letter import Letter
from tribute.models import Message

# None: what the message tells of is no longer so, or nobody is there to be told. It is dropped.
Writer = Callable[[Session, Message], Letter | None]

LETTERS: Mapping[str, Writer] = {
    Mail.CONFIRM: to_authors.confirm,
    Mail.RECEIVED: to_authors.received,
    Mail.PUBLISHED: to_authors.published,
    Mail.DECLINED: to_authors.declined,
    Mail.HIDDEN: to_authors.hidden,
    Mail.RESTORED: to_authors.restored,
    Mail.LOST_LINK: to_authors.lost_link,
    Mail.NEW_TRIBUTES: to_moderators.new_tributes,
    Mail.LATE: to_moderators.late,
    Mail.READER_NEEDED: to_moderators.reader_needed,
    Mail.BRAKE: to_keepers.brake,
    Mail.CASE: to_keepers.case,
    Mail.CASE_DUE: to_keepers.case_due,
    Mail.MAIL_FAILED: to_keepers.mail_failed,
    Mail.INVITATION: to_people.invitation,
    Mail.NEW_PASSWORD: to_people.new_password,
    Mail.ACCOUNT: to_people.account,
}
