"""What people do for their second step: a code as their app would make it, and the pages between."""

from __future__ import annotations

import base64
import hmac
import re
import struct
import time

from werkzeug.test import TestResponse

from tests.cast import PASSWORD, token
from tests.page import PageClient

LOGIN = "/account/login"


def code_of(secret: str, steps: int = 0) -> str:
    """The six digits of an app (RFC 6238) now, or so many half minutes later."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30 + steps), "sha1")
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def begin_app(client: PageClient) -> tuple[str, str, TestResponse]:
    """Ask for a picture; gives the secret that stands below it, where its code goes, and the page."""
    data = {"setup": "authenticator", "csrf_token": token(client.get("/account/tf-setup"))}
    page = client.post("/account/tf-setup", data=data)
    groups = re.findall(r"<code>(\w+)</code>", page.text)
    action = re.search(r'action="(/account/tf-setup/[^"]+)"', page.text)
    assert groups
    assert action, page.text
    return "".join(groups), action.group(1), page


def set_up_app(client: PageClient) -> str:
    """Set an app up and confirm it; gives its secret."""
    secret, action, page = begin_app(client)
    answer = client.post(action, data={"code": code_of(secret, -1), "csrf_token": token(page)})
    assert (answer.status_code, answer.location) == (303, "/account/factors")
    return secret


def give_password(client: PageClient, email: str, password: str = PASSWORD) -> TestResponse:
    """The first step of signing in."""
    page = client.get(LOGIN)
    return client.post(LOGIN, data={"email": email, "password": password, "csrf_token": token(page)})


def give_code(client: PageClient, code: str, path: str = "/account/tf-validate") -> TestResponse:
    """The second step."""
    page = client.get(path)
    return client.post(path, data={"code": code, "csrf_token": token(page)})
