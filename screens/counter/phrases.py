"""For a clerk who assists: what the screen and Help of a step of the kiosk say, in any language.

The sentences are the customers' own: whoever cannot read them can still point at them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.phones import takes
from kiosk.printing import shop_of
from kiosk.texts import SOURCE, Texts, printable, texts
from screens.number_words import asked_words, begin_words, help_words, ready_words

if TYPE_CHECKING:
    from kiosk.assembly import House


def phrases(house: House, step: str, language: str) -> list[tuple[str, str]]:
    """The sentences that help at this step, each in the customer's language and in English."""
    own, english = texts(language or SOURCE), texts(SOURCE)
    pairs = zip(_at(own, house, step) + _always(own), _at(english, house, step) + _always(english), strict=True)
    return [pair for pair in pairs if pair[0]]


def _at(texts: Texts, house: House, step: str) -> list[str]:
    say, kinds = texts.say, takes(house.config.sims)
    match step:
        case "welcome" | "language":
            return [begin_words(texts, kinds), ready_words(texts, kinds)]
        case "number":
            return [" ".join(asked_words(texts, kinds)), help_words(texts, kinds).replace("\n", " ")]
        case "sim":
            return [say("This takes a few seconds."), say("What is delivered to another number cannot be taken back.")]
        case "plan" | "choose":
            return [say("2. Choose a plan, or answer three questions to find one.")]
        case "summary":
            policy = printable(shop_of(house.config, texts.language).refund_policy)
            right = say("Is this right? Then choose how to pay.")
            return [right, say("Nothing is charged before you pay."), policy]
        case "pay":
            return _paying(texts)
        case "delivery":
            return [say("Paid. Your top-up is on its way."), say("If it fails, your money comes back.")]
        case "done" | "found":
            restart = say("Turn on mobile data for this card. If there is no connection, restart the phone.")
            return [restart, say("Please keep the receipt, and ask at the counter.")]
        case "where":
            return [say("Scan the code on your receipt, or type its order number or the card number.")]
        case "contact":
            return [say("To which e-mail address or mobile number may we send a message?")]
    return []


def _paying(texts: Texts) -> list[str]:
    say = texts.say
    return [
        say("4. Pay. The screen says when it has arrived."),
        say("Open it on your phone, scan the code, and confirm there."),
        say("Tell the clerk the order number below. The top-up starts as soon as the clerk confirms."),
        say("Please do not pay the old code any more. If you have paid it, the money comes back."),
    ]


def _always(texts: Texts) -> list[str]:
    say = texts.say
    twice = say(
        "If you have paid and see no top-up: it is delivered automatically, or your money comes back. Do not pay twice."
    )
    return [say("Every key on the bottom line can be touched."), twice]
