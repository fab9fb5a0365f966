"""What the kiosk asks of the outside: one Protocol for each kind of remote or device.

A port answers in five ways: it returns a definite answer, or raises one of the four `NoAnswer` errors:
Refused (a no), NotNow (definitely not done, ask later), Unreachable (in doubt if `sent`: only a connection that
never opened proves that nothing left), Misconfigured (our own settings). A time-out is neither success nor failure.
Any other exception out of a port is a defect in the adapter, and is treated as Unreachable(sent=True).

To add a provider or a tender: one file here beside the others, one line in its folder's registry, one table in
config.toml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from kiosk.contacts import Message
from kiosk.facts import Card
from kiosk.identifiers import SimNumber
from kiosk.money import Money
from kiosk.order import Order
from kiosk.paper import PrinterState
from kiosk.plans import Sim
from kiosk.receipt import Document


class Clock(Protocol):
    """The time, injected. Every instant in the kiosk is aware and UTC."""

    def now(self) -> datetime: ...

    @property
    def off_by(self) -> Mapping[str, timedelta]:
        """How far the kiosk is ahead of each remote that lately told another time; empty where they agree."""

    def heard(self, remote: str, told: datetime) -> None:
        """A remote has told its own time, in an answer of this moment."""

    def not_before(self, at: datetime) -> None:
        """The ledger has an event of that moment, so it is no earlier."""


# --- providers: the telecom side ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TopUp:
    """What is asked of a provider. `reference` is ours, the same on every retry, at most 32 letters and digits."""

    reference: str
    sim_number: SimNumber
    plan_id: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """The provider's own record of our reference was read back and says: done. `number` is its order number."""

    number: str
    wholesale: Money | None = None


@dataclass(frozen=True, slots=True)
class Processing:
    """The provider has it (accepted, processing, submitted), and it is not delivered yet."""

    number: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Absent:
    """The provider's records do not show our reference. Where it lists late, this proves nothing.

    `evidence` is what else it says of the SIM, for the clerk who may have to decide.
    """

    evidence: str = ""


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """The provider's own record of our reference says: failed, finally. A definite no."""

    reason: str


class Provider(Protocol):
    """Tops up SIMs. Every method is synchronous, has its own time-out, and may raise any NoAnswer."""

    name: str
    repeat_is_lookup: bool
    """True where the remote refuses a second use of our reference, so that sending it again is safe."""

    def sim(self, number: SimNumber) -> Sim:
        """The SIM and the plans it takes, at wholesale prices. Refused where the provider does not know it."""

    def top_up(self, request: TopUp) -> Delivered | Processing:
        """Order it. Delivered only if the provider's own record was read back as well. May change the remote."""

    def look_up(self, request: TopUp) -> Delivered | Processing | Absent | NotDelivered:
        """What the provider's records say of our reference. Changes nothing; may be repeated freely."""


# --- tenders: the money side -------------------------------------------------------------------------------------


class Acts(StrEnum):
    """How the customer acts to pay."""

    SHOWS_CODE = "shows_code"
    SCANS_CUSTOMER_CODE = "scans_customer_code"
    READER = "reader"
    CLERK = "clerk"


@dataclass(frozen=True, slots=True)
class Started:
    """The rail knows the payment: `code` is what our QR shows, `expires_at` the last moment to pay it."""

    code: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """The *order's* amount as the rail has it (a wallet's coupon may make the payer's smaller), and its number.

    `given_back` says that the rail paid it back since: REFUNDING looks before it refunds.
    """

    amount: Money
    number: str
    capture_before: datetime | None = None
    given_back: bool = False
    card: Card | None = None


@dataclass(frozen=True, slots=True)
class Unpaid:
    """Proof of unpaid: closed and no money moved; or unknown to the rail after the code's own expiry plus a margin;

    or nothing payable was ever shown; or, for cash, no clerk confirmed. `proof` says which, for the record.
    """

    proof: str


@dataclass(frozen=True, slots=True)
class Pending:
    """No answer yet. `ask_at` is when asking again makes sense; None leaves it to the queue's backoff."""

    ask_at: datetime | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Captured:
    number: str = ""


@dataclass(frozen=True, slots=True)
class Refunded:
    """The money is back, finally ("accepted" is Pending)."""

    number: str = ""


class Tender(Protocol):
    """A way to pay. `wire` arguments are our references, made and written down before the first call."""

    name: str
    acts: Acts
    captures_later: bool
    """True where paying only authorizes, and the money is taken by `capture` (bank cards)."""
    starts: bool
    """True where the rail must be told before the customer can pay."""
    cancels_at_time_out: bool
    """True where the time-out must cancel (a scanned code); otherwise `expire` is asked."""
    time_to_pay: timedelta
    """How long a customer has, from the opening of the order."""
    held_for: timedelta | None
    """How long a rail that only authorizes holds the money at least; None where it takes it at once, or none knows."""
    refund_within_h: int | None
    """How long giving back may take before a clerk is asked; None leaves it to the configuration."""

    def start(self, order: Order, wire: str) -> Started:
        """Make the payment known to the rail. Repeating it with the same reference must be safe."""

    def ask(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        """Has the customer paid? Changes nothing. Unpaid only by proof."""

    def expire(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        """The time is over: close the payment, but never in a way that could give money back."""

    def cancel(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        """The customer left: make it unpayable. May be a call that gives back what was paid (then Paid.given_back)."""

    def capture(self, order: Order, wire: str) -> Captured:
        """Take the authorized money. Only called where `captures_later`."""

    def refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        """Give it back: void, refund, or wait for a clerk's hands. Looks first: what the rail gave back already is

        Refunded. Safe to repeat with the same `refund` reference.
        """

    def ask_refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        """Is the money back? Changes nothing. Refused where that refund failed or is unknown to the rail."""


class Messenger(Protocol):
    """Sends messages to customers, by e-mail or to a mobile phone."""

    name: str

    def send(self, message: Message) -> str:
        """Have it sent; Refused: it never will arrive. Returns the remote's number of it: no word that it arrived."""


# --- devices -----------------------------------------------------------------------------------------------------


class Printer(Protocol):
    """Prints a document. Returns True where the printer said that it was printed, False where bytes were only sent."""

    name: str
    columns: int
    """How many ASCII characters fit in a line."""

    def can_say(self, document: Document) -> bool:
        """Whether every letter of it can be printed, as the printer's own or in a picture."""

    def print(self, document: Document) -> bool:
        """Raises DeviceError; its `sent` tells whether paper may have come out."""

    def look(self) -> PrinterState:
        """How it is now. Prints nothing, raises nothing, and has a deadline as a receipt has."""


class Scanner(Protocol):
    """Hands over what was scanned, one code at a time."""

    def read(self, timeout_s: float) -> str | None:
        """The next code, or None where nothing was scanned in time. Raises DeviceError; the next call opens it anew."""

    def close(self) -> None: ...
