"""Clerks and their PINs."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kiosk.clerks import ROLES, add_clerk, check_pin, pepper_of
from kiosk.errors import ClerkError, ConfigError
from kiosk.ledger import Ledger, desk
from kiosk.tables import Secret
from tests.orders import NOW, a_ledger

pytestmark = pytest.mark.heavy_hashes

PEPPER, PIN = b"pepper", "246810"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = a_ledger(tmp_path)
    yield made
    made.close()


def test_the_right_pin_says_who_acts(ledger: Ledger) -> None:
    """As it goes on record."""
    add_clerk(ledger, PEPPER, "mei", PIN, "clerk", at=NOW)

    assert check_pin(ledger, PEPPER, "mei", PIN) == "clerk:mei"


@pytest.mark.parametrize(("pepper", "pin"), [(PEPPER, "246811"), (PEPPER, ""), (PEPPER, PIN + "0"), (b"other", PIN)])
def test_a_wrong_pin_does_nothing(ledger: Ledger, pepper: bytes, pin: str) -> None:
    """Nor does the right one on another machine, whose pepper differs; the text never repeats the PIN."""
    add_clerk(ledger, PEPPER, "mei", PIN, "clerk", at=NOW)

    with pytest.raises(ClerkError, match="not the PIN of mei") as caught:
        check_pin(ledger, pepper, "mei", pin)

    assert PIN not in str(caught.value)


def test_an_unknown_or_disabled_clerk_has_no_pin(ledger: Ledger) -> None:
    """The sentence says how the owner adds one."""
    add_clerk(ledger, PEPPER, "mei", PIN, "clerk", at=NOW)
    desk.disable_clerk(ledger, "mei", at=NOW)

    for name in ("mei", "bob"):
        with pytest.raises(ClerkError, match=f"kiosk clerk add {name}"):
            check_pin(ledger, PEPPER, name, PIN)


def test_a_hash_that_somebody_broke_is_no_pin(ledger: Ledger) -> None:
    """A damaged row is a sentence, not a traceback."""
    desk.add_clerk(ledger, "mei", "broken", "clerk", at=NOW)

    with pytest.raises(ClerkError):
        check_pin(ledger, PEPPER, "mei", PIN)


@pytest.mark.parametrize("pin", ["", "12345", "12345a", "111111", "121212", "١١٢٣٤٥", "      "])
def test_a_simple_pin_is_refused(ledger: Ledger, pin: str) -> None:
    """At least six digits, at least three different ones, as a keypad has them."""
    with pytest.raises(ClerkError, match="PIN"):
        add_clerk(ledger, PEPPER, "mei", pin, "clerk", at=NOW)

    assert desk.clerks(ledger) == []


@pytest.mark.parametrize("name", ["", "two words", "mei;", "a:b", "1st", "a\nb"])
def test_a_clerks_name_is_one_plain_word(ledger: Ledger, name: str) -> None:
    """It stands in every event: no sign in it can be mistaken for another field."""
    with pytest.raises(ClerkError, match="name"):
        add_clerk(ledger, PEPPER, name, PIN, "clerk", at=NOW)


def test_there_are_only_the_known_roles(ledger: Ledger) -> None:
    """Nobody becomes something that no rule knows."""
    with pytest.raises(ClerkError, match=", ".join(ROLES)):
        add_clerk(ledger, PEPPER, "mei", PIN, "emperor", at=NOW)


def test_a_pin_never_reaches_the_file(ledger: Ledger) -> None:
    """Neither as it is, nor hashed without salt and pepper."""
    add_clerk(ledger, PEPPER, "mei", PIN, "clerk", at=NOW)
    add_clerk(ledger, PEPPER, "bob", PIN, "clerk", at=NOW)
    everything = b"".join(path.read_bytes() for path in ledger.path.parent.iterdir())

    assert PIN.encode() not in everything
    assert desk.pin_hash_of(ledger, "mei").startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert desk.pin_hash_of(ledger, "mei") != desk.pin_hash_of(ledger, "bob")


def test_the_pepper_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    """Whoever asks first makes it; everybody gets the same."""
    file = tmp_path / "secrets" / "pepper"
    secret = Secret(file=str(file))
    with ThreadPoolExecutor(4) as pool:
        peppers = list(pool.map(lambda _: pepper_of(secret, "ledger.pepper"), range(4)))

    assert len(set(peppers)) == 1
    assert len(peppers[0]) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_empty_pepper_is_refused(tmp_path: Path) -> None:
    """PINs without pepper would be guessable from a copy of the ledger."""
    (tmp_path / "pepper").touch()

    with pytest.raises(ConfigError, match=r"ledger\.pepper: .* is empty"):
        pepper_of(Secret(file=str(tmp_path / "pepper")), "ledger.pepper")
