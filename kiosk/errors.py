"""Every error the kiosk raises on purpose, on one screen.

KioskError                     its text is a whole sentence for the person who reads it
├── Unreadable                 a text from outside that is not what it should be
│   ├── BadMoney
│   ├── BadReference
│   ├── BadHead                not the head of a ledger as it stands on paper
│   ├── BadIccid               .reading says what was read and what is wrong with it
│   └── BadPhone               as BadIccid
├── ConfigError                names the key with its whole path, and what is allowed
├── Illegal                    an event that the order's state does not allow
├── LedgerError
│   ├── Stale                  somebody else was faster: who, and what they did
│   ├── UnknownOrder
│   ├── WrongLedger            live meets training, or the ledger is of a newer kiosk
│   ├── LedgerBusy             locked by another process for too long
│   ├── LedgerBroken           what is on disk contradicts itself
│   ├── LedgerGone             deleted, moved or replaced, and nobody has put one in its place
│   └── NotReopened            restored, and no clerk has said yes to selling again
├── QueueHeld                  another process works the queue: who
├── SeatTaken                  another kiosk stands at this seat: which process
├── ClerkError                 no such clerk, wrong PIN
├── DeviceError                a printer or scanner said no; .sent tells whether bytes left
└── NoAnswer                   the four ways in which a port gives no definite answer (ports.py)
    ├── Refused(again)
    ├── NotNow(retry_after_s)
    ├── Unreachable(sent)
    │   └── Forged             signed by somebody else than the remote
    └── Misconfigured
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.identifiers import IccidReading
    from kiosk.phones import PhoneReading


class KioskError(Exception):
    """The root. Its text may be shown to a clerk as it stands."""


class Unreadable(KioskError):
    """A text from outside that cannot be read as what it should be."""


class BadMoney(Unreadable):
    """Not an amount of money, or not one of the expected currency."""


class BadReference(Unreadable):
    """Not one of our references, or mistyped: the check character does not match."""


class BadHead(Unreadable):
    """Not the head of a ledger (`SEQ:HASH`) as it stands on receipts and closings."""


class BadIccid(Unreadable):
    """Not a card number. `reading` says what was read and what is wrong with it."""

    def __init__(self, text: str, reading: IccidReading) -> None:
        super().__init__(text)
        self.reading = reading


class BadPhone(Unreadable):
    """Not a US phone number that a SIM can have. `reading` says what was read and what is wrong with it."""

    def __init__(self, text: str, reading: PhoneReading) -> None:
        super().__init__(text)
        self.reading = reading


class ConfigError(KioskError):
    """The configuration is wrong. The text names the key with its whole path and what is allowed."""


class Illegal(KioskError):
    """The state of the order does not allow this event, or a guard forbids it."""


class LedgerError(KioskError):
    """The ledger cannot do what was asked."""


class Stale(LedgerError):
    """The order has moved on since it was read. The text says who moved it, and how."""


class UnknownOrder(LedgerError):
    """No order, finding or reference of this name."""


class WrongLedger(LedgerError):
    """This ledger is not the one the configuration asks for (live or training, or a newer version)."""


class LedgerBusy(LedgerError):
    """Another process holds the database for longer than is reasonable."""


class LedgerBroken(LedgerError):
    """The file is damaged, or what stands in it contradicts itself."""


class LedgerGone(LedgerError):
    """The file was deleted, moved or replaced. Nothing may be recorded until it is back, or a backup restored."""


class NotReopened(LedgerError):
    """The ledger was restored, and no clerk has said yes yet: nothing is sold, and nothing new is sent."""


class QueueHeld(KioskError):
    """Another process holds the queue's lock. The text says which."""


class SeatTaken(KioskError):
    """Another process stands at this seat and is alive. The text says which."""


class ClerkError(KioskError):
    """No such clerk, a disabled one, or a wrong PIN."""


class DeviceError(KioskError):
    """A device did not do its work. `sent` tells whether bytes may have reached it."""

    def __init__(self, text: str, *, sent: bool) -> None:
        super().__init__(text)
        self.sent = sent


class NoAnswer(KioskError):
    """A port gave no definite yes. Which of the four it was decides what the queue does next."""


class Refused(NoAnswer):
    """A definite no. With `again`, the same order may be tried again (a declined card).

    `code` names the few reasons that a screen has its own words for: "unknown_sim", "recycled_sim".
    """

    def __init__(self, reason: str, *, again: bool = False, code: str = "") -> None:
        super().__init__(reason)
        self.again = again
        self.code = code


class NotNow(NoAnswer):
    """Definitely not done, and may be asked again later: rate limit, maintenance, our float is empty."""

    def __init__(self, reason: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class Unreachable(NoAnswer):
    """No definite answer. `sent` is False only where the connection never opened."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.sent = sent


class Forged(Unreachable):
    """What came back is signed, and not by the remote: no answer, whatever it says, and an alarm for the owner."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, sent=True)


class Misconfigured(NoAnswer):
    """Our own settings are wrong (credentials, address). Stop, and tell the clerk."""
