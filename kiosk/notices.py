"""What a message to the customer says: what happened, and what comes next, in their language. Pure.

It says no more than the order shows at the moment of sending, and fits one SMS where the language allows. It must never
carry a SIM's number.
"""

from __future__ import annotations

import re
from enum import StrEnum

from kiosk.contacts import Channel
from kiosk.identifiers import grouped_reference
from kiosk.order import Order, State
from kiosk.texts import Texts, printable

OPEN = (State.SUBMITTING, State.REFUNDING, State.REVIEW)


class MessageKind(StrEnum):
    """What a message is about. Each is sent at most once for an order, unless a clerk sends it again."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    REFUNDED = "refunded"


def kind_of(order: Order) -> MessageKind | None:
    """What there is to tell of an order as it stands; None where nothing was paid."""
    match order.state:
        case State.CAPTURING | State.COMPLETED if order.delivered_at:
            return MessageKind.DELIVERED
        case State.REFUNDED:
            return MessageKind.REFUNDED
        case state if state in OPEN and order.paid:
            return MessageKind.WAITING
    return None


def notice(order: Order, channel: Channel, texts: Texts, help_line: str, *, training: bool) -> tuple[str, str]:
    """Subject and text of the message about this order as it stands now."""
    name = grouped_reference(order.reference)
    happened, follows = _standing(order, texts)
    subject = texts.say("Top-up {reference}: {happened}", reference=name, happened=happened)
    sentences = [texts.say("Top-up {reference}: {happened}.", reference=name, happened=happened), follows]
    if help_line:
        sentences.append(texts.say("Help: {number}", number=help_line))
    if training:
        subject = texts.say("TRAINING: {words}", words=subject)
        sentences[0] = texts.say("TRAINING: {words}", words=sentences[0])
    if channel is Channel.EMAIL:
        return subject, "\n\n".join(filter(None, sentences)) + "\n"
    gap = "" if texts.language.startswith(("zh", "ja")) else " "
    return "", plain_spaces(gap.join(filter(None, sentences)))


def _standing(order: Order, texts: Texts) -> tuple[str, str]:
    """What happened, and what comes next."""
    say = texts.say
    match order.state:
        case State.REFUNDED:
            amount = texts.money(order.paid or order.total)
            return say("refunded in full, {amount}", amount=amount), _after_refund(order, texts)
        case State.REFUNDING if order.tender == "cash":
            return say("not possible"), say("Get your cash back at the counter, with this message or the receipt.")
        case State.REFUNDING:
            return say("not possible; your money goes back"), say("You will get a message.")
        case State.REVIEW:
            return say("a clerk is looking into it"), say("You will get a message. Do not pay again.")
        case State.SUBMITTING:
            return say("paid, not delivered yet"), say("It comes by itself; you will get a message. Do not pay again.")
    what = texts.plan(order.plan)
    follows = say("Nothing more is needed.") if order.plan.is_credit else say("Turn on mobile data for this card.")
    return say("delivered, {plan}", plan=what), follows


def _after_refund(order: Order, texts: Texts) -> str:
    """Cash that was handed back has no way left to go."""
    if order.tender == "cash" or order.shift:
        return ""
    return texts.say("Your bank may take some days to show it.")


def plain_spaces(text: str) -> str:
    """Spaces of print, which some languages put into amounts, would make every letter of an SMS cost double."""
    return printable(re.sub("[\u00a0\u2007\u2009\u202f]", " ", text))
