"""Airalo's access token: how it is asked for. Airalo gives three a minute, so all processes share one (tokens.py)."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from kiosk.errors import Misconfigured, NotNow, Unreachable
from kiosk.ports import Clock
from kiosk.providers.airalo.limits import Limits
from kiosk.remote import Remote
from kiosk.tokens import Kept, kept_of

LIFE_MAX_S = 86_400  # the documentation says 24 h, its example a year: the shorter one is safe


def fetch(remote: Remote, login: tuple[str, str], clock: Clock, sign: Callable[[bytes], str], limits: Limits) -> Kept:
    """A fresh token; `sign` makes the `airalo-signature` header of a payload. Raises NoAnswer, as Tokens asks for."""
    form = {"client_id": login[0], "client_secret": login[1], "grant_type": "client_credentials"}
    signature = {"airalo-signature": sign(msgspec.json.encode(form))}
    try:
        limits.obey("POST token")
        reply = remote.send("POST", "token", changes=False, form=form, headers=signature)
        limits.hear("POST token", reply)
        if reply.status == 200:
            return kept_of(reply, reply.record().get("data"), clock, LIFE_MAX_S)
    except Unreachable as error:
        raise Unreachable(f"No access token: {error}", sent=False) from None
    if reply.status in (400, 401, 403, 422):
        raise Misconfigured("Airalo does not accept the client_id and client_secret of the configuration.")
    if reply.status == 429:
        raise NotNow("Airalo gives no more access tokens for now.", retry_after_s=reply.retry_after_s)
    raise Unreachable(f"Airalo gave no access token (HTTP {reply.status}).", sent=False)
