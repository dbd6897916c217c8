"""Handing mail over to real servers, kind and unkind, and to a folder."""

from __future__ import annotations

import ssl
import stat
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.mail.smtp import HOST, greylisting, hanging, server
from tribute.config import MailServer
from tribute.domain.mail import Failure
from tribute.extensions import now
from tribute.mail import delivery
from tribute.mail.delivery import Folder, Relay, Undelivered

DAY = timedelta(days=1)
ANNA = "anna@memorial.example"


def a_mail(to: str = ANNA) -> EmailMessage:
    """A mail that asks for every kind of letter."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "memorial@memorial.example", to, "Xatirə, память"
    mail.set_content("Şəhidlərimizi unutmarıq.\n", cte="quoted-printable")
    return mail


def relay(url: str) -> Relay:
    """The way out over a server."""
    return Relay(MailServer.read(url))


def undelivered(url: str, mail: EmailMessage | None = None) -> Undelivered:
    """Why a server did not take a mail."""
    with pytest.raises(Undelivered) as why:
        relay(url).deliver("x", mail or a_mail())
    return why.value


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Wait half a second where the program waits for twenty."""
    monkeypatch.setattr(delivery, "TIMEOUT", 0.5)
    return iter(())


def test_a_server_that_takes_has_it_whole() -> None:
    with server() as taking:
        relay(taking.url).deliver("x", a_mail())
    assert taking.recipients == [ANNA]
    assert taking.taken[0]["Subject"] == "Xatirə, память"
    assert taking.taken[0].get_content().splitlines() == ["Şəhidlərimizi unutmarıq."]


@pytest.mark.parametrize(
    ("code", "final"), [("550 5.1.1 no <anna@memorial.example> here", True), ("451 later", False), ("452 full", False)]
)
def test_a_recipient_that_is_refused(code: str, final: bool) -> None:
    with server(answer_to=lambda _address: code) as refusing:
        why = undelivered(refusing.url)
    assert (why.failure, why.number, why.final) == (Failure.REFUSED, int(code[:3]), final)
    assert "anna" not in repr(why)


def test_a_mail_that_is_refused_once_it_was_read() -> None:
    for code, final in (("554 no", True), ("451 not now", False)):
        with server(answer_data=lambda _said, code=code: code) as refusing:  # type: ignore[misc]  # bound at once
            why = undelivered(refusing.url)
        assert (why.failure, why.number, why.final) == (Failure.REFUSED, int(code[:3]), final)


def test_a_greylisting_server_takes_it_the_second_time() -> None:
    with server(answer_to=greylisting(1)) as grey:
        assert undelivered(grey.url).number == 451
        relay(grey.url).deliver("x", a_mail())
    assert len(grey.taken) == 1


def test_a_server_that_hangs_is_left_after_a_while(impatient: None) -> None:
    with hanging() as port:
        for url in (f"smtp://{HOST}:{port}", f"smtps://{HOST}:{port}"):
            assert undelivered(url).failure == Failure.TIMEOUT


def test_where_nobody_listens_it_is_tried_again() -> None:
    with hanging() as port:
        pass
    why = undelivered(f"smtp://{HOST}:{port}")
    assert (why.failure, why.final) == (Failure.UNREACHABLE, False)


def test_a_server_without_encryption_gets_nothing_unless_that_was_said() -> None:
    with server() as plain:
        assert undelivered(plain.url.removesuffix("?starttls=no")).failure == Failure.TLS
    assert plain.asked == 0


def test_an_encrypted_server_is_believed_only_where_its_certificate_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    certificate, key = certificate_of(HOST, tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    with server(tls_context=context, require_starttls=True) as encrypted:
        url = encrypted.url.removesuffix("?starttls=no")
        assert undelivered(url).failure == Failure.TLS
        assert encrypted.asked == 0
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        relay(url).deliver("x", a_mail())
        assert len(encrypted.taken) == 1


def certificate_of(host: str, folder: Path) -> tuple[Path, Path]:
    """A certificate that a host signed itself, and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now(), now() + DAY)
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
def test_signing_in() -> None:
    def authenticates(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"us@er", b"pa:ss")
        return AuthResult(success=right, handled=False)

    signing = {"authenticator": authenticates, "auth_require_tls": False, "auth_required": True}
    with server(**signing) as careful:  # type: ignore[arg-type]
        relay(careful.url.replace("//", "//us%40er:pa%3Ass@")).deliver("x", a_mail())
        assert len(careful.taken) == 1
        why = undelivered(careful.url.replace("//", "//us%40er:wrong@"))
    assert (why.failure, why.number, why.final) == (Failure.SIGN_IN, 535, False)


def test_an_address_in_letters_that_a_server_does_not_know_is_refused_for_good() -> None:
    with server(enable_SMTPUTF8=False) as plain:
        why = undelivered(plain.url, a_mail("анна@memorial.example"))
    assert (why.failure, why.final) == (Failure.REFUSED, True)
    with server() as knowing:
        relay(knowing.url).deliver("x", a_mail("анна@memorial.example"))
    assert knowing.recipients == ["анна@memorial.example"]


def test_without_a_server_mail_is_a_file_of_its_owners_alone(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "instance" / "mail")
    for _twice in range(2):  # the same message sent twice is one file
        folder.deliver("1m8js93mkxezs", a_mail())
    files = list(folder.path.iterdir())
    assert [file.name for file in files] == ["1m8js93mkxezs.eml"]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert folder.names() == ["1m8js93mkxezs"]
    folder.forget("1m8js93mkxezs")
    folder.forget("1m8js93mkxezs")
    assert folder.names() == []


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file")
    with pytest.raises(Undelivered) as why:
        Folder(tmp_path / "mail").deliver("x", a_mail())
    assert (why.value.failure, why.value.final) == (Failure.FOLDER, False)
