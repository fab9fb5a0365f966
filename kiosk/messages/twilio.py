"""SMS through Twilio's Messages resource, version 2010-04-01 (docs/messages.md says what of it is documented).

It must never take "queued" or "sent" for "arrived", nor an answer that is not Twilio's for Twilio's.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Annotated, Any

import httpx
from msgspec import Meta

from kiosk.contacts import Message
from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused
from kiosk.ports import Clock
from kiosk.remote import Remote, Reply, check_address, is_loopback, plain
from kiosk.tables import Seconds, Secret, Table, Text

TRAINING_CREDENTIALS = ("AC" + 32 * "0",)

NEVER_THERE = (21211, 21217, 21265, 21421, 21610, 21612, 21614, 21635)
"""The number takes no SMS from us, and never will: invalid, unreachable, a landline, or its owner said STOP."""
BUSY = (20429, 21611, 30022)
"""Too many at once, or the sender's own queue is full."""
SAYS_NO = 400, 403, 404, 405, 409, 410, 415, 422


class Settings(Table, frozen=True, kw_only=True):
    """`[messages.NAME]` with kind = "twilio"."""

    base_url: str = "https://api.twilio.com"
    account_sid: Annotated[str, Meta(pattern="^AC[0-9a-fA-F]{32}$", description="an Account SID: AC and 32 hex digits")]
    api_key: Annotated[str, Meta(pattern="^(SK[0-9a-fA-F]{32})?$", description="an API key: SK and 32 hex digits")] = ""
    secret: Secret
    sender: Text
    timeout_s: Seconds = 20.0


def is_live(settings: Settings) -> bool:
    return not is_loopback(settings.base_url)


@dataclass(slots=True)
class Twilio:
    """See ports.Messenger; it also tells later whether a message has arrived."""

    remote: Remote
    account: str
    authorization: str = field(repr=False)
    sender: str
    name: str = "twilio"

    def send(self, message: Message) -> str:
        by = "MessagingServiceSid" if self.sender.startswith("MG") else "From"
        form = {"To": message.to, by: self.sender, "Body": message.text}
        return str(self._message(self._call("POST", "Messages.json", form=form))["sid"])

    def greet(self) -> None:
        reply = self._call("GET", "")
        if reply.status != 200:
            raise refusal(reply)
        if reply.record().get("status") != "active":
            raise Misconfigured(f"The account is {plain(reply.record().get('status'))}, says Twilio.")

    def arrived(self, number: str) -> bool:
        reply = self._call("GET", f"Messages/{number}.json")
        if reply.status != 200 and isinstance(error := refusal(reply), Refused):
            raise NotNow(str(error))  # a look-up that is refused says nothing of the message
        return self._message(reply)["status"] in ("delivered", "read")

    def _message(self, reply: Reply) -> dict[str, Any]:
        """The message in an answer. Raises Refused where it says: failed, finally."""
        if reply.status not in (200, 201):
            raise refusal(reply)
        told = reply.record()
        if not re.fullmatch("(SM|MM)[0-9a-fA-F]{32}", str(told.get("sid"))) or not isinstance(told.get("status"), str):
            raise reply.odd("with something that is not a message")
        if told["status"] in ("failed", "undelivered", "canceled"):
            raise Refused(f"Twilio says {told['status']}, error {told.get('error_code')}.")
        return told

    def _call(self, method: str, path: str, form: dict[str, str] | None = None) -> Reply:
        path = f"/2010-04-01/Accounts/{self.account}{f'/{path}' if path else '.json'}"
        headers = {"Authorization": self.authorization}
        return self.remote.send(method, path, changes=method == "POST", headers=headers, form=form)


def refusal(reply: Reply) -> NoAnswer:
    """Which NoAnswer an answer other than 200 and 201 is. Without Twilio's own code it proves nothing."""
    try:
        told = reply.record()
        code = told.get("code")
    except NoAnswer as error:
        return error
    if not isinstance(code, int):
        return reply.odd("with an error that is not Twilio's")
    said = re.sub(r"\+?\d{7,}", "…", plain(told.get("message", "")))  # one reason, whoever's number it is about
    words = f"Twilio {code}: {said}"
    if code in BUSY or reply.status == 429:
        return NotNow(words, retry_after_s=reply.retry_after_s)
    if code in NEVER_THERE:
        return Refused(words)
    if reply.status == 401 or reply.status in SAYS_NO:  # sender, account, permissions, balance: nobody gets anything
        return Misconfigured(words)
    return reply.odd(f"with error {code}")


def build(
    settings: Settings, *, path: str, clock: Clock, transport: httpx.BaseTransport | None = None, **_: Any
) -> Twilio:
    """Raises ConfigError."""
    check_address(settings.base_url, f"{path}.base_url")
    user = settings.api_key or settings.account_sid
    told = b64encode(f"{user}:{settings.secret.read(f'{path}.secret')}".encode()).decode()
    remote = Remote("Twilio", settings.base_url, settings.timeout_s, transport, clock)
    return Twilio(remote, settings.account_sid, f"Basic {told}", settings.sender)
