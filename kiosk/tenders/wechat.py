"""WeChat Pay, Native, version 3 for merchants overseas: the kiosk shows a code, the customer scans it and pays.

Nothing here may give money back except `refund`: closing an order that was paid is answered with "paid", and then the
payment stands. What is documented and what is inferred: docs/payments.md.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Any

import httpx
import msgspec
from msgspec import Meta

from kiosk.errors import NoAnswer, Refused
from kiosk.facts import PROVES_NOTHING_HAPPENED, Call
from kiosk.money import Money
from kiosk.order import Order
from kiosk.ports import Acts, Captured, Clock, Paid, Pending, Refunded, Started, Unpaid
from kiosk.remote import Remote, Reply, check_address, is_loopback
from kiosk.tables import Minutes, Seconds, Secret, Table, Text
from kiosk.tenders import wechat_answers as answers
from kiosk.tenders.wechat_signing import Signer, Verifier, private_key, public_key, told_at

CHINA = timezone(timedelta(hours=8))
NO_CLOSE = timedelta(minutes=5, seconds=10)  # documented: an order cannot be closed in its first five minutes
AT_LEAST = timedelta(minutes=1)  # documented: an earlier time_expire is put off to a minute after the order
MARGIN = timedelta(minutes=2)  # after the code's own expiry, by the rail's clock

TRAINING_CREDENTIALS = ("1900000109", "wx0000000000training")  # the sandbox's mchid and appid

Number = Annotated[str, Meta(pattern="^[0-9]{1,32}$")]


class Settings(Table, frozen=True, kw_only=True):
    """`[tenders.wechat]`"""

    base_url: Text = "https://apihk.mch.weixin.qq.com"
    mchid: Number
    appid: Annotated[str, Meta(pattern="^[0-9A-Za-z]{1,32}$")]
    serial_no: Annotated[str, Meta(pattern="^[0-9A-Za-z]{1,64}$")]
    private_key: Secret
    platform_public_key_id: Text
    platform_public_key: Secret
    notify_url: Annotated[str, Meta(pattern=r"^https://[^?\s]{1,247}$")]
    merchant_category_code: Annotated[str, Meta(pattern="^[0-9]{4}$")]
    description: Annotated[str, Meta(min_length=1, max_length=127)] = "Travel data top-up"
    timeout_s: Seconds = 15.0
    code_minutes: Minutes = 5


def is_live(settings: Settings) -> bool:
    return not is_loopback(settings.base_url)


def build(
    settings: Settings,
    *,
    name: str,
    path: str,
    currency: str,
    state_dir: Path,
    clock: Clock,
    transport: httpx.BaseTransport | None = None,
) -> WeChat:
    """See kiosk.tenders. Raises ConfigError."""
    check_address(settings.base_url, f"{path}.base_url")
    ours = private_key(settings.private_key.read(f"{path}.private_key"), f"{path}.private_key")
    key_path = f"{path}.platform_public_key"
    theirs = public_key(settings.platform_public_key.read(key_path), key_path)
    return WeChat(
        settings,
        Remote("WeChat Pay", settings.base_url, settings.timeout_s, transport, clock),
        Signer(settings.mchid, settings.serial_no, ours),
        Verifier(settings.platform_public_key_id, theirs),
        clock,
        name,
    )


@dataclass(frozen=True, slots=True)
class WeChat:
    """See ports.Tender."""

    settings: Settings
    remote: Remote
    signer: Signer
    verifier: Verifier
    clock: Clock
    name: str = "wechat"
    acts: Acts = Acts.SHOWS_CODE
    captures_later: bool = False
    starts: bool = True
    cancels_at_time_out: bool = False
    held_for: timedelta | None = None
    refund_within_h: int | None = None

    @property
    def time_to_pay(self) -> timedelta:
        return timedelta(minutes=self.settings.code_minutes)

    def start(self, order: Order, wire: str) -> Started:
        """Make the order. The same again before it expires gives a fresh code for the same order."""
        settings = self.settings
        reply = self._send(
            "POST",
            "/v3/global/transactions/native",
            {
                "appid": settings.appid,
                "mchid": settings.mchid,
                "out_trade_no": wire,
                "merchant_category_code": settings.merchant_category_code,
                "trade_type": "NATIVE",
                "description": settings.description,
                "notify_url": settings.notify_url,
                "time_expire": order.expires_at.astimezone(CHINA).isoformat(timespec="seconds"),
                "amount": {"total": order.total.amount_minor, "currency": order.total.currency},
            },
        )
        code = answers.code_of(reply, live=is_live(settings))
        return Started(code, max(order.expires_at, self.clock.now() + AT_LEAST))

    def ask(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        reply = self._send("GET", f"/v3/global/transactions/out-trade-no/{wire}?mchid={self.settings.mchid}")
        if not answers.is_unknown(reply):
            return answers.trade_of(reply, wire)
        if not _may_exist(order):
            return Unpaid("nothing payable was ever shown, and WeChat Pay does not know the order")
        told = told_at(reply.headers)
        if told and told > order.expires_at + MARGIN:
            return Unpaid("WeChat Pay does not know the order, and its code has expired by WeChat Pay's own clock")
        return Pending(said="WeChat Pay does not know the order yet")

    def expire(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        """Look; close what is unpaid; look again, for the customer may pay in between. Gives nothing back."""
        found = self.ask(order, wire, now)
        if not isinstance(found, Pending):
            return found
        begun = [attempt.answered_at or attempt.sent_at for attempt in order.of(Call.START)]
        closable_at = max(begun, default=order.opened_at) + NO_CLOSE
        if now < closable_at:
            return Pending(ask_at=closable_at, said="WeChat Pay closes no order in its first five minutes")
        path = f"/v3/global/transactions/out-trade-no/{wire}/close"
        answers.closed(self._send("POST", path, {"mchid": self.settings.mchid}))
        return self.ask(order, wire, now)

    def cancel(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        """The same as at the time-out: WeChat Pay's close never gives back."""
        return self.expire(order, wire, now)

    def capture(self, order: Order, wire: str) -> Captured:
        return Captured()

    def refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        """Ask for the whole amount back. The same `refund` again is the same refund, so a retry is a look as well."""
        due = order.paid or order.total  # another amount than was due goes back as it came
        self._accepted(
            {
                "appid": self.settings.appid,
                "mchid": self.settings.mchid,
                "out_trade_no": wire,
                "out_refund_no": refund,
                "amount": {"refund": due.amount_minor, "total": due.amount_minor, "currency": due.currency},
            }
        )
        try:
            found = self._refund_state(order.paid or order.total, refund)
        except Refused:
            raise
        except NoAnswer as error:  # it was accepted: a look that failed says nothing against it
            return Pending(said=str(error))
        return found or Pending(said="accepted, not listed yet")

    def ask_refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        found = self._refund_state(order.paid or order.total, refund)
        if found is None:
            raise Refused("WeChat Pay does not know this refund.")
        return found

    def _accepted(self, wish: dict[str, Any]) -> None:
        reply = self._send("POST", "/v3/global/refunds", wish)
        if reply.status != 200:
            raise answers.refusal(reply)
        if reply.record().get("out_refund_no") != wish["out_refund_no"]:
            raise reply.odd("about another refund")

    def _refund_state(self, amount: Money, refund: str) -> Refunded | Pending | None:
        """What WeChat Pay says of the refund; None where it does not know it. Raises Refused where it failed."""
        reply = self._send("GET", f"/v3/global/refunds/out-refund-no/{refund}?mchid={self.settings.mchid}")
        return None if answers.is_unknown(reply) else answers.refund_of(reply, refund, amount)

    def _send(self, method: str, path: str, wish: dict[str, Any] | None = None) -> Reply:
        """One signed call; its answer is believed only with WeChat Pay's own signature, errors too."""
        body = msgspec.json.encode(wish) if wish is not None else b""
        nonce = secrets.token_hex(16).upper()
        signed = self.signer.authorization(method, self.remote.raw_path(path), body, self.clock.now(), nonce)
        headers = {"Authorization": signed, "Wechatpay-Serial": self.verifier.key_id}
        if wish is not None:
            headers["Content-Type"] = "application/json"
        reply = self.remote.send(method, path, changes=wish is not None, headers=headers, content=body or None)
        self.verifier.check(reply, self.clock.now())
        return reply


def _may_exist(order: Order) -> bool:
    """Whether any call to make the order may have reached WeChat Pay."""
    return any(attempt.outcome not in PROVES_NOTHING_HAPPENED for attempt in order.of(Call.START))
