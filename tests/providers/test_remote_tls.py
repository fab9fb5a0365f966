"""Nobody is taken for a remote who cannot prove to be it."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import CertificateBuilder, IPAddress, Name, NameAttribute, SubjectAlternativeName
from cryptography.x509.oid import NameOID

from kiosk.errors import Unreachable
from kiosk.remote import Remote
from tests.providers.fakes import server

BODY = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


def self_made(path: Path) -> Path:
    """A key and a certificate for this machine that nobody has vouched for."""
    key, who = ec.generate_private_key(ec.SECP256R1()), Name([NameAttribute(NameOID.COMMON_NAME, "self-made")])
    made = CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key()).serial_number(7)
    made = made.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2050, 1, 1, tzinfo=UTC))
    made = made.add_extension(SubjectAlternativeName([IPAddress(ip_address("127.0.0.1"))]), critical=False)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.sign(key, SHA256()).public_bytes(Encoding.PEM))
    return path


def test_a_remote_with_a_certificate_of_its_own_making_gets_nothing(tmp_path: Path) -> None:
    """The call fails before it is sent; who knows the certificate gets an answer from the same server."""
    pem = self_made(tmp_path / "self-made.pem")
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(pem)
    heard: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        with suppress(OSError), theirs.wrap_socket(connection, server_side=True) as spoken:
            heard.append(spoken.recv(4096))
            spoken.sendall(BODY)

    with server(behave) as address:
        url = address.replace("http:", "https:")
        with pytest.raises(Unreachable) as told:
            Remote("Acme", url, 5).send("POST", "x", changes=True, content=b"{}")
        nothing = list(heard)
        known = httpx.get(url, verify=ssl.create_default_context(cafile=str(pem)), trust_env=False)

    assert (told.value.sent, nothing) == (False, [])
    assert (known.status_code, len(heard)) == (200, 1)
