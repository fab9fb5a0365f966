"""`kiosk doctor --privacy`: what lies in the state folder that names a customer, or opens a door, and should not.

Every file is read from its first byte to its last, as whoever finds the disk would read it: a database's free pages,
too. A SIM's number may stand in the ledger (an order needs it) and nowhere else; an address that a customer left, in
the ledger alone and until `sales.keep_contacts_days` are over; a bank card's number nowhere; a key in its own file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.bank_cards import is_bank_card
from kiosk.doctor import Line, Verdict
from kiosk.doctor.secret_files import secret_files
from kiosk.ledger.personal import addresses, phone_sims

if TYPE_CHECKING:
    from kiosk.assembly import House

SIM = re.compile(rb"(?<![0-9A-Za-z])89\d{16,18}(?!\d)")
DIGITS = re.compile(rb"(?<![0-9A-Za-z.])[1-79]\d{12,18}(?![0-9A-Za-z])")
E_MAIL = re.compile(rb"[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}\.[A-Za-z.]{2,63}")
PHONE = re.compile(rb"\+[1-9]\d{9,14}(?!\d)")
KEY = re.compile(rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----|\b[sr]k_live_\w+")
LEDGER = ("ledger.db", "ledger.db-wal")
SANDBOX = re.compile(r"sandbox\.db.*|.*_private\.pem")
"""In training mode the sandbox keeps its books and keys beside the ledger: they are of nobody."""

TODO = {
    "a SIM's number": "Delete the file; if it is the kiosk's log, report this as a defect.",
    "a phone number": "Delete the file; in the ledger, report this as a defect.",
    "an e-mail address": "Delete the file; in the ledger, report this as a defect.",
    "a bank card's number": "Delete the file, and report this as a defect: no bank card's number may enter the kiosk.",
    "a key": "Move it to a file of its own that only the kiosk's user may read, and name that in config.toml.",
}


def privacy(house: House) -> Iterator[Line]:
    """What was found, a line for each kind and file, with how often; nothing of it is repeated."""
    folder, found = house.config.state_dir, Counter[tuple[str, str]]()
    keys = {path.resolve() for path in secret_files(house.config.file)}
    known = Known([address for address, _ in addresses(house.ledger)] + phone_sims(house.ledger))
    for path in _files(folder, training=house.config.training):
        name = str(path.relative_to(folder))
        ours = known if name in LEDGER else None
        for kind in _kinds(path, ours, secret=path.resolve() in keys):
            found[name, kind] += 1
    for (name, kind), times in found.items():
        yield Line("privacy", Verdict.WRONG, f"{name}: {kind}, {times} {'time' if times == 1 else 'times'}", TODO[kind])
    overdue = _overdue(house)
    if overdue:
        said = f"{overdue} of the addresses that customers left are older than {_days(house)} days"
        yield Line("privacy", Verdict.WRONG, said, "The queue deletes them while it is worked: kiosk sync")
    if not found and not overdue:
        yield Line(
            "privacy",
            Verdict.FINE,
            f"nothing lies in {folder} that should not; {known.count} addresses and phone numbers may",
        )


def _days(house: House) -> int:
    return house.config.file.sales.keep_contacts_days


def _overdue(house: House) -> int:
    before = house.clock.now() - timedelta(days=_days(house), hours=1)  # the queue looks now and then
    return sum(left_at < before for _, left_at in addresses(house.ledger))


def _files(folder: Path, *, training: bool) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        of_the_sandbox = training and SANDBOX.fullmatch(path.name)
        if path.is_file() and not path.is_symlink() and path.stat().st_size and not of_the_sandbox:
            yield path


class Known:
    """What the ledger may hold of its customers. In its pages a value stands between others, without a gap."""

    def __init__(self, values: list[str]) -> None:
        self.count = len(values)
        self._by_middle: dict[bytes, list[bytes]] = {}
        for value in values:
            self._by_middle.setdefault(_middle(value.encode()), []).append(value.encode())

    def has(self, found: bytes) -> bool:
        """Whether one of them stands in what was found."""
        return any(value in found for value in self._by_middle.get(_middle(found), ()))


def _middle(value: bytes) -> bytes:
    """What is the same with and without something before and behind: the @ with its neighbours, or the whole number."""
    at = value.find(b"@")
    return value if at < 0 else value[at - 1 : at + 4]


def _kinds(path: Path, known: Known | None, *, secret: bool) -> Iterator[str]:
    """The kind of each thing found in this file, in turn. `known` is what the ledger may hold."""
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        if known is None:
            yield from ("a SIM's number" for _ in SIM.finditer(data))
        if not secret:
            yield from ("a key" for _ in KEY.finditer(data))
        for kind, pattern in (("a phone number", PHONE), ("an e-mail address", E_MAIL)):
            yield from (kind for found in pattern.finditer(data) if known is None or not known.has(found[0]))
        yield from ("a bank card's number" for found in DIGITS.finditer(data) if is_bank_card(found[0].decode()))
