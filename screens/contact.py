"""Where the customer wants a message: an e-mail address or a mobile number, by keys or by touch alone.

What is typed tells which of the two it is. Nothing of it is kept unless the customer sends it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Grid

from kiosk.contacts import LENGTH_MAX, Channel, Contact, ContactReading, read_contact
from kiosk.phones import international
from screens.frame import KioskScreen
from screens.parts import Key, Touch, Words

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.texts import Texts

COM = ".com"
KEYBOARD = (
    *"1234567890",
    "backspace",
    *"qwertyuiop-",
    *"asdfghjkl@_",
    *"zxcvbnm.+",
    COM,
    "enter",
)
"""Eleven keys in a row, as on a typewriter: every sign of nearly every address, and each three lines high."""


def consent_words(texts: Texts, house: House) -> str:
    """What whoever leaves an address agrees to."""
    consent = texts.plural(
        "By sending it you agree to messages about this order. The address is deleted after {n} day.",
        "By sending it you agree to messages about this order. The address is deleted after {n} days.",
        house.config.file.sales.keep_contacts_days,
    )
    if not house.config.training:
        return consent
    return texts.say("TRAINING: {words}", words=texts.say("Nothing leaves this machine.")) + " " + consent


class ContactScreen(KioskScreen[Contact]):
    """Answers with the address, once it is a whole one and the customer has sent it; None: they want no message."""

    name_of_step = "contact"
    step = 4
    whispers = True
    types = True
    idle_s = 60.0

    def __init__(self, house: House, channels: tuple[Channel, ...]) -> None:
        super().__init__(house)
        self.channels, self.typed = channels, ""
        self._insisted = False

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="typed")
        yield Words(id="typed-is")
        with Grid(id="keyboard"):
            for number, key in enumerate(KEYBOARD):
                yield Touch(key, id=f"key-{number}", classes="pad")
        yield Words(id="consent", classes="dim")

    def relabel(self) -> None:
        say = self.texts.say
        self.query_one("#question", Words).show(self._question())
        for number, key in enumerate(KEYBOARD):
            cap = {"backspace": "<-", "enter": say("OK")}.get(key, key)
            self.query_one(f"#key-{number}", Touch).show(cap, "")
        self.query_one("#consent", Words).show(consent_words(self.texts, self.house))
        self._show_typed()

    def _question(self) -> str:
        say = self.texts.say
        match self.channels:
            case (Channel.EMAIL,):
                return say("To which e-mail address may we send a message?")
            case (Channel.SMS,):
                return say("To which mobile number may we send a message?")
        return say("To which e-mail address or mobile number may we send a message?")

    def keys(self) -> list[Key]:
        say = self.texts.say
        return [Key("escape", "Esc", say("No message")), Key("enter", "Enter", say("Send"))]

    def take(self, key: str) -> None:
        if key == "escape":
            self.leave()
        elif key == "enter":
            self._send()
        elif key in ("backspace", "delete"):
            self._type(self.typed[:-1])
        elif key == COM or (len(key) == 1 and _cleaned(key)):
            self._type(self.typed + _cleaned(key))

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.stay()
        self._type(self.typed + _cleaned(event.text))

    def _type(self, typed: str) -> None:
        self.typed, self._insisted = typed[:LENGTH_MAX], False
        self._show_typed()

    @property
    def reading(self) -> ContactReading:
        return read_contact(self.typed, self.kiosk.language)

    def _send(self) -> None:
        reading = self.reading
        if reading.channel and reading.channel in self.channels and reading.whole:
            self.leave(Contact(reading.channel, reading.address, self.kiosk.language))
            return
        self._insisted = True
        self._show_typed()

    def _show_typed(self) -> None:
        reading = self.reading
        self.query_one("#typed", Words).show(f"> {self.typed}_")
        good = reading.whole and reading.channel in self.channels
        words = self.query_one("#typed-is", Words)
        words.show(self._words_of(reading))
        words.set_class(good, "ok")
        words.set_class(self._insisted and not good, "warm")

    def _words_of(self, reading: ContactReading) -> str:
        say = self.texts.say
        match reading.channel:
            case None if Channel.SMS in self.channels:
                return say("A number from outside the US begins with + and its country code.")
            case None:
                return ""
            case Channel.SMS if Channel.SMS not in self.channels:
                return say("No SMS can be sent from here; an e-mail can.")
            case Channel.EMAIL if Channel.EMAIL not in self.channels:
                return say("No e-mail can be sent from here; an SMS can.")
            case Channel.SMS if reading.whole:
                return say("Mobile number {number}", number=international(reading.address))
            case Channel.SMS:
                return say("This is no whole mobile number yet.")
        return "" if reading.whole else say("This is no whole e-mail address yet.")


def _cleaned(text: str) -> str:
    """What an address can be made of: full-width letters become plain ones, and no blank or command is left."""
    return re.sub(r"[^\x21-\x7e]", "", unicodedata.normalize("NFKC", text)).lower()
