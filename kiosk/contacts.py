"""Where a customer wants a message: read once, at the edge; shown masked everywhere else.

It must never ask the network whether an address exists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from kiosk.phones import read_mobile

LENGTH_MAX = 64
"""Characters of an address that can be typed at a kiosk."""


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Contact:
    """An e-mail address, or a mobile number as E.164 has it; and the language to write in."""

    channel: Channel
    address: str
    language: str

    def __repr__(self) -> str:
        return f"Contact({self.channel}, {self.masked})"

    @property
    def masked(self) -> str:
        return masked_address(self.address)


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: `name` is ours, the same on every try. `to` is an e-mail address, or a number as in E.164."""

    name: str
    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class ContactReading:
    """What was typed: what it is, or begins to be; and the address to send to, empty while it is none."""

    channel: Channel | None
    address: str = ""

    @property
    def whole(self) -> bool:
        return bool(self.address)


def channel_of(typed: str) -> Channel | None:
    """What somebody is typing; None where nothing tells yet. Digits alone are a phone number."""
    if not typed:
        return None
    return Channel.SMS if re.fullmatch(r"\+?[0-9 ()/.-]*", typed) else Channel.EMAIL


def read_contact(typed: str, language: str) -> ContactReading:
    """Read it as a person types it. Never raises: somebody is still typing. `language` tells where they may be from."""
    match channel_of(typed):
        case Channel.SMS:
            return ContactReading(Channel.SMS, read_mobile(typed, language))
        case Channel.EMAIL:
            return ContactReading(Channel.EMAIL, _email(typed))
    return ContactReading(None)


def _email(typed: str) -> str:
    from email_validator import EmailNotValidError, validate_email  # costs 40 ms: only where somebody types one

    try:
        found = validate_email(typed.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return ""
    return found.ascii_email or ""


def masked_address(address: str) -> str:
    """As it may be shown to anybody: `m***@example.com`, `+86 *** 8000`."""
    name, at, domain = address.partition("@")
    if at:
        return f"{name[:1]}***@{domain}"
    return f"{address[:3]} *** {address[-4:]}"
