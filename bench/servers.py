"""Servers that are measured: granian with the flags of `make run`, and nginx; each a child that ends with its block."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOG = ROOT / "instance" / "bench" / "server.log"
STARTS_WITHIN = 60  # seconds
NGINX = """
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000000;
    open_file_cache max=100;
    default_type "text/html; charset=utf-8";
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_cache_path {folder}/cache keys_zone=pages:1m use_temp_path=off;
    server {{
        listen 127.0.0.1:{port};
        location / {{ {location} }}
    }}
}}
"""


@dataclass(frozen=True)
class Server:
    """One that answers."""

    port: int
    processes: tuple[int, ...]  # that it is, without those that they started

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def connection(self) -> HTTPConnection:
        """A new connection to it."""
        return HTTPConnection("127.0.0.1", self.port, timeout=STARTS_WITHIN)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def started(command: Sequence[str], port: int, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Start a server, and wait until it answers; what it says is in LOG until the next one starts."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)  # noqa: S603  no shell
    server = Server(port, (process.pid,))
    try:
        _wait_for(server, process)
        yield server
    finally:
        while process.poll() is None:  # a signal that comes while it starts is lost
            process.terminate()
            time.sleep(0.1)


@contextmanager
def granian(callable_: str, environment: Mapping[str, str]) -> Iterator[Server]:
    """A WSGI callable, as `make run` serves the site on two cores."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface=wsgi", "--http=1", "--no-ws", "--host=127.0.0.1",
        f"--port={port}", "--workers=2", "--blocking-threads=128", "--workers-kill-timeout=10", "--log-level=error",
        callable_,
    ]  # fmt: skip
    with started(command, port, environment) as server:
        yield server


@contextmanager
def nginx(folder: Path, location: str) -> Iterator[Server]:
    """The nginx of this system with one location, its files in a folder."""
    port = free_port()
    folder.chmod(0o755)  # where root starts it, its workers are somebody else
    file = folder / "nginx.conf"
    file.write_text(NGINX.format(folder=folder, port=port, location=location))
    command = ["nginx", "-p", str(folder), "-c", str(file), "-e", str(folder / "error.log"), "-g", "daemon off;"]
    with started(command, port) as server:
        yield server


def _wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while True:
        connection = server.connection()
        try:
            connection.request("GET", "/robots.txt")
            connection.getresponse().read()
        except OSError:
            if time.monotonic() > end or process.poll() is not None:
                raise
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()
