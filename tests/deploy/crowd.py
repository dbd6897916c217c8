"""A crowd that leaves tributes through the form, each by a browser of their own, until every one is acknowledged."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Protocol
from urllib.parse import urlencode

from tests.deploy import nginx
from tests.deploy.machines import until_none
from tests.deploy.nginx import Answer

HOME, FORM = "/en/20-january/", "/en/20-january/tributes/new"
FROM_ONE = 10  # tributes that one address sends: the limits stand at 60 tries, and each may need some
READER = "127.200.0.1"
CUT = 0  # the status of an answer that never came
HIDDEN = re.compile(r'name="(key|csrf_token)"[^>]*value="([^"]*)"')


class Asked(Protocol):
    """A server that can be asked from any address of this machine's."""

    def ask(
        self, path: str, headers: dict[str, str] | None = None, *, method: str = "GET", body: str | None = None,
        source: str = "127.0.0.1",
    ) -> Answer:  # fmt: skip
        """One request on a line of its own. Raises OSError, HTTPException where it is cut."""
        ...


@dataclass
class Direct:
    """The site's own port."""

    port: int
    patience: float = 120  # seconds: longer than anybody is to wait

    def ask(
        self, path: str, headers: dict[str, str] | None = None, *, method: str = "GET", body: str | None = None,
        source: str = "127.0.0.1",
    ) -> Answer:  # fmt: skip
        """One request on a line of its own."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=self.patience, source_address=(source, 0))
        try:
            line.request(method, path, body, headers or {})
            return nginx.read(line.getresponse())
        finally:
            line.close()


@dataclass(frozen=True)
class Filled:
    """The form, filled in and ready to be sent; sent twice it is one tribute."""

    body: str
    headers: dict[str, str]
    said: dict[str, str]  # by the visitor


def filled(page: Answer, base_url: str, **said: str) -> Filled:
    """Fill in the form on a page."""
    hidden = {name: html.unescape(value) for name, value in HIDDEN.findall(page.body.decode())}
    fields = {"name": "Visitor", "place": "", "message": "", "gesture": "candle", "email": "", "consent": "y"}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded", "Referer": f"{base_url}{FORM}",
        "Cookie": page.headers["set-cookie"].partition(";")[0],
    }  # fmt: skip
    return Filled(urlencode(fields | said | hidden), headers, said)


def words(number: int) -> str:
    """Of a tribute that is told from all others."""
    return f"I remember the silence on the morning after, and number {number}."


@dataclass
class Crowd:
    """People who each leave a tribute, and send it again until it is taken; and somebody who reads."""

    server: Asked
    base_url: str
    senders: int = 8
    waiting: SimpleQueue[int] = field(default_factory=SimpleQueue)
    receipts: dict[int, str] = field(default_factory=dict)
    refusals: Counter[int] = field(default_factory=Counter)
    read: Counter[int] = field(default_factory=Counter)
    is_over: Event = field(default_factory=Event)

    def gather(self, number: int) -> list[Thread]:
        """Start to send so many."""
        for each in range(number):
            self.waiting.put(each)
        threads = [Thread(target=self._send) for _each in range(self.senders)] + [Thread(target=self._read)]
        for thread in threads:
            thread.start()
        return threads

    def have_sent(self, number: int) -> None:
        """Wait until so many were taken, for as long as one more is now and then."""
        until_none(lambda: max(0, number - len(self.receipts)), f"none is taken any more: {self.refusals}")

    def _send(self) -> None:
        while not self.is_over.is_set():
            try:
                number = self.waiting.get_nowait()
            except Empty:
                return
            group = number // FROM_ONE
            source = f"127.{1 + group // 40_000}.{group // 200 % 200}.{1 + group % 200}"
            page = self._until(200, FORM, source)
            if page is None:
                return
            said = {"name": f"Visitor {number}", "message": words(number),
                    "email": f"visitor-{number}@memorial.example"}  # fmt: skip
            taken = self._until(303, FORM, source, filled(page, self.base_url, **said))
            if taken is not None:
                self.receipts[number] = taken.headers["location"].removeprefix(self.base_url)

    def _until(self, status: int, path: str, source: str, form: Filled | None = None) -> Answer | None:
        """Ask again and again for an answer of this status; None where the day is over before."""
        while not self.is_over.is_set():
            answer = self._ask(path, source, form)
            if answer is not None and answer.status == status:
                return answer
            self.refusals[answer.status if answer else CUT] += 1
            self.is_over.wait(0.2)
        return None

    def _ask(self, path: str, source: str, form: Filled | None = None) -> Answer | None:
        try:
            if form is None:
                return self.server.ask(path, source=source)
            return self.server.ask(path, form.headers, method="POST", body=form.body, source=source)
        except (OSError, HTTPException):
            return None

    def _read(self) -> None:
        while not self.is_over.is_set():
            answer = self._ask(HOME, READER)
            self.read[answer.status if answer else CUT] += 1
            self.is_over.wait(0.05)
