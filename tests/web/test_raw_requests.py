"""Bytes that no browser sends, to the server as it is served: each gets a clear answer, and none makes it stumble."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.browser.server import serve

FORM = b"/en/20-january/tributes/new"
URLENCODED = b"application/x-www-form-urlencoded"
PATIENCE = 60  # seconds for an answer, on a busy machine


def ask(path: bytes, extra: bytes = b"", method: bytes = b"GET") -> bytes:
    """A request without a body."""
    return method + b" " + path + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + extra + b"\r\n"


def post(body: bytes, kind: bytes = URLENCODED, path: bytes = FORM) -> bytes:
    """A form."""
    head = b"Content-Type: " + kind + b"\r\nContent-Length: " + str(len(body)).encode() + b"\r\n"
    return ask(path, head, b"POST") + body


def chunked(body: bytes) -> bytes:
    """A form whose length nobody says beforehand."""
    head = b"Content-Type: " + URLENCODED + b"\r\nTransfer-Encoding: chunked\r\n"
    return ask(FORM, head, b"POST") + body


def parts(number: int) -> bytes:
    """So many fields, each a part of its own."""
    part = b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n1\r\n'
    return post(part * number + b"--x--", b"multipart/form-data; boundary=x")


REQUESTS: dict[str, tuple[bytes, set[int]]] = {
    "a query that is no UTF-8": (ask(b"/en/search?q=%FF%FE%ED%A0%80"), {200}),
    "the same as bare bytes": (ask(b"/en/search?q=\xff\xfe"), {400}),
    "bad percent-encoding": (ask(b"/en/search?q=%zz%"), {200}),
    "a NUL in the query": (ask(b"/en/search?q=a%00b"), {200}),
    "a NUL in the suggestions": (ask(b"/en/search/suggestions?q=%00%FF"), {200}),
    "NULs in the wall's filters": (ask(b"/en/20-january/tributes/?before=%00&year=%00&language=%00&after=%FF"), {200}),
    "NULs in the archive": (ask(b"/en/20-january/archive/2026/1/?day=%00"), {200, 404}),
    "a NUL in a path": (ask(b"/en/%00/"), {404}),
    "a path that is no UTF-8": (ask(b"/%ff%fe/"), {404}),
    "a path of bare bytes": (ask(b"/\xff\xfe/"), {400}),
    "a tribute's id that is none": (ask(b"/en/20-january/tributes/%00%FF/"), {404}),
    "a short address that is none": (ask(b"/t/%00"), {404}),
    "a receipt that is none": (ask(b"/en/receipt/%ff%00/"), {404}),
    "a way out of the static files": (ask(b"/static/%2e%2e/%2e%2e/etc/passwd"), {404}),
    "the same with bare dots": (ask(b"/static/../../etc/passwd"), {404}),
    "an address of 20,000 letters": (ask(b"/" + b"a" * 20_000), {404, 414}),
    "a cookie of bare bytes": (ask(b"/account/login", b"Cookie: session=\xff\xfe; lang=\xff\r\n"), {200}),
    "cookies without names": (ask(b"/account/login", b"Cookie: =;;;==; session=.; a\r\n"), {200}),
    "a cookie of 30,000 letters": (ask(b"/account/login", b"Cookie: session=" + b"a" * 30_000 + b"\r\n"), {200, 431}),
    "languages that are none": (ask(b"/", b"Accept-Language: ;;q=x,\xff," + b"az;q=0.1," * 2_000 + b"\r\n"), {302}),
    "conditions that are none": (
        ask(b"/en/20-january/feed.atom", b'If-None-Match: "\xff\r\nIf-Modified-Since: 99\r\nRange: bytes=-\r\n'), {200}
    ),
    "a host that is none": (ask(b"/en/search").replace(b"127.0.0.1", b'\xff<>"'), {200, 400}),
    "a forwarding that is none": (ask(b"/en/search?q=a", b"X-Forwarded-For: \xff, , 1.2.3\r\n"), {200}),
    **{f"the method {m.decode()}": (ask(b"/en/20-january/", method=m), {405})
       for m in (b"FOO", b"TRACE", b"PROPFIND", b"DELETE", b"CONNECT", b"PUT")},
    "a method of bare bytes": (ask(b"/en/20-january/", method=b"G\xff"), {400}),
    "deleting the form": (ask(FORM, method=b"DELETE"), {405}),
    "5,000 fields": (post(b"&".join(b"f%d=1" % number for number in range(5_000))), {413, 422}),
    "3,000 parts": (parts(3_000), {413}),
    "bad percent-encoding in a field": (post(b"name=%zz%&message=%FF%00"), {422}),
    "fields of bare bytes": (post(b"name=\xff\xfe&message=\x00"), {422}),
    "a character set that is none": (post(b"name=a", URLENCODED + b"; charset=none"), {422}),
    "JSON": (post(b"{}", b"application/json"), {422}),
    "a body of no kind": (post(b"abc", b""), {422}),
    "parts without a boundary": (post(b"abc", b"multipart/form-data"), {422}),
    "parts that end nowhere": (post(b"--x\r\nabc", b"multipart/form-data; boundary=x"), {422}),
    "300,000 bytes of words": (post(b"message=" + b"a" * 300_000), {413}),
    "70,000 bytes to the keepers": (post(b"message=" + b"a" * 70_000, path=b"/en/contact"), {413}),
    "a NUL for an account": (post(b"email=%00&password=%FF", path=b"/account/login"), {400, 422}),
    "a length that is no number": (ask(FORM, b"Content-Length: abc\r\n", b"POST"), {400}),
    "a length below nothing": (ask(FORM, b"Content-Length: -1\r\n", b"POST"), {400}),
    "a body without a length": (chunked(b"5\r\nname=\r\n0\r\n\r\n"), {411}),
    "chunks that are none": (chunked(b"zz\r\nabc\r\n0\r\n\r\n"), {400, 411}),
    "no HTTP at all": (b"\x16\x03\x01\x00\xff\xff\r\n\r\n", {400}),
}  # fmt: skip


def status_of(port: int, request: bytes) -> int:
    """Send bytes as they are; the status of the answer."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as line:
        line.sendall(request)
        said = b""
        while b"\r\n" not in said:
            said += line.recv(4096) or b"\r\n"
    return int(said.split()[1])


def test_whatever_comes_is_answered_and_nothing_stumbles(database: str, tmp_path: Path) -> None:
    with serve(database, tmp_path) as site:
        port = int(site.url.rsplit(":", 1)[1])
        told = {name: status_of(port, request) for name, (request, _expected) in REQUESTS.items()}
        assert {name: status for name, status in told.items() if status not in REQUESTS[name][1]} == {}
        assert not site.failures()
        assert site.tributes() == []
