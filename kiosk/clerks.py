"""Clerks and their PINs: at least six digits, argon2id with a pepper that lies outside the ledger.

A PIN comes from a screen, standard input or a file descriptor; never from an argument or the environment.
"""

from __future__ import annotations

import hmac
import secrets
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from tempfile import NamedTemporaryFile

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kiosk.errors import ClerkError, ConfigError
from kiosk.ledger import Ledger, desk
from kiosk.ledger.roster import active_role
from kiosk.tables import Secret

PIN_DIGITS_MIN = 6
NAME_MAX = 40


class Role(StrEnum):
    """What somebody may do: each may what the ones before it may."""

    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    OWNER = "owner"

    def may(self, needed: Role) -> bool:
        """Whether what takes `needed` is open to it."""
        return ROLES.index(self) >= ROLES.index(needed)


ROLES = tuple(Role)


def pepper_of(secret: Secret, path: str) -> bytes:
    """The pepper. A file that is not there yet is made, readable by its owner alone. Raises ConfigError."""
    if secret.file:
        file = Path(secret.file).expanduser()
        try:
            if not file.exists():
                _make_pepper(file)
        except OSError as error:
            raise ConfigError(f"{path}: {file} cannot be made: {error.strerror}.") from None
        secret = Secret(file=str(file))
    return secret.read(path).encode()


def _make_pepper(file: Path) -> None:
    """Whole or not at all: of two programs that make it at once, the second takes the first one's."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile("w", dir=file.parent) as new:
        new.write(secrets.token_hex(32))
        new.flush()
        with suppress(FileExistsError):
            file.hardlink_to(new.name)


def add_clerk(ledger: Ledger, pepper: bytes, name: str, pin: str, role: str, *, at: datetime) -> None:
    """Add a clerk. Raises ClerkError where the PIN is too short or too simple, or the name is taken."""
    if role not in ROLES:
        raise ClerkError(f"{role!r} is no role; there are: {', '.join(ROLES)}.")
    refuse_bad_pin(pin)
    refuse_bad_name(name)
    desk.add_clerk(ledger, name, hash_of(pin, pepper), role, at=at)


def refuse_bad_name(name: str) -> None:
    """Raises ClerkError: it stands in every event, so no sign in it may be mistaken for another field."""
    if not name.isidentifier() or len(name) > NAME_MAX:
        raise ClerkError(f"{name[:NAME_MAX]!r} cannot be a clerk's name: letters and digits only, a letter first.")


def refuse_bad_pin(pin: str) -> None:
    """Raises ClerkError where anybody would guess it. The sentence never repeats it."""
    if not (pin.isascii() and pin.isdecimal()) or len(pin) < PIN_DIGITS_MIN:
        raise ClerkError(f"A PIN has at least {PIN_DIGITS_MIN} digits, and digits only.")
    if len(set(pin)) < 3:
        raise ClerkError("This PIN is too simple: use at least three different digits.")
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if steps in ({1}, {9}):
        raise ClerkError("This PIN is too simple: its digits only count up or down.")


def hash_of(pin: str, pepper: bytes) -> str:
    """What is kept of a PIN."""
    return PasswordHasher().hash(_peppered(pin, pepper))


def check_pin(ledger: Ledger, pepper: bytes, name: str, pin: str) -> str:
    """Who acts, as it goes on record: `clerk:mei`. Raises ClerkError for an unknown clerk or a wrong PIN."""
    try:
        PasswordHasher().verify(desk.pin_hash_of(ledger, name), _peppered(pin, pepper))
    except (VerificationError, InvalidHashError):
        raise ClerkError(f"This is not the PIN of {name}. Nothing was done.") from None
    return f"clerk:{name}"


def role_of(ledger: Ledger, name: str) -> Role:
    """Of an active clerk. Raises ClerkError."""
    return Role(active_role(ledger, name))


def _peppered(pin: str, pepper: bytes) -> bytes:
    return hmac.digest(pepper, pin.encode(), "sha256")
