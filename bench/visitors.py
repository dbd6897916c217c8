"""Visitors who leave a tribute: each opens the form, as a browser of their own, and sends it once."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from time import sleep
from urllib.parse import urlencode

from bench.servers import Server
from tribute.services import corpus
from tribute.services.corpus import Text
from tribute.triage.arrival import FASTEST

FORM = "/en/20-january/tributes/new"
HIDDEN = re.compile(r'<input[^>]*name="(key|csrf_token)"[^>]*value="([^"]*)"')
LETTERS = 300  # of the words
SEED, AFTER, MOST = 1, 1 << 40, 1_000_000  # the corpora's own, but far behind all that they hold
AT_ONCE = 8


@dataclass(frozen=True)
class Form:
    """An open form: what its browser holds, and what is hidden in it."""

    cookie: str
    key: str
    token: str


def submissions(server: Server, number: int) -> list[bytes]:
    """So many forms, each opened without anything of the others and filled in with words of its own; ready to be sent.

    The last one was opened as long ago as people take at least: triage tells who is quicker from people.
    """
    shares = [number // AT_ONCE + (at < number % AT_ONCE) for at in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as several:
        opened = [form for some in several.map(lambda share: list(_opened(server, share)), shares) for form in some]
    sleep(FASTEST)
    return [submission(form, each.name, long(each.words)) for form, each in zip(opened, texts())]  # noqa: B905  without end


def send(server: Server, requests: list[bytes]) -> None:
    """Send one after another, each by a connection of its own, so that every process of the server gets some."""
    for each in requests:
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(each)
            connection.recv(1 << 16)


@cache
def texts() -> Iterator[Text]:
    """What people write, each another thing, in the words of the corpora."""
    return corpus.texts(SEED, MOST, AFTER, MOST)


def _opened(server: Server, number: int) -> Iterator[Form]:
    with closing(server.connection()) as connection:
        for _ in range(number):
            connection.request("GET", FORM)
            answer = connection.getresponse()
            hidden = dict(HIDDEN.findall(answer.read().decode()))
            cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
            yield Form(cookie, hidden["key"], hidden["csrf_token"])


def submission(form: Form, name: str, words: str) -> bytes:
    """What a browser sends."""
    fields = {
        "csrf_token": form.token, "key": form.key, "name": name, "place": "Bakı", "message": words,
        "gesture": "carnation", "email": "", "consent": "y",
    }  # fmt: skip
    return request("POST", FORM, urlencode(fields), Cookie=form.cookie)


def long(words: str) -> str:
    """Words repeated to the length of a tribute."""
    said = f"{words or 'Unutmadıq.'} "
    return (said * (LETTERS // len(said) + 1))[:LETTERS]


def request(method: str, path: str, body: str = "", **headers: str) -> bytes:
    """A whole request."""
    said = {"Host": "127.0.0.1", **{name.replace("_", "-"): value for name, value in headers.items()}}
    if body:
        said |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n{body}".encode()
