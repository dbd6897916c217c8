"""Settings: read once, typed; a wrong one stops the start, names itself and says the remedy."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tribute.config import SECRETS, BadSetting, MailServer, Settings

WRONG = {
    "TRIBUTE_BASE_URL": ("memorial.example", "whole address"),
    "TRIBUTE_HOSTS": ("https://www.memorial.example", "without scheme, port or path"),
    "TRIBUTE_HOSTS=a port": ("10.0.0.5, 10.0.0.6:80", "without scheme, port or path"),
    "TRIBUTE_DATABASE_URL": ("mysql://x", "sqlite:/// or postgresql://"),
    "TRIBUTE_DATABASE_URL=a port": ("postgresql://a@host:port/x", "postgresql://user:password@host:5432/name"),
    "TRIBUTE_DATABASE_URL=no name": ("postgresql://a@host", "must name a database"),
    "TRIBUTE_DATABASE_URL=no file": ("sqlite:///", "must name a database"),
    "TRIBUTE_DATABASE_URL=memory": ("sqlite:///:memory:", "must name a database"),
    "TRIBUTE_MAIL_URL": ("https://relay.example", "smtp://user:password@host:587"),
    "TRIBUTE_MAIL_URL=no host": ("smtp://", "smtps://user:password@host:465"),
    "TRIBUTE_MAIL_URL=a port": ("smtp://host:port", "as a number"),
    "TRIBUTE_MAIL_URL=an option": ("smtp://host?tls=no", "?starttls=no"),
    "TRIBUTE_MAIL_URL=no sender": ("smtp://host", "TRIBUTE_MAIL_FROM: must name"),
    "TRIBUTE_MAIL_FROM": ("nobody", "Memorial <memorial@memorial.example>"),
    "TRIBUTE_MAIL_FROM=two": ("a@b.example, c@d.example", "one address"),
    "TRIBUTE_MAIL_FROM=a line more": ("a@b.example\nBcc: c@d.example", "one address"),
    "TRIBUTE_DEFAULT_LANGUAGE": ("de", "'az', 'en', 'ru' or 'tr'"),
    "TRIBUTE_SECRET_KEY": ("1234567", "at least 32 letters"),
    "TRIBUTE_METRICS_TOKEN": ("1234567", "at least 32 letters; leave it empty to close /metrics"),
    "TRIBUTE_RECEIPT_KEYS": ("short,shorter", "at least 32 letters"),
}


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An instance folder that is not there yet."""
    for name in [name for name in os.environ if name.startswith("TRIBUTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TRIBUTE_INSTANCE_PATH", str(tmp_path / "instance"))
    return tmp_path / "instance"


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_names_itself_and_its_remedy(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    value, remedy = WRONG[name]
    name = name.partition("=")[0]
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as refusal:
        Settings.load()
    assert name in str(refusal.value)
    assert remedy in str(refusal.value)
    if name.endswith(("_KEY", "_KEYS", "_TOKEN")):
        assert value not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("smtp://host", ("host", 587, "", "", "starttls")),
        ("smtps://us%40er:p%3Aw@host", ("host", 465, "us@er", "p:w", "tls")),
        ("smtp://127.0.0.1:25?starttls=no", ("127.0.0.1", 25, "", "", "none")),
        ("smtp://[::1]:2525/", ("::1", 2525, "", "", "starttls")),
    ],
)
def test_the_mail_servers_address_is_read(url: str, read: tuple[object, ...]) -> None:
    found = MailServer.read(url)
    assert (found.host, found.port, found.user, found.password, found.security) == read


def test_the_program_does_not_start_and_shows_no_trace(tmp_path: Path) -> None:
    surroundings = os.environ | {"TRIBUTE_BASE_URL": "nonsense"}
    ended = subprocess.run(
        [sys.executable, "-c", "import wsgi"], env=surroundings, cwd=Path(__file__).parent.parent,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr.startswith("Tribute cannot start. TRIBUTE_BASE_URL")
    assert "Traceback" not in ended.stderr


def test_secrets_are_made_once_and_are_their_owners_alone(instance: Path) -> None:
    first, second = Settings.load(), Settings.load()
    assert first == second
    assert len({first.secret_key, first.password_salt, first.receipt_keys, first.email_keys}) == 4
    assert stat.S_IMODE((instance / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(instance.stat().st_mode) == 0o700


def test_many_that_start_at_once_agree(instance: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _number: Settings.load(), range(32)))
    assert all(settings == found[0] for settings in found)
    assert [file.name for file in instance.iterdir()] == ["secrets.json"]


def test_what_the_environment_gives_is_in_force(monkeypatch: pytest.MonkeyPatch, instance: Path) -> None:
    keys = [f"{letter * 40}" for letter in "ab"]
    monkeypatch.setenv("TRIBUTE_RECEIPT_KEYS", ",".join(keys))
    settings = Settings.load()
    assert settings.receipt_key_list == tuple(key.encode() for key in keys)
    assert "receipt_keys" not in (instance / "secrets.json").read_text()


def test_on_a_second_machine_no_secrets_are_made(monkeypatch: pytest.MonkeyPatch, instance: Path) -> None:
    monkeypatch.setenv("TRIBUTE_DATABASE_URL", "postgresql://tribute:word@database.example/tribute")
    with pytest.raises(BadSetting, match="TRIBUTE_SECRET_KEY: must be set, as TRIBUTE_DATABASE_URL names another"):
        Settings.load()
    assert not instance.exists()
    for name in SECRETS[:-1]:
        monkeypatch.setenv(f"TRIBUTE_{name.upper()}", "a" * 40)
    with pytest.raises(BadSetting, match="TRIBUTE_FACTOR_KEYS"):
        Settings.load()
    monkeypatch.setenv("TRIBUTE_FACTOR_KEYS", "b" * 40)
    assert Settings.load().factor_keys == "b" * 40
    assert not instance.exists()


def test_secrets_that_lie_there_serve_whatever_machine_has_the_database(
    monkeypatch: pytest.MonkeyPatch, instance: Path
) -> None:
    made = Settings.load()
    for local in ("postgresql:///tribute", "postgresql://a@localhost/b", "postgresql://a@[::1]:5433/b"):
        monkeypatch.setenv("TRIBUTE_DATABASE_URL", local)
        assert Settings.load().secret_key == made.secret_key
    monkeypatch.setenv("TRIBUTE_DATABASE_URL", "postgresql://a@database.example/b")
    assert Settings.load().secret_key == made.secret_key


def test_a_folder_that_cannot_be_written_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TRIBUTE_INSTANCE_PATH", str(tmp_path / "file"))
    with pytest.raises(BadSetting, match="TRIBUTE_INSTANCE_PATH"):
        Settings.load()
