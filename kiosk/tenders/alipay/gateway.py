"""One call through Alipay's gateway: our signature on every request, theirs on every answer that is believed.

Sources: the pages of the open API's common parameters and signatures. Theirs is over the raw text of the inner object
as it stands in the body: it is cut out there, and never written anew. Time is China's, whatever the kiosk's zone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from json import JSONDecodeError, JSONDecoder
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from kiosk.errors import Forged, Misconfigured, NotNow
from kiosk.ports import Clock
from kiosk.remote import Remote, Reply, plain
from kiosk.tenders.bills import CHINA
from kiosk.tenders.rsa_keys import is_signed, signature

OURS = ("20001", "40001", "40002", "40003", "40006")  # a token, an argument, a permission: the request is not let in
JSON = JSONDecoder()


@dataclass(frozen=True, slots=True)
class Answer:
    """What Alipay said, and the reply it stood in. `code` is the gateway's, `sub_code` the business side's."""

    reply: Reply
    record: dict[str, Any]

    @property
    def code(self) -> str:
        return plain(self.record.get("code", ""), 20)

    @property
    def sub_code(self) -> str:
        return plain(self.record.get("sub_code", ""), 80)

    @property
    def told_at(self) -> datetime | None:
        """Alipay's own clock. It is not signed: the connection alone vouches for it."""
        return None if "age" in self.reply.headers else self.reply.date


@dataclass(frozen=True, slots=True)
class Gateway:
    """See the module."""

    remote: Remote
    app_id: str
    ours: RSAPrivateKey
    theirs: RSAPublicKey
    clock: Clock

    def call(self, method: str, wish: Mapping[str, Any], *, changes: bool) -> Answer:
        """One exchange. Raises NoAnswer; Forged where somebody else has signed the answer."""
        content = {"biz_content": json.dumps(wish, ensure_ascii=False, separators=(",", ":"))}
        fields = self._signed(method, content)
        reply = self.remote.send("POST", "gateway.do", changes=changes, params=fields, form=content)
        if reply.status == 429:
            raise NotNow("Alipay is asked too often.", retry_after_s=reply.retry_after_s)
        if reply.status != 200:
            raise reply.odd("with an error page")
        members = _members(reply)
        node = f"{method.replace('.', '_')}_response"
        raw = members.get(node) or members.get("error_response")
        if raw is None:
            raise reply.odd("about something else")
        answer = Answer(reply, _record(reply, raw))
        self._check(answer, raw, members.get("sign"))
        return answer

    def _signed(self, method: str, content: Mapping[str, str]) -> dict[str, str]:
        fields = {
            "app_id": self.app_id,
            "charset": "utf-8",
            "format": "JSON",
            "method": method,
            "sign_type": "RSA2",
            "timestamp": self.clock.now().astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
            "version": "1.0",
        }
        return fields | {"sign": signature(self.ours, to_sign({**fields, **content}))}

    def _check(self, answer: Answer, raw: str, sign: str | None) -> None:
        """What the gateway refuses before it knows us is not signed, and is believed as far as it is about us."""
        if sign is None:
            if answer.code in OURS:
                raise misconfigured(answer)
            raise answer.reply.odd("in a way that cannot be believed: it is not signed")
        if not is_signed(self.theirs, raw.encode(), _text(sign)):
            raise Forged(
                "Alipay is not believed: its signature is wrong. No payment moves by it. Check alipay_public_key; if "
                "it is right, somebody else answers in its place."
            )


def misconfigured(answer: Answer) -> Misconfigured:
    if answer.sub_code == "isv.invalid-timestamp":
        return Misconfigured(f"Alipay refuses the time of the kiosk's clock ({answer.sub_code}): set it right.")
    code = answer.sub_code or answer.code
    return Misconfigured(f"Alipay refuses this app ({code}): check app_id, private_key and the contract.")


def to_sign(fields: Mapping[str, str]) -> bytes:
    """What a request's signature is over: every field that is not empty, by its name."""
    return "&".join(f"{name}={fields[name]}" for name in sorted(fields) if fields[name]).encode()


def _members(reply: Reply) -> dict[str, str]:
    """The raw text of each member of the body, which is one JSON object. Raises Unreachable where it is none."""
    try:
        text = reply.body.decode()
        found: dict[str, str] = {}
        at = _past(text, 0, "{")
        while not found or text[at] == ",":
            name, end = JSON.raw_decode(text, at := _past(text, at, "," if found else ""))
            start = _past(text, end, ":")
            _, at = JSON.raw_decode(text, start)
            if name in found:
                raise ValueError("a name that stands there twice")
            found[name] = text[start:at]
            at = _past(text, at, "")
        if _past(text, at, "}") != len(text):
            raise ValueError("something after the object")
    except (ValueError, IndexError, TypeError, RecursionError):
        raise reply.odd("with something that is not its own JSON") from None
    return found


def _past(text: str, at: int, sign: str) -> int:
    """The place after `sign` and the white space around it. Raises ValueError where another sign stands there."""
    while text[at : at + 1].isspace():
        at += 1
    if not text.startswith(sign, at):
        raise ValueError("not JSON")
    at += len(sign)
    while text[at : at + 1].isspace():
        at += 1
    return at


def _record(reply: Reply, raw: str) -> dict[str, Any]:
    record = json.loads(raw)
    if not isinstance(record, dict):
        raise reply.odd("with something that is not its own JSON")
    return record


def _text(raw: str) -> str:
    try:
        return str(json.loads(raw))
    except JSONDecodeError:
        return ""
