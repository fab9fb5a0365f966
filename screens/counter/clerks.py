"""Who works here: added, disabled, with which role, signed in where. And everybody's own PIN."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from textual.app import ComposeResult
from textual.content import Content

from kiosk import staff
from kiosk.clerks import Role
from kiosk.ledger import desk
from kiosk.ledger.rows import instant
from kiosk.ledger.terminals import who_is_where
from kiosk.sign_in import sign_in
from kiosk.texts import printable
from screens.counter.frame import CounterScreen
from screens.counter.listing import Listing
from screens.counter.pin_form import PinFormScreen, Typed
from screens.parts import Key, Words

NEW_PINS = (("new-pin", "The new PIN, typed by its own person"), ("new-pin-again", "The new PIN once more"))
ROLES_ARE = "A role is clerk, supervisor or owner; each may what the ones before it may."


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the list."""

    name: str
    role: str
    words: str
    active: bool


class ClerksScreen(CounterScreen[str]):
    """Its answer is nothing: it is left by Esc."""

    reads = True

    def __init__(self) -> None:
        super().__init__()
        self._people: list[Person] = []

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="hint")
        yield Listing(id="people")

    def on_mount(self) -> None:
        self.query_one("#question", Words).show("Who works here?")
        self.query_one("#hint", Words).show(ROLES_ARE)
        self.query_one("#people").focus()

    def keys(self) -> list[Key]:
        keys = [Key("a", "A", "Add")]
        if (person := self._chosen()) and person.active:
            keys += [Key("r", "R", "Role"), Key("n", "N", "New PIN"), Key("d", "D", "Disable")]
        return [*keys, Key("escape", "Esc", "Back")]

    def read(self) -> list[Person]:
        zone, now = self.house.config.zone, self.house.clock.now()
        places: dict[str, list[str]] = {}
        for stay in who_is_where(self.house.ledger, now):
            places.setdefault(stay.clerk, []).append(stay.terminal)
        people = []
        for row in desk.clerks(self.house.ledger):
            name, role, gone = row["name"], row["role"], row["disabled_at"]
            words = f"{name:<16} {role:<11} added {instant(row['added_at']).astimezone(zone):%Y-%m-%d}"
            words += f"  disabled {instant(gone).astimezone(zone):%Y-%m-%d}" if gone else ""
            words += f"  signed in at {', '.join(places[name])}" if name in places else ""
            people.append(Person(name, role, words, not gone))
        return sorted(people, key=lambda person: not person.active)

    def show(self, read: list[Person]) -> None:
        self._people = read
        lines = [(each.name, Content.styled(printable(each.words), "" if each.active else "$k-dim")) for each in read]
        self.query_one("#people", Listing).show(lines)

    def _chosen(self) -> Person | None:
        key = self.query_one("#people", Listing).chosen if self.is_mounted else ""
        return next((person for person in self._people if person.name == key), None)

    def take(self, key: str) -> None:
        if key == "a":
            fields = (("name", "Name, without spaces"), ("role", "clerk, supervisor or owner"))
            self._ask("Add somebody", ROLES_ARE, fields, NEW_PINS, self._add)
        elif person := self._chosen():
            self._change(key, person.name, person.role)

    def _change(self, key: str, name: str, role: str) -> None:
        match key:
            case "r":
                fields = (("role", "clerk, supervisor or owner"),)
                self._ask(f"Another role for {name}, who is {role}", ROLES_ARE, fields, (), self._role_of(name))
            case "n":
                tells = f"The old PIN of {name} opens nothing any more. Let {name} choose and type the new one."
                self._ask(f"A new PIN for {name}", tells, (), NEW_PINS, self._pin_of(name))
            case "d":
                tells = f"The PIN of {name} opens nothing any more, at no terminal. What {name} did stays on record."
                self._ask(f"Disable {name}", tells, (), (), self._disabling(name))

    # --- what is done, in a thread, after the owner's PIN was right ---------------------------------------------

    def _ask(
        self,
        title: str,
        tells: str,
        before: tuple[tuple[str, str], ...],
        after: tuple[tuple[str, str], ...],
        do: Callable[[Typed, str], str],
    ) -> None:
        counter = self.counter

        def done(typed: Typed) -> str:
            return do(typed, staff.as_owner(counter.house, counter.clerk_name, typed["pin"], counter.terminal))

        owner = ("pin", f"PIN of {counter.clerk_name}")
        self.app.push_screen(PinFormScreen[str](title, tells, (*before, owner, *after), done), self._done)

    def _done(self, told: Any) -> None:
        if told:
            self.tell(told, "ok")
        self._read_at = float("-inf")

    def _add(self, typed: Typed, by: str) -> str:
        name, role = typed["name"], typed["role"] or Role.CLERK
        staff.add(self.house, name, role, typed["new-pin"], typed["new-pin-again"], by=by)
        return f"{name} is added, as {role.lower()}."

    def _role_of(self, name: str) -> Callable[[Typed, str], str]:
        def do(typed: Typed, by: str) -> str:
            staff.change_role(self.house, name, typed["role"], by=by)
            return f"{name} is {typed['role'].lower()} now."

        return do

    def _pin_of(self, name: str) -> Callable[[Typed, str], str]:
        def do(typed: Typed, by: str) -> str:
            staff.change_pin(self.house, name, typed["new-pin"], typed["new-pin-again"], by=by)
            return f"{name} has a new PIN."

        return do

    def _disabling(self, name: str) -> Callable[[Typed, str], str]:
        def do(typed: Typed, by: str) -> str:
            staff.disable(self.house, name, by=by)
            return f"{name} is disabled."

        return do


class MyPinScreen(PinFormScreen[str]):
    """Everybody changes their own: the old one, and the new one twice. Its answer says so."""

    def __init__(self) -> None:
        fields = (("pin", "Your PIN as it is now"), ("new-pin", "The new PIN"), ("new-pin-again", "The same once more"))
        tells = "At least six digits, and none that anybody would guess. The old one opens nothing any more."
        super().__init__("My PIN", tells, fields, self._changed)

    def _changed(self, typed: Typed) -> str:
        """In a thread."""
        house, name = self.house, self.counter.clerk_name
        by = sign_in(house, name, typed["pin"], self.counter.terminal)
        staff.change_pin(house, name, typed["new-pin"], typed["new-pin-again"], by=by)
        return "You have a new PIN. Use it from now on."
