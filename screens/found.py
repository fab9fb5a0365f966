"""Where is my top-up? An order that somebody came back for, as it stands now, in plain words, and its receipt.

Whoever is here holds the receipt, or knows its reference: no other number leads here. It must never change an order.
"""

from __future__ import annotations

from kiosk.order import Order, State
from kiosk.printing import print_again
from screens.background import begin
from screens.done import DoneScreen, outcome_words
from screens.parts import Key


class FoundScreen(DoneScreen):
    """Answers False. A copy of the receipt is printed where somebody asks for it, once."""

    name_of_step = "found"
    step = 0
    idle_s = 60.0

    def keys(self) -> list[Key]:
        say = self.texts.say
        keys = [Key("enter", "Enter", say("Done"))]
        if self._may_print:
            keys.append(Key("p", "P", say("Print a copy")))
        return [*keys, Key("down", "^v", say("Scroll")), Key("+", "+", say("More time"))]

    @property
    def _may_print(self) -> bool:
        nothing_yet = self.printed is None and self._printing is None
        return nothing_yet and self.order.paid is not None and self.house.printer is not None

    def take(self, key: str) -> None:
        if key == "p" and self._may_print:
            house, order, language = self.house, self.order, self.kiosk.language
            self._printing = begin(
                lambda: print_again(house.ledger, house.config, house.printer, order, house.clock, language), "copy"
            )
            self.write()
        elif key != "t":  # another way to pay is asked for where the order was made
            super().take(key)

    def outcome(self, order: Order) -> tuple[str, str]:
        """Whether its time to pay is over, only the screen that waits for the payment knows."""
        say = self.texts.say
        if order.state is State.AUTHORIZING:
            advice = say("If you have paid, it is delivered or comes back by itself. Please do not pay twice.")
            return say("No payment has arrived yet"), advice
        return outcome_words(self, order)

    def _print(self) -> None:
        """Nothing by itself: the first receipt was printed at the sale."""
