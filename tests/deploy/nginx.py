"""The real nginx with the files that ship: names, ports and folders replaced, and nothing else."""

from __future__ import annotations

import os
import re
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.deploy.programs import DEPLOY, needed

NAME = "memorial.example"
PATIENCE = 60  # seconds
# What stands around the shipped file on Debian, and the folders of this run.
AROUND = """
{user}worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/main.log;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    default_type application/octet-stream;
    access_log {folder}/other.log;
    gzip on;
    include {folder}/conf.d/*.conf;
}}
"""


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def kept(self) -> str:
        """What nginx says of its cache: HIT, MISS, BYPASS, STALE, …; empty where it had no part."""
        return self.headers.get("x-cache", "")


@dataclass
class Proxy:
    """A running nginx: the shipped site under TLS, and beside it the plain port."""

    folder: Path
    port: int
    plain_port: int

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """What believes its certificate and no other."""
        return ssl.create_default_context(cafile=self.folder / "fullchain.pem")

    def connection(self, *, plain: bool = False, source: str = "127.0.0.1") -> HTTPConnection:
        """A new line to it, from one of this machine's many addresses; under TLS its certificate is checked."""
        if plain:
            return HTTPConnection("127.0.0.1", self.plain_port, timeout=PATIENCE)
        return _Named(self.port, self.tls, source)

    def ask(
        self, path: str, headers: dict[str, str] | None = None, *, method: str = "GET", body: bytes | str | None = None,
        plain: bool = False, source: str = "127.0.0.1",
    ) -> Answer:  # fmt: skip
        """One request on a line of its own."""
        with closing(self.connection(plain=plain, source=source)) as line:
            line.request(method, path, body, {"Host": NAME} | (headers or {}))
            return read(line.getresponse())

    def log(self) -> str:
        """Everything that nginx wrote down anywhere."""
        time.sleep(0.1)  # a line is written after its answer
        return "".join(file.read_text("utf-8", "replace") for file in sorted(self.folder.glob("*.log")))


class _Named(HTTPSConnection):
    """TLS to 127.0.0.1 under the site's name."""

    def __init__(self, port: int, known: ssl.SSLContext, source: str) -> None:
        super().__init__("127.0.0.1", port, timeout=PATIENCE, context=known)
        self._known, self._source = known, source

    def connect(self) -> None:
        line = socket.create_connection((self.host, self.port), PATIENCE, (self._source, 0))
        self.sock = self._known.wrap_socket(line, server_hostname=NAME)


def read(response: HTTPResponse) -> Answer:
    """A whole answer."""
    return Answer(response.status, {name.lower(): said for name, said in response.getheaders()}, response.read())


@contextmanager
def before(folder: Path, ports: Sequence[int]) -> Iterator[Proxy]:
    """The shipped nginx before servers at these ports, for the length of a block."""
    program = needed("nginx", places=(Path("/usr/sbin"),))
    folder.mkdir(parents=True, exist_ok=True)
    proxy = Proxy(folder, free_port(), free_port())
    certify(folder)
    _write(proxy, ports)
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "start.log")]
    subprocess.run([*command, "-t", "-q"], check=True)
    with subprocess.Popen([*command, "-g", "daemon off;"]) as process:
        try:
            _await(proxy, process)
            yield proxy
        finally:
            process.send_signal(signal.SIGTERM)


def _write(proxy: Proxy, ports: Sequence[int]) -> None:
    folder, places = proxy.folder, proxy.folder / "conf.d"
    places.mkdir(exist_ok=True)
    user = "user root;\n" if os.geteuid() == 0 else ""  # its workers read this folder, which is the tests' alone
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))
    (places / "tribute.conf").write_text(placed((DEPLOY / "nginx" / "tribute.conf").read_text(), proxy))
    upstream = (DEPLOY / "nginx" / "upstream.conf").read_text()
    line = next(line for line in upstream.splitlines() if "server 127.0.0.1:8000" in line)
    lines = "\n".join(line.replace(":8000", f":{port}") for port in ports)
    (places / "tribute-upstream.conf").write_text(upstream.replace(line, lines))


def placed(shipped: str, proxy: Proxy) -> str:
    """The shipped file with this run's ports and folders."""
    folder = str(proxy.folder)
    for there, here in (
        (f"/etc/letsencrypt/live/{NAME}", folder), ("/var/cache/tribute-nginx", f"{folder}/cache"),
        ("/var/log/nginx", folder), ("/var/www/html", f"{folder}/www"),
    ):  # fmt: skip
        assert there in shipped
        shipped = shipped.replace(there, here)
    for number, port in ((80, proxy.plain_port), (443, proxy.port)):
        shipped = re.sub(rf"listen \[::\]:{number}\b.*\n", "\n", shipped)  # the machine may know no IPv6
        shipped = re.sub(rf"listen {number}\b", f"listen 127.0.0.1:{port}", shipped)
    return shipped


def certify(folder: Path) -> None:
    """A key, and a certificate for the site's name that it signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), at, at + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def free_port() -> int:
    """A port that nobody listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        return int(found.getsockname()[1])


def _await(proxy: Proxy, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", proxy.port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nginx does not listen: {proxy.log()}")
