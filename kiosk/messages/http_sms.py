"""SMS through any gateway with an HTTP call: address, headers and body are templates, and the owner says what is a yes.

Only what is told to be a yes is one, and only what is told to be a no: anything else is in doubt, and sent again.
"""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import quote, quote_plus, urlsplit

import httpx
from msgspec import Meta, field

from kiosk.contacts import Message
from kiosk.errors import ConfigError, Misconfigured, NotNow, Refused
from kiosk.ports import Clock
from kiosk.remote import Remote, Reply, check_address, is_loopback
from kiosk.tables import Seconds, Secret, Table, Text

PLACES = ("to", "text", "name", "secret")
Statuses = Annotated[list[Annotated[int, Meta(ge=200, le=599)]], Meta(min_length=1)]
_PLACE = re.compile(r"\{(\w+)\}")


class Settings(Table, frozen=True, kw_only=True):
    """`[messages.NAME]` with kind = "http_sms"."""

    url: Text
    method: Literal["POST", "GET"] = "POST"
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    secret: Secret | None = None
    accepted: Statuses = field(default_factory=lambda: [200, 201, 202])
    accepted_text: str = ""
    refused: list[int] = field(default_factory=lambda: [400, 422])
    refused_text: str = ""
    plus: bool = True
    timeout_s: Seconds = 20.0


ADDRESS = "url"


def is_live(settings: Settings) -> bool:
    return not is_loopback(settings.url)


@dataclass(slots=True)
class HttpSms:
    """See ports.Messenger."""

    settings: Settings
    secret: str = dataclasses.field(repr=False)
    remote: Remote
    path: str
    name: str = "http_sms"

    def send(self, message: Message) -> str:
        its = self.settings
        to = message.to if its.plus else message.to.removeprefix("+")
        values = {"to": to, "text": message.text, "name": message.name, "secret": self.secret}
        headers = {key: _filled(value, values, str) for key, value in its.headers.items()}
        kind = next((value for key, value in its.headers.items() if key.lower() == "content-type"), "")
        body = _filled(its.body, values, _json if "json" in kind else quote_plus)
        reply = self.remote.send(
            its.method,
            _filled(self.path, values, lambda value: quote(value, safe="")),
            changes=True,
            headers=headers,
            content=body.encode() if its.method == "POST" else None,
        )
        self._judge(reply)
        return ""

    def _judge(self, reply: Reply) -> None:
        its, text = self.settings, reply.body[:10_000].decode("utf-8", "replace")
        if reply.status in its.refused or (its.refused_text and its.refused_text in text):
            raise Refused(f"The gateway refuses it (HTTP {reply.status}).")
        if reply.status in its.accepted and its.accepted_text in text:
            return
        if reply.status in (401, 403):
            raise Misconfigured(f"The gateway refuses the log-in (HTTP {reply.status}): check headers and secret.")
        if reply.status in (429, 503):
            raise NotNow(f"The gateway is busy (HTTP {reply.status}).", retry_after_s=reply.retry_after_s)
        raise reply.odd("neither what is a yes in config.toml, nor what is a no")


def _json(value: str) -> str:
    """As it stands within the quotes of a JSON text."""
    return json.dumps(value)[1:-1]


def _filled(template: str, values: dict[str, str], written: Any) -> str:
    """The template with its places filled in, each written so that it cannot leave its place."""
    return _PLACE.sub(lambda place: written(values[place[1]]) if place[1] in values else place[0], template)


def build(
    settings: Settings, *, path: str, clock: Clock, transport: httpx.BaseTransport | None = None, **_: Any
) -> HttpSms:
    """Raises ConfigError."""
    parts = urlsplit(settings.url)
    check_address(f"{parts.scheme}://{parts.netloc}/", f"{path}.url")
    templates = {"url": settings.url, "body": settings.body}
    templates |= {f"headers.{key}": value for key, value in settings.headers.items()}
    for key, template in templates.items():
        for place in _PLACE.findall(template):
            if place not in PLACES:
                raise ConfigError(f"{path}.{key}: there is no {{{place}}}; known here: {', '.join(PLACES)}.")
    whole = " ".join(templates.values())
    for place in ("to", "text"):
        if f"{{{place}}}" not in whole:
            raise ConfigError(f"{path}: {{{place}}} stands neither in url nor in body: the gateway would not learn it.")
    if ("{secret}" in whole) != (settings.secret is not None):
        raise ConfigError(f"{path}.secret: a secret and the place {{secret}} go together.")
    secret = settings.secret.read(f"{path}.secret") if settings.secret else ""
    remote = Remote("SMS gateway", f"{parts.scheme}://{parts.netloc}", settings.timeout_s, transport, clock)
    return HttpSms(settings, secret, remote, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
