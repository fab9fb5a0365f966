"""Who works here: the first owner, clerks added and disabled, their roles and PINs. Every change is on record.

At the counter it takes an owner's PIN. On the command line it takes the machine, whose owner the ledger cannot refuse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.clerks import Role, hash_of, pepper_of, refuse_bad_name, refuse_bad_pin, role_of
from kiosk.errors import ClerkError
from kiosk.ledger import desk, roster
from kiosk.sign_in import sign_in
from kiosk.training import CLERK as DEMO
from kiosk.training import PIN as KNOWN_TO_ALL

if TYPE_CHECKING:
    from kiosk.assembly import House


def begin(house: House, name: str, pin: str, again: str) -> None:
    """The first run: `name` becomes the owner. Raises ClerkError: a bad name or PIN, or somebody was faster."""
    hashed = _new(house, name, pin, again)
    desk.add_clerk(house.ledger, name, hashed, Role.OWNER, at=house.clock.now(), first=True)


def add(house: House, name: str, role: str, pin: str, again: str, *, by: str) -> None:
    """Somebody new. Raises ClerkError; where nobody is there yet, the first one must be the owner."""
    if role != Role.OWNER and roster.owned(house.ledger) is roster.Owned.NOT_YET:
        raise ClerkError(
            f"The first one here is the owner: kiosk clerk add {name} --role owner. Clerks come after that."
        )
    hashed = _new(house, name, pin, again)
    desk.add_clerk(house.ledger, name, hashed, _role(role), at=house.clock.now(), by=by)


def disable(house: House, name: str, *, by: str) -> None:
    """Their PIN opens nothing any more. Raises ClerkError: nobody of this name; the last owner."""
    _refuse_demo(house, name)
    desk.disable_clerk(house.ledger, name, at=house.clock.now(), by=by)


def change_role(house: House, name: str, role: str, *, by: str) -> None:
    """Raises ClerkError: nobody of this name; the same role; the last owner."""
    _refuse_demo(house, name)
    roster.set_role(house.ledger, name, _role(role), by=by, at=house.clock.now())


def change_pin(house: House, name: str, pin: str, again: str, *, by: str) -> None:
    """Another PIN, which is good at once, whatever was waited for. Raises ClerkError."""
    _refuse_demo(house, name)
    roster.set_pin(house.ledger, name, _new(house, name, pin, again), by=by, at=house.clock.now())


def as_owner(house: House, name: str, pin: str, terminal: str) -> str:
    """Who acts, as it goes on record: an owner, by the PIN. Raises ClerkError."""
    by = sign_in(house, name, pin, terminal)
    if not role_of(house.ledger, name).may(Role.OWNER):
        raise ClerkError("It takes an owner. Nothing was changed.")
    return by


def _new(house: House, name: str, pin: str, again: str) -> str:
    refuse_bad_name(name)
    if pin != again:
        raise ClerkError("The two PINs are not the same. Type the new one twice.")
    refuse_bad_pin(pin)
    if pin == KNOWN_TO_ALL:
        raise ClerkError("This PIN stands in the manual: everybody knows it. Choose another one.")
    return hash_of(pin, pepper_of(house.config.file.ledger.pepper, "ledger.pepper"))


def _role(name: str) -> Role:
    try:
        return Role(name.strip().lower())
    except ValueError:
        raise ClerkError(f"{name!r} is no role; there are: {', '.join(Role)}.") from None


def _refuse_demo(house: House, name: str) -> None:
    if house.config.embedded and name == DEMO:
        raise ClerkError(f"{DEMO} stays as the manual says: everybody practises with it. Add somebody of your own.")
