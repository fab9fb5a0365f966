"""One call to Antom (AMS): our signature on every request, theirs on every answer that is believed.

Source: docs.antom.com, "API fundamentals" and "Digital signature": SHA256 with RSA over method, path, client, time and
the raw body, in a header; an answer's is over the path of its request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus, unquote_plus

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from kiosk.errors import Forged, NotNow
from kiosk.ports import Clock
from kiosk.remote import Remote, Reply
from kiosk.tenders.antom.answers import OURS, Answer, misconfigured, told_at
from kiosk.tenders.bills import CHINA
from kiosk.tenders.rsa_keys import is_signed, signature

SKEW_MAX = timedelta(minutes=5)
SANDBOX = "SANDBOX_"  # how the ids of its own sandbox begin; they have a path of their own


def signed_text(path: str, client_id: str, time: str, body: bytes) -> bytes:
    return f"POST {path}\n{client_id}.{time}.".encode() + body


@dataclass(frozen=True, slots=True)
class Gateway:
    """See the module."""

    remote: Remote
    client_id: str
    key_version: int
    ours: RSAPrivateKey
    theirs: RSAPublicKey
    clock: Clock

    def call(self, name: str, wish: Mapping[str, Any], *, changes: bool) -> Answer:
        """One exchange. Raises NoAnswer; Forged where somebody else has signed the answer."""
        path = f"ams/{'sandbox/' if self.client_id.startswith(SANDBOX) else ''}api/v1/payments/{name}"
        body, time = msgspec.json.encode(wish), self.clock.now().astimezone(CHINA).isoformat(timespec="seconds")
        signed = signature(self.ours, signed_text(self.remote.raw_path(path), self.client_id, time, body))
        headers = {
            "Content-Type": "application/json; charset=UTF-8",
            "Client-Id": self.client_id,
            "Request-Time": time,
            "Signature": f"algorithm=RSA256,keyVersion={self.key_version},signature={quote_plus(signed)}",
        }
        reply = self.remote.send("POST", path, changes=changes, headers=headers, content=body)
        if reply.status == 429:
            raise NotNow("Alipay is asked too often.", retry_after_s=reply.retry_after_s)
        if reply.status != 200:
            raise reply.odd("with an error page")
        return self._believed(reply, self.remote.raw_path(path))

    def _believed(self, reply: Reply, path: str) -> Answer:
        """Who does not know us cannot sign, and is believed as far as it is about us."""
        time, header = reply.headers.get("response-time", ""), reply.headers.get("signature", "")
        answer = Answer(reply, reply.record(), told_at(time))
        if not header or answer.told_at is None:
            if answer.status == "F" and answer.code in OURS:
                raise misconfigured(answer)
            raise reply.odd("in a way that cannot be believed: it is not signed")
        text = signed_text(path, reply.headers.get("client-id", self.client_id), time, reply.body)
        if reply.headers.get("client-id", self.client_id) != self.client_id or not self._is_theirs(header, text):
            raise Forged(
                "Antom is not believed: its signature is wrong. No payment moves by it. Check antom_public_key; if it "
                "is right, somebody else answers in its place."
            )
        now = self.clock.now()
        if abs(now - answer.told_at) > SKEW_MAX:
            clocks = f"it is of {answer.told_at:%Y-%m-%d %H:%M} UTC, and the kiosk's clock says {now:%Y-%m-%d %H:%M}"
            raise reply.odd(f"in a way that cannot be believed: {clocks}")
        return answer

    def _is_theirs(self, header: str, text: bytes) -> bool:
        """`algorithm=RSA256,keyVersion=1,signature=…`; the signature is base64, escaped as in an address."""
        fields = dict(part.partition("=")[::2] for part in header.split(","))
        signed = unquote_plus(fields.get("signature", ""))
        return fields.get("algorithm") == "RSA256" and is_signed(self.theirs, text, signed)
