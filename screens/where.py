"""Where is my top-up? Asks for the order number on the receipt, or for the SIM's number and the end of that number."""

from __future__ import annotations

import re
from concurrent.futures import Future
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Grid

from kiosk.errors import BadReference, KioskError, UnknownOrder
from kiosk.identifiers import CROCKFORD, Reference, SimNumber, masked_number, parse_reference
from kiosk.look_up import LookUp, TooManyGuesses, clean_ending
from kiosk.order import Order
from kiosk.phones import parse_number, read_number
from kiosk.scanned import Scan, ScanKind, is_money
from screens.background import begin
from screens.frame import KioskScreen
from screens.number_words import scan_words
from screens.parts import Key, Touch, Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.assembly import House

TYPED_MAX = 24


class WhereScreen(KioskScreen[Order]):
    """Answers with the order that was found."""

    name_of_step = "where"
    types = True
    idle_s = 60.0

    def __init__(self, house: House, look_up: LookUp) -> None:
        super().__init__(house)
        self.typed, self.told = "", ""
        self.number: SimNumber | None = None
        """The SIM's number, where it was given instead of the order number."""
        self._look_up = look_up
        self._asked: Future[Order] | None = None

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="hint")
        yield Words(id="plain-number")
        yield Words(id="feedback")
        with Grid(id="letters"):
            for key in CROCKFORD:
                yield Touch(key, id=f"pad-{key}", classes="pad")

    def on_mount(self) -> None:
        self.set_interval(0.1, self._look)

    def relabel(self) -> None:
        say = self.texts.say
        self.query_one("#question", Words).show(say("Where is my top-up?"))
        if self.number:
            hint = say("Now the last 4 characters of the order number on the receipt.")
        else:
            hint = say("Scan the code on your receipt, or type its order number or the card number.")
        self.query_one("#hint", Words).show(hint)
        for key in CROCKFORD:
            self.query_one(f"#pad-{key}", Touch).show("", key)
        before = masked_number(self.number) + "   " if self.number else ""
        self.query_one("#plain-number", Words).show(before + self.typed + "_")
        feedback = self.query_one("#feedback", Words)
        feedback.show(say("One moment ...") if self._asked else self.told)
        feedback.set_class(bool(self.told), "warm")

    def keys(self) -> list[Key]:
        say = self.texts.say
        return [
            Key("escape", "Esc", say("Back")),
            Key("backspace", "Del", say("Delete")),
            Key("enter", "Enter", say("Continue")),
        ]

    def take(self, key: str) -> None:
        if key == "escape" and self.number:
            self._begin_anew()
        elif key == "escape":
            self.leave()
        elif key == "enter":
            self._enter()
        elif key in ("backspace", "delete"):
            self._type(self.typed[:-1])
        elif re.fullmatch("[0-9a-z+]", key.lower()):
            self._type((self.typed + key.upper())[:TYPED_MAX])

    def scanned(self, scan: Scan) -> None:
        if scan.kind is ScanKind.RECEIPT:
            self._find_by_reference(Reference(scan.text))
        elif scan.kind is ScanKind.SIM and not self.number:
            self._type(scan.text)
            self._enter()
        else:
            self._type("", scan_words(self.texts, scan.kind))

    def _type(self, typed: str, told: str = "") -> None:
        if is_money(typed):
            typed, told = "", scan_words(self.texts, ScanKind.BANK_CARD)
        self.typed, self.told = typed, told
        self.relabel()

    def _begin_anew(self) -> None:
        self.number = None
        self._type("")

    def _enter(self) -> None:
        """An order number, a SIM's number, or the end of an order number: whichever was typed."""
        rules = self.house.config.sims
        if self.number:
            number, ending = self.number, clean_ending(self.typed)
            self._find(lambda: self._look_up.by_sim(number, ending))
        elif read_number(self.typed, rules).whole:
            self.number = parse_number(self.typed, rules)
            self._type("")
        else:
            try:
                self._find_by_reference(parse_reference(self.typed))
            except BadReference:
                say = self.texts.say
                self._type(self.typed, say("That is neither an order number nor a card number. Please check it."))

    def _find_by_reference(self, reference: Reference) -> None:
        self._find(lambda: self._look_up.by_reference(reference))

    def _find(self, look: Callable[[], Order]) -> None:
        """In a thread of its own: no screen waits for a disk."""
        if self._asked is None:
            self._asked = begin(look, "look-up")
            self.relabel()

    def _look(self) -> None:
        if self._asked is None or not self._asked.done():
            return
        asked, self._asked = self._asked, None
        try:
            self.leave(asked.result())
        except KioskError as error:
            self.number = None
            self._type("", self._why(error))

    def _why(self, error: KioskError) -> str:
        say = self.texts.say
        if isinstance(error, UnknownOrder):
            return say("No such order was found. Please check it, or ask at the counter.")
        if isinstance(error, TooManyGuesses):
            return say("Too many tries. Please ask at the counter, or try again in ten minutes.")
        return say("That is not possible just now. Please ask at the counter.")
