"""The one door to WeChat Pay: every call is signed, and every answer is believed only with WeChat Pay's signature.

It must never return an answer that somebody else may have given, an error either.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx
import msgspec

from kiosk.errors import Forged
from kiosk.ports import Clock
from kiosk.remote import Remote, Reply
from kiosk.tenders.wechat.keys import PlatformKeys
from kiosk.tenders.wechat.signing import SKEW_MAX, Signer, signed_by, told_at

FETCH_AGAIN = timedelta(minutes=1)
"""Whoever signs with unknown keys cannot make us fetch more often."""


class Door:
    """`certificates` is the path that they are fetched at."""

    def __init__(self, remote: Remote, signer: Signer, keys: PlatformKeys, clock: Clock, certificates: str) -> None:
        self._remote, self._signer, self._keys, self._clock = remote, signer, keys, clock
        self._certificates = certificates
        self._fetched_at: datetime | None = None

    def call(self, method: str, path: str, wish: Mapping[str, Any] | None = None) -> Reply:
        """One call, and its answer as WeChat Pay has signed it. Raises NoAnswer."""
        reply = self.send(method, path, wish)
        self.check(reply, reply.body)
        return reply

    def send(self, method: str, path: str, wish: Mapping[str, Any] | None = None) -> Reply:
        """One signed call, whose answer nobody has checked."""
        body = msgspec.json.encode(wish) if wish is not None else b""
        nonce = secrets.token_hex(16).upper()
        signed = self._signer.authorization(method, self._remote.raw_path(path), body, self._clock.now(), nonce)
        headers = {"Authorization": signed}
        if self._keys.named:
            headers["Wechatpay-Serial"] = self._keys.named
        if wish is not None:
            headers["Content-Type"] = "application/json"
        return self._remote.send(method, path, changes=wish is not None, headers=headers, content=body or None)

    def check(self, reply: Reply, body: bytes) -> None:
        """That WeChat Pay has signed `body` lately. Raises Unreachable for no answer, Forged for somebody else's."""
        now, told = self._clock.now(), told_at(reply.headers)
        if not reply.headers.get("wechatpay-signature") or told is None:
            raise reply.odd("in a way that cannot be believed: it is not signed")
        if abs(now - told) > SKEW_MAX:  # before all else: with such a clock not even certificates can be fetched
            clocks = f"it is of {told:%Y-%m-%d %H:%M} UTC, and the kiosk's clock says {now:%Y-%m-%d %H:%M}"
            raise reply.odd(f"in a way that cannot be believed: {clocks}")
        self._check_signature(reply.remote, reply.headers, body)

    def _check_signature(self, remote: str, headers: httpx.Headers, body: bytes) -> None:
        serial = headers.get("wechatpay-serial", "")
        key = self._keys.of(serial, self._clock.now())
        if key is None and self._keys.renewable:
            self._fetch()
            key = self._keys.of(serial, self._clock.now())
        if key is None:
            raise forged(remote, "it is signed with another key than those that are known")
        if not signed_by(key, headers, body):
            raise forged(remote, "its signature is wrong")

    def _fetch(self) -> None:
        """The certificates. What vouches for them is the APIv3 key alone; so this answer's signature proves nothing."""
        now = self._clock.now()
        if self._fetched_at and abs(now - self._fetched_at) < FETCH_AGAIN:
            return
        self._fetched_at = now
        reply = self.send("GET", self._certificates)
        if reply.status == 200:
            self._keys.learn(reply)


def forged(remote: str, why: str) -> Forged:
    """The alarm: the owner's key is out of date, or somebody else answers in WeChat Pay's place."""
    return Forged(
        f"{remote} is not believed: {why}. No payment moves by it. Check platform_public_key and its id, or "
        f"api_v3_key; if they are right, somebody else answers in its place."
    )
