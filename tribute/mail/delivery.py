"""Handing a mail over: to an SMTP server, or, where none is set, to a file in the instance folder."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from tribute.config import MailServer, Settings
from tribute.domain.mail import Failure

TIMEOUT = 20  # seconds for each step of a conversation; a dozen steps stay well within the outbox's lease
PERMANENT = range(500, 600)


@dataclass
class Undelivered(Exception):
    """A mail was not taken: why, with the server's number; `final` where another try would be refused as well."""

    failure: Failure
    number: int = 0
    final: bool = False


class Delivery(Protocol):
    """A way out for mail."""

    def deliver(self, name: str, mail: EmailMessage) -> None:
        """Hand one mail over; `name` is the same for the same message each time. Raises Undelivered."""


def delivery_of(settings: Settings) -> Delivery:
    """The way out that the settings name."""
    server = settings.mail_server
    return Relay(server) if server else Folder(settings.mail_folder)


@dataclass(frozen=True)
class Relay:
    """An SMTP server; each mail is a conversation of its own."""

    server: MailServer

    def deliver(self, name: str, mail: EmailMessage) -> None:
        """Hand one mail over."""
        try:
            with self._connected() as connection:
                connection.send_message(mail)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise _undelivered(error) from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A conversation, encrypted and signed in as the settings say.

        Its end is of no weight: a mail that was taken stays taken, whatever the server answers to a goodbye.
        """
        connection = self._opened()
        try:
            if self.server.security == "starttls":
                connection.starttls(context=ssl.create_default_context())
            if self.server.user:
                connection.login(self.server.user, self.server.password)
            yield connection
        finally:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def _opened(self) -> smtplib.SMTP:
        host, port = self.server.host, self.server.port
        if self.server.security == "tls":
            return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
        return smtplib.SMTP(host, port, timeout=TIMEOUT)


def _undelivered(error: Exception) -> Undelivered:
    """What went wrong, without a word of the server's: it might hold an address."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            number = next(iter(error.recipients.values()))[0]
            return Undelivered(Failure.REFUSED, number, number in PERMANENT)
        case smtplib.SMTPDataError():
            return Undelivered(Failure.REFUSED, error.smtp_code, error.smtp_code in PERMANENT)
        case smtplib.SMTPAuthenticationError():
            return Undelivered(Failure.SIGN_IN, error.smtp_code)
        case smtplib.SMTPSenderRefused():
            return Undelivered(Failure.SENDER, error.smtp_code)
        case smtplib.SMTPNotSupportedError() | UnicodeError():
            return _unsupported(str(error))
        case ssl.SSLError():
            return Undelivered(Failure.TLS)
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return Undelivered(Failure.TIMEOUT)  # smtplib speaks of a lost connection, and keeps the reason behind it
    return Undelivered(Failure.UNREACHABLE, int(getattr(error, "smtp_code", 0)))


def _unsupported(said: str) -> Undelivered:
    """STARTTLS or signing in that the server does not know; or an address in letters that it does not."""
    if "STARTTLS" in said:
        return Undelivered(Failure.TLS)
    if "AUTH" in said:
        return Undelivered(Failure.SIGN_IN)
    return Undelivered(Failure.REFUSED, final=True)


@dataclass(frozen=True)
class Folder:
    """Files that a person can open and send on; their owner's alone."""

    path: Path

    def deliver(self, name: str, mail: EmailMessage) -> None:
        """Put one file in place whole; the same mail sent twice is one file."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = self.path / f"{name}.eml"
            part = file.with_suffix(".part")
            part.unlink(missing_ok=True)
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(mail.as_bytes())
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(file)
        except OSError as error:
            raise Undelivered(Failure.FOLDER) from error

    def forget(self, name: str) -> None:
        """Delete one mail."""
        (self.path / f"{name}.eml").unlink(missing_ok=True)

    def names(self) -> list[str]:
        """The mails that lie here."""
        return sorted(file.stem for file in self.path.glob("*.eml")) if self.path.is_dir() else []
