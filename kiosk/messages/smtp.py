"""E-mail over SMTP (RFC 5321), by TLS from the first byte or by STARTTLS (RFC 8314, RFC 3207), after a log-in.

Nothing is said in the clear to another machine, and nothing to one whose certificate does not hold. A message is in
doubt only from the moment at which its text may be with the server, until that has said yes or no.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta

from kiosk.contacts import Message
from kiosk.deadline import Deadline
from kiosk.errors import ConfigError, Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.messages.letters import letter
from kiosk.ports import Clock
from kiosk.remote import is_loopback, plain
from kiosk.tables import Seconds, Secret, Table, Text
from kiosk.untrusted import printable

ADDRESS = "host"
PORTS = {"tls": 465, "starttls": 587, "none": 25}


class Settings(Table, frozen=True, kw_only=True):
    """`[messages.NAME]` with kind = "smtp"."""

    host: Text
    security: Literal["tls", "starttls", "none"] = "starttls"
    port: Annotated[int, Meta(ge=1, le=65535)] | None = None
    user: str = ""
    password: Secret | None = None
    sender: Text
    ca_file: str = ""
    timeout_s: Seconds = 20.0


def is_live(settings: Settings) -> bool:
    return not is_loopback(f"smtp://{settings.host}/")


@dataclass(slots=True)
class Smtp:
    """See ports.Messenger."""

    settings: Settings
    password: str = field(repr=False)
    trusted: ssl.SSLContext
    clock: Clock
    name: str = "smtp"

    def send(self, message: Message) -> str:
        with self._logged_in() as server:
            self._hand_over(server, message)
        return ""

    def greet(self) -> None:
        with self._logged_in():
            return

    @contextmanager
    def _logged_in(self) -> Iterator[smtplib.SMTP]:
        """A server that knows us, for one message. What it has said yes to is not undone by a lost QUIT."""
        deadline = Deadline(self.settings.timeout_s)
        with deadline:
            server = self._connected(deadline)
            try:
                self._log_in(server)
                yield server
                with suppress(OSError, smtplib.SMTPException):
                    server.quit()
            finally:
                server.close()

    def _connected(self, deadline: Deadline) -> smtplib.SMTP:
        """A connection that nobody else reads. Nothing was sent yet, whatever fails here."""
        its = self.settings
        port = its.port or PORTS[its.security]
        try:
            server = self._dialled(port)
            try:
                assert server.sock
                deadline.guard(server.sock)
                if its.security == "starttls":
                    server.starttls(context=self.trusted)
                    deadline.guard(server.sock)
                server.ehlo_or_helo_if_needed()
            except BaseException:
                server.close()
                raise
        except ssl.SSLCertVerificationError as error:
            raise NotNow(
                f"{its.host} does not prove who it is ({error.verify_message}): nothing was sent. Where it is yours,"
                " name its authority in ca_file."
            ) from None
        except smtplib.SMTPNotSupportedError:
            raise Misconfigured(f'{its.host} offers no STARTTLS on port {port}: try security = "tls".') from None
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(f"{its.host} cannot be reached: nothing was sent ({_why(error)}).", sent=False) from None
        return server

    def _dialled(self, port: int) -> smtplib.SMTP:
        its = self.settings
        if its.security == "tls":
            return smtplib.SMTP_SSL(its.host, port, timeout=its.timeout_s, context=self.trusted)
        return smtplib.SMTP(its.host, port, timeout=its.timeout_s)

    def _log_in(self, server: smtplib.SMTP) -> None:
        if not self.settings.user:
            return
        try:
            server.login(self.settings.user, self.password)
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code // 100 == 4:
                raise NotNow(f"{self.settings.host} takes no log-in just now ({error.smtp_code}).") from None
            raise Misconfigured(f"{self.settings.host} refuses the log-in: check user and password.") from None
        except smtplib.SMTPNotSupportedError:
            raise Misconfigured(f"{self.settings.host} takes no log-in here: check port and security.") from None
        except (OSError, smtplib.SMTPException) as error:
            raise self._broke_off(error) from None

    def _hand_over(self, server: smtplib.SMTP, message: Message) -> None:
        its = self.settings
        try:
            self._agreed(server.mail(parseaddr(its.sender)[1]), Misconfigured, f"{its.host} refuses the sender")
            self._agreed(server.rcpt(message.to), Refused, f"{its.host} refuses the address")
        except (OSError, smtplib.SMTPException) as error:
            raise self._broke_off(error) from None
        made = letter(message, its.sender, self.clock.now())
        try:
            answer = server.data(made.as_bytes())
        except smtplib.SMTPDataError as error:  # it does not even want to hear it
            answer = (error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b"")
        except (OSError, smtplib.SMTPException) as error:
            told = f"{its.host} broke off ({_why(error)}). Whether the message went out is not known."
            raise Unreachable(told, sent=True) from None
        self._agreed(answer, Refused, f"{its.host} refuses the message")

    def _agreed(self, answer: tuple[int, bytes], no: type[NoAnswer], what: str) -> None:
        """A yes; else 4xx is "not now" and 5xx is for good (RFC 5321, 4.2.1)."""
        code, said = answer
        if code // 100 == 2:
            return
        words = f"{what}: {code} {plain(said.decode('utf-8', 'replace'))}"
        if code // 100 == 5:
            raise no(words)
        if code // 100 == 4:
            raise NotNow(words)
        raise Unreachable(words, sent=True)

    def _broke_off(self, error: Exception) -> Unreachable:
        return Unreachable(f"{self.settings.host} broke off before the message ({_why(error)}).", sent=False)


def _why(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "no such host, or no line"
    return type(error).__name__


def build(settings: Settings, *, path: str, clock: Clock, **_: Any) -> Smtp:
    """Raises ConfigError."""
    if settings.security == "none" and is_live(settings):
        raise ConfigError(f'{path}.security: "none" is only for a server on this machine; use "tls" or "starttls".')
    if bool(settings.user) != (settings.password is not None):
        raise ConfigError(f"{path}.user: user and password go together.")
    if "@" not in parseaddr(settings.sender)[1] or printable(settings.sender) != settings.sender:
        raise ConfigError(f"{path}.sender: an e-mail address is needed, such as kiosk@shop.example.")
    password = settings.password.read(f"{path}.password") if settings.password else ""
    try:
        authority = str(Path(settings.ca_file).expanduser()) if settings.ca_file else None
        trusted = ssl.create_default_context(cafile=authority)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"{path}.ca_file: {settings.ca_file} cannot be used: {error.strerror or error}.") from None
    return Smtp(settings, password, trusted, clock)
