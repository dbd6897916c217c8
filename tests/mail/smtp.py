"""Real SMTP servers in this process: one that takes, one that refuses, one that hangs, one that greylists."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Event, Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
Hook = Callable[[str], str | None]


class Server:
    """A mail server: what it took, and how often it was asked."""

    def __init__(self, answer_to: Hook, answer_data: Hook) -> None:
        self.taken: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.asked = 0
        self._answer_to, self._answer_data = answer_to, answer_data
        self.port = 0

    @property
    def url(self) -> str:
        """Its address as a setting."""
        return f"smtp://{HOST}:{self.port}?starttls=no"

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name for it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer a recipient."""
        self.asked += 1
        if (refusal := self._answer_to(address)) is not None:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answer a mail."""
        if (refusal := self._answer_data("")) is not None:
            return refusal
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.taken.append(mail)
        self.recipients += envelope.rcpt_tos
        return "250 taken"


def nothing(_said: str) -> None:
    """No refusal."""
    return


@contextmanager
def server(answer_to: Hook = nothing, answer_data: Hook = nothing, **options: Any) -> Iterator[Server]:
    """A server for the length of a block."""
    made = Server(answer_to, answer_data)
    controller = Controller(made, hostname=HOST, port=_free_port(), **options)
    made.port = controller.port
    controller.start()
    try:
        yield made
    finally:
        controller.stop()


def greylisting(times: int) -> Hook:
    """Refuse a recipient for now so many times, then take it."""
    left = iter(range(times))
    return lambda _address: (
        None if next(left, None) is None else "451 4.7.1 Greylisted, <anna@memorial.example> come back"
    )


@contextmanager
def hanging() -> Iterator[int]:
    """A server that takes a connection and says nothing; gives its port."""
    over = Event()
    with socket.create_server((HOST, 0)) as listener:
        listener.settimeout(0.2)

        def take() -> None:
            held = []
            while not over.is_set():
                try:
                    held.append(listener.accept()[0])
                except TimeoutError:
                    continue
            for connection in held:
                connection.close()

        thread = Thread(target=take)
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            over.set()
            thread.join()


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as found:
        return int(found.getsockname()[1])
