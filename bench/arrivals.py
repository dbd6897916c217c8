"""A client that does not wait for answers: requests leave at their moments, whatever became of those before.

How long each took is counted from the moment at which it should have left, so that nothing hides in a queue.
"""

from __future__ import annotations

import asyncio
import gc
import re
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from bench.servers import Server

LONGEST = 30.0  # seconds that an answer is waited for
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
HEAD_ENDS = b"\r\n\r\n"


@dataclass(frozen=True)
class Sent:
    """A request, and what somebody wanted with it."""

    kind: str
    request: bytes


@dataclass(frozen=True)
class Answer:
    """Its kind, the status (0 where none came), and the milliseconds since it should have left."""

    kind: str
    status: int
    took: float


class Connection(asyncio.Protocol):
    """A kept connection with one request under way."""

    def __init__(self) -> None:
        self._read = bytearray()
        self._answer: asyncio.Future[int] | None = None

    def ask(self, request: bytes) -> asyncio.Future[int]:
        """Send a request; gives the status of the answer, when that is here whole."""
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self._answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what is written to."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  for the types
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Take in a part of the answer."""
        self._read += data
        end = self._read.find(HEAD_ENDS)
        if end < 0:
            return
        length = LENGTH.search(self._read, 0, end)
        if len(self._read) - end - len(HEAD_ENDS) >= (int(length[1]) if length else 0):
            self._finish(int(self._read[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        """An answer that was waited for will not come."""
        self._finish(0)

    def _finish(self, status: int) -> None:
        self._read.clear()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(status)


class Client:
    """Sends requests at their moments, over as many connections as are needed at once."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.answers: list[Answer] = []
        self._free: list[Connection] = []

    async def send(self, plan: Sequence[Sent], rate: float) -> None:
        """So many a second, evenly."""
        start, under_way = perf_counter() + 0.1, set[asyncio.Task[None]]()
        for number, sent in enumerate(plan):
            due = start + number / rate
            if (early := due - perf_counter()) > 0:
                await asyncio.sleep(early)
            task = asyncio.create_task(self._one(sent, due))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        await asyncio.gather(*under_way)
        for connection in self._free:
            connection.transport.close()

    async def _one(self, sent: Sent, due: float) -> None:
        try:
            async with asyncio.timeout(LONGEST):
                connection = self._free.pop() if self._free else await self._open()
                status = await connection.ask(sent.request)
        except (OSError, TimeoutError):  # its connection is let go: an answer that still came would be another's
            status = 0
        else:
            if status:
                self._free.append(connection)
        self.answers.append(Answer(sent.kind, status, (perf_counter() - due) * 1000))

    async def _open(self) -> Connection:
        loop = asyncio.get_running_loop()
        return (await loop.create_connection(Connection, "127.0.0.1", self.server.port))[1]


def arrive(server: Server, plan: Sequence[Sent], rate: float) -> list[Answer]:
    """Send a plan, so many a second; what came of each."""
    client = Client(server)
    gc.collect()
    gc.disable()  # its own pauses are nobody's answer
    try:
        asyncio.run(client.send(plan, rate))
    finally:
        gc.enable()
    return client.answers
