"""What is said of a SIM's number: which one is asked for, where it stands, and what is wrong with it so far.

A shop takes card numbers, phone numbers, or both; where it takes one, nothing is said of the other. Each word on a
number fits one line of the smallest terminal: the keypad leaves no room for two.
"""

from __future__ import annotations

from kiosk.identifiers import Doubt, IccidReading
from kiosk.phones import Kind, PhoneDoubt, PhoneReading, Reading
from kiosk.scanned import ScanKind
from kiosk.texts import Texts

BOTH = (Kind.CARD, Kind.PHONE)


def begin_words(texts: Texts, kinds: tuple[Kind, ...]) -> str:
    """How a visit begins."""
    if Kind.CARD in kinds:
        return texts.say("Choose your language to begin, or scan the barcode on your card.")
    return texts.say("Choose your language to begin.")


def ready_words(texts: Texts, kinds: tuple[Kind, ...]) -> str:
    """What a customer should have at hand."""
    match kinds:
        case (Kind.CARD, Kind.PHONE):
            return texts.say("The card number (19 or 20 digits beside the barcode), or the US phone number of the SIM.")
        case (Kind.PHONE,):
            return texts.say("The US phone number of your SIM: 10 digits.")
    return texts.say("The card number: 19 or 20 digits on the back of the card, beside the barcode.")


def asked_words(texts: Texts, kinds: tuple[Kind, ...]) -> tuple[str, str]:
    """The question, and where the number stands."""
    say = texts.say
    match kinds:
        case (Kind.CARD, Kind.PHONE):
            question = say("What is the number of your card, or your US phone number?")
            return question, say("The card number (89...) stands beside the barcode. Either number will do.")
        case (Kind.PHONE,):
            return say("What is your US phone number?"), say("The number of the SIM that you top up: 10 digits.")
    return say("What is the number of your card?"), say("It stands on the back of the card, beside the barcode.")


def help_words(texts: Texts, kinds: tuple[Kind, ...]) -> str:
    """The same for who asks for help."""
    say = texts.say
    card = say("The card number stands on the back of the card, beside the barcode. It begins with 89.")
    phone = say("A US phone number has 10 digits, such as 305 555 0142. Numbers of other countries get no top-up.")
    return "\n".join({Kind.CARD: card, Kind.PHONE: phone}[kind] for kind in kinds)


def reading_words(texts: Texts, reading: Reading, kind: Kind | None, kinds: tuple[Kind, ...]) -> str:
    """What is wrong with the number so far, or that it is complete; and as which of the two it was understood."""
    words = _phone_words(texts, reading) if isinstance(reading, PhoneReading) else _card_words(texts, reading)
    if len(kinds) == 1:
        return words
    if kind is None and reading.digits:
        return texts.say("A card number begins with 89; a US phone number has 10 digits.")
    if reading.doubt not in (Doubt.NONE, Doubt.SHORT, PhoneDoubt.NONE, PhoneDoubt.SHORT):
        return words  # they say themselves of which
    if kind is Kind.PHONE:
        return texts.say("Phone number: {words}", words=words)
    return texts.say("Card number: {words}", words=words)


def scan_words(texts: Texts, kind: ScanKind) -> str:
    """What is said of a scan that is no number of a SIM; one line, and nothing of what was read."""
    say = texts.say
    match kind:
        case ScanKind.BANK_CARD:
            return say("That is a bank card. Its number was thrown away; the kiosk does not need it.")
        case ScanKind.PAYMENT_CODE:
            return say("That is a payment code. Please show it later, when you pay.")
        case ScanKind.ESIM:
            return say("That code installs an eSIM. Its number (ICCID) is in the phone's settings.")
        case ScanKind.RECEIPT:
            return say("That is a receipt. Scan it on the first screen to see its top-up.")
        case ScanKind.SIM:
            return ""
    return say("That code is not the number of a card. Please scan the barcode beside it.")


def _card_words(texts: Texts, reading: IccidReading) -> str:
    """What is wrong with the card number so far, or that it is complete."""
    say, count = texts.say, len(reading.digits)
    match reading.doubt:
        case Doubt.NONE:
            return say("{n} digits. The number is complete: press Enter or touch OK.", n=count)
        case Doubt.EMPTY:
            return say("Type the digits, or hold the barcode on the card under the scanner.")
        case Doubt.CHARACTERS:
            return say("A card number has digits only. Please check it.")
        case Doubt.PREFIX:
            return say("A card number begins with 89. Please find the number beside the barcode.")
        case Doubt.LONG:
            return say("{n} digits: too many for a card number. Please check it.", n=count)
        case Doubt.CHECK_DIGIT:
            return say("{n} digits that do not fit together. Please compare each with the card.", n=count)
        case Doubt.SHORT:
            return _short_words(texts, count, reading.missing)


def _phone_words(texts: Texts, reading: PhoneReading) -> str:
    """The same of a phone number."""
    say, count = texts.say, len(reading.digits)
    match reading.doubt:
        case PhoneDoubt.NONE:
            return say("{n} digits. The number is complete: press Enter or touch OK.", n=count)
        case PhoneDoubt.EMPTY:
            return say("Type the ten digits of the number.")
        case PhoneDoubt.CHARACTERS:
            return say("A phone number has digits only. Please check it.")
        case PhoneDoubt.COUNTRY:
            return say("This is a number of another country. A US SIM has a US number.")
        case PhoneDoubt.LONG:
            return say("{n} digits: too many for a US phone number. Please check it.", n=count)
        case PhoneDoubt.AREA:
            return say("There is no such US phone number. Please check its first six digits.")
        case PhoneDoubt.SERVICE:
            return say("No SIM has a number that begins with {area}. Please check it.", area=reading.digits[:3])
        case PhoneDoubt.SHORT:
            return _short_words(texts, count, reading.missing)


def _short_words(texts: Texts, count: int, missing: tuple[int, ...]) -> str:
    few, many = missing[0], missing[-1]
    if few != many:
        return texts.plural(
            "{n} digit so far; {few} or {several} more.",
            "{n} digits so far; {few} or {several} more.",
            count,
            few=few,
            several=many,
        )
    return texts.plural("{n} digit so far; {few} more.", "{n} digits so far; {few} more.", count, few=few)
