"""Works the messages to customers: rather twice than never, never for money's sake, and never in an order's way.

`Outbox.step` sends one message, or looks at one; clock and jitter come from outside. As in sync.py a try is written
down before it is made, and no call is made within a transaction. Its one thread is one of holder.py's `Rounds`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kiosk.abilities import TellsFate
from kiosk.breaker import Breakers, backoff
from kiosk.contacts import Channel, Message
from kiosk.errors import ConfigError, Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.hearsay import kept, kept_error
from kiosk.ledger import Ledger
from kiosk.ledger import messages as rows
from kiosk.ledger.desk import open_finding_once
from kiosk.ledger.messages import Entry, Status
from kiosk.notices import kind_of, notice
from kiosk.order import Order
from kiosk.ports import Clock, Messenger
from kiosk.tables import Sales
from kiosk.texts import printable, texts

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""Longer than any call may take: by then whoever was sending is gone."""
DOUBTS_MAX = 4
"""So often a message may have gone out without a word back: at the most so many copies reach a customer, and one."""
FIRST_S, MAX_S = 5.0, 600.0
LOOKS_MAX = 12
"""Looks at what became of a message that was accepted: the last ones half an hour apart."""
LOOK_FIRST_S, LOOK_MAX_S = 20.0, 1800.0
SWEEP_EVERY, SWEEP_SOON = timedelta(hours=1), timedelta(minutes=1)


@dataclass(slots=True)
class Outbox:
    """Only the holder of the queue's lock has one. `messengers` are by channel, and may raise ConfigError."""

    ledger: Ledger
    messengers: Callable[[Channel], Messenger | None]
    sales: Sales
    help_line: str
    training: bool
    clock: Clock
    jitter: Callable[[], float]
    _breakers: Breakers = field(init=False)
    _sweep_at: datetime | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._breakers = Breakers(FIRST_S)
        rows.look_anew(self.ledger, self.clock.now())

    def step(self) -> Entry | None:
        """Do the next thing that is due. None: idle."""
        now = self.clock.now()
        self._sweep(now)
        if self.ledger.reopening.is_awaited():  # restored, and no clerk has said yes: nothing is sent
            return None
        for entry in rows.due_messages(self.ledger, now):
            if self._take(entry, now):
                return entry
        return None

    def _take(self, entry: Entry, now: datetime) -> bool:
        """Whether anything could be done about it now."""
        messenger = self._messenger(entry.channel)
        if entry.status is Status.ACCEPTED:
            return self._look(entry, messenger, now)
        order = self.ledger.order(entry.order)
        if entry.kind is not kind_of(order):
            rows.conclude_message(self.ledger, entry, Status.DROPPED, at=now, reason="it is not true any more")
        elif entry.doubts + (entry.status is Status.SENDING) > DOUBTS_MAX:
            self._give_up(entry, "it may have been sent, again and again without a word", now)
        elif now >= entry.created_at + timedelta(hours=self.sales.message_within_h):
            self._give_up(entry, entry.reason or "nobody could send it in time", now)
        elif isinstance(messenger, Misconfigured):
            self._put_off(entry, messenger, now)
        elif self._breakers.may_call(messenger.name, now):
            return False
        else:
            self._send(entry, order, messenger, now)
        return True

    def _messenger(self, channel: Channel) -> Messenger | Misconfigured:
        try:
            if messenger := self.messengers(channel):
                return messenger
        except ConfigError as error:
            return Misconfigured(str(error))
        return Misconfigured(f"config.toml has no table [messages.…] that sends {channel}")

    def _send(self, entry: Entry, order: Order, messenger: Messenger, now: datetime) -> None:
        contact = rows.contact_of(self.ledger, entry.order)
        if contact is None:
            reason = rows.no_such_contact(order)
            rows.conclude_message(self.ledger, entry, Status.FAILED, at=now, reason=reason)
            return
        words = texts(contact.language)
        subject, text = notice(order, contact.channel, words, self.help_line, training=self.training)
        message = Message(f"{order.reference}{entry.kind.value[0].upper()}{entry.copy}", contact.address, subject, text)
        if rows.claim_message(self.ledger, entry, now + LEASE, at=now):
            self._conclude(entry, messenger, answer_of(messenger, message))

    def _conclude(self, entry: Entry, messenger: Messenger, answer: str | NoAnswer) -> None:
        now = self.clock.now()
        if isinstance(answer, Unreachable):
            self._breakers.silent(messenger.name, now)
        else:
            self._breakers.answered(messenger.name)
        if isinstance(answer, Refused):
            rows.conclude_message(self.ledger, entry, Status.FAILED, at=now, reason=str(answer))
        elif isinstance(answer, NoAnswer):
            self._put_off(entry, answer, now)
        else:
            tells = bool(answer) and isinstance(messenger, TellsFate)
            due_at = now + timedelta(seconds=LOOK_FIRST_S) if tells else None
            rows.conclude_message(self.ledger, entry, Status.ACCEPTED, at=now, number=answer, due_at=due_at)

    def _put_off(self, entry: Entry, error: NoAnswer, now: datetime) -> None:
        doubt = isinstance(error, Unreachable) and error.sent
        wait = backoff(FIRST_S, MAX_S, entry.tries, self.jitter())
        if isinstance(error, NotNow) and error.retry_after_s:
            wait = max(wait, timedelta(seconds=error.retry_after_s))
        if isinstance(error, Misconfigured):
            wait = timedelta(seconds=MAX_S)
            self._report(f"No message can be sent by {entry.channel}: {error}", now)
        rows.put_off(self.ledger, entry, now + wait, str(error), at=now, doubt=doubt)

    def _give_up(self, entry: Entry, why: str, now: datetime) -> None:
        """A bound is reached: a clerk learns of it, once however many messages meet it. No order is worse for it."""
        rows.conclude_message(self.ledger, entry, Status.FAILED, at=now, reason=why)
        self._report(
            f"Messages by {entry.channel} were given up: {why}. Top-ups and money are not affected. Which ones: kiosk"
            " message --failed",
            now,
        )

    def _report(self, reason: str, now: datetime) -> None:
        deadline_at = now + timedelta(hours=self.sales.review_within_h)
        open_finding_once(self.ledger, "message", kept(reason, 500), at=now, deadline_at=deadline_at)

    def _look(self, entry: Entry, messenger: Messenger | Misconfigured, now: datetime) -> bool:
        """What became of a message that was accepted? Changes nothing outside."""
        later: datetime | None = None
        if not isinstance(messenger, Misconfigured) and isinstance(messenger, TellsFate):
            if self._breakers.may_call(messenger.name, now):
                return False
            fate = fate_of(messenger, entry.number)
            if fate is True:
                rows.conclude_message(self.ledger, entry, Status.ARRIVED, at=now)
                return True
            if isinstance(fate, Refused):
                rows.conclude_message(self.ledger, entry, Status.FAILED, at=now, reason=str(fate))
                return True
            if entry.tries < LOOKS_MAX:
                later = now + backoff(LOOK_FIRST_S, LOOK_MAX_S, entry.tries, 1.0)
        rows.look_later(self.ledger, entry, later)
        return True

    def _sweep(self, now: datetime) -> None:
        """Delete the addresses that have been kept for long enough, and what the log still has of them."""
        if self._sweep_at and now < self._sweep_at:
            return
        gone = rows.forget_contacts(self.ledger, now - timedelta(days=self.sales.keep_contacts_days), at=now)
        if gone:
            log.info("%d addresses of customers were deleted.", gone)
        self._sweep_at = now + (SWEEP_EVERY if self.ledger.database.empty_log() else SWEEP_SOON)


def answer_of(messenger: Messenger, message: Message) -> str | NoAnswer:
    """Send it. A defect in an adapter leaves the message in doubt."""
    try:
        return printable(messenger.send(message))[:100]
    except NoAnswer as error:
        return kept_error(error)
    except Exception as error:
        log.exception("%s failed", messenger.name)
        return Unreachable(f"the adapter failed: {type(error).__name__}", sent=True)


def fate_of(messenger: TellsFate, number: str) -> bool | NoAnswer:
    try:
        return messenger.arrived(number)
    except NoAnswer as error:
        return kept_error(error)
    except Exception as error:
        log.exception("a messenger failed to look")
        return Unreachable(f"the adapter failed: {type(error).__name__}", sent=True)
