"""What the contract asks of a rail: how it is configured, paid and read, and what it declares of itself.

One subclass for each tender, beside its own tests: `wechat_rail.py`. Everything happens over HTTP in the sandbox.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from kiosk.money import Money
from tests.sandbox.conftest import PLAIN

if TYPE_CHECKING:
    from tests.tenders.till import Till


class Can(StrEnum):
    """What some rails have and others have not. Whoever leaves one out skips its clauses, and is checked for it.

    Those with a `true` knob of this name in their sandbox are known by it: a rail without the ability has no such knob.
    """

    CODE = "code"
    """It shows a code to scan: its tender's `acts` says so, too."""
    TELLS_TIME = "tells_time"
    """A clock that is ten minutes off sells nothing. Who does not declare it, sells."""
    CANCEL_GIVES_BACK = "cancel_gives_back"
    """Its cancel gives back what was paid a moment ago. Who does not declare it, has to be asked for a refund."""
    FORGED = "forged"
    """Its answers are signed. The knob signs them with another key."""
    ROTATED = "rotated"
    """It changes the key of its signature without a word. The knob signs with the next key."""
    COUPON = "coupon"
    """Its payer may have a coupon. The knob gives one to the payer of a new order."""


CANCEL = "cancel"
"""What gave money back that no refund of ours did: a cancel, a void, a revoke."""
KNOBS = (Can.FORGED, Can.ROTATED, Can.COUPON)


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment in the rail's books. `back` says by what it went back: our refund's reference, or CANCEL."""

    reference: str
    total: Money
    paid: bool
    payable: bool
    taken: bool
    back: tuple[str, ...]
    back_under_way: bool = False


class Rail(ABC):
    name: str
    """Of its table in config.toml."""
    remote: str
    """Of its stand-in in the sandbox, for knobs."""
    calls: dict[str, str]
    """Each call and the pattern of its endpoint: look, close, refund, look_at_refund; and start, charge or capture."""
    refused: int | str
    not_now: int | str
    misconfigured: int | str
    """Codes that its sandbox rejects with: a no, a rate limit, credentials that do not serve."""
    can: frozenset[Can]
    kiosk: str = ""
    """What it needs in the table [kiosk]: a currency of its own."""
    confirms_within: timedelta = timedelta(days=1)
    """How long its payer may take, where that ends before the time to pay does."""
    ten_minutes: str = ""
    """What to add to its table for ten minutes to pay, where its close has to wait for long."""
    patience: timedelta = timedelta(minutes=10)
    """Within this time after the sale every order is settled, when nothing fails."""

    @abstractmethod
    def table(self, folder: Path, url: str) -> str:
        """Its table of config.toml, and no other; keys and secrets are in `folder`, the sandbox is at `url`."""

    def present(self, till: Till) -> object:
        """After the kiosk has done its part: whatever the customer needs in order to pay. Mostly nothing more."""
        return None

    @abstractmethod
    def pay(self, till: Till) -> bool:
        """The customer does what pays. Whether the rail took it."""

    @abstractmethod
    def decline(self, till: Till) -> None:
        """The payer, or the payer's bank, says no."""

    @abstractmethod
    def payments(self, till: Till) -> list[Payment]:
        """Its books."""

    @abstractmethod
    def spoil(self, till: Till, *, less_minor: int = 0, currency: str = "", paid: bool = False) -> None:
        """Change its books behind everybody's back: another total, another currency, paid although it was closed."""

    def read(self, till: Till, name: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = httpx.get(f"{till.world.sandbox.url}/_books/{name}", verify=PLAIN).json()
        return rows


class CodeRail(Rail):
    """A rail whose code leads to the payer's page."""

    def pay(self, till: Till) -> bool:
        return httpx.post(till.order.code, data={"answer": "pay"}, verify=PLAIN).status_code == 200

    def decline(self, till: Till) -> None:
        answer = httpx.post(till.order.code, data={"answer": "refuse"}, verify=PLAIN)
        assert "Nothing was paid" in answer.text


class ScanRail(Rail):
    """A rail that charges the code on the customer's phone. `present` has one scanned whose payer must confirm."""

    wallet: str
    """Whose app the sandbox's phone shows."""
    code_form: str
    """What its payment codes look like, as a pattern."""
    confirms_within = timedelta(minutes=2)
    code: str = ""

    def show_code(self, till: Till, *, confirm: bool) -> str:
        """The phone shows a new code, whose payer must confirm on the phone, or need not."""
        said = {"confirm": "yes" if confirm else "no"}
        page = httpx.post(
            f"{till.world.sandbox.url}/phone/{self.wallet}", data=said, follow_redirects=True, verify=PLAIN
        )
        code = re.search(f"<output>({self.code_form})</output>", page.text)
        assert code
        return code[1]

    def pay(self, till: Till) -> bool:
        return self._say(till, "pay") == 200

    def decline(self, till: Till) -> None:
        assert self._say(till, "refuse") == 200

    def _say(self, till: Till, word: str) -> int:
        """The payer's word on the phone."""
        address = f"{till.world.sandbox.url}/phone/{self.wallet}/{self.code}"
        return httpx.post(address, data={"answer": word}, verify=PLAIN).status_code

    def present(self, till: Till) -> None:
        self.code = self.show_code(till, confirm=True)
        till.scan(self.code)
