"""Settings: read from the environment once, typed; a wrong one stops the start and names itself and its remedy."""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

SMTP_PORTS = {"smtp": 587, "smtps": 465}
HOST = re.compile(r"[0-9A-Za-z.-]+")
SHORTEST_SECRET = 32  # letters; what `secrets.token_urlsafe(32)` makes has 43


LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
SECRETS = ("secret_key", "password_salt", "receipt_keys", "email_keys", "factor_keys")


class BadSetting(Exception):
    """A setting that cannot be used; the sentence names it and its remedy."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over, and how."""

    host: str
    port: int
    user: str
    password: str
    security: Literal["tls", "starttls", "none"]

    @classmethod
    def read(cls, url: str) -> Self:
        """Read smtp://user:password@host:587 or smtps://…:465. Raises ValueError with the remedy.

        smtp:// is encrypted by STARTTLS before anything is said, unless `?starttls=no` forgoes it.
        """
        parts = urlsplit(url)
        if parts.scheme not in SMTP_PORTS or not parts.hostname or parts.path not in ("", "/"):
            raise ValueError("must read like smtp://user:password@host:587 or smtps://user:password@host:465")
        if parts.query not in ("", "starttls=no"):
            raise ValueError("may end with ?starttls=no and with nothing else")
        try:
            port = parts.port or SMTP_PORTS[parts.scheme]
        except ValueError as error:
            raise ValueError("must name its port as a number, as in smtp://host:587") from error
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        encrypted: Literal["tls", "starttls"] = "tls" if parts.scheme == "smtps" else "starttls"
        return cls(parts.hostname, port, user, password, "none" if parts.query else encrypted)


class Settings(BaseSettings):
    """Every setting, its default and what it is for; docs/operators.md has the same table, and a test holds the two."""

    model_config = SettingsConfigDict(env_prefix="TRIBUTE_", frozen=True, extra="ignore", hide_input_in_errors=True)

    instance_path: Path = Field(default=Path("instance"), description="Folder of the database and the secrets.")
    database_url: str = Field(
        default="", description="SQLite or PostgreSQL; empty means SQLite in the instance folder."
    )
    base_url: str = Field(
        default="http://127.0.0.1:8000", description="The site's public address; links are made under it."
    )
    hosts: str = Field(
        default="", description="Other names that the site may be asked by, comma-separated; its own always is one."
    )
    default_language: Literal["az", "en", "ru", "tr"] = Field(
        default="en", description="Language for a reader whose browser asks for none of the four."
    )
    secret_key: str = Field(
        default="", description="Signs sessions and forms; empty means one made in the instance folder."
    )
    password_salt: str = Field(
        default="", description="Peppers passwords; empty means one made in the instance folder."
    )
    receipt_keys: str = Field(
        default="", description="Sign receipt links, comma-separated: the first signs, all open; empty means one made."
    )
    email_keys: str = Field(
        default="",
        description="Seal visitors' emails, comma-separated: the first seals, all open; empty means one made.",
    )
    factor_keys: str = Field(
        default="",
        description="Seal second factors, comma-separated: the first seals, all open; empty means one made.",
    )
    keepers_need_second_factor: bool = Field(
        default=False, description="Whether a keeper must have a second factor; on is recommended."
    )

    proxies: int = Field(
        default=0, ge=0, le=9, description="Proxies before the server whose X-Forwarded-For is believed; 0 means none."
    )
    redis_url: str = Field(
        default="", description="Redis for the limits of several machines; empty means a file in the instance folder."
    )
    limits: bool = Field(
        default=True, description="Whether one address may send and search only so often; off for measuring."
    )

    page_cache: int = Field(
        default=64,
        ge=0,
        le=4096,
        description="Megabytes of public pages that each serving process keeps; 0: none.",
    )

    metrics_token: str = Field(
        default="", description="What Prometheus shows to read /metrics; empty means that nobody reads it."
    )

    mail_url: str = Field(
        default="", description="The mail server, as smtp:// or smtps://; empty means files in the instance folder."
    )
    mail_from: str = Field(
        default="", description="The address that mail comes from, with a name before it or without."
    )

    backup_days: int = Field(
        default=30, ge=1, le=3650, description="Days after which `backup` deletes its older files; never the newest."
    )

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        try:
            name = make_url(value).database if value else "in the instance folder"
        except (ArgumentError, ValueError) as error:
            raise ValueError("must read like postgresql://user:password@host:5432/name") from error
        if not name or name == ":memory:":
            raise ValueError("must name a database, such as sqlite:////var/lib/tribute/tribute.db")
        return value

    @field_validator("redis_url")
    @classmethod
    def _known_redis(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must begin with redis://, rediss:// or unix://")
        return "redis+" + value if value.startswith("unix://") else value

    @field_validator("mail_url")
    @classmethod
    def _known_mail_server(cls, value: str) -> str:
        if value:
            MailServer.read(value)
        return value

    @field_validator("mail_from")
    @classmethod
    def _one_address(cls, value: str) -> str:
        address = parseaddr(value)[1]
        if value and (not address.isascii() or address.count("@") != 1 or any(mark in value for mark in "\r\n,")):
            raise ValueError("must be one address, such as Memorial <memorial@memorial.example>")
        return value

    @model_validator(mode="after")
    def _sender_is_known(self) -> Self:
        if self.mail_url and not self.mail_from:
            raise ValueError(
                "TRIBUTE_MAIL_FROM: must name the address that mail comes from, as TRIBUTE_MAIL_URL is set"
            )
        return self

    @field_validator("base_url")
    @classmethod
    def _whole_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.path not in ("", "/"):
            raise ValueError("must be a whole address without a path, such as https://memorial.example")
        return value.rstrip("/")

    @field_validator("hosts")
    @classmethod
    def _bare_names(cls, value: str) -> str:
        for name in filter(None, (part.strip() for part in value.split(","))):
            if not HOST.fullmatch(name):
                raise ValueError("must name hosts without scheme, port or path, such as www.memorial.example")
        return value

    @field_validator(*SECRETS)
    @classmethod
    def _long_secret(cls, value: str) -> str:
        if value and any(len(part.strip()) < SHORTEST_SECRET for part in value.split(",")):
            raise ValueError(f"must have at least {SHORTEST_SECRET} letters; leave it empty to have one made")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _long_token(cls, value: str) -> str:
        if value and len(value.strip()) < SHORTEST_SECRET:
            raise ValueError(f"must have at least {SHORTEST_SECRET} letters; leave it empty to close /metrics")
        return value.strip()

    @classmethod
    def load(cls) -> Self:
        """Read the environment; fill in the secrets that it leaves empty. Raises BadSetting."""
        try:
            settings = cls()
        except ValidationError as error:
            first = error.errors()[0]
            said = first["msg"].removeprefix("Value error, ")
            name = "TRIBUTE_" + "_".join(map(str, first["loc"])).upper()
            raise BadSetting(f"{name}: {said}" if first["loc"] else said) from error
        return settings.with_secrets()

    def with_secrets(self) -> Self:
        """The same settings with every empty secret read from, or made in, the instance folder. Raises BadSetting.

        None is made where the database is another machine's: this may not be the only one that serves from it, and
        with secrets of its own it would open no private link and no session of the others.
        """
        missing = [name for name in SECRETS if not getattr(self, name)]
        kept = kept_secrets(self.secrets_file, missing, may_make=self.is_database_here) if missing else {}
        return self.model_copy(update=kept) if kept else self

    @property
    def secrets_file(self) -> Path:
        """Where secrets made on the first start are kept, readable by their owner alone."""
        return self.instance_path.absolute() / "secrets.json"

    @property
    def mail_server(self) -> MailServer | None:
        """Where mail is handed over; None where it is written to files."""
        return MailServer.read(self.mail_url) if self.mail_url else None

    @property
    def mail_folder(self) -> Path:
        """Where mail is written while there is no server for it."""
        return self.instance_path.absolute() / "mail"

    @property
    def worker_file(self) -> Path:
        """What this machine's worker touches each minute, so that its silence is seen."""
        return self.instance_path.absolute() / "worker"

    @property
    def database(self) -> str:
        """The database's address for SQLAlchemy."""
        return self.database_url or f"sqlite:///{self.instance_path.absolute() / 'tribute.db'}"

    @property
    def is_database_here(self) -> bool:
        """Whether the database is this machine's own."""
        host = make_url(self.database).host
        return not host or host in LOCAL or host.startswith("/")

    @property
    def known_hosts(self) -> frozenset[str]:
        """The names that a request may name: the site's, the configured ones, this machine's own."""
        named = {part.strip().lower() for part in self.hosts.split(",")} - {""}
        return LOCAL | named | {urlsplit(self.base_url).hostname or ""}

    @property
    def is_https(self) -> bool:
        """Whether the site is reached under TLS: cookies are then Secure and named __Host-."""
        return self.base_url.startswith("https://")

    @property
    def receipt_key_list(self) -> tuple[bytes, ...]:
        """The receipt keys, the signing one first."""
        return _keys(self.receipt_keys)

    @property
    def email_key_list(self) -> tuple[bytes, ...]:
        """The email keys, the sealing one first."""
        return _keys(self.email_keys)

    @property
    def factor_key_list(self) -> tuple[bytes, ...]:
        """The keys of second factors, the sealing one first."""
        return _keys(self.factor_keys)


def _keys(value: str) -> tuple[bytes, ...]:
    return tuple(part.strip().encode() for part in value.split(","))


def kept_secrets(file: Path, names: list[str], *, may_make: bool = True) -> dict[str, str]:
    """Read the named secrets from a file of mode 600, adding those it lacks. Raises BadSetting."""
    try:
        kept = _read(file)
        lacking = [name for name in names if name not in kept]
        if lacking and not may_make:
            raise BadSetting(
                f"TRIBUTE_{lacking[0].upper()}: must be set, as TRIBUTE_DATABASE_URL names another machine. Every "
                f"machine that serves needs the same secrets: set all of them, or put the same {file.name} into each "
                "instance folder"
            )
        if lacking:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with alone_in(file.parent):
                kept = {name: secrets.token_urlsafe(32) for name in names} | _read(file)
                _write_private(file, json.dumps(kept, indent=1))
    except (OSError, ValueError) as error:
        raise BadSetting(f"TRIBUTE_INSTANCE_PATH: {file} cannot be read or written ({error})") from error
    return {name: kept[name] for name in names}


def _read(file: Path) -> dict[str, str]:
    """What the file holds, without what is empty; nothing where there is no file."""
    kept = json.loads(file.read_text()) if file.exists() else {}
    if not isinstance(kept, dict):
        raise ValueError("it does not hold secrets by name")
    return {name: value for name, value in kept.items() if value}


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder while the block runs: of several processes that start at once, one makes the secrets."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write_private(file: Path, content: str) -> None:
    """Put a file of mode 600 in place whole."""
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)  # left over from a start that was cut off
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)
    part.replace(file)
