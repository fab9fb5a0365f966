"""E-mail against a real SMTP server: nothing in the clear, nothing to a stranger, a definite word on every answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.abilities import Greets
from kiosk.contacts import Message
from kiosk.errors import ConfigError, Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.messages import build
from kiosk.ports import Messenger
from tests.messages.post_office import PASSWORD, USER, Office, certificate, post_office
from tests.providers.fakes import FixedClock, server

WORDS = "充值K07-7Q3F-9XKD-2MWB：已到账，10GB，30天。\n\n请为此卡打开移动数据。\n"
MESSAGE = Message("K077Q3F9XKD2MWBD0", "mei@example.com", "充值K07-7Q3F-9XKD-2MWB：已到账", WORDS)


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("office"))


@pytest.fixture
def office(pem: Path) -> Iterator[Office]:
    with post_office("starttls", pem) as made:
        yield made


def mailer(tmp_path: Path, port: int, *, password: str = PASSWORD, **more: Any) -> Messenger:
    (tmp_path / "password").write_text(password)
    table = {"kind": "smtp", "host": "127.0.0.1", "port": port, "user": USER, "timeout_s": 5.0}
    table |= {"password": {"file": str(tmp_path / "password")}, "sender": "Data SIM kiosk <kiosk@shop.example>"}
    table = {key: value for key, value in (table | more).items() if value is not None}
    return build("email", table, path="config.toml: messages.email", training=True, clock=FixedClock())


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_email_arrives_as_it_was_written(tmp_path: Path, pem: Path, security: str) -> None:
    """In Chinese, over TLS, after a log-in; with a name by which a mailbox knows it again."""
    with post_office(security, pem) as office:
        mailer(tmp_path, office.port, security=security, ca_file=str(pem)).send(MESSAGE)

    ((sender, to, letter),) = office.letters
    assert (sender, to) == ("kiosk@shop.example", ["mei@example.com"])
    assert (office.encrypted, office.logged_in) == ([True], [True])
    assert (letter["Subject"], letter.get_content().replace("\r\n", "\n")) == (MESSAGE.subject, MESSAGE.text)
    assert (letter["Message-ID"], letter["Auto-Submitted"]) == (f"<{MESSAGE.name}@shop.example>", "auto-generated")
    assert letter["From"] == "Data SIM kiosk <kiosk@shop.example>"


def test_a_server_that_nobody_vouches_for_gets_nothing(tmp_path: Path, office: Office) -> None:
    """Not even the log-in: its certificate is not one that this machine trusts."""
    with pytest.raises(NotNow, match="does not prove who it is"):
        mailer(tmp_path, office.port).send(MESSAGE)

    assert office.letters == []


def test_a_certificate_for_another_name_is_none(tmp_path: Path) -> None:
    """Somebody else's good certificate opens no letter of ours."""
    other = certificate(tmp_path, "127.0.0.2")
    with post_office("tls", other) as office, pytest.raises(NotNow, match="does not prove who it is"):
        mailer(tmp_path, office.port, security="tls", ca_file=str(other)).send(MESSAGE)

    assert office.letters == []


def test_a_server_without_starttls_gets_nothing(tmp_path: Path) -> None:
    """Somebody on the line may have taken the offer out: nothing goes on in the clear."""
    with post_office("none") as office, pytest.raises(Misconfigured, match="offers no STARTTLS"):
        mailer(tmp_path, office.port).send(MESSAGE)

    assert office.letters == []


def test_a_wrong_log_in_is_the_owners(tmp_path: Path, office: Office, pem: Path) -> None:
    """With the keys to check, and without the password."""
    with pytest.raises(Misconfigured, match="refuses the log-in: check user and password") as caught:
        mailer(tmp_path, office.port, ca_file=str(pem), password="guess").send(MESSAGE)

    assert "guess" not in str(caught.value)


def test_a_server_can_be_greeted_without_a_letter(tmp_path: Path, office: Office, pem: Path) -> None:
    """As far as the log-in."""
    found = mailer(tmp_path, office.port, ca_file=str(pem))
    assert isinstance(found, Greets)
    found.greet()
    wrong = mailer(tmp_path, office.port, ca_file=str(pem), password="guess")
    assert isinstance(wrong, Greets)
    with pytest.raises(Misconfigured):
        wrong.greet()

    assert office.letters == []


@pytest.mark.parametrize(
    ("command", "says", "error"),
    [
        ("RCPT", "550 5.1.1 no such mailbox", Refused),
        ("RCPT", "450 4.2.0 greylisted", NotNow),
        ("MAIL", "553 5.7.1 not your address", Misconfigured),
        ("MAIL", "451 4.3.0 later", NotNow),
        ("DATA", "554 5.7.1 looks like spam", Refused),
        ("DATA", "452 4.3.1 no room", NotNow),
    ],
)
def test_every_answer_has_its_meaning(
    tmp_path: Path, office: Office, pem: Path, command: str, says: str, error: type[NoAnswer]
) -> None:
    """5xx is for good, 4xx is not now (RFC 5321, 4.2.1); a sender that is refused is ours to mend."""
    office.says[command] = says
    with pytest.raises(error, match=says[:3]):
        mailer(tmp_path, office.port, ca_file=str(pem)).send(MESSAGE)

    assert office.letters == []


def test_a_reply_that_is_lost_after_the_text_leaves_it_in_doubt(tmp_path: Path, office: Office, pem: Path) -> None:
    """The server has it: to send it again may be the second time, and that is said."""
    office.hangs_up_after_data = True
    with pytest.raises(Unreachable, match="Whether the message went out is not known") as caught:
        mailer(tmp_path, office.port, ca_file=str(pem)).send(MESSAGE)

    assert (caught.value.sent, len(office.letters)) == (True, 1)


def test_no_server_is_a_message_that_never_left(tmp_path: Path) -> None:
    """It may be sent again without a second thought."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match="nothing was sent") as caught:
        mailer(tmp_path, port).send(MESSAGE)

    assert not caught.value.sent


def test_a_server_that_drips_is_cut_off_in_time(tmp_path: Path) -> None:
    """A byte now and then starts every time-out anew, but not the whole call's."""

    def drip(connection: socket.socket) -> None:
        try:
            while True:
                connection.sendall(b"2")
                if connection.recv(1) == b"":
                    return
        except OSError:
            return

    with server(drip) as url, pytest.raises(Unreachable) as caught:
        mailer(tmp_path, int(url.rpartition(":")[2].rstrip("/")), timeout_s=0.2).send(MESSAGE)

    assert not caught.value.sent


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"host": "smtp.shop.example"}, "messages.email.host: a training ledger allows only a sandbox"),
        ({"user": ""}, "messages.email.user: user and password go together"),
        ({"sender": "Kiosk"}, "messages.email.sender: an e-mail address is needed"),
        (
            {"sender": "Kiosk\r\nBcc: x@y.example <kiosk@shop.example>"},
            "messages.email.sender: an e-mail address is needed",
        ),
        ({"ca_file": "/nowhere.pem"}, "messages.email.ca_file: /nowhere.pem cannot be used"),
        ({"security": "ssl"}, 'messages.email.security: expected one of "tls", "starttls", "none"'),
        ({"tls": True}, "messages.email.tls: no such key"),
    ],
)
def test_what_is_wrong_in_the_table_is_named(tmp_path: Path, more: dict[str, Any], told: str) -> None:
    """Before the first customer."""
    with pytest.raises(ConfigError) as caught:
        mailer(tmp_path, 25, **more)

    assert told in str(caught.value)


def test_a_live_ledger_sends_nothing_in_the_clear(tmp_path: Path) -> None:
    """Nor to a server on this machine that stands in for one."""
    table = {"kind": "smtp", "host": "smtp.shop.example", "sender": "kiosk@shop.example", "security": "none"}
    with pytest.raises(ConfigError, match='security: "none" is only for a server on this machine'):
        build("email", table, path="messages.email", training=False, clock=FixedClock())
    with pytest.raises(ConfigError, match=r"messages\.email\.host: a live ledger allows only"):
        build("email", table | {"host": "127.0.0.1"}, path="messages.email", training=False, clock=FixedClock())
