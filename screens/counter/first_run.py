"""The first run: whoever opens the counter of a new ledger makes themselves its owner. There is no default PIN."""

from __future__ import annotations

from kiosk import staff
from kiosk.clerks import Role
from kiosk.errors import KioskError
from kiosk.ledger.roster import Owned, owned
from screens.counter.pin_form import PinFormScreen, Typed
from screens.parts import Key

TELLS = (
    "You become the owner: you add everybody else, give roles, and see who did what. Choose a name without spaces,"
    " and a PIN of six digits or more that nobody guesses. It is kept nowhere: note it where only you look."
)


class FirstRunScreen(PinFormScreen[tuple[str, Role] | str]):
    """Its answer is the owner and the role, or a sentence where somebody at another terminal was faster."""

    reads = True

    def __init__(self) -> None:
        fields = (("name", "Your name"), ("pin", "A PIN"), ("pin-again", "The same PIN once more"))
        super().__init__("This kiosk has no owner yet", TELLS, fields, self._begin)

    def keys(self) -> list[Key]:
        return [Key("enter", "Enter", "Next"), Key("f10", "F10", "End the counter")]

    def take(self, key: str) -> None:
        if key == "f10":
            self.app.exit()
        else:
            super().take(key)

    def _begin(self, typed: Typed) -> tuple[str, Role]:
        """In a thread."""
        staff.begin(self.house, typed["name"], typed["pin"], typed["pin-again"])
        return typed["name"], Role.OWNER

    def read(self) -> Owned:
        return owned(self.house.ledger)

    def show(self, read: Owned) -> None:
        """Somebody was faster."""
        if read is not Owned.NOT_YET and not self.busy:
            self.dismiss("Somebody became the owner at another terminal. Sign in, or ask them to add you.")

    def failed(self, error: KioskError) -> None:
        super().failed(error)
        self._read_at = float("-inf")
